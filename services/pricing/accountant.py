"""What events do to money: approves or declines a job, closes its lines, settles it. Safe to repeat."""

from __future__ import annotations

import time
from typing import Any

from google.protobuf.message import Message

from services.pricing.ledger import CAPTURE, RELEASE, Ledger
from services.pricing.quotes import Quotes
from storyreel import topics
from storyreel.contracts.events.v1 import job_pb2
from storyreel.documents import Collection, Documents
from storyreel.errors import DuplicateError, NotFoundError
from storyreel.events import Event
from storyreel.outcomes import FAILED, MADE
from storyreel.telemetry.traces import current_traceparent

CONSUMED = [topics.JOBS_SUBMITTED, topics.JOBS_CANCELLED, *MADE, *FAILED]


class Accountant:
    """Handles pricing's events."""

    def __init__(self, documents: Documents, quotes: Quotes, ledger: Ledger) -> None:
        self._quotes = quotes
        self._ledger = ledger
        self._tombstones: Collection = documents.collection("tombstones")

    async def handle(self, event: Event) -> None:
        """Handles one event."""
        message: Any = event.message()
        if event.topic == topics.JOBS_SUBMITTED:
            await self._submitted(message)
        elif event.topic == topics.JOBS_CANCELLED:
            await self._tombstones.update(
                {"_id": message.job_id}, {"$setOnInsert": {"at": time.time()}}, upsert=True
            )
        else:
            await self._ended(event, message)

    async def _submitted(self, submitted: job_pb2.JobSubmitted) -> None:
        if await self._ledger.knows(submitted.job_id):
            return
        # Only a cancel that came before the approval matters here: after it, the boards end the lines.
        if await self._tombstones.find_one({"_id": submitted.job_id}) is not None:
            await self._decline(submitted, "the job was cancelled before it was approved", 0)
            return
        try:
            quote = await self._quotes.get(submitted.quote_id, submitted.owner)
        except NotFoundError as error:
            await self._decline(submitted, f"{error}: ask for a new quote", 0)
            return
        approved = job_pb2.JobApproved(
            job_id=submitted.job_id,
            owner=submitted.owner,
            plan=submitted.plan,
            held_credits=quote.total_credits,
        )
        event = _event(topics.JOBS_APPROVED, submitted.job_id, approved)
        shortfall = await self._ledger.hold(submitted.job_id, quote, event)
        if shortfall:
            reason = f"the quote is {quote.total_credits} credits and the wallet lacks {shortfall}"
            await self._decline(submitted, reason, shortfall)

    async def _decline(self, submitted: job_pb2.JobSubmitted, reason: str, shortfall: int) -> None:
        declined = job_pb2.JobDeclined(
            job_id=submitted.job_id, owner=submitted.owner, reason=reason, shortfall_credits=shortfall
        )
        event = _event(topics.JOBS_DECLINED, submitted.job_id, declined)
        try:
            await self._ledger.decline(submitted.job_id, submitted.owner, event)
        except DuplicateError:
            # The same event, handled by another process a moment ago.
            return

    async def _ended(self, event: Event, message: Any) -> None:
        line = message.line
        made = event.topic in MADE
        if made:
            await self._quotes.remember(line.asset_key)
        # Reused, failed or cancelled costs nothing.
        movement = CAPTURE if made and not message.reused else RELEASE
        await self._ledger.close_line(
            line.job_id, line.line_id, movement, {"event": event.id, "asset": line.asset_key}
        )
        totals = await self._ledger.unsettled(line.job_id)
        if totals is not None:
            captured, released = totals
            settled = job_pb2.JobSettled(
                job_id=line.job_id,
                owner=line.owner,
                captured_credits=captured,
                released_credits=released,
            )
            await self._ledger.settle(line.job_id, _event(topics.JOBS_SETTLED, line.job_id, settled))


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
