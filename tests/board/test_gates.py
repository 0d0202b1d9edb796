"""Engines' gates on a real database: when an engine is left alone, tried again, and full."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Final

import pytest

from storyreel.board import gate as pure
from storyreel.board.gate import LONGEST_STOP_SECONDS, STOP_AFTER, TRIAL_SECONDS, Gate
from storyreel.board.gatekeeper import Gatekeeper
from storyreel.board.gates import Gates
from storyreel.board.ingest import Ingest, Posting
from storyreel.board.leases import Claimed, Leases
from storyreel.board.rows import Requester, Row, State
from storyreel.board.sweep import Sweeper
from storyreel.contracts.events.v1.asset_pb2 import Panel
from storyreel.contracts.events.v1.engine_pb2 import EngineResumed, EngineStopped
from storyreel.contracts.events.v1.outcome_pb2 import FailureKind, PanelFailed
from storyreel.documents import Documents
from storyreel.errors import EngineUnavailableError, RefusedError, RetryableError
from storyreel.events import Event
from storyreel.outbox import Relay
from storyreel.settings import Settings

ENGINE: Final = "kling-3"
DAY: Final = 24 * 3600.0
LEASE_SECONDS: Final = 30.0


class Recorder:
    """Keeps what the relay says. It stands where the publisher stands; the bus has its own tests."""

    def __init__(self) -> None:
        self.said: list[Event] = []

    async def publish(self, event: Event) -> None:
        self.said.append(event)


class Board:
    """A board whose clock the test moves, with workers that share the engine's gate."""

    def __init__(self, documents: Documents, **limits: int) -> None:
        self.now = 1_800_000_000.0
        named = {ENGINE: limits["limit"]} if "limit" in limits else {}
        self.gates = Gates(documents, service="video", kinds=("panel",), limits=named, clock=self.clock)
        self.keeper = Gatekeeper(documents, self.gates, clock=self.clock)
        self.ingest = Ingest(documents, clock=self.clock)
        self.sweeper = Sweeper(documents, ("panel",), clock=self.clock)
        self.documents = documents
        self.leases = self.worker("first")

    def clock(self) -> float:
        return self.now

    def worker(self, name: str) -> Leases:
        return Leases(
            self.documents, worker=name, lease_seconds=LEASE_SECONDS, gates=self.gates, clock=self.clock
        )

    async def post(self, count: int, *, first: int = 0) -> None:
        for number in range(first, first + count):
            requester = Requester(job_id=f"job{number}", line_id="panel-001")
            await self.ingest.post(Posting(f"a:{number}", "a", "panel", ENGINE, {}, (), requester))

    async def claim(self, leases: Leases | None = None) -> Claimed:
        claimed = await self.try_claim(leases)
        assert claimed is not None
        return claimed

    async def try_claim(self, leases: Leases | None = None) -> Claimed | None:
        return await (leases or self.leases).claim(ENGINE)

    async def ask(self, leases: Leases | None = None) -> Claimed:
        """Claims a row and records that the engine is about to be asked."""
        claimed = await self.claim(leases)
        await (leases or self.leases).intend(claimed, within_seconds=10)
        return claimed

    async def fail(self, claimed: Claimed, *, after_seconds: float | None = None) -> None:
        error = EngineUnavailableError("connection refused", after_seconds=after_seconds)
        await self.leases.fail(claimed, error)

    async def stop(self, *, after_seconds: float | None = None) -> None:
        """Lets the engine fail as often as it takes."""
        for claimed in [await self.ask() for _ in range(STOP_AFTER)]:
            await self.fail(claimed, after_seconds=after_seconds)

    async def gate(self) -> Gate:
        return await self.gates.get(ENGINE)

    async def wait_out_the_stop(self) -> float:
        """Moves the clock to the end of the stop; how long it lasted."""
        stop = (await self.gate()).stop
        assert stop is not None
        self.now = stop.until
        return stop.until - stop.at

    async def row(self, number: int) -> Row:
        row = await self.ingest.rows.get(f"a:{number}")
        assert row is not None
        return row

    async def facts(self) -> list[Event]:
        return list((await self.gate()).outbox)


@pytest.fixture
def board(documents: Documents) -> Board:
    return Board(documents)


async def test_an_engine_that_works_and_has_no_limit_is_never_written_about(board: Board) -> None:
    await board.post(2)
    await board.leases.finish(await board.ask(), Panel())
    await board.leases.accepted(await board.ask(), "task-1", poll_after_seconds=5)
    assert await board.gates.collection.count({}) == 0


async def test_three_failures_in_a_row_stop_an_engine_for_every_worker(board: Board) -> None:
    await board.post(5)
    await board.stop()
    assert await board.try_claim() is None
    assert await board.try_claim(board.worker("second")) is None
    gate = await board.gate()
    assert gate.stop is not None
    assert 12 <= gate.stop.until - board.now <= 15
    assert (gate.reason, gate.since) == ("connection refused", board.now)


async def test_a_success_in_between_starts_the_count_again(board: Board) -> None:
    await board.post(6)
    held = [await board.ask() for _ in range(4)]
    await board.fail(held[0])
    await board.fail(held[1])
    await board.leases.finish(held[2], Panel())
    await board.fail(held[3])
    assert (await board.gate()).failures == 1
    assert await board.try_claim() is not None


async def test_a_refusal_is_an_answer(board: Board) -> None:
    await board.post(4)
    await board.fail(await board.ask())
    await board.fail(await board.ask())
    await board.leases.fail(await board.ask(), RefusedError("no knives"))
    assert (await board.gate()).failures == 0


async def test_polls_of_what_the_engine_accepted_go_on_while_it_is_stopped(board: Board) -> None:
    await board.post(5)
    accepted = await board.ask()
    await board.leases.accepted(accepted, "task-1", poll_after_seconds=5)
    await board.stop()
    board.now += 6
    polled = await board.claim()
    assert polled.row.engine_task == "task-1"
    await board.leases.finish(polled, Panel())
    assert (await board.gate()).stop is not None, "what it took before says nothing of new requests"


async def test_after_a_stop_one_task_tries_and_its_success_lets_all_in(board: Board) -> None:
    await board.post(6)
    await board.stop()
    await board.wait_out_the_stop()
    others = [board.worker(f"worker {number}") for number in range(4)]
    claims = [claim for claim in await asyncio.gather(*map(board.try_claim, others)) if claim is not None]
    assert len(claims) == 1
    assert await board.try_claim() is None
    await board.leases.accepted(claims[0], "task-1", poll_after_seconds=60)
    assert (await board.gate()).stop is None
    assert await board.try_claim() is not None
    assert await board.try_claim() is not None


async def test_failed_trials_double_the_stop_up_to_ten_minutes(board: Board) -> None:
    await board.post(30)
    await board.stop()
    lengths = []
    for _ in range(8):
        lengths.append(await board.wait_out_the_stop())
        await board.fail(await board.ask())
    ceilings = [15, 30, 60, 120, 240, 480, 600, 600]
    assert all(
        0.8 * ceiling <= length <= ceiling for length, ceiling in zip(lengths, ceilings, strict=True)
    ), lengths
    assert max(lengths) <= LONGEST_STOP_SECONDS


async def test_the_engines_own_wish_decides_how_long_it_is_left_alone(board: Board) -> None:
    await board.post(4)
    await board.stop(after_seconds=90)
    assert await board.wait_out_the_stop() == 90


async def test_failures_of_requests_from_before_the_stop_do_not_prolong_it(board: Board) -> None:
    await board.post(6)
    late = [await board.ask(), await board.ask()]
    await board.stop()
    before = await board.gate()
    await board.fail(late[0])
    await board.leases.finish(late[1], Panel())
    assert await board.gate() == before, "nor does an old success end it"


async def test_a_worker_that_dies_in_a_trial_leaves_the_engine_to_another(board: Board) -> None:
    await board.post(5)
    await board.stop()
    await board.wait_out_the_stop()
    await board.ask(board.worker("doomed"))
    assert await board.try_claim() is None
    board.now += TRIAL_SECONDS
    assert await board.try_claim() is not None


@pytest.mark.parametrize("end", ["a fault of the task alone", "a stop of the worker"])
async def test_a_trial_that_shows_nothing_is_followed_by_another(board: Board, end: str) -> None:
    await board.post(5)
    await board.stop()
    await board.wait_out_the_stop()
    trial = await board.ask()
    if end == "a stop of the worker":
        await board.leases.hand_back(trial)
    else:
        await board.leases.fail(trial, RetryableError("an odd answer"))
    assert (await board.gate()).stop is not None
    assert await board.try_claim() is not None
    assert await board.try_claim() is None


async def test_an_engine_that_takes_nothing_costs_a_task_no_attempt_for_a_day(board: Board) -> None:
    await board.post(1)
    for _ in range(3 * STOP_AFTER):
        await board.fail(await board.ask())
        row = await board.row(0)
        assert (row.state, row.attempts, row.intent) == (State.DELAYED, 0, None)
        board.now = row.not_before
    board.now += DAY
    await board.fail(await board.ask())
    row = await board.row(0)
    assert row.state is State.FAILED
    message = row.outbox[0].message()
    assert isinstance(message, PanelFailed)
    assert message.failure.kind == FailureKind.FAILURE_KIND_EXHAUSTED
    assert message.failure.reason == (
        "kling-3 took nothing for 24 h: connection refused; render again later, or with another engine"
    )


async def test_tasks_that_wait_a_day_for_a_dead_engine_fail_all_together(board: Board) -> None:
    await board.post(5)
    await board.stop()
    board.now += DAY
    await board.post(1, first=5)
    await board.keeper.look()
    states = [(await board.row(number)).state for number in range(6)]
    assert states == [State.FAILED] * 5 + [State.READY]


async def test_a_stop_and_its_end_are_said_once_each_and_in_a_known_order(board: Board) -> None:
    await board.post(6)
    await board.stop()
    await board.wait_out_the_stop()
    await board.fail(await board.ask())
    await board.wait_out_the_stop()
    await board.leases.finish(await board.ask(), Panel())
    events = await board.facts()
    assert [event.topic for event in events] == ["engines.stopped", "engines.stopped", "engines.resumed"]
    assert {event.key for event in events} == {ENGINE}
    first, again, resumed = (event.message() for event in events)
    assert isinstance(first, EngineStopped)
    assert isinstance(again, EngineStopped)
    assert isinstance(resumed, EngineResumed)
    assert (first.service, [*first.kinds], first.reason) == ("video", ["panel"], "connection refused")
    assert first.version < again.version < resumed.version
    assert first.since_ms == again.since_ms == 1_800_000_000_000
    assert again.retry_at_ms > first.retry_at_ms
    recorder = Recorder()
    assert await Relay(board.gates.collection, recorder).relay_once() == 3  # type: ignore[arg-type]
    assert recorder.said == events
    assert await board.facts() == []


async def test_a_task_occupies_a_limited_engine_across_its_polls(documents: Documents) -> None:
    board = Board(documents, limit=1)
    await board.post(2)
    claimed = await board.ask()
    await board.leases.accepted(claimed, "task-1", poll_after_seconds=5)
    assert await board.try_claim() is None, "the engine is at work on the other"
    board.now += 6
    polled = await board.claim()
    assert polled.row.engine_task == "task-1"
    await board.leases.still_running(polled, poll_after_seconds=5)
    assert await board.try_claim() is None
    board.now += 6
    await board.leases.finish(await board.claim(), Panel())
    assert (await board.gate()).holders == ()
    assert (await board.claim()).row.key == "a:1"


@pytest.mark.parametrize(
    "error",
    [
        RefusedError("no knives"),
        RetryableError("busy", after_seconds=60),
        EngineUnavailableError("connection refused"),
    ],
    ids=["refused", "tried again later", "engine unavailable"],
)
async def test_a_task_that_does_not_go_on_frees_its_place(
    documents: Documents, error: RefusedError | RetryableError
) -> None:
    board = Board(documents, limit=1)
    await board.post(2)
    await board.leases.fail(await board.ask(), error)
    assert (await board.claim()).row.key == "a:1"


async def test_many_workers_never_exceed_a_limit(documents: Documents) -> None:
    board = Board(documents, limit=3)
    await board.post(12)
    workers = [board.worker(f"worker {number}") for number in range(12)]
    claims = [claim for _ in range(3) for claim in await asyncio.gather(*map(board.try_claim, workers))]
    held = [claim.row.key for claim in claims if claim is not None]
    assert len(held) == 3
    assert {holder.key for holder in (await board.gate()).holders} == set(held)
    attempts = [(await board.row(number)).attempts for number in range(12)]
    assert sum(attempts) == 3, "a row that found no place has lost no attempt"


async def test_the_place_of_a_worker_that_died_before_it_asked_is_freed(documents: Documents) -> None:
    board = Board(documents, limit=1)
    await board.post(2)
    await board.claim(board.worker("doomed"))
    board.now += LEASE_SECONDS + 1
    await board.keeper.look()
    assert len((await board.gate()).holders) == 1, "its lease has not been taken back yet"
    await board.sweeper.expire_leases()
    await board.keeper.look()
    assert (await board.gate()).holders == ()


async def test_a_request_whose_answer_was_lost_keeps_its_place_until_it_is_settled(
    documents: Documents,
) -> None:
    board = Board(documents, limit=1)
    await board.post(2)
    await board.ask(board.worker("doomed"))
    board.now += LEASE_SECONDS + 1
    await board.sweeper.expire_leases()
    await board.keeper.look()
    taken_over = await board.claim()
    assert taken_over.row.key == "a:0"
    assert await board.try_claim() is None
    await board.leases.finish(taken_over, Panel())
    assert (await board.claim()).row.key == "a:1"


async def test_a_place_taken_again_is_not_freed_by_an_older_look(documents: Documents) -> None:
    board = Board(documents, limit=1)
    await board.post(1)
    await board.leases.hand_back(await board.claim())
    await board.claim()
    [holder] = (await board.gate()).holders
    await board.gates.forget(ENGINE, [replace(holder, at=holder.at - 1)])
    assert (await board.gate()).holders == (holder,)


def test_a_wish_is_believed_within_bounds() -> None:
    for wish, granted in ((0.0, 1.0), (5.0, 5.0), (10**6, 3600.0)):
        gate = Gate(ENGINE)
        for _ in range(STOP_AFTER):
            gate = pure.failed(gate, "too many requests", 100.0, wish=wish)
        assert gate.stop is not None
        assert gate.stop.until == 100.0 + granted


def test_limits_are_read_from_the_settings() -> None:
    assert Settings(engine_limits=" kling-3=5, seedance-2 = 3,").limits == {"kling-3": 5, "seedance-2": 3}
    assert Settings().limits == {}


@pytest.mark.parametrize("wrong", ["kling-3", "kling-3=", "=4", "kling-3=0", "kling-3=-1", "kling-3=many"])
def test_wrong_limits_are_refused_at_start_with_the_part_that_is_wrong(wrong: str) -> None:
    with pytest.raises(ValueError, match=f"'{wrong}' is no limit: write engine=tasks"):
        Settings(engine_limits=f"seedance-2=3,{wrong}")


def test_an_engine_with_two_limits_is_refused() -> None:
    with pytest.raises(ValueError, match="kling-3 has two limits"):
        Settings(engine_limits="kling-3=5,kling-3=3")
