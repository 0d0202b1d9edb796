"""Sweeps on a real database and store: what crashes leave goes, what is in use stays, twice is once."""

from __future__ import annotations

import asyncio
import operator
import time
import uuid
from functools import partial

import pytest

from storyreel import pace
from storyreel.assets import ASIDE, Assets, StoreAddress
from storyreel.board.backlog import Backlog
from storyreel.board.ingest import Ingest, Posting
from storyreel.board.leases import Leases
from storyreel.board.objects import BoardObjects, board_sweeps
from storyreel.board.rows import Requester
from storyreel.board.sweep import Sweeper
from storyreel.bus.publisher import Publisher
from storyreel.contracts.events.v1.asset_pb2 import Panel, StoredObject
from storyreel.documents import Documents
from storyreel.errors import UnavailableError
from storyreel.outbox import Relay, flag_forgotten
from storyreel.settings import Settings
from storyreel.sweeps import Sweep, Sweeps
from storyreel.telemetry import metrics
from storyreel.uploads import Uploads

PATIENCE = 30.0
DAY = 86_400.0


@pytest.fixture
def owner() -> str:
    """An owner of the test's own: the store is shared."""
    return f"ann-{uuid.uuid4().hex[:8]}"


@pytest.fixture
def kind() -> str:
    """A kind of the test's own, so that no sweep meets another test's objects."""
    return f"kind-{uuid.uuid4().hex[:8]}"


class Named:
    """A database that names the objects it is told of."""

    def __init__(self) -> None:
        self.keys: set[str] = set()

    async def __call__(self, object_key: str) -> bool:
        return object_key in self.keys


def swept(name: str) -> float:
    return float(metrics.SWEPT.labels(name)._value.get())


async def exists(assets: Assets, object_key: str) -> bool:
    return await assets.written_at(object_key) is not None


async def test_an_object_that_nothing_names_is_set_aside_and_goes_after_the_same_age_again(
    assets: Assets, owner: str, kind: str
) -> None:
    uploads = Uploads(assets, [kind], Named())
    stored = await assets.put(owner, kind, b"left behind", "image/png")
    assert await uploads.set_abandoned_aside(0) == 1
    assert not await exists(assets, stored.object_key)
    assert await exists(assets, ASIDE + stored.object_key)
    assert await uploads.settle_those_aside(DAY) == 0
    assert await uploads.settle_those_aside(0) == 1
    assert not await exists(assets, ASIDE + stored.object_key)
    assert [await sweep.once(0) for sweep in uploads.sweeps()] == [0, 0, 0]


async def test_what_is_named_or_young_or_of_another_kind_stays(assets: Assets, owner: str, kind: str) -> None:
    named = Named()
    uploads = Uploads(assets, [kind], named)
    stored = await assets.put(owner, kind, b"in use", "image/png")
    other = await assets.put(owner, f"{kind}-other", b"of another service", "image/png")
    assert await uploads.set_abandoned_aside(DAY) == 0
    named.keys.add(stored.object_key)
    assert await uploads.set_abandoned_aside(0) == 0
    assert await exists(assets, stored.object_key)
    assert await exists(assets, other.object_key)


async def test_an_object_that_was_swept_from_under_a_new_row_is_brought_back(
    assets: Assets, owner: str, kind: str
) -> None:
    named = Named()
    uploads = Uploads(assets, [kind], named)
    stored = await assets.put(owner, kind, b"made again", "image/png")
    await uploads.set_abandoned_aside(0)
    named.keys.add(stored.object_key)  # the row was written a moment too late for the sweep
    assert await uploads.settle_those_aside(DAY) == 1
    assert await assets.read(stored.object_key) == b"made again"
    assert not await exists(assets, ASIDE + stored.object_key)


async def test_an_old_object_is_written_again_when_it_is_put_so_that_no_sweep_takes_it(
    settings: Settings, owner: str, kind: str
) -> None:
    lasting = Assets(StoreAddress.of(settings), fresh_seconds=DAY)
    fleeting = Assets(StoreAddress.of(settings), fresh_seconds=0.0)
    stored = await lasting.put(owner, kind, b"the same bytes", "image/png")
    first = await lasting.written_at(stored.object_key)
    assert first is not None
    async with asyncio.timeout(PATIENCE):
        while time.time() < first + 2:  # the store keeps whole seconds
            await asyncio.sleep(0.1)
    await lasting.put(owner, kind, b"the same bytes", "image/png")
    assert await lasting.written_at(stored.object_key) == first
    await fleeting.put(owner, kind, b"the same bytes", "image/png")
    again = await lasting.written_at(stored.object_key)
    assert again is not None
    assert again > first


async def test_a_sweep_looks_at_the_time_once_more_before_it_acts(
    assets: Assets, settings: Settings, owner: str, kind: str
) -> None:
    fleeting = Assets(StoreAddress.of(settings), fresh_seconds=0.0)
    stored = await assets.put(owner, kind, b"put again just now", "image/png")
    first = await assets.written_at(stored.object_key)
    assert first is not None
    async with asyncio.timeout(PATIENCE):
        while time.time() < first + 2:
            await asyncio.sleep(0.1)

    async def put_again_meanwhile(_: str) -> bool:
        await fleeting.put(owner, kind, b"put again just now", "image/png")
        return False

    uploads = Uploads(assets, [kind], put_again_meanwhile)
    assert await uploads.set_abandoned_aside(time.time() - first - 0.5) == 0
    assert await exists(assets, stored.object_key)


async def test_an_upload_in_parts_that_was_not_finished_is_given_up(
    assets: Assets, owner: str, kind: str
) -> None:
    key = f"{owner}/{kind}/film.mp4"
    assets._client._create_multipart_upload(assets._bucket, key, {})
    uploads = Uploads(assets, [kind], Named())
    assert await uploads.give_up_unfinished(DAY) == 0
    assert await uploads.give_up_unfinished(0) == 1
    assert key not in {upload.object_key for upload in await assets.unfinished_uploads()}
    assert await uploads.give_up_unfinished(0) == 0


async def finished_row(documents: Documents, object_key: str) -> Ingest:
    """A panel on the board, made, with its object."""
    ingest = Ingest(documents)
    await ingest.ensure_indexes()
    requester = Requester(job_id="job1", line_id="panel-001")
    await ingest.post(Posting("ann:panel", "ann", "panel", "local", {}, (), requester))
    leases = Leases(documents, worker="test", lease_seconds=30)
    claimed = await leases.claim("local")
    assert claimed is not None
    await leases.finish(claimed, Panel(image=StoredObject(object_key=object_key), width_px=1))
    return ingest


async def test_the_board_names_the_objects_of_what_it_made(documents: Documents) -> None:
    await finished_row(documents, "ann/panel/1.png")
    board = BoardObjects(documents)
    assert await board.is_named("ann/panel/1.png")
    assert not await board.is_named("ann/panel/2.png")


async def test_rows_of_an_earlier_version_name_theirs_before_anything_is_swept(documents: Documents) -> None:
    ingest = await finished_row(documents, "ann/panel/1.png")
    await ingest.rows.collection.update({"_id": "ann:panel"}, {"$unset": {"objects": ""}})
    board = BoardObjects(documents)
    assert not await board.is_named("ann/panel/1.png")
    first = board_sweeps(documents, Assets.__new__(Assets), ("panel",))[0]
    assert await first.once(DAY) == 1
    assert await board.is_named("ann/panel/1.png")
    assert await first.once(DAY) == 0


async def test_events_without_their_flag_are_found_and_sent(
    documents: Documents, publisher: Publisher
) -> None:
    ingest = await finished_row(documents, "ann/panel/1.png")
    rows = ingest.rows.collection
    await rows.update({"_id": "ann:panel"}, {"$set": {"unsent": False}})
    relay = Relay(rows, publisher)
    assert await relay.relay_once() == 0
    assert await flag_forgotten(rows) == 1
    assert await relay.relay_once() == 1
    assert await flag_forgotten(rows) == 0


async def test_a_crash_between_the_relays_two_writes_is_put_right(
    documents: Documents, publisher: Publisher
) -> None:
    rows = (await finished_row(documents, "ann/panel/1.png")).rows.collection
    await rows.update({"_id": "ann:panel"}, {"$set": {"outbox": []}})
    before = swept("outbox")
    relay = Relay(rows, publisher)
    assert await relay.relay_once() == 0
    row = await rows.find_one({"_id": "ann:panel"})
    assert row is not None
    assert row["unsent"] is False
    assert swept("outbox") == before + 1


async def test_the_age_of_the_outbox_is_that_of_its_oldest_event(
    documents: Documents, publisher: Publisher
) -> None:
    rows = (await finished_row(documents, "ann/panel/1.png")).rows.collection
    await rows.update({"_id": "ann:panel"}, {"$set": {"outbox.0.time": "2020-01-01T00:00:00.000Z"}})
    age = metrics.OUTBOX_OLDEST_AGE.labels("tasks")
    relay = Relay(rows, publisher)
    await relay.relay_once()
    assert age._value.get() > 365 * DAY
    await relay.relay_once()
    assert age._value.get() == 0


async def test_expired_leases_are_counted_as_swept(documents: Documents) -> None:
    ingest = Ingest(documents)
    requester = Requester(job_id="job1", line_id="panel-001")
    await ingest.post(Posting("ann:panel", "ann", "panel", "local", {}, (), requester))
    now = time.time()
    assert await Leases(documents, worker="dead", lease_seconds=5, clock=lambda: now).claim("local")
    before = swept("leases")
    sweeper = Sweeper(documents, ("panel",), clock=lambda: now + 6)
    assert await sweeper.expire_leases() == 1
    assert await sweeper.expire_leases() == 0
    assert swept("leases") == before + 1


async def test_the_backlog_is_counted_and_its_oldest_found(documents: Documents) -> None:
    ingest = Ingest(documents)
    await ingest.ensure_indexes()
    now = 1_000_000_000.0
    for number, age in enumerate([5.0, 4_000.0, 70.0]):
        early = Ingest(documents, clock=partial(operator.sub, now, age))
        requester = Requester(job_id="job1", line_id=f"sheet-{number}")
        await early.post(Posting(f"ann:{number}", "ann", "sheet", "local", {}, (), requester))
    backlog = Backlog(documents, ("sheet",), clock=lambda: now)
    oldest, ready = metrics.OLDEST_AGE.labels("sheet"), metrics.BACKLOG.labels("sheet", "ready")
    for done, (count, age) in enumerate([(3, 4_000), (2, 70), (1, 5), (0, 0)]):
        await backlog.measure()
        assert (ready._value.get(), oldest._value.get()) == (count, age)
        gone = {0: "ann:1", 1: "ann:2", 2: "ann:0"}.get(done)
        await ingest.rows.collection.update({"_id": gone}, {"$set": {"state": "done"}})


async def test_sweeps_run_by_the_clock_and_one_that_fails_stops_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("storyreel.sweeps.SHORTEST_PERIOD_SECONDS", 0.05)
    ran: list[float] = []
    stopping = asyncio.Event()

    async def away(_: float) -> int:
        raise UnavailableError("the store is away")

    async def count(age: float) -> int:
        ran.append(age)
        if len(ran) == 3:
            stopping.set()
        return 1

    before = swept("counted")
    async with asyncio.timeout(PATIENCE):
        await Sweeps([Sweep("away", away), Sweep("counted", count)], age_seconds=0.1).run(stopping)
    assert ran == [0.1] * 3
    assert swept("counted") == before + 3


def test_something_costly_is_done_more_rarely(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(pace.time, "monotonic", lambda: now)
    paced = pace.Pace(1.0)
    assert paced.due()
    with paced.spending():
        now += 0.5
    now += 9.0
    assert not paced.due()
    now += 1.1
    assert paced.due()
