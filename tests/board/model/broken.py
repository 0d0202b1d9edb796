"""Boards with one promise taken out each, to show that the model would notice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from storyreel.board.ingest import Ingest
from storyreel.board.rows import Lease, Row
from storyreel.board.store import Rows, Transition
from storyreel.documents import Documents
from storyreel.outbox import Relay
from tests.board.model.crashes import RecordingPublisher
from tests.board.model.parts import Board, Clock, sound_board


def any_lease_will_do(row: Row, token: str) -> Lease:
    """In place of `transitions._held`: whoever comes is believed to hold the row."""
    return row.lease or Lease(worker="nobody", token=token, until=0.0)


class HastyRows(Rows):
    """Says a row's new events before the write that they belong to."""

    def __init__(self, documents: Documents, publisher: RecordingPublisher) -> None:
        super().__init__(documents)
        self._publisher = publisher

    async def change(self, key: str, transition: Transition) -> Row | None:
        """As `Rows.change`, too early by one write."""
        row = await self.get(key)
        following = None if row is None else transition(row)
        if row is not None and following is not None:
            for event in following.outbox[len(row.outbox) :]:
                await self._publisher.publish(event)
        return await super().change(key, transition)


def board_that_publishes_before_it_writes(
    documents: Documents, publisher: RecordingPublisher, clock: Clock
) -> Board:
    """The outbox is said first and written afterwards."""
    board = sound_board(documents, publisher, clock)
    rows = HastyRows(documents, publisher)
    for leases in board.leases:
        leases._rows = leases._claims._rows = leases._ingest.rows = rows
    board.ingest.rows = board.sweeper._rows = rows
    return board


async def look_for_nothing(_ingest: Ingest, _query: Any) -> None:
    """In place of `Ingest._settle_all`: a fact that comes second finds nobody."""


async def forget_all_of_it(relay: Relay, key: Any, _sent: Sequence[str]) -> None:
    """In place of `Relay._forget`: one write that also forgets what was added meanwhile."""
    await relay._collection.update(
        {"_id": key}, {"$set": {"outbox": [], "unsent": False}, "$inc": {"rev": 1}}
    )


async def leave_it_unsent(relay: Relay, key: Any, sent: Sequence[str]) -> None:
    """In place of `Relay._forget`: the row is marked as said with events in it that were added meanwhile."""
    await relay._collection.update(
        {"_id": key},
        {"$pull": {"outbox": {"id": {"$in": list(sent)}}}, "$set": {"unsent": False}, "$inc": {"rev": 1}},
    )


async def believe_the_claim(_ingest: Ingest, _row: Any) -> None:
    """In place of `Ingest.drop_cancelled`: nobody reads a tombstone."""
