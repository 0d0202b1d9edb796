"""Fairness across owners by a virtual clock, one for each queue: the ready rows of one engine in one lane.

An owner's turns are a round apart, and every owner has its own place in a round. A row that becomes ready
gets its owner's next turn after the clock, which follows the turns that are claimed: so between two rows of
one owner, every other owner with ready rows has one.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

from storyreel.board.rows import Turn
from storyreel.documents import Collection, Documents
from storyreel.errors import DuplicateError
from storyreel.lanes import Lane

ROUND: Final = 1024
"""Turns from one row of an owner to its next. Owners are spread over them, so that a search up to a bound
matches few rows: the embedded database reads every match before it cuts."""


@dataclass(frozen=True)
class Clock:
    """The highest turn that was claimed (`now`), and the highest that was given out (`top`)."""

    now: int = 0
    top: int = 0


class Turns:
    """The collection `turns` of one service: clocks per engine and lane, and owners' last turns."""

    def __init__(self, documents: Documents) -> None:
        self._collection: Collection = documents.collection("turns")

    async def clocks(self, engine: str) -> dict[Lane, Clock]:
        """The clock of each lane."""
        document = await self._collection.find_one({"_id": _clock(engine)}) or {}
        return {lane: Clock(**document.get(lane, {})) for lane in Lane}

    async def next_turn(self, engine: str, lane: Lane, owner: str) -> Turn:
        """The turn of the owner's next row."""
        number = await self._count_up(engine, lane, owner)
        # Before the row shows its turn, so that nobody stops searching short of it.
        await self._move(engine, lane, "top", number)
        return Turn(lane, number)

    async def advance(self, engine: str, turn: Turn) -> None:
        """A row of this turn was claimed: the clock stands no earlier."""
        await self._move(engine, turn.lane, "now", turn.number)

    async def _move(self, engine: str, lane: Lane, hand: str, number: int) -> None:
        await self._collection.update(
            {"_id": _clock(engine)}, {"$max": {f"{lane}.{hand}": number}}, upsert=True
        )

    async def _count_up(self, engine: str, lane: Lane, owner: str) -> int:
        key = f"owner/{engine}/{lane}/{owner}"
        while True:
            clock = (await self.clocks(engine))[lane]
            document = await self._collection.find_one({"_id": key})
            last = 0 if document is None else int(document["last"])
            number = turn_after(max(last, clock.now), owner)
            if document is None:
                try:
                    await self._collection.insert({"_id": key, "last": number})
                    return number
                except DuplicateError:
                    continue
            if await self._collection.update({"_id": key, "last": last}, {"$set": {"last": number}}):
                return number


def turn_after(number: int, owner: str) -> int:
    """The owner's first turn after `number`."""
    place = int.from_bytes(hashlib.sha256(owner.encode()).digest()[:4]) % ROUND
    return number + 1 + (place - number - 1) % ROUND


def _clock(engine: str) -> str:
    return f"clock/{engine}"
