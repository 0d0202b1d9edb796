"""What workers do with the board: claim, renew, remember what an engine was asked, finish, fail.

A claim reads a small batch by one index and wins a row with one conditional write; there is no
find-and-modify, which the embedded database does by scanning.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from google.protobuf.message import Message

from storyreel.board import transitions
from storyreel.board.ingest import Ingest
from storyreel.board.rows import Intent, Lease, Row, State
from storyreel.board.store import Rows
from storyreel.board.turns import Turns
from storyreel.contracts.events.v1.outcome_pb2 import FailureKind
from storyreel.documents import Documents
from storyreel.errors import InvalidError, LeaseLostError, RefusedError, RetryableError, TaskError
from storyreel.telemetry import metrics
from storyreel.telemetry.traces import current_traceparent

BATCH: Final = 8
REACH_GROWTH: Final = 8

_Timed = Callable[[Row, float], Row]
"""A transition that is told the time, in seconds since 1970."""


@dataclass(frozen=True)
class Claimed:
    """A row that this worker holds; `token` proves it in every write."""

    row: Row
    token: str


class Leases:
    """The board as the work role uses it."""

    def __init__(self, documents: Documents, *, worker: str, lease_seconds: float) -> None:
        self._rows = Rows(documents)
        self._turns = Turns(documents)
        self._ingest = Ingest(documents)
        self._worker = worker
        self._lease_seconds = lease_seconds

    async def claim(self, engine: str) -> Claimed | None:
        """Wins a delayed row of an engine that is due, or its next ready one; None where there is none."""
        due = {"state": str(State.DELAYED), "engine": engine, "not_before": {"$lte": time.time()}}
        claimed = await self._win_one(due, sort="not_before")
        return claimed or await self._claim_ready(engine)

    async def _claim_ready(self, engine: str) -> Claimed | None:
        """Searches upwards from the clock in growing steps.

        The embedded database reads every match of a query before it sorts and cuts, so a query must not
        match the whole backlog: it asks for turns up to a bound. Rows that came back have old turns and are
        found by the first step.
        """
        clock = await self._turns.clock()
        reach = 1
        while True:
            bound = clock.now + reach
            ready = {"state": str(State.READY), "engine": engine, "turn": {"$lte": bound}}
            claimed = await self._win_one(ready, sort="turn")
            if claimed is not None or bound >= clock.top:
                return claimed
            reach *= REACH_GROWTH

    async def _win_one(self, query: dict[str, Any], *, sort: str) -> Claimed | None:
        for document in await self._rows.collection.find(query, fields=["_id"], sort=sort, limit=BATCH):
            claimed = await self._win(document["_id"])
            if claimed is not None:
                return claimed
        return None

    async def _win(self, key: str) -> Claimed | None:
        token = str(uuid.uuid4())
        now = time.time()
        lease = Lease(worker=self._worker, token=token, until=now + self._lease_seconds)
        row = await self._rows.change(key, lambda known: transitions.claim(known, lease, now))
        if row is None:
            return None
        metrics.ATTEMPTS.labels(row.kind).inc()
        await self._turns.advance(row.turn)
        return Claimed(row, token)

    async def still_wanted(self, claimed: Claimed) -> bool:
        """Ends what cancelled jobs asked of the row; False where nobody is left and the row ended.

        Raises LeaseLostError.
        """
        await self._ingest.drop_cancelled(claimed.row)
        return not await self.drop(claimed)

    async def drop(self, claimed: Claimed) -> bool:
        """Ends the row where nobody waits for it; whether it ended. Raises LeaseLostError."""
        row = await self._change(claimed, lambda row, now: transitions.drop(row, claimed.token, now))
        return row.state is State.CANCELLED

    async def renew(self, claimed: Claimed) -> None:
        """Prolongs the lease. Raises LeaseLostError."""
        await self._change(
            claimed, lambda row, now: transitions.renew(row, claimed.token, now + self._lease_seconds)
        )

    async def intend(self, claimed: Claimed, *, within_seconds: float) -> Intent:
        """Records, before an engine is asked, that it will be. Raises LeaseLostError."""
        now = time.time()
        intent = Intent(at=now, deadline=now + within_seconds)
        await self._change(claimed, lambda row, _: transitions.intend(row, claimed.token, intent))
        return intent

    async def accepted(self, claimed: Claimed, engine_task: str, *, poll_after_seconds: float) -> None:
        """Records the engine's own id and frees the slot until the next poll. Raises LeaseLostError."""
        await self._change(
            claimed,
            lambda row, now: transitions.accepted(row, claimed.token, engine_task, now + poll_after_seconds),
        )

    async def hand_back(self, claimed: Claimed) -> None:
        """Gives the row back unfinished, at a stop. Raises LeaseLostError."""
        await self._change(claimed, lambda row, _: transitions.hand_back(row, claimed.token))

    async def finish(self, claimed: Claimed, asset: Message) -> None:
        """The asset is made and stored. Raises LeaseLostError: then another worker's counts."""
        work = current_traceparent()
        await self._change(
            claimed, lambda row, now: transitions.finish(row, claimed.token, asset, now, work=work)
        )
        self._ended(claimed.row, "made")

    async def fail(self, claimed: Claimed, error: TaskError) -> None:
        """The attempt failed: tried again later where that may help. Raises LeaseLostError."""
        work = current_traceparent()

        def transition(row: Row, now: float) -> Row:
            if isinstance(error, RetryableError):
                return transitions.retry(
                    row, claimed.token, str(error), now, after_seconds=error.after_seconds, work=work
                )
            return transitions.fail(row, claimed.token, _kind(error), str(error), now, work=work)

        row = await self._change(claimed, transition)
        if row.state is State.FAILED:
            self._ended(row, "failed")

    async def _change(self, claimed: Claimed, transition: _Timed) -> Row:
        now = time.time()
        row = await self._rows.change(claimed.row.key, lambda known: transition(known, now))
        if row is None:
            raise LeaseLostError(f"task {claimed.row.key} is gone")
        return row

    @staticmethod
    def _ended(row: Row, outcome: str) -> None:
        metrics.TASKS_ENDED.labels(row.kind, outcome).inc()


def _kind(error: TaskError) -> FailureKind.ValueType:
    if isinstance(error, RefusedError):
        return FailureKind.FAILURE_KIND_REFUSED
    assert isinstance(error, InvalidError)
    return FailureKind.FAILURE_KIND_INVALID
