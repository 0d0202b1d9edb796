"""What the front role does by the clock: gives back what dead workers held, and measures the backlog."""

from __future__ import annotations

import asyncio
import itertools
import time
from typing import Final

from storyreel.board import transitions
from storyreel.board.rows import BACKLOG, Row, State
from storyreel.board.store import Rows
from storyreel.documents import Documents
from storyreel.errors import UnavailableError
from storyreel.telemetry import metrics
from storyreel.telemetry.logs import get_logger

log = get_logger(__name__)

EVERY_SECONDS: Final = 1.0
MEASURE_EVERY: Final = 5
"""Sweeps between measurements, which read the whole backlog."""


class Sweeper:
    """Sweeps one service's board."""

    def __init__(self, documents: Documents, kinds: tuple[str, ...]) -> None:
        self._rows = Rows(documents)
        self._kinds = kinds

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
        now = time.time()
        expired = await self._rows.collection.find(
            {"state": str(State.LEASED), "lease.until": {"$lte": now}}, fields=["kind"]
        )
        for document in expired:
            await self._rows.change(document["_id"], lambda row: _expired(row, now))
            metrics.LEASE_TIMEOUTS.labels(document["kind"]).inc()
            log.warning("lease ran out", task=document["_id"])
        return len(expired)

    async def _measure(self) -> None:
        for kind in self._kinds:
            oldest: float | None = None
            for state in BACKLOG:
                rows = await self._rows.collection.find(
                    {"state": str(state), "kind": kind}, fields=["posted_at"]
                )
                metrics.BACKLOG.labels(kind, str(state)).set(len(rows))
                ages = [row["posted_at"] for row in rows]
                oldest = min([*ages, *([oldest] if oldest is not None else [])], default=None)
            metrics.OLDEST_AGE.labels(kind).set(0 if oldest is None else time.time() - oldest)


def _expired(row: Row, now: float) -> Row:
    return transitions.expire(row, now)
