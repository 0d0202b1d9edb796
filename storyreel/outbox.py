"""The outbox: events stored in the same write as the change that causes them, and the relay that says them.

A document with an outbox has the fields `outbox` (events not yet published), `unsent` (whether there are
any) and `rev` (counted up by every write).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Final

from storyreel.bus.publisher import Publisher
from storyreel.documents import Binary, Collection, Document
from storyreel.errors import UnavailableError
from storyreel.events import Event
from storyreel.sweeps import Sweep
from storyreel.telemetry import metrics
from storyreel.telemetry.logs import get_logger

log = get_logger(__name__)

IDLE_SECONDS: Final = 0.1
DRAIN_SECONDS: Final = 8.0
BATCH: Final = 50


def to_document(event: Event) -> Document:
    """An event as it is stored."""
    return {**asdict(event), "body": Binary(event.body)}


def from_document(document: Document) -> Event:
    """A stored event."""
    return Event(**{**document, "body": bytes(document["body"])})


async def ensure_outbox_index(collection: Collection) -> None:
    """The indexes by which the relay finds what is unsent, and the sweep what the relay cannot see."""
    await collection.index("unsent", only_where={"unsent": True})
    await collection.index("outbox.id")


async def flag_forgotten(collection: Collection) -> int:
    """Flags outboxes that hold events but are not flagged as unsent; how many.

    No write of ours leaves one behind; a restored backup or a change by hand may.
    """
    forgotten = await collection.find({"outbox.id": {"$gt": ""}, "unsent": {"$ne": True}}, fields=["_id"])
    for document in forgotten:
        await collection.update(
            {"_id": document["_id"], "outbox.id": {"$gt": ""}}, {"$set": {"unsent": True}, "$inc": {"rev": 1}}
        )
    return len(forgotten)


def outbox_sweep(collection: Collection) -> Sweep:
    """The sweep of one collection's outboxes. However young: flagging one again harms nothing."""
    return Sweep("outbox", lambda _: flag_forgotten(collection))


class Relay:
    """Publishes what stands in the outboxes of a collection, at least once, identical each time."""

    def __init__(self, collection: Collection, publisher: Publisher) -> None:
        self._collection = collection
        self._publisher = publisher

    async def run(self, stopping: asyncio.Event) -> None:
        """Relays until `stopping` is set, and then what is left, as far as the broker takes it."""
        while not stopping.is_set():
            try:
                sent = await self.relay_once()
            except UnavailableError as error:
                log.warning("outbox held up", error=str(error))
                sent = 0
            if not sent:
                await asyncio.sleep(IDLE_SECONDS)
        await self._drain()

    async def _drain(self) -> None:
        """Publishes what was caused until the very end. What is left is said at the next start."""
        deadline = time.monotonic() + DRAIN_SECONDS
        try:
            while time.monotonic() < deadline and await self.relay_once():
                pass
        except UnavailableError as error:
            log.warning("outbox left for the next start", error=str(error))

    async def relay_once(self) -> int:
        """Publishes a batch of outboxes; how many events were sent. Raises UnavailableError."""
        documents = await self._collection.find({"unsent": True}, fields=["outbox"], limit=BATCH)
        metrics.OUTBOX_OLDEST_AGE.labels(self._collection.name).set(_oldest_age(documents))
        counts = await asyncio.gather(*(self._empty(document) for document in documents))
        return sum(counts)

    async def _empty(self, document: Document) -> int:
        events = [from_document(stored) for stored in document["outbox"]]
        if not events:
            # Left by a crash between the two writes of `_forget`.
            metrics.SWEPT.labels("outbox").inc()
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


def _oldest_age(documents: Sequence[Document]) -> float:
    """Seconds since the oldest of their events was said; 0 without any."""
    times = [
        datetime.fromisoformat(stored["time"]) for document in documents for stored in document["outbox"]
    ]
    return max(0.0, (datetime.now(UTC) - min(times)).total_seconds()) if times else 0.0
