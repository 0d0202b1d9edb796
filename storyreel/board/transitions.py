"""Transitions of a row. Pure: every function takes a row and returns the next one.

    waiting ─▶ ready ─▶ leased ─▶ done
                 ▲       │ │ └──▶ failed      (waiting, ready, delayed ─▶ failed | cancelled, too)
                 └───────┘ └────▶ delayed ─▶ leased …

A later request arms a failed or cancelled row again. `work`, where taken, is the traceparent of the attempt.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from google.protobuf.message import Message

from storyreel.board.answers import answer, end
from storyreel.board.rows import Intent, Lease, Requester, Row, State
from storyreel.contracts.events.v1.outcome_pb2 import Failure, FailureKind
from storyreel.errors import LeaseLostError

MAX_ATTEMPTS: Final = 4
RETRY_BASE_SECONDS: Final = 2.0
RETRY_CAP_SECONDS: Final = 120.0


def request(row: Row, requester: Requester, now: float) -> Row:
    """Adds a requester: answered at once from a finished row, and arming one that failed or was cancelled."""
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
            intent=None,
            engine_task=None,
            reason="",
            posted_at=now,
            ended_at=None,
        )
    return row


def make_ready(row: Row, facts: Sequence[bytes], turn: int) -> Row:
    """All inputs are known: they are fixed on the row, which takes its turn."""
    if row.state is not State.WAITING:
        return row
    return replace(row, state=State.READY, facts=tuple(facts), turn=turn)


def fail_for_job(row: Row, job_id: str, failure: Failure, now: float) -> Row:
    """Ends the requesters of one job with `failure`; others wait on. Ends the row when none is left.

    Work that an engine has already been asked for goes on, so that what is paid for is kept.
    """
    ending = [requester for requester in row.waiting_for_it if requester.job_id == job_id]
    if not ending:
        return row
    row = end(row, ending, failure)
    if (
        row.waiting_for_it
        or row.intent is not None
        or row.state in (State.DONE, State.FAILED, State.CANCELLED)
    ):
        return row
    state = State.CANCELLED if failure.kind == FailureKind.FAILURE_KIND_CANCELLED else State.FAILED
    return replace(row, state=state, lease=None, reason=failure.reason, ended_at=now)


def claim(row: Row, lease: Lease, now: float) -> Row | None:
    """The row leased, or None where it cannot be claimed now. A poll is no attempt."""
    due = row.state is State.DELAYED and row.not_before <= now
    if row.state is not State.READY and not due:
        return None
    attempts = row.attempts + (1 if row.engine_task is None else 0)
    return replace(row, state=State.LEASED, lease=lease, attempts=attempts)


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
    return replace(row, state=State.DELAYED, lease=None, engine_task=engine_task, not_before=poll_at)


def hand_back(row: Row, token: str) -> Row:
    """The worker stops: the row is ready for another, and the attempt does not count."""
    _held(row, token)
    if row.engine_task is not None:
        return replace(row, state=State.DELAYED, lease=None)
    return replace(row, state=State.READY, lease=None, attempts=max(0, row.attempts - 1))


def drop(row: Row, token: str, now: float) -> Row:
    """Nobody waits for the row any more, and no engine is at work on it: it ends."""
    _held(row, token)
    if row.waiting_for_it:
        return row
    return replace(row, state=State.CANCELLED, lease=None, reason="nobody asks for it", ended_at=now)


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
    """Tries again later, or fails for good when the attempts are used up."""
    _held(row, token)
    if row.attempts >= MAX_ATTEMPTS:
        return _exhaust(row, reason, now, work)
    delay = after_seconds if after_seconds is not None else retry_delay(row.attempts)
    return replace(
        row,
        state=State.DELAYED,
        lease=None,
        intent=None,
        engine_task=None,
        not_before=now + delay,
        reason=reason,
    )


def fail(
    row: Row, token: str, kind: FailureKind.ValueType, reason: str, now: float, *, work: str = ""
) -> Row:
    """Fails for good, for every requester."""
    _held(row, token)
    return _fail_all(row, kind, reason, now, work)


def expire(row: Row, now: float) -> Row:
    """A lease has run out: another worker may take over, unless the attempts are used up."""
    if row.state is not State.LEASED or row.lease is None or row.lease.until > now:
        return row
    if row.engine_task is not None:
        return replace(row, state=State.DELAYED, lease=None, not_before=now)
    if row.attempts >= MAX_ATTEMPTS:
        return _exhaust(row, "its workers died or were stopped", now)
    return replace(row, state=State.READY, lease=None)


def retry_delay(attempts: int) -> float:
    """Seconds until the next try: exponential, capped, with full jitter above half of it."""
    ceiling = min(RETRY_CAP_SECONDS, RETRY_BASE_SECONDS * 2 ** (attempts - 1))
    return random.uniform(ceiling / 2, ceiling)


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
