"""Sweeps by the clock: each removes or puts right what a crash left behind, and may run as often as it likes.

A sweep is given an age in seconds and leaves alone whatever is younger: it may still be in use.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

from storyreel.errors import UnavailableError
from storyreel.telemetry import metrics
from storyreel.telemetry.logs import get_logger

log = get_logger(__name__)

LONGEST_PERIOD_SECONDS: Final = 3600.0
SHORTEST_PERIOD_SECONDS: Final = 5.0
ROUNDS_PER_AGE: Final = 4
"""Where the age is short, sweeps come this often within it."""


@dataclass(frozen=True)
class Sweep:
    """One sweep. `run` is given the age in seconds and answers how many things it swept."""

    name: str
    run: Callable[[float], Awaitable[int]]

    async def once(self, age_seconds: float) -> int:
        """Runs it and counts what it swept. Raises UnavailableError."""
        swept = await self.run(age_seconds)
        metrics.SWEPT.labels(self.name).inc(swept)
        if swept:
            log.warning("swept", sweep=self.name, count=swept)
        return swept


class Sweeps:
    """The sweeps of one service."""

    def __init__(self, sweeps: Sequence[Sweep], *, age_seconds: float) -> None:
        self._sweeps = sweeps
        self._age = age_seconds
        wanted = max(SHORTEST_PERIOD_SECONDS, age_seconds / ROUNDS_PER_AGE)
        self._period = min(LONGEST_PERIOD_SECONDS, wanted)

    async def run(self, stopping: asyncio.Event) -> None:
        """Sweeps until `stopping` is set.

        First after a whole period: a stack that was off for days has work to resume, whose leftovers it uses.
        """
        while not stopping.is_set():
            try:
                async with asyncio.timeout(self._period):
                    await stopping.wait()
            except TimeoutError:
                await self._round()

    async def _round(self) -> None:
        for sweep in self._sweeps:
            try:
                await sweep.once(self._age)
            except UnavailableError as error:
                log.warning("sweep held up", sweep=sweep.name, error=str(error))

    async def once(self, age_seconds: float) -> dict[str, int]:
        """Runs every sweep now; how many things were swept, by name. Raises UnavailableError."""
        counts = dict.fromkeys((sweep.name for sweep in self._sweeps), 0)
        for sweep in self._sweeps:
            counts[sweep.name] += await sweep.once(age_seconds)
        return counts
