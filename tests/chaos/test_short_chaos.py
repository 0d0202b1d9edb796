"""A short chaos run: a few jobs, every process killed once at work, and every invariant true at the end."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.options import ChaosOptions
from tests.chaos.run import run_chaos
from tests.servers_under_test import CHOICE, needs_servers_of_its_own

SEED = 6
JOBS = 8


@needs_servers_of_its_own
@pytest.mark.timeout(900)
async def test_a_short_chaos_run_keeps_every_invariant(tmp_path: Path) -> None:
    options = ChaosOptions(
        state=tmp_path,
        seed=SEED,
        jobs=JOBS,
        servers=CHOICE,
        kills_each=1,
        pauses=1,
        repeats=2,
    )
    report = await run_chaos(options, print)
    print(*report.lines(), sep="\n")
    assert report.violations == {}
