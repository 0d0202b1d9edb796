"""Measures the backlog: how many rows are in each of its states, and the age of the oldest."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Final

from storyreel.board.rows import BACKLOG, State
from storyreel.board.store import Rows
from storyreel.documents import Documents
from storyreel.pace import Pace
from storyreel.telemetry import metrics

EVERY_SECONDS: Final = 5.0
FIRST_REACH_SECONDS: Final = 1.0
REACH_GROWTH: Final = 8


class Backlog:
    """The backlog of one service's board.

    Rows are counted by an index, whose cost on the embedded database grows with their number: a long backlog
    is measured more rarely. Nor can that database find the oldest of many without reading them all, so it is
    searched from where the oldest was last time, in growing steps, each a query by the index.
    """

    def __init__(
        self, documents: Documents, kinds: Sequence[str], *, clock: Callable[[], float] = time.time
    ) -> None:
        self._rows = Rows(documents).collection
        self._kinds = kinds
        self._clock = clock
        self._oldest: dict[tuple[str, State], float] = {}
        self._pace = Pace(EVERY_SECONDS)

    async def measure_when_due(self) -> None:
        """Sets the metrics where it is time to. Raises UnavailableError."""
        if self._pace.due():
            with self._pace.spending():
                await self.measure()

    async def measure(self) -> None:
        """Sets the metrics. Raises UnavailableError."""
        for kind in self._kinds:
            oldest = [await self._measure(kind, state) for state in BACKLOG]
            known = [posted_at for posted_at in oldest if posted_at is not None]
            metrics.OLDEST_AGE.labels(kind).set(self._clock() - min(known) if known else 0)

    async def _measure(self, kind: str, state: State) -> float | None:
        """Counts the rows of a state; when the oldest was posted, in seconds since 1970."""
        count = await self._rows.count({"state": str(state), "kind": kind})
        metrics.BACKLOG.labels(kind, str(state)).set(count)
        oldest = await self._find_oldest(kind, state) if count else None
        if oldest is None:
            self._oldest.pop((kind, state), None)
        else:
            self._oldest[kind, state] = oldest
        return oldest

    async def _find_oldest(self, kind: str, state: State) -> float | None:
        now = self._clock()
        bound = self._oldest.get((kind, state), 0.0)
        reach = FIRST_REACH_SECONDS
        while bound < now:
            bound = min(now, bound + reach)
            query = {"state": str(state), "kind": kind, "posted_at": {"$lte": bound}}
            found = await self._rows.find(query, fields=["posted_at"])
            if found:
                return min(float(row["posted_at"]) for row in found)
            reach *= REACH_GROWTH
        return None
