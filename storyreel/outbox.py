"""The outbox: events stored in the same write as the change that causes them, and the relay that says them.

A document with an outbox has the fields `outbox` (events not yet published), `unsent` (whether there are
any) and `rev` (counted up by every write).
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from storyreel.bus.publisher import Publisher
from storyreel.documents import Binary, Collection, Document
from storyreel.errors import UnavailableError
from storyreel.events import Event
from storyreel.telemetry.logs import get_logger

log = get_logger(__name__)

IDLE_SECONDS: Final = 0.1
BATCH: Final = 50


def to_document(event: Event) -> Document:
    """An event as it is stored."""
    return {**asdict(event), "body": Binary(event.body)}


def from_document(document: Document) -> Event:
    """A stored event."""
    return Event(**{**document, "body": bytes(document["body"])})


async def ensure_outbox_index(collection: Collection) -> None:
    """The index by which the relay finds what is unsent."""
    await collection.index("unsent", only_where={"unsent": True})


class Relay:
    """Publishes what stands in the outboxes of a collection, at least once, identical each time."""

    def __init__(self, collection: Collection, publisher: Publisher) -> None:
        self._collection = collection
        self._publisher = publisher

    async def run(self, stopping: asyncio.Event) -> None:
        """Relays until `stopping` is set."""
        while not stopping.is_set():
            try:
                sent = await self.relay_once()
            except UnavailableError as error:
                log.warning("outbox held up", error=str(error))
                sent = 0
            if not sent:
                await asyncio.sleep(IDLE_SECONDS)

    async def relay_once(self) -> int:
        """Publishes a batch of outboxes; how many events were sent. Raises UnavailableError."""
        documents = await self._collection.find({"unsent": True}, fields=["outbox"], limit=BATCH)
        counts = await asyncio.gather(*(self._empty(document) for document in documents))
        return sum(counts)

    async def _empty(self, document: Document) -> int:
        events = [from_document(stored) for stored in document["outbox"]]
        for event in events:
            await self._publisher.publish(event)
        await self._forget(document["_id"], [event.id for event in events])
        return len(events)

    async def _forget(self, key: Any, sent: Sequence[str]) -> None:
        # Two writes, because an event may have been added meanwhile: only an empty outbox is not unsent.
        await self._collection.update(
            {"_id": key}, {"$pull": {"outbox": {"id": {"$in": list(sent)}}}, "$inc": {"rev": 1}}
        )
        await self._collection.update(
            {"_id": key, "outbox": []}, {"$set": {"unsent": False}, "$inc": {"rev": 1}}
        )
