"""Holds: a job's credits set aside, closed line by line as its assets end, settled when the last is closed.

Each movement is one transaction over wallet, hold, entry and outbox; an entry's id is its cause, so a
repeated event moves nothing. An outcome that comes before its hold is kept until the hold is there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Final

from services.pricing.quotes import KeptQuote, Quotes
from services.pricing.wallets import Cause, Movement, Wallets, count_moved
from storyreel import outbox
from storyreel.documents import Collection, Document, Documents, Session
from storyreel.errors import DuplicateError, NotFoundError, StoryreelError
from storyreel.events import Event
from storyreel.quoting import QuoteRefusedError
from storyreel.telemetry.logs import get_logger

log = get_logger(__name__)

OPEN: Final = "open"
SETTLED: Final = "settled"
DECLINED: Final = "declined"


class NotChargedError(StoryreelError):
    """A line that was never charged cannot be refunded."""


@dataclass(frozen=True)
class Outcome:
    """How a line's asset ended: CAPTURE where it was made for this job, else RELEASE."""

    line_id: str
    movement: Movement
    asset_key: str
    event_id: str


class Ledger:
    """The collections `holds` and `early`, and the wallets behind them.

    `settled` makes the event that says a job is settled, from job, owner, captured and released credits.
    """

    def __init__(
        self,
        documents: Documents,
        quotes: Quotes,
        wallets: Wallets,
        settled: Callable[[str, str, int, int], Event],
    ) -> None:
        self._documents = documents
        self._quotes = quotes
        self._wallets = wallets
        self._settled = settled
        self.holds: Collection = documents.collection("holds")
        self._early: Collection = documents.collection("early")

    async def ensure_indexes(self) -> None:
        """What the relay and `verify` ask for."""
        await outbox.ensure_outbox_index(self.holds)
        await self.holds.index("owner")

    async def knows(self, job_id: str) -> bool:
        """Whether the job has been approved or declined already."""
        return await self.holds.find_one({"_id": job_id}) is not None

    async def hold(self, job_id: str, kept: KeptQuote, approved: Event) -> None:
        """Sets the quote's total aside for the job, and takes the quote.

        Raises ShortfallError, QuoteRefusedError where another job took the quote: nothing is done then.
        """
        quote = kept.quote
        await self._wallets.open(quote.owner)

        async def work(session: Session) -> int:
            if await self.holds.find_one({"_id": job_id}, session=session) is not None:
                return 0
            if not await self._quotes.take(quote.quote_id, job_id, session):
                raise QuoteRefusedError(
                    f"quote {quote.quote_id!r} was taken by another job: ask for a new quote"
                )
            if quote.total_credits:
                cause = Cause(job=job_id, event=approved.id)
                await self._wallets.move(
                    session, quote.owner, f"{job_id}/hold", Movement.HOLD, quote.total_credits, cause
                )
            await self.holds.insert(_hold(job_id, kept, approved), session=session)
            return quote.total_credits

        try:
            count_moved(Movement.HOLD, await self._documents.transaction(work))
        except DuplicateError:
            if not await self.knows(job_id):
                raise
            log.info("job decided by another call first", job=job_id)

    async def decline(self, job_id: str, owner: str, declined: Event) -> None:
        """Records that the job will not start, and says so; once."""
        try:
            await self.holds.insert(
                {
                    "_id": job_id,
                    "owner": owner,
                    "state": DECLINED,
                    "outbox": [outbox.to_document(declined)],
                    "unsent": True,
                    "rev": 1,
                }
            )
        except DuplicateError:
            log.info("job decided by another call first", job=job_id)

    async def end_line(self, job_id: str, outcome: Outcome) -> None:
        """Closes a line, now or as soon as its hold is there.

        This and `close_early` commute: each writes its own fact first and then looks for the other's.
        """
        if await self._close(job_id, outcome):
            return
        await self._keep(job_id, outcome)
        await self._close(job_id, outcome)

    async def close_early(self, job_id: str) -> None:
        """Closes the lines whose outcomes came before the hold."""
        kept = await self._early.find_one({"_id": job_id})
        for line_id, fields in (kept or {}).get("lines", {}).items():
            movement = Movement(fields["movement"])
            await self._close(job_id, Outcome(line_id, movement, fields["asset_key"], fields["event_id"]))

    async def refund(self, job_id: str, line_id: str, reason: str) -> tuple[int, str]:
        """Gives back what a line was charged, once; the credits, and whose they are.

        Raises NotFoundError, NotChargedError.
        """

        async def work(session: Session) -> tuple[int, str, int]:
            hold = await self.holds.find_one({"_id": job_id}, session=session)
            line = (hold or {}).get("lines", {}).get(line_id)
            if hold is None or line is None:
                raise NotFoundError(f"no job {job_id!r} with a line {line_id!r} was ever approved")
            credits, owner = int(line["credits"]), str(hold["owner"])
            if line["refunded"]:
                return credits, owner, 0
            if line["state"] != Movement.CAPTURE or not credits:
                raise NotChargedError(f"line {line_id} of job {job_id} was not charged")
            cause = Cause(job=job_id, line=line_id, shot=line["shot"], asset=line["asset"], reason=reason)
            await self._wallets.move(
                session, owner, f"{job_id}/{line_id}/refund", Movement.REFUND, credits, cause
            )
            await self._change(session, hold, {f"lines.{line_id}.refunded": True})
            return credits, owner, credits

        credits, owner, moved = await self._documents.transaction(work)
        count_moved(Movement.REFUND, moved)
        return credits, owner

    async def _keep(self, job_id: str, outcome: Outcome) -> None:
        change = {"$set": {f"lines.{outcome.line_id}": asdict(outcome)}}
        try:
            await self._early.update({"_id": job_id}, change, upsert=True)
        except DuplicateError:
            # Two outcomes of one job were the first at once: the document is there now.
            await self._early.update({"_id": job_id}, change)

    async def _close(self, job_id: str, outcome: Outcome) -> bool:
        """Closes a line once, and settles the job with its last one; False where there is no hold yet."""

        async def work(session: Session) -> tuple[bool, int]:
            hold = await self.holds.find_one({"_id": job_id}, session=session)
            if hold is None:
                return False, 0
            line = hold.get("lines", {}).get(outcome.line_id)
            if line is None or line["state"] != OPEN:
                return True, 0
            credits = int(line["credits"])
            if credits:
                cause = Cause(job_id, outcome.line_id, line["shot"], outcome.asset_key, outcome.event_id)
                entry_id = f"{job_id}/{outcome.line_id}"
                await self._wallets.move(session, hold["owner"], entry_id, outcome.movement, credits, cause)
            await self._close_in(session, hold, outcome)
            return True, credits

        found, credits = await self._documents.transaction(work)
        count_moved(outcome.movement, credits)
        return found

    async def _close_in(self, session: Session, hold: Document, outcome: Outcome) -> None:
        lines = {**hold["lines"]}
        lines[outcome.line_id] = {**lines[outcome.line_id], "state": str(outcome.movement)}
        captured = _sum(lines, Movement.CAPTURE)
        released = _sum(lines, Movement.RELEASE)
        changed: dict[str, Any] = {
            f"lines.{outcome.line_id}.state": str(outcome.movement),
            "captured": captured,
            "released": released,
        }
        if any(line["state"] == OPEN for line in lines.values()):
            await self._change(session, hold, changed)
            return
        event = self._settled(hold["_id"], hold["owner"], captured, released)
        await self._change(session, hold, changed | {"state": SETTLED, "unsent": True}, say=event)

    async def _change(
        self, session: Session, hold: Document, changed: dict[str, Any], *, say: Event | None = None
    ) -> None:
        change: dict[str, Any] = {"$set": changed, "$inc": {"rev": 1}}
        if say is not None:
            change["$push"] = {"outbox": outbox.to_document(say)}
        await self.holds.update({"_id": hold["_id"]}, change, session=session)


def _sum(lines: dict[str, Document], movement: Movement) -> int:
    return sum(int(line["credits"]) for line in lines.values() if line["state"] == movement)


def _hold(job_id: str, kept: KeptQuote, approved: Event) -> Document:
    return {
        "_id": job_id,
        "owner": kept.quote.owner,
        "quote": kept.quote.quote_id,
        "state": OPEN,
        "total": kept.quote.total_credits,
        "captured": 0,
        "released": 0,
        "lines": {
            line.line_id: {
                "credits": line.credits,
                "state": OPEN,
                "refunded": False,
                "shot": line.shot,
                "asset": kept.keys[line.line_id],
            }
            for line in kept.quote.lines
        },
        "outbox": [outbox.to_document(approved)],
        "unsent": True,
        "rev": 1,
    }
