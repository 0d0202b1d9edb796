"""The engines' gates in the database of a service, shared by all its workers.

Every change reads a gate, lets a pure function make the next, and writes it only if nobody else has written
meanwhile. A gate that nothing changes is not written: an engine that works and has no limit costs a read.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from types import MappingProxyType
from typing import Any, Final

from google.protobuf.message import Message

from storyreel import outbox, topics
from storyreel.board import gate as pure
from storyreel.board.gate import Gate, Holder, Stop, Trial, occupies
from storyreel.board.rows import Row
from storyreel.contracts.events.v1.engine_pb2 import EngineResumed, EngineStopped
from storyreel.documents import Collection, Document, Documents
from storyreel.errors import DuplicateError, EngineUnavailableError, UnavailableError
from storyreel.events import Event
from storyreel.telemetry.logs import get_logger

log = get_logger(__name__)

CONFLICTS: Final = 50
NO_LIMITS: Final[Mapping[str, int]] = MappingProxyType({})


class Gates:
    """The collection `engines` of one service.

    `limits` says how many tasks may occupy an engine at once; an engine that is not in it has no limit.
    `service` and `kinds` (of asset, that the service makes) are told with a stop.
    """

    def __init__(
        self,
        documents: Documents,
        *,
        service: str = "board",
        kinds: Sequence[str] = (),
        limits: Mapping[str, int] = NO_LIMITS,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.collection: Collection = documents.collection("engines")
        self._service = service
        self._kinds = tuple(kinds)
        self._limits = limits
        self._clock = clock

    async def ensure_indexes(self) -> None:
        """What the relay asks for; anything else is asked by `_id`."""
        await outbox.ensure_outbox_index(self.collection)

    def limit(self, engine: str) -> int | None:
        """How many tasks may occupy the engine; None for any number."""
        return self._limits.get(engine)

    async def get(self, engine: str) -> Gate:
        """The engine's gate."""
        document = await self.collection.find_one({"_id": engine})
        return from_document(document) if document else Gate(engine)

    async def all(self) -> list[Gate]:
        """Every gate that was ever written."""
        return [from_document(document) for document in await self.collection.find({})]

    async def enter(self, row: Row) -> bool:
        """Whether a task that was claimed may ask its engine; it occupies the engine from now on."""
        limit, now = self.limit(row.engine), self._clock()
        entered = False

        def transition(gate: Gate) -> Gate:
            nonlocal entered
            following = pure.enter(gate, row.key, limit, now)
            entered = following is not None
            return following or gate

        await self._change(row.engine, transition)
        return entered

    async def answered(self, row: Row, asked_at: float) -> None:
        """The engine answered a request that was begun at `asked_at`; `row` is the task as it stands now."""
        await self._change(row.engine, lambda gate: pure.answered(_without(gate, row), asked_at))

    async def left(self, row: Row) -> None:
        """A worker is done with the task, and the engine has not shown whether it works."""
        await self._change(row.engine, lambda gate: _without(gate, row))

    async def failed(self, row: Row, error: EngineUnavailableError) -> Gate:
        """The engine as a whole did not answer when it was asked for the task."""
        now = self._clock()

        def transition(gate: Gate) -> Gate:
            following = pure.failed(gate, str(error), now, wish=error.after_seconds)
            return pure.end_trial(following, row.key)

        return await self._change(row.engine, transition)

    async def forget(self, engine: str, gone: Iterable[Holder]) -> None:
        """Takes off holders that left without a word."""
        left = tuple(gone)
        await self._change(engine, lambda gate: pure.forget(gate, left))

    async def _change(self, engine: str, transition: Callable[[Gate], Gate]) -> Gate:
        for _ in range(CONFLICTS):
            document = await self.collection.find_one({"_id": engine})
            before = from_document(document) if document else Gate(engine)
            after = self._told(before, transition(before))
            if after == before:
                return before
            if await self._write(document, before, after):
                _log_change(before, after)
                return after
        raise UnavailableError(f"the gate of {engine} was changed by others {CONFLICTS} times in a row")

    async def _write(self, document: Document | None, before: Gate, after: Gate) -> bool:
        if document is None:
            try:
                await self.collection.insert({**to_document(after), "rev": 1})
            except DuplicateError:
                return False
            return True
        old, new = to_document(before), to_document(after)
        changes = {name: value for name, value in new.items() if value != old[name]}
        return await self.collection.update(
            {"_id": after.engine, "rev": document["rev"]}, {"$set": changes, "$inc": {"rev": 1}}
        )

    def _told(self, before: Gate, after: Gate) -> Gate:
        """The gate with the fact in its outbox that it was stopped, or works again."""
        if before.stop == after.stop:
            return after
        version = max(before.version + 1, int(self._clock() * 1000))
        message: Message
        if after.stop is None:
            topic = topics.ENGINES_RESUMED
            message = EngineResumed(engine=after.engine, service=self._service, version=version)
        else:
            topic = topics.ENGINES_STOPPED
            message = EngineStopped(
                engine=after.engine,
                service=self._service,
                kinds=self._kinds,
                version=version,
                since_ms=int(after.since * 1000),
                retry_at_ms=int(after.stop.until * 1000),
                reason=after.reason,
            )
        event = Event.of(
            topic,
            message,
            key=after.engine,
            source=f"/storyreel/{self._service}",
            subject=after.engine,
            cause=[self._service, after.engine, str(version)],
        )
        return replace(after, version=version, outbox=(*after.outbox, event))


def _without(gate: Gate, row: Row) -> Gate:
    """The gate after a worker is done with the row, which may still occupy the engine."""
    return pure.end_trial(gate, row.key) if occupies(row) else pure.leave(gate, row.key)


def _log_change(before: Gate, after: Gate) -> None:
    if after.stop == before.stop:
        return
    if after.stop is None:
        log.info("engine answers again", engine=after.engine)
    else:
        log.warning("engine stopped", engine=after.engine, reason=after.reason, until=after.stop.until)


def to_document(gate: Gate) -> Document:
    """A gate as it is stored; `unsent` is for the relay."""
    document: dict[str, Any] = asdict(gate)
    document["_id"] = document.pop("engine")
    document["holders"] = list(document["holders"])
    document["outbox"] = [outbox.to_document(event) for event in gate.outbox]
    document["unsent"] = bool(gate.outbox)
    return document


def from_document(document: Document) -> Gate:
    """A stored gate."""
    fields = {name: value for name, value in document.items() if name not in ("_id", "rev", "unsent")}
    return Gate(
        **{
            **fields,
            "engine": document["_id"],
            "stop": Stop(**document["stop"]) if document["stop"] else None,
            "trial": Trial(**document["trial"]) if document["trial"] else None,
            "holders": tuple(Holder(**holder) for holder in document["holders"]),
            "outbox": tuple(outbox.from_document(stored) for stored in document["outbox"]),
        }
    )
