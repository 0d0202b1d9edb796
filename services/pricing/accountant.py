"""What events do to money: approves or declines a job, closes its lines, settles it. Safe to repeat.

The ledger is the same in whatever order events come. That is why a cancel moves nothing here: the boards end
the lines of a cancelled job, and its credits come back line by line.
"""

from __future__ import annotations

from typing import Any

from google.protobuf.message import Message

from services.pricing.ledger import Ledger, Outcome
from services.pricing.quotes import KeptQuote, Quotes
from services.pricing.wallets import Movement, ShortfallError
from storyreel import topics
from storyreel.contracts.events.v1 import job_pb2
from storyreel.events import Event
from storyreel.outcomes import FAILED, MADE
from storyreel.quoting import QuoteRefusedError
from storyreel.telemetry.traces import current_traceparent

CONSUMED = [topics.JOBS_SUBMITTED, *MADE, *FAILED]


class Accountant:
    """Handles pricing's events."""

    def __init__(self, quotes: Quotes, ledger: Ledger) -> None:
        self._quotes = quotes
        self._ledger = ledger

    async def handle(self, event: Event) -> None:
        """Handles one event."""
        message: Any = event.message()
        if event.topic == topics.JOBS_SUBMITTED:
            await self._submitted(message)
        else:
            await self._ended(event, message)

    async def _submitted(self, submitted: job_pb2.JobSubmitted) -> None:
        if not await self._ledger.knows(submitted.job_id):
            await self._decide(submitted)
        await self._ledger.close_early(submitted.job_id)

    async def _decide(self, submitted: job_pb2.JobSubmitted) -> None:
        try:
            kept = await self._quotes.check(submitted)
            await self._ledger.hold(submitted.job_id, kept, _approved(submitted, kept))
        except QuoteRefusedError as error:
            await self._decline(submitted, str(error), 0)
        except ShortfallError as error:
            total = kept.quote.total_credits
            reason = f"the quote is {total} credits and the wallet lacks {error.credits}"
            await self._decline(submitted, reason, error.credits)

    async def _decline(self, submitted: job_pb2.JobSubmitted, reason: str, shortfall: int) -> None:
        declined = job_pb2.JobDeclined(
            job_id=submitted.job_id, owner=submitted.owner, reason=reason, shortfall_credits=shortfall
        )
        event = _event(topics.JOBS_DECLINED, submitted.job_id, declined)
        await self._ledger.decline(submitted.job_id, submitted.owner, event)

    async def _ended(self, event: Event, message: Any) -> None:
        line = message.line
        made = event.topic in MADE
        if made:
            await self._quotes.remember(line.asset_key)
        # Reused, failed or cancelled costs nothing.
        movement = Movement.CAPTURE if made and not message.reused else Movement.RELEASE
        outcome = Outcome(line.line_id, movement, line.asset_key, event.id)
        await self._ledger.end_line(line.job_id, outcome)


def _approved(submitted: job_pb2.JobSubmitted, kept: KeptQuote) -> Event:
    approved = job_pb2.JobApproved(
        job_id=submitted.job_id,
        owner=submitted.owner,
        plan=submitted.plan,
        held_credits=kept.quote.total_credits,
    )
    return _event(topics.JOBS_APPROVED, submitted.job_id, approved)


def settled_event(job_id: str, owner: str, captured: int, released: int) -> Event:
    """The event that says a job is settled."""
    settled = job_pb2.JobSettled(
        job_id=job_id, owner=owner, captured_credits=captured, released_credits=released
    )
    return _event(topics.JOBS_SETTLED, job_id, settled)


def _event(topic: str, job_id: str, message: Message) -> Event:
    return Event.of(
        topic,
        message,
        key=job_id,
        source="/storyreel/pricing",
        subject=job_id,
        cause=[job_id],
        traceparent=current_traceparent(),
    )
