"""The board on a real database: every order of post, supply and cancel, leases, failures, one event each."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable

import pytest

from storyreel.board.ingest import Ingest, Posting
from storyreel.board.leases import Claimed, Leases
from storyreel.board.rows import Requester, Row, State
from storyreel.board.sweep import Sweeper
from storyreel.board.transitions import MAX_ATTEMPTS
from storyreel.contracts.events.v1.asset_pb2 import Panel, Sheet
from storyreel.contracts.events.v1.outcome_pb2 import Failure, FailureKind, PanelFailed, PanelRendered
from storyreel.documents import Documents
from storyreel.errors import InvalidError, LeaseLostError, RetryableError
from tests.board.model.parts import Clock

SHEET = Sheet(width_px=8, height_px=8)
PANEL = Panel(width_px=16, height_px=9)


class Board:
    """A board with one panel that waits for one sheet."""

    def __init__(self, documents: Documents, clock: Callable[[], float] = time.time) -> None:
        self.ingest = Ingest(documents, clock=clock)
        self.leases = Leases(documents, worker="test", lease_seconds=30, clock=clock)
        self.sweeper = Sweeper(documents, ("panel",), clock=clock)
        self.documents = documents

    async def post(
        self, key: str = "a:panel", job: str = "job1", inputs: tuple[str, ...] = (), **changes: object
    ) -> None:
        requester = Requester(job_id=job, line_id="panel-001", shot=1, **changes)  # type: ignore[arg-type]
        owner = key.split(":", maxsplit=1)[0]
        await self.ingest.post(Posting(key, owner, "panel", "local", {}, inputs, requester))

    async def row(self, key: str = "a:panel") -> Row:
        row = await self.ingest.rows.get(key)
        assert row is not None
        return row

    async def claim(self) -> Claimed:
        claimed = await self.leases.claim("local")
        assert claimed is not None
        return claimed


@pytest.fixture
def board(documents: Documents) -> Board:
    return Board(documents)


def said(row: Row) -> list[tuple[str, str]]:
    return [(event.topic, event.key) for event in row.outbox]


async def test_a_row_without_inputs_is_ready_at_once_and_finishes_with_one_event(board: Board) -> None:
    await board.post()
    claimed = await board.claim()
    await board.leases.finish(claimed, PANEL)
    row = await board.row()
    assert row.state is State.DONE
    assert said(row) == [("panels.rendered", "job1")]
    message = row.outbox[0].message()
    assert isinstance(message, PanelRendered)
    assert message.panel == PANEL
    assert not message.reused


@pytest.mark.parametrize("order", list(itertools.permutations(["post", "supply", "cancel"])))
async def test_post_supply_and_cancel_commute(board: Board, order: tuple[str, ...]) -> None:
    steps = {
        "post": lambda: board.post(inputs=("a:sheet",)),
        "supply": lambda: board.ingest.supply("a:sheet", SHEET),
        "cancel": lambda: board.ingest.cancel("job1"),
    }
    for step in order:
        await steps[step]()
    row = await board.row()
    assert row.state is State.CANCELLED
    assert said(row) == [("panels.failed", "job1")]


@pytest.mark.parametrize("order", list(itertools.permutations(["post", "other", "failure"])))
async def test_a_failed_input_fails_the_requesters_of_that_job_alone(
    board: Board, order: tuple[str, ...]
) -> None:
    failure = Failure(kind=FailureKind.FAILURE_KIND_REFUSED, reason="no dragons", cause_line_id="sheet-001")
    steps = {
        "post": lambda: board.post(job="job1", inputs=("a:sheet",)),
        "other": lambda: board.post(job="job2", inputs=("a:sheet",)),
        "failure": lambda: board.ingest.supply_failure("a:sheet", "job1", failure),
    }
    for step in order:
        await steps[step]()
    row = await board.row()
    assert said(row) == [("panels.failed", "job1")]
    message = row.outbox[0].message()
    assert isinstance(message, PanelFailed)
    assert message.failure.kind == FailureKind.FAILURE_KIND_INPUT
    assert (message.failure.reason, message.failure.cause_line_id) == ("no dragons", "sheet-001")
    await board.ingest.supply("a:sheet", SHEET)
    row = await board.row()
    assert row.state is State.READY
    assert row.facts == (SHEET.SerializeToString(),)


async def test_repeating_every_event_changes_nothing(board: Board) -> None:
    for _ in range(2):
        await board.post(inputs=("a:sheet",))
        await board.ingest.supply("a:sheet", SHEET)
    claimed = await board.claim()
    await board.leases.finish(claimed, PANEL)
    before = await board.row()
    await board.post(inputs=("a:sheet",))
    await board.ingest.supply("a:sheet", SHEET)
    assert await board.row() == before


async def test_a_finished_row_answers_a_later_job_at_once_as_reused(board: Board) -> None:
    await board.post()
    await board.leases.finish(await board.claim(), PANEL)
    await board.post(job="job2")
    row = await board.row()
    assert said(row) == [("panels.rendered", "job1"), ("panels.rendered", "job2")]
    later = row.outbox[1].message()
    assert isinstance(later, PanelRendered)
    assert later.reused
    assert await board.leases.claim("local") is None


async def test_the_earliest_requester_with_a_price_pays(board: Board) -> None:
    await board.post(job="free", priced=False)
    await board.post(job="payer")
    await board.post(job="late")
    await board.leases.finish(await board.claim(), PANEL)
    messages = [event.message() for event in (await board.row()).outbox]
    paid = {m.line.job_id: not m.reused for m in messages if isinstance(m, PanelRendered)}
    assert paid == {"free": False, "payer": True, "late": False}


async def test_one_row_is_won_by_one_of_many_workers(board: Board) -> None:
    await board.post()
    claims = await asyncio.gather(*(board.leases.claim("local") for _ in range(20)))
    assert sum(claim is not None for claim in claims) == 1


async def test_an_expired_lease_is_taken_over_and_the_zombie_changes_nothing(documents: Documents) -> None:
    clock = Clock()
    board = Board(documents, clock)
    await board.post()
    zombie = await board.claim()
    assert await board.sweeper.expire_leases() == 0
    clock.now += 31
    assert await board.sweeper.expire_leases() == 1
    fresh = await Leases(documents, worker="fresh", lease_seconds=30, clock=clock).claim("local")
    assert fresh is not None
    assert fresh.row.attempts == 2
    with pytest.raises(LeaseLostError):
        await board.leases.finish(zombie, PANEL)
    with pytest.raises(LeaseLostError):
        await board.leases.renew(zombie)
    await board.leases.finish(fresh, PANEL)
    assert len((await board.row()).outbox) == 1


async def test_retryable_errors_are_tried_again_later_and_then_given_up(board: Board) -> None:
    await board.post()
    for attempt in range(1, MAX_ATTEMPTS + 1):
        claimed = await board.claim()
        assert claimed.row.attempts == attempt
        await board.leases.fail(claimed, RetryableError("busy", after_seconds=0.0))
    row = await board.row()
    assert row.state is State.FAILED
    message = row.outbox[0].message()
    assert isinstance(message, PanelFailed)
    assert message.failure.kind == FailureKind.FAILURE_KIND_EXHAUSTED
    assert "busy" in message.failure.reason


async def test_a_retry_waits_for_its_time(board: Board) -> None:
    await board.post()
    await board.leases.fail(await board.claim(), RetryableError("busy", after_seconds=60))
    assert await board.leases.claim("local") is None
    assert (await board.row()).not_before > time.time() + 50


async def test_an_invalid_request_fails_at_once_and_a_later_job_arms_it_again(board: Board) -> None:
    await board.post()
    await board.leases.fail(await board.claim(), InvalidError("cannot be drawn"))
    assert (await board.row()).state is State.FAILED
    await board.post()  # the same event again must not arm it
    assert (await board.row()).state is State.FAILED
    await board.post(job="job2")
    await board.leases.finish(await board.claim(), PANEL)
    assert said(await board.row()) == [("panels.failed", "job1"), ("panels.rendered", "job2")]


async def test_a_cancelled_job_stops_what_is_leased_but_not_sent(board: Board) -> None:
    await board.post()
    claimed = await board.claim()
    await board.ingest.cancel("job1")
    with pytest.raises(LeaseLostError):
        await board.leases.still_wanted(claimed)
    assert (await board.row()).state is State.CANCELLED


async def test_what_was_sent_to_an_engine_is_kept_when_its_job_is_cancelled(board: Board) -> None:
    await board.post()
    claimed = await board.claim()
    await board.leases.intend(claimed, within_seconds=60)
    await board.ingest.cancel("job1")
    await board.leases.finish(claimed, PANEL)
    row = await board.row()
    assert row.state is State.DONE
    assert said(row) == [("panels.failed", "job1")]


async def test_an_engines_own_id_frees_the_slot_until_the_poll_is_due(documents: Documents) -> None:
    clock = Clock()
    board = Board(documents, clock)
    await board.post()
    claimed = await board.claim()
    await board.leases.intend(claimed, within_seconds=60)
    await board.leases.accepted(claimed, "task-7", poll_after_seconds=5)
    assert await board.leases.claim("local") is None
    clock.now += 5
    again = await board.claim()
    assert again.row.engine_task == "task-7"
    assert again.row.attempts == 1


async def test_a_hand_back_is_no_attempt(board: Board) -> None:
    await board.post()
    await board.leases.hand_back(await board.claim())
    assert (await board.claim()).row.attempts == 1


async def test_owners_alternate_however_much_one_of_them_asks(board: Board) -> None:
    for number in range(6):
        await board.post(key=f"big:{number}")
    await board.post(key="small:0", job="other")
    claimed = [(await board.claim()).row.owner for _ in range(3)]
    assert "small" in claimed[:2]
