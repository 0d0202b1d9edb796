"""Workers that are killed while an engine has their request: it is not asked twice without our knowing."""

from __future__ import annotations

import asyncio

import pytest

from storyreel.board.ambiguities import count_ambiguities
from storyreel.board.rows import State
from tests.work.errands import PATIENCE, Errands, kill
from tests.work.paid_engine import PaidEngineServer

KEY = "local:sheet"


def settings(engine: PaidEngineServer, mode: str) -> dict[str, str]:
    return {"PAID_ENGINE_URL": engine.url, "PAID_ENGINE_MODE": mode, "STORYREEL_LEASE_SECONDS": "2"}


async def kill_between_request_and_record(errands: Errands, engine: PaidEngineServer, mode: str) -> None:
    """A worker whose request the engine took, and which dies before it hears of it."""
    engine.bill.answering.clear()
    await errands.post(KEY, engine="paid")
    worker = errands.start(**settings(engine, mode))
    async with asyncio.timeout(PATIENCE):
        while not engine.bill.keys:
            await asyncio.sleep(0.05)
    await kill(worker)
    engine.bill.answering.set()
    await errands.give_back_expired()


async def test_a_worker_killed_while_the_engine_works_is_replaced_and_nothing_is_asked_twice(
    errands: Errands, paid_engine: PaidEngineServer
) -> None:
    paid_engine.bill.job_seconds[KEY] = 3600
    await errands.post(KEY, engine="paid")
    worker = errands.start(**settings(paid_engine, "tasks"))
    await errands.until(KEY, lambda row: row.engine_task is not None)
    await kill(worker)
    paid_engine.bill.job_seconds[KEY] = 0
    row = await errands.row(KEY)
    if row.state is State.LEASED:
        await errands.give_back_expired()
    errands.start(**settings(paid_engine, "tasks"))
    row = await errands.until(KEY, lambda row: row.state is State.DONE)
    assert paid_engine.bill.keys == [KEY]
    assert (row.attempts, row.ambiguities) == (1, 0)


async def test_a_request_whose_answer_was_lost_is_found_by_our_key(
    errands: Errands, paid_engine: PaidEngineServer
) -> None:
    await kill_between_request_and_record(errands, paid_engine, "keyed")
    errands.start(**settings(paid_engine, "keyed"))
    row = await errands.until(KEY, lambda row: row.state is State.DONE)
    assert paid_engine.bill.keys == [KEY]
    assert (row.attempts, row.ambiguities) == (1, 0)


@pytest.mark.parametrize("mode", ["tasks", "synchronous"])
async def test_without_a_look_up_it_is_asked_once_more_and_counted_on_the_row(
    errands: Errands, paid_engine: PaidEngineServer, mode: str
) -> None:
    await kill_between_request_and_record(errands, paid_engine, mode)
    errands.start(**settings(paid_engine, mode))
    row = await errands.until(KEY, lambda row: row.state is State.DONE)
    assert paid_engine.bill.keys == [KEY, KEY]
    assert (row.attempts, row.ambiguities) == (2, 1)
    assert await count_ambiguities(errands.ingest.rows.collection) == {"paid": 1}


async def test_a_connection_lost_after_sending_is_found_by_our_key_without_a_crash(
    errands: Errands, paid_engine: PaidEngineServer
) -> None:
    paid_engine.bill.lost_answers = 1
    await errands.post(KEY, engine="paid")
    errands.start(**settings(paid_engine, "keyed"))
    row = await errands.until(KEY, lambda row: row.state is State.DONE)
    assert paid_engine.bill.keys == [KEY]
    assert (row.attempts, row.ambiguities) == (1, 0)


async def test_polls_that_fail_keep_the_engines_task(errands: Errands, paid_engine: PaidEngineServer) -> None:
    paid_engine.bill.failing_polls = 2
    await errands.post(KEY, engine="paid")
    errands.start(**settings(paid_engine, "tasks"))
    row = await errands.until(KEY, lambda row: row.state is State.DONE)
    assert paid_engine.bill.keys == [KEY]
    assert (row.attempts, row.failed_polls) == (1, 2)
