"""A worker service that is told to stop, as a real process: it ends in order, and loses nobody's time."""

from __future__ import annotations

import asyncio

from storyreel.board.rows import Row, State
from storyreel.bus.kafka import read_topic
from storyreel.bus.publisher import Publisher
from storyreel.outbox import Relay
from storyreel.settings import Settings
from tests.work.errands import Errands, terminate


def is_being_drawn(row: Row) -> bool:
    return row.state is State.LEASED and row.intent is not None


async def test_a_stop_finishes_a_short_task_and_publishes_its_event(
    errands: Errands, settings: Settings
) -> None:
    await errands.post("local:short", engine="drawing", description="3")
    worker = errands.start(STORYREEL_ROLES="front,work", STORYREEL_STOP_GRACE_SECONDS="40")
    await errands.until("local:short", is_being_drawn)
    assert await terminate(worker) == 0
    row = await errands.row("local:short")
    assert (row.state, row.attempts, row.outbox) == (State.DONE, 1, ())
    said = await read_topic(settings.kafka_bootstrap, "sheets.rendered")
    assert [record.key for record in said].count(b"job-of-local:short") == 1


async def test_a_stop_hands_a_long_task_back_at_once_and_the_next_worker_starts_it(
    errands: Errands,
) -> None:
    await errands.post("local:long", engine="drawing", description="3600")
    patient = {"STORYREEL_LEASE_SECONDS": "3600", "STORYREEL_STOP_GRACE_SECONDS": "0.5"}
    first = errands.start(**patient)
    row = await errands.until("local:long", is_being_drawn)
    assert row.attempts == 1
    errands.start(**patient)
    await errands.has_started(1)
    assert await terminate(first) == 0

    def is_begun_anew(row: Row) -> bool:
        # The next worker settles the earlier request first, and only then begins an attempt.
        return is_being_drawn(row) and not holds(row, first.pid) and row.attempts > 0

    row = await errands.until("local:long", is_begun_anew)
    assert row.attempts == 1


async def test_a_stop_before_the_next_worker_leaves_the_row_ready_and_unattempted(errands: Errands) -> None:
    await errands.post("local:long", engine="drawing", description="3600")
    worker = errands.start(STORYREEL_LEASE_SECONDS="3600", STORYREEL_STOP_GRACE_SECONDS="0.5")
    await errands.until("local:long", is_being_drawn)
    assert await terminate(worker) == 0
    row = await errands.row("local:long")
    assert (row.state, row.attempts, row.lease) == (State.READY, 0, None)


def holds(row: Row, pid: int) -> bool:
    return row.lease is not None and row.lease.worker.endswith(f"/{pid}")


async def test_a_stop_while_a_server_is_awaited_ends_at_once(errands: Errands) -> None:
    nobody = "mongodb://127.0.0.1:9"
    worker = errands.start(STORYREEL_MONGO_URL=nobody)
    await errands.has_logged(0, "waiting")
    assert await terminate(worker) == 0


async def test_a_relay_that_is_told_to_stop_publishes_what_is_left_first(
    errands: Errands, settings: Settings, publisher: Publisher
) -> None:
    await errands.post("local:said", engine="drawing")
    await errands.ingest.cancel("job-of-local:said")
    assert len((await errands.row("local:said")).outbox) == 1
    stopping = asyncio.Event()
    stopping.set()
    await Relay(errands.ingest.rows.collection, publisher).run(stopping)
    assert (await errands.row("local:said")).outbox == ()
    said = await read_topic(settings.kafka_bootstrap, "sheets.failed")
    assert [record.key for record in said].count(b"job-of-local:said") == 1
