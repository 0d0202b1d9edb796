"""Publishes events, each inside a span whose context travels in the message's headers."""

from __future__ import annotations

from dataclasses import replace

from opentelemetry.trace import SpanKind

from storyreel.bus.deadletters import aside_headers
from storyreel.bus.kafka import Producer, Record
from storyreel.events import Event
from storyreel.telemetry import metrics
from storyreel.telemetry.traces import current_traceparent, span
from storyreel.topics import DEAD_LETTERS


class Publisher:
    """Says facts on the bus."""

    def __init__(self, producer: Producer) -> None:
        self._producer = producer

    async def publish(self, event: Event) -> None:
        """Publishes one event below its own trace context. Raises UnavailableError."""
        with span(
            f"publish {event.topic}",
            kind=SpanKind.PRODUCER,
            parent=event.traceparent,
            attributes={"messaging.system": "kafka", "messaging.destination.name": event.topic},
        ):
            sent = replace(event, traceparent=current_traceparent())
            await self._producer.send(sent.topic, sent.key.encode(), sent.body, sent.headers())
        metrics.EVENTS_PUBLISHED.labels(event.topic).inc()

    async def put_aside(self, record: Record, reason: str, *, group: str) -> None:
        """Sends a record that `group` cannot handle to the dead letters. Raises UnavailableError."""
        await self._producer.send(
            DEAD_LETTERS, record.key, record.value, aside_headers(record, reason, group=group)
        )
        metrics.DEAD_LETTERS.labels(record.topic).inc()

    async def stop(self) -> None:
        """Flushes and closes."""
        await self._producer.stop()
