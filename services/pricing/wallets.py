"""Wallets and the ledger of what moved in them. Entries are only ever added, one for each cause.

A wallet has `available` and `held` credits, neither ever below zero, and counts its entries: an entry's
number is its place in the wallet, and it says what the wallet held after it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Final

from storyreel.documents import Collection, Document, Documents, Session
from storyreel.errors import DuplicateError, StoryreelError, UnavailableError
from storyreel.telemetry import metrics
from storyreel.telemetry.logs import get_logger

log = get_logger(__name__)

MOST_CREDITS: Final = 1_000_000_000
"""The most that one grant can give."""


class Movement(StrEnum):
    """What an entry did."""

    GRANT = "grant"
    HOLD = "hold"
    CAPTURE = "capture"
    RELEASE = "release"
    REFUND = "refund"


EFFECTS: Final = {
    Movement.GRANT: (1, 0),
    Movement.HOLD: (-1, 1),
    Movement.CAPTURE: (0, -1),
    Movement.RELEASE: (1, -1),
    Movement.REFUND: (1, 0),
}
"""What each credit of a movement does to `available` and to `held`."""


class ShortfallError(StoryreelError):
    """The wallet has too little; `credits` is what it lacks."""

    def __init__(self, credits: int) -> None:
        super().__init__(f"the wallet lacks {credits} credits")
        self.credits = credits


class AmountError(StoryreelError, ValueError):
    """An amount or a key that cannot be; the message names it."""


@dataclass(frozen=True)
class Balance:
    """Credits that can be spent, and credits set aside for running jobs."""

    available: int
    held: int


@dataclass(frozen=True)
class Cause:
    """What made credits move. Empty where it does not apply."""

    job: str = ""
    line: str = ""
    shot: int = 0
    asset: str = ""
    event: str = ""
    reason: str = ""


class Wallets:
    """The collections `wallets` and `entries`. `starting_credits` is asked when a wallet is opened."""

    def __init__(self, documents: Documents, starting_credits: Callable[[], int]) -> None:
        self._documents = documents
        self.wallets: Collection = documents.collection("wallets")
        self.entries: Collection = documents.collection("entries")
        self._starting_credits = starting_credits

    async def ensure_indexes(self) -> None:
        """What a listing asks for; no two entries of a wallet have one number."""
        await self.entries.index("owner", "number", unique=True)

    async def balance(self, owner: str) -> Balance:
        """The owner's wallet, opened where there is none."""
        wallet = await self.open(owner)
        return Balance(int(wallet["available"]), int(wallet["held"]))

    async def open(self, owner: str) -> Document:
        """The owner's wallet; a new one starts with the starting credits, as its first entry."""
        wallet = await self.wallets.find_one({"_id": owner})
        if wallet is not None:
            return wallet

        async def work(session: Session) -> None:
            await self.wallets.insert(
                {"_id": owner, "available": 0, "held": 0, "entries": 0}, session=session
            )
            starting = self._starting_credits()
            if starting:
                await self.move(session, owner, f"{owner}/start", Movement.GRANT, starting, Cause())

        try:
            await self._documents.transaction(work)
        except DuplicateError:
            log.info("wallet opened by another call first", owner=owner)
        return await self.open(owner)

    async def grant(self, owner: str, credits: int, key: str, reason: str) -> Balance:
        """Gives credits, once for each key. Raises AmountError."""
        if not 1 <= credits <= MOST_CREDITS:
            raise AmountError(f"{credits} credits cannot be granted: give 1 to {MOST_CREDITS}")
        await self.open(owner)
        entry_id = f"grant/{owner}/{key}"

        async def work(session: Session) -> None:
            known = await self.entries.find_one({"_id": entry_id}, session=session)
            if known is None:
                await self.move(session, owner, entry_id, Movement.GRANT, credits, Cause(reason=reason))
            elif known["credits"] != credits:
                raise AmountError(f"grant {key!r} gave {known['credits']} credits: use another key")

        await self._documents.transaction(work)
        return await self.balance(owner)

    async def move(
        self, session: Session, owner: str, entry_id: str, movement: Movement, credits: int, cause: Cause
    ) -> None:
        """One entry and what it does to the wallet, within a transaction.

        Raises ShortfallError, DuplicateError where the cause has moved credits before: nothing is done then.
        """
        wallet = await self.wallets.find_one({"_id": owner}, session=session)
        if wallet is None:
            raise StoryreelError(f"there is no wallet of {owner!r}")
        per_available, per_held = EFFECTS[movement]
        available = int(wallet["available"]) + per_available * credits
        held = int(wallet["held"]) + per_held * credits
        if min(available, held) < 0:
            raise ShortfallError(-min(available, held))
        number = int(wallet["entries"]) + 1
        moved = await self.wallets.update(
            {"_id": owner, "entries": number - 1},
            {"$set": {"available": available, "held": held, "entries": number}},
            session=session,
        )
        if not moved:
            raise UnavailableError(f"the wallet of {owner!r} moved meanwhile")
        await self.entries.insert(
            {
                "_id": entry_id,
                "owner": owner,
                "number": number,
                "movement": str(movement),
                "credits": credits,
                "available": available,
                "held": held,
                "job": cause.job,
                "cause": asdict(cause),
                "at": time.time(),
            },
            session=session,
        )

    async def page(self, owner: str, *, before: int | None, limit: int) -> list[Document]:
        """Entries of a wallet, newest first, numbered below `before`."""
        query = {"owner": owner} if before is None else {"owner": owner, "number": {"$lt": before}}
        return await self.entries.find(query, sort="number", descending=True, limit=limit)


def count_moved(movement: Movement, credits: int) -> None:
    """Counts credits whose movement is committed."""
    metrics.CREDITS.labels(str(movement)).inc(credits)
