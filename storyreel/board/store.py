"""Rows in the database. Every change reads a row, lets a pure transition make the next one, and writes it
only if nobody else has written meanwhile (`rev`); otherwise it starts over.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Final

from storyreel import outbox
from storyreel.board.ambiguities import ensure_ambiguities_index
from storyreel.board.rows import Intent, Lease, Requester, Row, State, Turn
from storyreel.documents import Binary, Collection, Document, Documents
from storyreel.errors import UnavailableError
from storyreel.lanes import Lane
from storyreel.outcomes import KINDS

CONFLICTS: Final = 50
"""How often a change starts over before the database counts as unavailable."""

NOT_OF_THE_ROW: Final = ("_id", "rev", "unsent", "objects")
"""What a document has besides a row's fields."""

Transition = Callable[[Row], Row | None]


class Rows:
    """The collection `tasks` of one service."""

    def __init__(self, documents: Documents) -> None:
        self.collection: Collection = documents.collection("tasks")

    async def ensure_indexes(self) -> None:
        """One index for each question that is asked of the board."""
        await self.collection.index("state", "engine", "turn.lane", "turn.number")
        await self.collection.index("state", "engine", "not_before")
        await self.collection.index("state", "lease.until")
        await self.collection.index("inputs", "state")
        await self.collection.index("requesters.job_id")
        await self.collection.index("state", "kind", "posted_at")
        await self.collection.index("objects")
        await ensure_ambiguities_index(self.collection)
        await outbox.ensure_outbox_index(self.collection)

    async def get(self, key: str) -> Row | None:
        """The row of an asset key."""
        document = await self.collection.find_one({"_id": key})
        return from_document(document) if document else None

    async def insert(self, row: Row) -> None:
        """A new row. Raises DuplicateError where the key has one."""
        await self.collection.insert({**to_document(row), "rev": 1})

    async def change(self, key: str, transition: Transition) -> Row | None:
        """Applies a transition; the row as it stands afterwards.

        None where there is no such row, or the transition says None: then nothing is written. What the
        transition raises passes through.
        """
        for _ in range(CONFLICTS):
            document = await self.collection.find_one({"_id": key})
            if document is None:
                return None
            row = from_document(document)
            following = transition(row)
            if following is None or following == row:
                return following
            before, after = to_document(row), to_document(following)
            changes = {name: value for name, value in after.items() if value != before[name]}
            if await self.collection.update(
                {"_id": key, "rev": document["rev"]}, {"$set": changes, "$inc": {"rev": 1}}
            ):
                return following
        raise UnavailableError(f"task {key} was changed by others {CONFLICTS} times in a row")


def to_document(row: Row) -> Document:
    """A row as it is stored; `unsent` is for the relay, `objects` for the sweep of abandoned uploads."""
    document: dict[str, Any] = asdict(row)
    document["_id"] = document.pop("key")
    document["state"] = str(row.state)
    document["inputs"] = list(row.inputs)
    document["requesters"] = list(document["requesters"])
    document["facts"] = [Binary(fact) for fact in row.facts]
    document["asset"] = None if row.asset is None else Binary(row.asset)
    document["outbox"] = [outbox.to_document(event) for event in row.outbox]
    document["unsent"] = bool(row.outbox)
    document["objects"] = object_keys(row)
    return document


def object_keys(row: Row) -> list[str]:
    """The objects of the store that a row's asset names; none before it is made."""
    return [] if row.asset is None else KINDS[row.kind].object_keys(row.asset)


def from_document(document: Document) -> Row:
    """A stored row."""
    fields = {name: value for name, value in document.items() if name not in NOT_OF_THE_ROW}
    return Row(
        **{
            **fields,
            "key": document["_id"],
            "state": State(document["state"]),
            "inputs": tuple(document["inputs"]),
            "requesters": tuple(_requester(stored) for stored in document["requesters"]),
            "turn": _turn(document["turn"]),
            "facts": tuple(bytes(fact) for fact in document["facts"]),
            "asset": None if document["asset"] is None else bytes(document["asset"]),
            "lease": Lease(**document["lease"]) if document["lease"] else None,
            "intent": Intent(**document["intent"]) if document["intent"] else None,
            "outbox": tuple(outbox.from_document(stored) for stored in document["outbox"]),
        }
    )


def _requester(stored: Document) -> Requester:
    return Requester(**{**stored, "lane": Lane(stored["lane"])})


def _turn(stored: Document | None) -> Turn | None:
    return Turn(Lane(stored["lane"]), stored["number"]) if stored else None
