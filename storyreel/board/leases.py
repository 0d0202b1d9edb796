"""What workers do with the board: claim, renew, remember what an engine was asked, finish, fail.

What an attempt shows of its engine is told to the engine's gate: after the row's write, or before it where
the row must know how long the engine is stopped. A worker that dies between the two leaves a name at the
gate, which the gatekeeper removes.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable

from google.protobuf.message import Message

from storyreel.board import transitions
from storyreel.board.claims import Claimed, Claims
from storyreel.board.gates import Gates
from storyreel.board.ingest import Ingest
from storyreel.board.rows import Intent, Row, State
from storyreel.board.schedule import until_available
from storyreel.board.store import Rows
from storyreel.contracts.events.v1.outcome_pb2 import FailureKind
from storyreel.documents import Documents
from storyreel.errors import (
    EngineTaskFailedError,
    EngineUnavailableError,
    InvalidError,
    LeaseLostError,
    NoRoomError,
    OutcomeUnknownError,
    RefusedError,
    RetryableError,
    TaskError,
    UnavailableError,
)
from storyreel.telemetry import metrics
from storyreel.telemetry.logs import get_logger
from storyreel.telemetry.traces import current_traceparent

__all__ = ["Claimed", "Leases"]

log = get_logger(__name__)

_Timed = Callable[[Row, float], Row]
"""A transition that is told the time, in seconds since 1970."""


class Leases:
    """The board as the work role uses it. Without `gates`, engines have no limits."""

    def __init__(
        self,
        documents: Documents,
        *,
        worker: str,
        lease_seconds: float,
        gates: Gates | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._clock = clock
        self._rows = Rows(documents)
        self._ingest = Ingest(documents, clock=clock)
        self._gates = gates or Gates(documents, clock=clock)
        self._claims = Claims(documents, self._gates, worker=worker, lease_seconds=lease_seconds, clock=clock)
        self._lease_seconds = lease_seconds

    async def claim(self, engine: str) -> Claimed | None:
        """Wins a row of the engine that may be worked on now; None where there is none."""
        return await self._claims.claim(engine)

    async def still_wanted(self, claimed: Claimed) -> bool:
        """Ends what cancelled jobs asked of the row; False where nobody is left and the row ended.

        Raises LeaseLostError.
        """
        # Read again: who asked after the claim may have been cancelled as well.
        row = await self._rows.get(claimed.row.key)
        if row is not None:
            await self._ingest.drop_cancelled(row)
        return not await self.drop(claimed)

    async def drop(self, claimed: Claimed) -> bool:
        """Ends the row where nobody waits for it; whether it ended. Raises LeaseLostError."""
        row = await self._change(claimed, lambda row, now: transitions.drop(row, claimed.token, now))
        if row.state is State.CANCELLED:
            await self._tell(self._gates.left(row))
        return row.state is State.CANCELLED

    async def renew(self, claimed: Claimed) -> None:
        """Prolongs the lease. Raises LeaseLostError."""
        await self._change(
            claimed, lambda row, now: transitions.renew(row, claimed.token, now + self._lease_seconds)
        )

    async def intend(self, claimed: Claimed, *, within_seconds: float) -> Intent:
        """Records, before an engine is asked, that it will be. Raises LeaseLostError."""
        now = self._clock()
        intent = Intent(at=now, deadline=now + within_seconds)
        await self._change(claimed, lambda row, _: transitions.intend(row, claimed.token, intent))
        return intent

    async def accepted(self, claimed: Claimed, engine_task: str, *, poll_after_seconds: float) -> None:
        """Records the engine's own id and frees the slot until the next poll. Raises LeaseLostError."""
        row = await self._change(
            claimed,
            lambda row, now: transitions.accepted(row, claimed.token, engine_task, now + poll_after_seconds),
        )
        await self._tell(self._gates.answered(row, claimed.at))

    async def still_running(self, claimed: Claimed, *, poll_after_seconds: float) -> None:
        """Waits for the next poll of the engine's task, held by no slot. Raises LeaseLostError."""
        work = current_traceparent()
        row = await self._change(
            claimed,
            lambda row, now: transitions.still_running(
                row, claimed.token, now + poll_after_seconds, now, work=work
            ),
        )
        self._note_failure(row)

    async def postpone(self, claimed: Claimed, *, until: float) -> None:
        """Frees the slot until an earlier request can be settled. Raises LeaseLostError."""
        row = await self._change(claimed, lambda row, _: transitions.postpone(row, claimed.token, until))
        await self._tell(self._gates.left(row))

    async def ask_again(self, claimed: Claimed, *, ambiguous: bool) -> bool:
        """Settles an earlier request and begins a new attempt; False where none is left and the row failed.

        An `ambiguous` outcome is counted on the row. Raises LeaseLostError.
        """
        work = current_traceparent()
        row = await self._change(
            claimed,
            lambda row, now: transitions.ask_again(row, claimed.token, now, ambiguous=ambiguous, work=work),
        )
        self._note_failure(row)
        if row.state is State.FAILED:
            return False
        metrics.ATTEMPTS.labels(row.kind).inc()
        return True

    async def hand_back(self, claimed: Claimed) -> None:
        """Gives the row back unfinished, at a stop. Raises LeaseLostError."""
        row = await self._change(claimed, lambda row, _: transitions.hand_back(row, claimed.token))
        await self._tell(self._gates.left(row))

    async def finish(self, claimed: Claimed, asset: Message) -> None:
        """The asset is made and stored. Raises LeaseLostError: then another worker's counts."""
        work = current_traceparent()
        row = await self._change(
            claimed, lambda row, now: transitions.finish(row, claimed.token, asset, now, work=work)
        )
        self._ended(claimed.row, "made")
        await self._leave(claimed, row, answered=True)

    async def fail(self, claimed: Claimed, error: TaskError) -> None:
        """The attempt failed: tried again later where that may help. Raises LeaseLostError."""
        work = current_traceparent()
        available_at = await self._available_at(claimed, error)

        def transition(row: Row, now: float) -> Row:
            if isinstance(error, RetryableError):
                return _later(row, claimed.token, error, now, available_at, work)
            keeps = isinstance(error, NoRoomError)
            return transitions.fail(
                row, claimed.token, _kind(error), str(error), now, keeps_request=keeps, work=work
            )

        row = await self._change(claimed, transition)
        self._note_failure(row)
        await self._leave(claimed, row, answered=isinstance(error, RefusedError | NoRoomError))

    async def _available_at(self, claimed: Claimed, error: TaskError) -> float:
        """When the engine can be asked again, in seconds since 1970; told to its gate first."""
        if not isinstance(error, EngineUnavailableError):
            return self._clock()
        gate = await self._gates.failed(claimed.row, error)
        return until_available(gate, self._clock(), wish=error.after_seconds)

    async def _leave(self, claimed: Claimed, row: Row, *, answered: bool) -> None:
        """Done with the row for now. An answer about what the engine took before says nothing of requests."""
        shows = answered and claimed.row.engine_task is None
        await self._tell(self._gates.answered(row, claimed.at) if shows else self._gates.left(row))

    @staticmethod
    async def _tell(word: Awaitable[None]) -> None:
        """Tells the gate what the row shows already. Unheard, it costs time alone, as when a worker dies."""
        try:
            await word
        except UnavailableError as error:
            log.warning("gate not told", error=str(error))

    async def _change(self, claimed: Claimed, transition: _Timed) -> Row:
        now = self._clock()
        row = await self._rows.change(claimed.row.key, lambda known: transition(known, now))
        if row is None:
            raise LeaseLostError(f"task {claimed.row.key} is gone")
        return row

    def _note_failure(self, row: Row) -> None:
        if row.state is State.FAILED:
            self._ended(row, "failed")

    @staticmethod
    def _ended(row: Row, outcome: str) -> None:
        metrics.TASKS_ENDED.labels(row.kind, outcome).inc()


def _later(row: Row, token: str, error: RetryableError, now: float, available_at: float, work: str) -> Row:
    """Where a row goes that may work later, by what the engine may hold of it."""
    reason, wish = str(error), error.after_seconds
    polled = row.lease is not None and not row.lease.attempt
    if polled and not isinstance(error, EngineTaskFailedError):
        return transitions.unanswered(row, token, reason, now, after_seconds=wish, work=work)
    if isinstance(error, EngineUnavailableError):
        return transitions.unavailable(row, token, reason, now, until=available_at, work=work)
    if isinstance(error, OutcomeUnknownError):
        return transitions.leave_open(row, token, reason, now, after_seconds=wish)
    return transitions.retry(row, token, reason, now, after_seconds=wish, work=work)


def _kind(error: TaskError) -> FailureKind.ValueType:
    if isinstance(error, RefusedError):
        return FailureKind.FAILURE_KIND_REFUSED
    assert isinstance(error, InvalidError)
    return FailureKind.FAILURE_KIND_INVALID
