"""What the front role does by the clock: gives back what dead workers held, and measures the backlog."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable
from typing import Final

from storyreel.board import transitions
from storyreel.board.ambiguities import measure_ambiguities
from storyreel.board.backlog import Backlog
from storyreel.board.rows import Row, State
from storyreel.board.store import Rows
from storyreel.documents import Documents
from storyreel.errors import UnavailableError
from storyreel.telemetry import metrics
from storyreel.telemetry.logs import get_logger

log = get_logger(__name__)

EVERY_SECONDS: Final = 1.0
MEASURE_EVERY: Final = 5
"""Sweeps between measurements."""


class Sweeper:
    """Sweeps one service's board."""

    def __init__(
        self, documents: Documents, kinds: tuple[str, ...], *, clock: Callable[[], float] = time.time
    ) -> None:
        self._clock = clock
        self._rows = Rows(documents)
        self._backlog = Backlog(documents, kinds, clock=clock)

    async def run(self, stopping: asyncio.Event) -> None:
        """Sweeps until `stopping` is set."""
        for sweep in itertools.count():
            if stopping.is_set():
                return
            try:
                await self.expire_leases()
                if sweep % MEASURE_EVERY == 0:
                    await self._measure()
            except UnavailableError as error:
                log.warning("sweep held up", error=str(error))
            try:
                async with asyncio.timeout(EVERY_SECONDS):
                    await stopping.wait()
            except TimeoutError:
                continue

    async def expire_leases(self) -> int:
        """Gives back rows whose lease has run out; how many."""
        now = self._clock()
        expired = await self._rows.collection.find(
            {"state": str(State.LEASED), "lease.until": {"$lte": now}}, fields=["kind"]
        )
        count = 0
        for document in expired:
            if await self._rows.change(document["_id"], lambda row: _expired(row, now)) is not None:
                count += 1
                metrics.LEASE_TIMEOUTS.labels(document["kind"]).inc()
                metrics.SWEPT.labels("leases").inc()
                log.warning("lease ran out", task=document["_id"])
        return count

    async def _measure(self) -> None:
        await measure_ambiguities(self._rows.collection)
        await self._backlog.measure_when_due()


def _expired(row: Row, now: float) -> Row | None:
    """The row given back; None where its lease was renewed or ended meanwhile."""
    following = transitions.expire(row, now)
    return None if following == row else following
