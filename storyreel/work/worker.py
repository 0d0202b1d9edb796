"""The worker: fills each engine's slots with tasks, and at a stop finishes them or hands them back."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

from storyreel.assets import Assets
from storyreel.board.leases import Leases
from storyreel.engine import Engine
from storyreel.errors import UnavailableError
from storyreel.telemetry.logs import get_logger
from storyreel.work.attempt import Attempts
from storyreel.work.scratch import remove_leftovers

log = get_logger(__name__)

SHORTEST_IDLE_SECONDS: Final = 0.1
LONGEST_IDLE_SECONDS: Final = 0.5
"""A slot without work looks again soon, then less often: an idle stack should leave a laptop cool."""
UNAVAILABLE_SECONDS: Final = 1.0


class Worker:
    """Claims tasks for engines until told to stop."""

    def __init__(
        self,
        leases: Leases,
        assets: Assets,
        engines: Sequence[Engine],
        *,
        lease_seconds: float,
        grace_seconds: float,
    ) -> None:
        self._leases = leases
        self._assets = assets
        self._engines = engines
        self._renew_seconds = lease_seconds / 3
        self._grace_seconds = grace_seconds

    async def run(self, stopping: asyncio.Event) -> None:
        """Works until `stopping` is set; then gives running tasks the grace to finish."""
        remove_leftovers()
        slots = [
            asyncio.create_task(self._slot(engine, stopping), name=f"slot {engine.capabilities().name}")
            for engine in self._engines
            for _ in range(engine.capabilities().slots)
        ]
        watch = asyncio.create_task(stopping.wait())
        await asyncio.wait([*slots, watch], return_when=asyncio.FIRST_COMPLETED)
        _, unfinished = await asyncio.wait(slots, timeout=self._grace_seconds if stopping.is_set() else 0)
        for slot in (*unfinished, watch):
            slot.cancel()
        results = await asyncio.gather(*slots, return_exceptions=True)
        for result in results:
            if isinstance(result, Exception):
                raise result

    async def _slot(self, engine: Engine, stopping: asyncio.Event) -> None:
        attempts = Attempts(self._leases, self._assets, engine, renew_seconds=self._renew_seconds)
        name = engine.capabilities().name
        idle = SHORTEST_IDLE_SECONDS
        while not stopping.is_set():
            try:
                claimed = await self._leases.claim(name)
            except UnavailableError as error:
                log.warning("no claims", error=str(error))
                await asyncio.sleep(UNAVAILABLE_SECONDS)
                continue
            if claimed is None:
                await asyncio.sleep(idle)
                idle = min(LONGEST_IDLE_SECONDS, idle * 1.5)
                continue
            if stopping.is_set():
                await attempts.hand_back(claimed)
                return
            await attempts.perform(claimed)
            idle = SHORTEST_IDLE_SECONDS
