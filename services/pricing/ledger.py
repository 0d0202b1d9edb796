"""Wallets, holds and the ledger. Each movement is one transaction over wallet, hold, entry and outbox.

A wallet has `available` and `held` credits. A hold belongs to one job and closes line by line; when its
last line is closed the job is settled. An entry's id is its cause, so a repeated event moves nothing.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Final

from storyreel import outbox
from storyreel.contracts.pricing.v1.pricing_pb2 import Quote
from storyreel.documents import Collection, Document, Documents, Session
from storyreel.errors import DuplicateError
from storyreel.events import Event
from storyreel.telemetry import metrics
from storyreel.telemetry.logs import get_logger

log = get_logger(__name__)

OPEN: Final = "open"
SETTLED: Final = "settled"
DECLINED: Final = "declined"
CAPTURE: Final = "capture"
RELEASE: Final = "release"


class Ledger:
    """The collections `wallets`, `holds` and `entries`."""

    def __init__(self, documents: Documents, *, starting_credits: int) -> None:
        self._documents = documents
        self._wallets: Collection = documents.collection("wallets")
        self.holds: Collection = documents.collection("holds")
        self._entries: Collection = documents.collection("entries")
        self._starting_credits = starting_credits

    async def ensure_indexes(self) -> None:
        """What the relay and a listing of entries ask for."""
        await outbox.ensure_outbox_index(self.holds)
        await self._entries.index("owner", "at")

    async def balance(self, owner: str) -> tuple[int, int]:
        """Available and held credits; a wallet starts full."""
        wallet = await self._open_wallet(owner)
        return int(wallet["available"]), int(wallet["held"])

    async def knows(self, job_id: str) -> bool:
        """Whether the job has been approved or declined already."""
        return await self.holds.find_one({"_id": job_id}) is not None

    async def hold(self, job_id: str, quote: Quote, approved: Event) -> int:
        """Sets the quote's total aside; 0, or the credits that the wallet lacks and nothing done."""
        await self._open_wallet(quote.owner)

        async def work(session: Session) -> int:
            wallet = await self._wallets.find_one({"_id": quote.owner}, session=session)
            assert wallet is not None
            shortfall = quote.total_credits - int(wallet["available"])
            if shortfall > 0:
                return shortfall
            await self._move(session, quote.owner, available=-quote.total_credits, held=quote.total_credits)
            await self.holds.insert(_hold(job_id, quote, approved), session=session)
            await self._enter(session, f"{job_id}/hold", quote.owner, "hold", quote.total_credits, job_id)
            return 0

        shortfall = await self._documents.transaction(work)
        if not shortfall:
            metrics.CREDITS.labels("hold").inc(quote.total_credits)
        return shortfall

    async def decline(self, job_id: str, owner: str, declined: Event) -> None:
        """Records that the job will not start, and says so."""
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

    async def close_line(self, job_id: str, line_id: str, movement: str, cause: Mapping[str, str]) -> None:
        """Captures or releases a line's credits, once. `cause` is kept with the entry."""

        async def work(session: Session) -> int:
            hold = await self.holds.find_one({"_id": job_id}, session=session)
            line = (hold or {}).get("lines", {}).get(line_id)
            if hold is None or line is None or line["state"] != OPEN:
                return 0
            credits = int(line["credits"])
            await self._close_in(session, hold, line_id, movement, credits)
            entry = f"{job_id}/{line_id}"
            causes = {"line": line_id, **cause}
            await self._enter(session, entry, hold["owner"], movement, credits, job_id, causes)
            return credits

        metrics.CREDITS.labels(movement).inc(await self._documents.transaction(work))

    async def settle(self, job_id: str, settled: Event) -> None:
        """Says that the job is settled, once."""
        await self.holds.update(
            {"_id": job_id, "state": OPEN},
            {
                "$set": {"state": SETTLED, "unsent": True},
                "$push": {"outbox": outbox.to_document(settled)},
                "$inc": {"rev": 1},
            },
        )

    async def unsettled(self, job_id: str) -> tuple[int, int] | None:
        """Captured and released totals of a hold whose lines are all closed but which is not settled."""
        hold = await self.holds.find_one({"_id": job_id, "state": OPEN})
        if hold is None or any(line["state"] == OPEN for line in hold["lines"].values()):
            return None
        return int(hold["captured"]), int(hold["released"])

    async def _close_in(
        self, session: Session, hold: Document, line_id: str, movement: str, credits: int
    ) -> None:
        captured = credits if movement == CAPTURE else 0
        await self.holds.update(
            {"_id": hold["_id"]},
            {
                "$set": {f"lines.{line_id}.state": movement},
                "$inc": {"captured": captured, "released": credits - captured, "rev": 1},
            },
            session=session,
        )
        if credits:
            await self._move(session, hold["owner"], available=credits - captured, held=-credits)

    async def _open_wallet(self, owner: str) -> Document:
        wallet = await self._wallets.find_one({"_id": owner})
        if wallet is not None:
            return wallet

        async def work(session: Session) -> None:
            await self._wallets.insert(
                {"_id": owner, "available": self._starting_credits, "held": 0}, session=session
            )
            await self._enter(session, f"{owner}/start", owner, "grant", self._starting_credits)

        try:
            await self._documents.transaction(work)
        except DuplicateError:
            log.info("wallet opened by another call first", owner=owner)
        return await self._open_wallet(owner)

    async def _move(self, session: Session, owner: str, *, available: int, held: int) -> None:
        await self._wallets.update(
            {"_id": owner}, {"$inc": {"available": available, "held": held}}, session=session
        )

    async def _enter(
        self,
        session: Session,
        entry_id: str,
        owner: str,
        movement: str,
        credits: int,
        job_id: str = "",
        cause: Mapping[str, str] | None = None,
    ) -> None:
        await self._entries.insert(
            {
                "_id": entry_id,
                "owner": owner,
                "movement": movement,
                "credits": credits,
                "job": job_id,
                "cause": dict(cause or {}),
                "at": time.time(),
            },
            session=session,
        )


def _hold(job_id: str, quote: Quote, approved: Event) -> Document:
    return {
        "_id": job_id,
        "owner": quote.owner,
        "quote": quote.quote_id,
        "state": OPEN,
        "total": quote.total_credits,
        "captured": 0,
        "released": 0,
        "lines": {line.line_id: {"credits": line.credits, "state": OPEN} for line in quote.lines},
        "outbox": [outbox.to_document(approved)],
        "unsent": True,
        "rev": 1,
    }
