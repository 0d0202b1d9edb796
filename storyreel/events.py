"""Events as messages on the bus: CloudEvents 1.0 in Kafka binary mode around a protobuf body.

The same fact said twice has the same id, because the id is made from what caused it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from google.protobuf.message import DecodeError, Message

from storyreel import topics
from storyreel.contracts.events.v1 import engine_pb2, job_pb2, outcome_pb2
from storyreel.errors import StoryreelError

NAMESPACE: Final = uuid.UUID("6f1d2f0e-5b0a-5c53-9d0e-2f6f3c1f7a10")
CONTENT_TYPE: Final = "application/protobuf"

MESSAGES: Final[dict[str, type[Message]]] = {
    topics.JOBS_SUBMITTED: job_pb2.JobSubmitted,
    topics.JOBS_APPROVED: job_pb2.JobApproved,
    topics.JOBS_DECLINED: job_pb2.JobDeclined,
    topics.JOBS_CANCELLED: job_pb2.JobCancelled,
    topics.JOBS_SETTLED: job_pb2.JobSettled,
    topics.SHEETS_RENDERED: outcome_pb2.SheetRendered,
    topics.SHEETS_FAILED: outcome_pb2.SheetFailed,
    topics.PANELS_RENDERED: outcome_pb2.PanelRendered,
    topics.PANELS_FAILED: outcome_pb2.PanelFailed,
    topics.NARRATIONS_SPOKEN: outcome_pb2.NarrationSpoken,
    topics.NARRATIONS_FAILED: outcome_pb2.NarrationFailed,
    topics.CLIPS_RENDERED: outcome_pb2.ClipRendered,
    topics.CLIPS_FAILED: outcome_pb2.ClipFailed,
    topics.FILMS_RENDERED: outcome_pb2.FilmRendered,
    topics.FILMS_FAILED: outcome_pb2.FilmFailed,
    topics.ENGINES_STOPPED: engine_pb2.EngineStopped,
    topics.ENGINES_RESUMED: engine_pb2.EngineResumed,
}
"""The message that each topic carries."""


class UndecodableError(StoryreelError):
    """A record that is no event of ours; the message says why."""


@dataclass(frozen=True)
class Event:
    """An event ready to be published, or as it arrived.

    `key` is the job id, or the engine of a fact about one; `time` is RFC 3339 UTC.
    """

    topic: str
    key: str
    id: str
    source: str
    subject: str
    time: str
    body: bytes
    traceparent: str = ""

    @classmethod
    def of(
        cls,
        topic: str,
        message: Message,
        *,
        key: str,
        source: str,
        subject: str,
        cause: Iterable[str],
        traceparent: str = "",
    ) -> Event:
        """An event that says `message`; its id follows from the topic and the words of `cause`."""
        return cls(
            topic=topic,
            key=key,
            id=str(uuid.uuid5(NAMESPACE, "|".join([topic, *cause]))),
            source=source,
            subject=subject,
            time=datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            body=message.SerializeToString(deterministic=True),
            traceparent=traceparent,
        )

    def message(self) -> Message:
        """The body, decoded. Raises UndecodableError."""
        kind = MESSAGES.get(self.topic)
        if kind is None:
            raise UndecodableError(f"topic {self.topic!r} is not declared")
        try:
            return kind.FromString(self.body)
        except DecodeError as error:
            raise UndecodableError(f"the body is no {kind.DESCRIPTOR.full_name}: {error}") from error

    def headers(self) -> list[tuple[str, bytes]]:
        """Kafka headers of the CloudEvents binding, and the trace context."""
        kind = MESSAGES[self.topic]
        fields = {
            "ce_specversion": "1.0",
            "ce_id": self.id,
            "ce_type": kind.DESCRIPTOR.full_name,
            "ce_source": self.source,
            "ce_subject": self.subject,
            "ce_time": self.time,
            "content-type": CONTENT_TYPE,
        }
        if self.traceparent:
            fields["traceparent"] = self.traceparent
        return [(name, value.encode()) for name, value in fields.items()]

    @classmethod
    def received(
        cls, topic: str, key: bytes | None, headers: Mapping[str, bytes], body: bytes | None
    ) -> Event:
        """The event in a Kafka record. Raises UndecodableError naming what is missing or strange."""
        kind = MESSAGES.get(topic)
        if kind is None:
            raise UndecodableError(f"topic {topic!r} is not declared")
        missing = [name for name in ("ce_id", "ce_type", "ce_source", "ce_time") if name not in headers]
        if missing:
            raise UndecodableError(f"header {missing[0]} is missing")
        try:
            fields = {name: value.decode() for name, value in headers.items()}
            event_key = (key or b"").decode()
        except UnicodeDecodeError as error:
            raise UndecodableError(f"a header or the key is not UTF-8: {error}") from error
        if fields["ce_type"] != kind.DESCRIPTOR.full_name:
            raise UndecodableError(
                f"ce_type is {fields['ce_type']!r}, topic {topic} carries {kind.DESCRIPTOR.full_name}"
            )
        return cls(
            topic=topic,
            key=event_key,
            id=fields["ce_id"],
            source=fields["ce_source"],
            subject=fields.get("ce_subject", ""),
            time=fields["ce_time"],
            body=body or b"",
            traceparent=fields.get("traceparent", ""),
        )
