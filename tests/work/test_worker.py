"""Workers on a real board and store, with an engine that keeps a bill of everything it was asked."""

from __future__ import annotations

import asyncio

import pytest
from prometheus_client import REGISTRY

from storyreel.assets import StoreAddress
from storyreel.board.rows import State
from storyreel.contracts.events.v1.asset_pb2 import Sheet
from storyreel.contracts.events.v1.outcome_pb2 import FailureKind, SheetFailed
from storyreel.errors import (
    RefusedError,
    RetryableError,
)
from storyreel.settings import Settings
from tests.work.bench import PATIENCE, AbsentStore, Bench, BilledEngine

pytestmark = pytest.mark.usefixtures("soon")


async def test_what_an_engine_makes_is_stored_under_its_digest_and_told(bench: Bench) -> None:
    await bench.post()
    async with bench.working(BilledEngine()):
        row = await bench.until(State.DONE)
    sheet = Sheet.FromString(row.asset or b"")
    assert await bench.assets.read(sheet.image.object_key) == b"a picture"
    assert sheet.image.object_key == f"local/sheet/{sheet.image.sha256}.png"
    assert [event.topic for event in row.outbox] == ["sheets.rendered"]


async def test_a_refusal_is_told_at_once_with_its_reason(bench: Bench) -> None:
    await bench.post()
    engine = BilledEngine(failures=[RefusedError("no knives in pictures: change the text")])
    async with bench.working(engine):
        row = await bench.until(State.FAILED)
    message = row.outbox[0].message()
    assert isinstance(message, SheetFailed)
    assert message.failure.kind == FailureKind.FAILURE_KIND_REFUSED
    assert message.failure.reason == "no knives in pictures: change the text"
    assert engine.bill == []


async def test_a_passing_fault_is_tried_again(bench: Bench) -> None:
    await bench.post()
    engine = BilledEngine(failures=[RetryableError("busy", after_seconds=0.0)] * 2)
    async with bench.working(engine):
        row = await bench.until(State.DONE)
    assert row.attempts == 3
    assert len(engine.bill) == 1


async def test_a_slow_engine_keeps_its_lease(bench: Bench) -> None:
    await bench.post()
    engine = BilledEngine(seconds=1.5)
    async with bench.working(engine, lease_seconds=0.6):
        for _ in range(20):
            await bench.sweeper.expire_leases()
            await asyncio.sleep(0.05)
        row = await bench.until(State.DONE)
    assert row.attempts == 1
    assert len(engine.bill) == 1


async def test_an_engines_own_task_is_polled_to_its_end_even_by_another_worker(bench: Bench) -> None:
    await bench.post()
    engine = BilledEngine(own_tasks=True, polls_needed=10**9)
    async with bench.working(engine):
        await bench.until(State.DELAYED)
    engine.polls_needed = 1
    async with bench.working(engine):
        row = await bench.until(State.DONE)
    assert len(engine.bill) == 1
    assert row.attempts == 1


@pytest.mark.parametrize(
    ("can_cancel", "ends"), [(True, State.CANCELLED), (False, State.DONE)], ids=["it can", "it cannot"]
)
async def test_a_task_that_nobody_wants_is_stopped_where_the_engine_can_and_else_kept(
    bench: Bench, can_cancel: bool, ends: State
) -> None:
    await bench.post()
    engine = BilledEngine(own_tasks=True, polls_needed=10**9, can_cancel=can_cancel)
    async with bench.working(engine):
        await bench.until(State.DELAYED)
        await bench.ingest.cancel("job1")
        if not can_cancel:
            engine.polls_needed = 1
        row = await bench.until(ends)
    assert [event.topic for event in row.outbox] == ["sheets.failed"]


async def test_what_was_made_is_kept_although_the_store_is_away_for_a_while(
    bench: Bench, settings: Settings
) -> None:
    await bench.post()
    engine = BilledEngine()
    bench.assets = AbsentStore(StoreAddress.of(settings), absences=3)
    async with bench.working(engine):
        row = await bench.until(State.DONE)
    assert len(engine.bill) == 1
    assert (row.attempts, row.ambiguities) == (1, 0)


async def test_a_full_store_fails_the_task_and_a_later_job_gets_what_the_engine_has(
    bench: Bench, settings: Settings
) -> None:
    await bench.post()
    engine = BilledEngine(own_tasks=True)
    bench.assets = AbsentStore(StoreAddress.of(settings), fullness=1)
    async with bench.working(engine):
        row = await bench.until(State.FAILED)
        message = row.outbox[0].message()
        assert isinstance(message, SheetFailed)
        assert message.failure.reason == "the store is full"
        await bench.post(job="job2")
        await bench.until(State.DONE)
    assert len(engine.bill) == 1


async def test_a_stop_hands_running_work_back_without_counting_it(bench: Bench) -> None:
    await bench.post()
    engine = BilledEngine(seconds=3600)
    async with bench.working(engine):
        async with asyncio.timeout(PATIENCE):
            while not engine.bill:
                await asyncio.sleep(0.02)
    row = await bench.row()
    assert row.state is State.READY
    assert row.attempts == 0


async def test_calls_of_an_engine_and_tasks_in_hand_are_measured(bench: Bench) -> None:
    def calls_so_far() -> float:
        return measured("storyreel_engine_seconds_count", engine="billed", operation="submit", result="ok")

    before = calls_so_far()
    await bench.post()
    engine = BilledEngine(seconds=0.5)
    async with bench.working(engine):
        async with asyncio.timeout(PATIENCE):
            while not engine.bill:
                await asyncio.sleep(0.02)
        assert measured("storyreel_tasks_in_flight", kind="sheet") == 1
        await bench.until(State.DONE)
    assert calls_so_far() == before + 1
    assert measured("storyreel_tasks_in_flight", kind="sheet") == 0


def measured(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0
