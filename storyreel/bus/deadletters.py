"""Dead letters: messages that could not be handled, kept with their origin until replayed or dropped.

The topic itself is the only store. A letter that was replayed or dropped is followed by a marker, a record
without a body whose headers name the letter's offset and what was done with it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from google.protobuf.json_format import MessageToDict
from google.protobuf.message import DecodeError

from storyreel.bus.kafka import Producer, Record, read_topic
from storyreel.errors import InvalidError, NotFoundError
from storyreel.events import MESSAGES
from storyreel.topics import DEAD_LETTERS

PREFIX: Final = "dead-letter-"
TOPIC: Final = "dead-letter-topic"
PARTITION: Final = "dead-letter-partition"
OFFSET: Final = "dead-letter-offset"
GROUP: Final = "dead-letter-group"
REASON: Final = "dead-letter-reason"
TIME: Final = "dead-letter-time"
RESOLVES: Final = "dead-letter-resolves"
"""On a marker: the id of the letter that it resolves."""
ACTION: Final = "dead-letter-action"

LONGEST_REASON: Final = 1000


class Action(StrEnum):
    """What was done with a letter."""

    REPLAYED = "replayed"
    DROPPED = "dropped"


@dataclass(frozen=True)
class DeadLetter:
    """A message that was put aside.

    `id` is its place on the topic, partition:offset. `origin` is where it came from, topic/partition@offset;
    `group` is the consumer group that could not handle it. `headers` are the message's own. `resolved` is
    what was done with it, None while nothing was.
    """

    id: str
    topic: str
    origin: str
    group: str
    reason: str
    time: str
    headers: Mapping[str, bytes]
    key: bytes | None
    body: bytes | None
    resolved: Action | None = None

    @property
    def event_type(self) -> str:
        """The CloudEvents type, empty where it has none."""
        return self.headers.get("ce_type", b"").decode(errors="replace")

    @property
    def traceparent(self) -> str:
        """The W3C trace context that it came with, empty where it had none."""
        return self.headers.get("traceparent", b"").decode(errors="replace")

    def body_text(self) -> str:
        """The body as indented JSON where it is a message of its topic, else in hexadecimal."""
        kind = MESSAGES.get(self.topic)
        body = self.body or b""
        if kind is None:
            return body.hex()
        try:
            message = kind.FromString(body)
        except DecodeError:
            return body.hex()
        return json.dumps(MessageToDict(message, preserving_proto_field_name=True), indent=2)


class DeadLetters:
    """The letters on a broker. Every method raises UnavailableError where it does not answer."""

    def __init__(self, bootstrap: str) -> None:
        self._bootstrap = bootstrap

    async def every(self) -> list[DeadLetter]:
        """All that the topic still holds, the oldest first, resolved or not."""
        return letters_in(await read_topic(self._bootstrap, DEAD_LETTERS))

    async def unresolved(self) -> list[DeadLetter]:
        """Those that wait for somebody to decide."""
        return [letter for letter in await self.every() if letter.resolved is None]

    async def named(self, ids: Sequence[str]) -> list[DeadLetter]:
        """The letters with these ids. Raises NotFoundError naming the first that is not there."""
        known = {letter.id: letter for letter in await self.every()}
        for wanted in ids:
            if wanted not in known:
                raise NotFoundError(
                    f"there is no dead letter {wanted!r}: `deadletters list --all` shows them"
                )
        return [known[wanted] for wanted in dict.fromkeys(ids)]

    async def replay(self, letters: Sequence[DeadLetter]) -> int:
        """Publishes the letters where they came from, as they came; how many messages were sent.

        The same message put aside by several groups is sent once. A crash between a message and its markers
        leaves the letter unresolved: replaying it again is harmless, since handlers are idempotent. Raises
        InvalidError, with nothing sent, where a letter does not say where it came from.
        """
        for letter in letters:
            if letter.topic not in MESSAGES:
                raise InvalidError(
                    f"dead letter {letter.id} came from {letter.topic or 'nowhere'!r}, "
                    "which is no topic of ours: it can only be dropped"
                )
        by_origin: dict[str, list[DeadLetter]] = {}
        for letter in letters:
            by_origin.setdefault(letter.origin, []).append(letter)
        producer = Producer(self._bootstrap, idempotence=False)
        try:
            for same in by_origin.values():
                first = same[0]
                await producer.send(first.topic, first.key, first.body, list(first.headers.items()))
                await _mark(producer, same, Action.REPLAYED)
        finally:
            await producer.stop()
        return len(by_origin)

    async def drop(self, letters: Sequence[DeadLetter]) -> None:
        """Marks the letters as dropped: they stay on the topic until its retention ends."""
        producer = Producer(self._bootstrap, idempotence=False)
        try:
            await _mark(producer, letters, Action.DROPPED)
        finally:
            await producer.stop()


def aside_headers(record: Record, reason: str, *, group: str) -> list[tuple[str, bytes]]:
    """The headers of a record's dead letter: its own (so its trace is kept), then origin, reason and time."""
    origin = {
        TOPIC: record.topic,
        PARTITION: str(record.partition),
        OFFSET: str(record.offset),
        GROUP: group,
        REASON: reason[:LONGEST_REASON],
        TIME: _now(),
    }
    return [*_own(record.headers).items(), *((name, value.encode()) for name, value in origin.items())]


def letters_in(records: Sequence[Record]) -> list[DeadLetter]:
    """The letters among the records of the topic, each with what its last marker says."""
    actions = {
        _text(record, RESOLVES): Action(_text(record, ACTION))
        for record in records
        if RESOLVES in record.headers
    }
    return [_letter(record, actions) for record in records if RESOLVES not in record.headers]


def _letter(record: Record, actions: Mapping[str, Action]) -> DeadLetter:
    place = f"{record.partition}:{record.offset}"
    topic = _text(record, TOPIC)
    return DeadLetter(
        id=place,
        topic=topic,
        origin=f"{topic}/{_text(record, PARTITION)}@{_text(record, OFFSET)}",
        group=_text(record, GROUP),
        reason=_text(record, REASON),
        time=_text(record, TIME),
        headers=_own(record.headers),
        key=record.key,
        body=record.value,
        resolved=actions.get(place),
    )


async def _mark(producer: Producer, letters: Sequence[DeadLetter], action: Action) -> None:
    for letter in letters:
        headers = {RESOLVES: letter.id, ACTION: str(action), TIME: _now()}
        await producer.send(
            DEAD_LETTERS, letter.key, None, [(name, value.encode()) for name, value in headers.items()]
        )


def _own(headers: Mapping[str, bytes]) -> dict[str, bytes]:
    return {name: value for name, value in headers.items() if not name.startswith(PREFIX)}


def _text(record: Record, header: str) -> str:
    return record.headers.get(header, b"").decode(errors="replace")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
