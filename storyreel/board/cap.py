"""The cap on ready rows: a full board takes no new jobs, while supplies, failures and cancels still flow."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from storyreel import topics
from storyreel.board.rows import State
from storyreel.board.store import Rows
from storyreel.documents import Documents
from storyreel.errors import UnavailableError
from storyreel.pace import Pace
from storyreel.telemetry import metrics
from storyreel.telemetry.logs import get_logger

log = get_logger(__name__)

EVERY_SECONDS: Final = 1.0
RESUME_SHARE: Final = 0.8
"""Of the cap: what the ready rows must fall below before jobs are taken again."""
PAUSED: Final = frozenset({topics.JOBS_APPROVED})
"""The one topic that brings new work. The others take work away or let it go on."""


class ReadyCap:
    """Says for the front's consumer which topics wait.

    The rows are counted by an index, but the embedded database's time for that grows with their number, so
    a long backlog is counted more rarely: jobs that arrive between two counts may take it over the cap.
    """

    def __init__(self, documents: Documents, cap: int) -> None:
        self._rows = Rows(documents).collection
        self._cap = cap
        self._full = False
        self._pace = Pace(EVERY_SECONDS)

    async def paused_topics(self) -> Collection[str]:
        """`jobs.approved` where the board is full, else nothing."""
        if self._pace.due():
            with self._pace.spending():
                await self._look()
        return PAUSED if self._full else frozenset()

    async def _look(self) -> None:
        try:
            ready = await self._rows.count({"state": str(State.READY)})
        except UnavailableError as error:
            # What was known stays: the handlers hold their events up by themselves meanwhile.
            log.warning("ready rows not counted", error=str(error))
            return
        full = ready > self._cap or (self._full and ready >= RESUME_SHARE * self._cap)
        if full != self._full:
            log.warning("new jobs wait" if full else "new jobs are taken again", ready=ready, cap=self._cap)
        self._full = full
        metrics.CONSUMER_PAUSED.labels(topics.JOBS_APPROVED).set(full)
