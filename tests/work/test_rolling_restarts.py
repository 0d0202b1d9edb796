"""An engine's long job outlives the workers that wait for it, and holds no slot.

STORYREEL_TEST_ENGINE_JOB_SECONDS=900 makes it the quarter of an hour that a hosted video engine takes.
"""

from __future__ import annotations

import asyncio
import os

import pytest

from storyreel.board.rows import State
from tests.work.errands import PATIENCE, Errands, terminate
from tests.work.paid_engine import PaidEngineServer

JOB_SECONDS = float(os.environ.get("STORYREEL_TEST_ENGINE_JOB_SECONDS", "20"))
RESTARTS = 3


@pytest.mark.timeout(JOB_SECONDS + 4 * PATIENCE)
async def test_a_long_job_survives_three_rolling_restarts_with_one_request_and_holds_no_slot(
    errands: Errands, paid_engine: PaidEngineServer
) -> None:
    bill = paid_engine.bill
    bill.job_seconds["local:long"] = JOB_SECONDS
    settings = {"PAID_ENGINE_URL": paid_engine.url, "STORYREEL_LEASE_SECONDS": "3600"}
    await errands.post("local:long", engine="paid")
    worker = errands.start(**settings)
    await errands.until("local:long", lambda row: row.engine_task is not None)
    for restart in range(RESTARTS):
        await asyncio.sleep(JOB_SECONDS / (RESTARTS + 2))
        following = errands.start(**settings)
        assert await terminate(worker) == 0
        worker = following
        await errands.post(f"local:short-{restart}", engine="paid")
        await errands.until(f"local:short-{restart}", lambda row: row.state is State.DONE)
    waiting = await errands.row("local:long")
    assert waiting.engine_task == "task-of-local:long"
    row = await errands.until(
        "local:long", lambda row: row.state is State.DONE, within=JOB_SECONDS + PATIENCE
    )
    assert bill.keys.count("local:long") == 1
    assert (row.attempts, row.ambiguities) == (1, 0)
    assert len(bill.keys) == 1 + RESTARTS
