"""Requests whose outcome is not known at first: an engine is never asked twice without the row saying so."""

from __future__ import annotations

from dataclasses import replace

import pytest
from prometheus_client import REGISTRY

from storyreel.board.ambiguities import measure_ambiguities
from storyreel.board.rows import State
from storyreel.board.transitions import MAX_ATTEMPTS
from storyreel.contracts.events.v1.outcome_pb2 import FailureKind, SheetFailed
from storyreel.errors import (
    EngineTaskFailedError,
    OutcomeUnknownError,
    RetryableError,
)
from storyreel.work import asking, calls
from tests.work.bench import Bench, BilledEngine, lose_the_answer

pytestmark = pytest.mark.usefixtures("soon")


async def test_a_lost_answer_is_looked_up_and_not_paid_twice(bench: Bench) -> None:
    await bench.post()
    engine = BilledEngine(own_tasks=True, looks_up=True, lose_answers=1)
    await lose_the_answer(bench, engine)
    async with bench.working(engine):
        await bench.until(State.DONE)
    assert len(engine.bill) == 1


async def test_a_request_that_may_still_be_on_its_way_is_waited_for_and_looked_up_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "MARGIN_SECONDS", 3600.0)
    await bench.post()
    engine = BilledEngine(own_tasks=True, looks_up=True, lose_answers=1, unseen_look_ups=1)
    await lose_the_answer(bench, engine)
    async with bench.working(engine):
        row = await bench.until(State.DELAYED)
        assert row.intent is not None
        assert row.not_before == row.intent.deadline + 3600
        await bench.ingest.rows.change(row.key, lambda waiting: replace(waiting, not_before=0.0))
        row = await bench.until(State.DONE)
    assert len(engine.bill) == 1
    assert (row.attempts, row.ambiguities) == (1, 0)


async def test_a_request_that_certainly_did_not_arrive_is_sent_again_without_ambiguity(bench: Bench) -> None:
    await bench.post()
    engine = BilledEngine(looks_up=True, failures=[OutcomeUnknownError("no answer", after_seconds=0.0)])
    async with bench.working(engine):
        row = await bench.until(State.DONE)
    assert len(engine.bill) == 1
    assert (row.attempts, row.ambiguities) == (2, 0)


async def test_an_answer_that_cannot_be_looked_up_is_counted_before_asking_again(bench: Bench) -> None:
    await bench.post()
    engine = BilledEngine(lose_answers=1)
    await lose_the_answer(bench, engine)
    async with bench.working(engine):
        row = await bench.until(State.DONE)
    assert len(engine.bill) == 2
    assert (row.attempts, row.ambiguities) == (2, 1)
    await measure_ambiguities(bench.ingest.rows.collection)
    assert REGISTRY.get_sample_value("storyreel_engine_ambiguous_outcomes", {"engine": "billed"}) == 1


async def test_asking_a_local_engine_twice_is_not_ambiguous_and_happens_at_once(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "MARGIN_SECONDS", 3600.0)
    await bench.post()
    engine = BilledEngine(repeatable=True, lose_answers=1)
    await lose_the_answer(bench, engine)
    async with bench.working(engine):
        row = await bench.until(State.DONE)
    assert len(engine.bill) == 2
    assert (row.attempts, row.ambiguities) == (2, 0)


async def test_a_request_of_unknown_outcome_is_settled_before_the_attempts_are_judged(bench: Bench) -> None:
    await bench.post()
    engine = BilledEngine(failures=[OutcomeUnknownError("no answer", after_seconds=0.0)] * MAX_ATTEMPTS)
    async with bench.working(engine):
        row = await bench.until(State.FAILED)
    message = row.outbox[0].message()
    assert isinstance(message, SheetFailed)
    assert message.failure.kind == FailureKind.FAILURE_KIND_EXHAUSTED
    assert message.failure.reason == f"gave up after {MAX_ATTEMPTS} attempts: no answer"
    assert (row.attempts, row.ambiguities, row.intent) == (MAX_ATTEMPTS, MAX_ATTEMPTS, None)


async def test_an_engine_that_hangs_is_left_at_its_deadline_and_counted(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "SHORTEST_DEADLINE_SECONDS", 0.5)
    monkeypatch.setattr(calls, "DEADLINE_FACTOR", 0.0)
    await bench.post()
    engine = BilledEngine(lose_answers=1)
    async with bench.working(engine):
        row = await bench.until(State.DONE)
    assert len(engine.bill) == 2
    assert (row.attempts, row.ambiguities) == (2, 1)


async def test_a_bug_in_a_paid_engine_counts_as_an_unknown_outcome(bench: Bench) -> None:
    await bench.post()
    engine = BilledEngine(failures=[KeyError("a bug")])
    async with bench.working(engine):
        row = await bench.until(State.DONE)
    assert (row.attempts, row.ambiguities) == (2, 1)


async def test_an_engines_task_that_ended_without_a_result_is_asked_for_anew(bench: Bench) -> None:
    await bench.post()
    engine = BilledEngine(
        own_tasks=True, poll_failures=[EngineTaskFailedError("out of memory", after_seconds=0.0)]
    )
    async with bench.working(engine):
        row = await bench.until(State.DONE)
    assert len(engine.bill) == 2
    assert (row.attempts, row.ambiguities) == (2, 0)


@pytest.mark.parametrize("operation", ["poll", "fetch"])
async def test_an_engine_that_does_not_answer_keeps_its_task(bench: Bench, operation: str) -> None:
    failures: list[Exception] = [RetryableError("no answer", after_seconds=0.0), KeyError("a bug")]
    await bench.post()
    engine = BilledEngine(own_tasks=True)
    getattr(engine, f"{operation}_failures").extend(failures)
    async with bench.working(engine):
        row = await bench.until(State.DONE)
    assert len(engine.bill) == 1
    assert (row.attempts, row.failed_polls) == (1, 2)


async def test_a_worker_that_was_held_up_sends_nothing_after_the_deadline(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "SEND_SECONDS", 0.0)
    await bench.post()
    engine = BilledEngine()
    async with bench.working(engine):
        row = await bench.until(State.FAILED)
    assert engine.bill == []
    assert "not sent" in row.reason
    assert row.ambiguities == 0
