"""Fairness across owners by a virtual clock.

A row that becomes ready gets turn = max(its owner's last turn, the board's clock) + 1; the clock follows
the turns that are claimed. So an owner with a thousand rows and one with two alternate.
"""

from __future__ import annotations

from dataclasses import dataclass

from storyreel.documents import Collection, Documents
from storyreel.errors import DuplicateError

CLOCK = "clock"


@dataclass(frozen=True)
class Clock:
    """The highest turn that was claimed (`now`), and the highest that was given out (`top`)."""

    now: int
    top: int


class Turns:
    """The collection `turns` of one service: a counter per owner, and the clock."""

    def __init__(self, documents: Documents) -> None:
        self._collection: Collection = documents.collection("turns")

    async def clock(self) -> Clock:
        """The board's clock."""
        document = await self._collection.find_one({"_id": CLOCK}) or {}
        return Clock(now=int(document.get("now", 0)), top=int(document.get("top", 0)))

    async def next_turn(self, owner: str) -> int:
        """The turn of the owner's next row."""
        turn = await self._count_up(f"owner:{owner}")
        # Before the row shows its turn, so that nobody stops searching short of it.
        await self._collection.update({"_id": CLOCK}, {"$max": {"top": turn}}, upsert=True)
        return turn

    async def advance(self, turn: int) -> None:
        """A row of this turn was claimed: the clock stands no earlier."""
        await self._collection.update({"_id": CLOCK}, {"$max": {"now": turn}}, upsert=True)

    async def _count_up(self, key: str) -> int:
        while True:
            clock = await self.clock()
            document = await self._collection.find_one({"_id": key})
            last = 0 if document is None else int(document["last"])
            turn = max(last, clock.now) + 1
            if document is None:
                try:
                    await self._collection.insert({"_id": key, "last": turn})
                    return turn
                except DuplicateError:
                    continue
            if await self._collection.update({"_id": key, "last": last}, {"$set": {"last": turn}}):
                return turn
