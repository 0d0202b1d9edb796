"""Transitions of a row. Pure: every function takes a row and returns the next one.

    waiting ─▶ ready ─▶ leased ─▶ done
                 ▲       │ │ └──▶ failed      (waiting, ready, delayed ─▶ failed | cancelled, too)
                 └───────┘ └────▶ delayed ─▶ leased …

A later request arms a failed or cancelled row again. `work`, where taken, is the traceparent of the attempt.
An intent without an engine's task is a request whose outcome is not known: only `ask_again`, or a failure
that says what became of it, takes it off the row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from google.protobuf.message import Message

from storyreel.board.answers import answer, end
from storyreel.board.rows import Intent, Lease, Requester, Row, State, Turn
from storyreel.board.schedule import (
    POLL_CAP_SECONDS,
    RETRY_CAP_SECONDS,
    SILENCE_SECONDS,
    WORKING_SECONDS,
    delay,
    is_overdue,
    is_silent,
    unavailable_reason,
    works_too_long,
)
from storyreel.contracts.events.v1.outcome_pb2 import Failure, FailureKind
from storyreel.errors import LeaseLostError

MAX_ATTEMPTS: Final = 4
WORKERS_DIED: Final = "its workers died or were stopped"


def request(row: Row, requester: Requester, now: float) -> Row:
    """Adds a requester: answered at once from a finished row, and arming one that failed or was cancelled.

    What an engine may still hold for the row (its task, an intent) stays: it is asked for that first.
    """
    if row.asked_by(requester.job_id, requester.line_id):
        return row
    row = replace(row, requesters=(*row.requesters, requester))
    if row.state is State.DONE:
        return answer(row, [requester], payer=None)
    if row.state in (State.FAILED, State.CANCELLED):
        return replace(
            row,
            state=State.WAITING,
            attempts=0,
            not_before=0.0,
            failed_polls=0,
            reason="",
            posted_at=now,
            ended_at=None,
        )
    return row


def make_ready(row: Row, facts: Sequence[bytes], turn: Turn) -> Row:
    """All inputs are known: they are fixed on the row, which takes its turn."""
    if row.state is not State.WAITING:
        return row
    return replace(row, state=State.READY, facts=tuple(facts), turn=turn)


def change_lane(row: Row, turn: Turn) -> Row:
    """A ready row takes a turn in the lane of those who want it now."""
    return row if row.is_in_its_lane or turn.lane is not row.lane else replace(row, turn=turn)


def fail_for_job(row: Row, job_id: str, failure: Failure, now: float) -> Row:
    """Ends the requesters of one job with `failure`; others wait on. Ends the row when none is left.

    Work that an engine has already been asked for goes on, so that what is paid for is kept.
    """
    ending = [requester for requester in row.waiting_for_it if requester.job_id == job_id]
    if not ending:
        return row
    row = end(row, ending, failure)
    asked = row.intent is not None and row.state is not State.WAITING
    if row.waiting_for_it or asked or row.state in (State.DONE, State.FAILED, State.CANCELLED):
        return row
    state = State.CANCELLED if failure.kind == FailureKind.FAILURE_KIND_CANCELLED else State.FAILED
    return replace(row, state=state, lease=None, reason=failure.reason, ended_at=now)


def claim(row: Row, lease: Lease, now: float) -> Row | None:
    """The row leased, or None where it cannot be claimed now.

    A poll is no attempt, and neither is finding out what became of an earlier request: see `ask_again`.
    """
    due = row.state is State.DELAYED and row.not_before <= now
    if row.state is not State.READY and not due:
        return None
    lease = replace(lease, attempt=row.engine_task is None and row.intent is None)
    return replace(row, state=State.LEASED, lease=lease, attempts=row.attempts + int(lease.attempt))


def renew(row: Row, token: str, until: float) -> Row:
    """The lease, prolonged."""
    lease = _held(row, token)
    return replace(row, lease=replace(lease, until=until))


def intend(row: Row, token: str, intent: Intent) -> Row:
    """Records that an engine is about to be asked."""
    _held(row, token)
    return replace(row, intent=intent)


def accepted(row: Row, token: str, engine_task: str, poll_at: float) -> Row:
    """The engine took the request under its own id: the row waits for its next poll, held by no slot."""
    _held(row, token)
    return replace(
        row, state=State.DELAYED, lease=None, engine_task=engine_task, not_before=poll_at, failed_polls=0
    )


def still_running(row: Row, token: str, poll_at: float, now: float, *, work: str = "") -> Row:
    """The engine is still at its task: the row waits for its next poll, or fails after a whole day."""
    _held(row, token)
    if works_too_long(row, now):
        reason = f"{row.engine} has worked on it for {WORKING_SECONDS / 3600:.0f} h without a result"
        return _fail_all(row, FailureKind.FAILURE_KIND_EXHAUSTED, reason, now, work)
    return replace(row, state=State.DELAYED, lease=None, not_before=poll_at, failed_polls=0, reason="")


def unanswered(
    row: Row, token: str, reason: str, now: float, *, after_seconds: float | None = None, work: str = ""
) -> Row:
    """The engine did not say what became of a request that it has: asked for it again later, for 6 h.

    What it has stays on the row even when it is given up, so that a later request of the asset finds it.
    """
    _held(row, token)
    row = replace(row, failed_polls=row.failed_polls + 1)
    if is_silent(row, now):
        sentence = f"gave up, {row.engine} has not answered for {SILENCE_SECONDS / 3600:.0f} h: {reason}"
        return _fail_all(row, FailureKind.FAILURE_KIND_EXHAUSTED, sentence, now, work)
    wait = delay(after_seconds, row.failed_polls, POLL_CAP_SECONDS)
    return replace(row, state=State.DELAYED, lease=None, not_before=now + wait, reason=reason)


def postpone(row: Row, token: str, until: float) -> Row:
    """What became of an earlier request cannot be known before `until`: the slot is free meanwhile."""
    _held(row, token)
    return replace(row, state=State.DELAYED, lease=None, not_before=until)


def ask_again(row: Row, token: str, now: float, *, ambiguous: bool, work: str = "") -> Row:
    """The earlier request is settled: this claim is a new attempt, where one is left.

    `ambiguous`: it will never be known whether the engine took that request. It is counted here, before
    anything else is sent, so that no crash loses the count.
    """
    lease = _held(row, token)
    row = replace(row, intent=None, failed_polls=0, ambiguities=row.ambiguities + int(ambiguous))
    if row.attempts >= MAX_ATTEMPTS:
        return _exhaust(row, row.reason or WORKERS_DIED, now, work)
    return replace(row, attempts=row.attempts + 1, lease=replace(lease, attempt=True))


def hand_back(row: Row, token: str) -> Row:
    """The worker stops: the row is ready for another, and the attempt does not count.

    An intent stays: the request may be on its way.
    """
    lease = _held(row, token)
    if row.engine_task is not None:
        return replace(row, state=State.DELAYED, lease=None)
    return replace(row, state=State.READY, lease=None, attempts=row.attempts - int(lease.attempt))


def drop(row: Row, token: str, now: float) -> Row:
    """Nobody waits for the row any more, and no engine is at work on it: it ends."""
    _held(row, token)
    if row.waiting_for_it:
        return row
    return replace(
        row,
        state=State.CANCELLED,
        lease=None,
        intent=None,
        engine_task=None,
        reason="nobody asks for it",
        ended_at=now,
    )


def finish(row: Row, token: str, asset: Message, now: float, *, work: str = "") -> Row:
    """The asset is made: the outcome, and the events it causes, one per requester."""
    _held(row, token)
    row = replace(
        row,
        state=State.DONE,
        lease=None,
        asset=asset.SerializeToString(deterministic=True),
        reason="",
        ended_at=now,
    )
    waiting = row.waiting_for_it
    # The earliest requester with a priced line pays; for the others it was there already.
    payer = next((r for r in waiting if r.priced), waiting[0] if waiting else None)
    return answer(row, waiting, payer=payer, work=work)


def retry(
    row: Row, token: str, reason: str, now: float, *, after_seconds: float | None = None, work: str = ""
) -> Row:
    """Nothing came of the request, and the engine is not at work on it: tried again later, or given up."""
    _held(row, token)
    row = replace(row, intent=None, engine_task=None)
    if row.attempts >= MAX_ATTEMPTS:
        return _exhaust(row, reason, now, work)
    wait = delay(after_seconds, row.attempts, RETRY_CAP_SECONDS)
    return replace(row, state=State.DELAYED, lease=None, not_before=now + wait, reason=reason)


def unavailable(row: Row, token: str, reason: str, now: float, *, until: float, work: str = "") -> Row:
    """The engine as a whole cannot be asked, and has taken nothing: that is no attempt.

    The row is tried again at `until`, up to a day after it was posted.
    """
    lease = _held(row, token)
    row = replace(row, intent=None, engine_task=None, attempts=row.attempts - int(lease.attempt))
    if is_overdue(row, now):
        return _fail_all(row, FailureKind.FAILURE_KIND_EXHAUSTED, unavailable_reason(row, reason), now, work)
    return replace(row, state=State.DELAYED, lease=None, not_before=until, reason=reason)


def give_up_waiting(row: Row, reason: str, now: float) -> Row:
    """A row that nobody holds waits for an engine that cannot be asked: it fails after a day."""
    waits = row.state is State.READY or (row.state is State.DELAYED and row.engine_task is None)
    if not waits or row.intent is not None or not is_overdue(row, now):
        return row
    return _fail_all(row, FailureKind.FAILURE_KIND_EXHAUSTED, unavailable_reason(row, reason), now, "")


def leave_open(row: Row, token: str, reason: str, now: float, *, after_seconds: float | None = None) -> Row:
    """The engine may have taken the request: the intent stays, and is settled before anything else."""
    _held(row, token)
    wait = delay(after_seconds, row.attempts, RETRY_CAP_SECONDS)
    return replace(row, state=State.DELAYED, lease=None, not_before=now + wait, reason=reason)


def fail(
    row: Row,
    token: str,
    kind: FailureKind.ValueType,
    reason: str,
    now: float,
    *,
    keeps_request: bool = False,
    work: str = "",
) -> Row:
    """Fails for good, for every requester. `keeps_request`: the engine has what a later request can get."""
    _held(row, token)
    if not keeps_request:
        row = replace(row, intent=None, engine_task=None)
    return _fail_all(row, kind, reason, now, work)


def expire(row: Row, now: float) -> Row:
    """A lease has run out: another worker may take over, unless the attempts are used up."""
    if row.state is not State.LEASED or row.lease is None or row.lease.until > now:
        return row
    if row.engine_task is not None:
        return replace(row, state=State.DELAYED, lease=None, not_before=now)
    if row.attempts >= MAX_ATTEMPTS and row.intent is None:
        return _exhaust(row, WORKERS_DIED, now)
    return replace(row, state=State.READY, lease=None)


def _held(row: Row, token: str) -> Lease:
    if row.state is not State.LEASED or row.lease is None or row.lease.token != token:
        raise LeaseLostError(f"task {row.key} is {row.state}, its lease is not ours")
    return row.lease


def _exhaust(row: Row, reason: str, now: float, work: str = "") -> Row:
    sentence = f"gave up after {row.attempts} attempts: {reason}"
    return _fail_all(row, FailureKind.FAILURE_KIND_EXHAUSTED, sentence, now, work)


def _fail_all(row: Row, kind: FailureKind.ValueType, reason: str, now: float, work: str) -> Row:
    row = replace(row, state=State.FAILED, lease=None, reason=reason, ended_at=now)
    for requester in row.waiting_for_it:
        failure = Failure(kind=kind, reason=reason, cause_line_id=requester.line_id)
        row = end(row, [requester], failure, work=work)
    return row
