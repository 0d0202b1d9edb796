"""The consumer loop: turns each event into quick writes, then commits that explicit offset.

A handler must be idempotent and take milliseconds. It says "not now" by raising UnavailableError: the
event is then delivered again. Anything else that it raises again and again is a dead letter; where that
would happen to too many of the recent messages, the consumer holds until it is restarted.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Final

from opentelemetry.trace import SpanKind

from storyreel.bus.kafka import Record, Subscription, TopicPartition
from storyreel.bus.lag import LagMeter
from storyreel.bus.limit import DeadLetterLimit
from storyreel.bus.publisher import Publisher
from storyreel.errors import UnavailableError
from storyreel.events import Event, UndecodableError
from storyreel.telemetry import metrics
from storyreel.telemetry.logs import get_logger
from storyreel.telemetry.traces import span

log = get_logger(__name__)

Handler = Callable[[Event], Awaitable[None]]
PausedTopics = Callable[[], Awaitable[Collection[str]]]
"""Says before each poll which topics are not to be read now. Must not raise."""

ATTEMPTS: Final = 3
"""How often a handler may fail on one event before it is a dead letter."""
SILENCE_SECONDS: Final = 90.0
"""A loop that has not come round for this long is stuck: the client has no watchdog of its own."""
DEFAULT_SHARE: Final = 0.2


async def nothing_paused() -> Collection[str]:
    """For a consumer that always reads everything."""
    return ()


class Consumer:
    """Runs one handler over every event of some topics, as a member of one group."""

    def __init__(
        self,
        subscription: Subscription,
        publisher: Publisher,
        handler: Handler,
        *,
        dead_letter_share: float = DEFAULT_SHARE,
        paused_topics: PausedTopics = nothing_paused,
    ) -> None:
        self._subscription = subscription
        self._publisher = publisher
        self._handler = handler
        self._limit = DeadLetterLimit(dead_letter_share)
        self._paused_topics = paused_topics
        self._lag = LagMeter(subscription)
        self._attempts: dict[tuple[str, int, int], int] = {}
        self._came_round = time.monotonic()
        self._pause = 0.0
        self._held = ""
        metrics.CONSUMER_HELD.set(0)

    def ready(self) -> bool:
        """Whether the group has given this member its partitions, and it reads them."""
        return self._subscription.assigned() > 0 and not self._held

    def why(self) -> str:
        """Why it holds; empty where it does not."""
        return self._held

    def alive(self) -> bool:
        """Whether the loop still comes round."""
        return time.monotonic() - self._came_round < SILENCE_SECONDS

    async def run(self, stopping: asyncio.Event) -> None:
        """Consumes until `stopping` is set. Never cancel it: see `Subscription.poll`."""
        while not stopping.is_set():
            try:
                await self._subscription.start()
                break
            except UnavailableError as error:
                log.warning("waiting for Kafka", error=str(error))
                await _wait(stopping, 2.0)
                self._came_round = time.monotonic()
        try:
            while not stopping.is_set():
                await self._round(stopping)
                self._came_round = time.monotonic()
        finally:
            await self._subscription.stop()

    async def _round(self, stopping: asyncio.Event) -> None:
        try:
            # Every time, because a rebalance forgets pauses.
            everything = self._subscription.topics
            self._subscription.pause_only(everything if self._held else await self._paused_topics())
            batches = await self._subscription.poll()
        except UnavailableError as error:
            log.warning("waiting for Kafka", error=str(error))
            await _wait(stopping, 1.0)
            return
        done = [await self._handle(partition, records) for partition, records in batches.items()]
        await self._lag.measure()
        # Backing off between polls, not inside one, keeps this member in its group. Where nothing moves at
        # all, it waits longer each time.
        held_up = sum(done) < sum(len(records) for records in batches.values())
        self._pause = min(5.0, self._pause * 2 if self._pause and not any(done) else 0.2) if held_up else 0.0
        if self._pause:
            await _wait(stopping, self._pause)

    async def _handle(self, partition: TopicPartition, records: Sequence[Record]) -> int:
        """Handles, commits, and has delivered again what was not handled; how many are done with."""
        done = 0 if self._held else await self._handle_until_held_up(records)
        if done:
            await self._subscription.commit(partition, records[done - 1].offset + 1)
        if done < len(records):
            self._subscription.rewind(partition, records[done].offset)
        return done

    async def _handle_until_held_up(self, records: Sequence[Record]) -> int:
        """Handles records in order; how many are done with, fewer than all where one must come again."""
        for index, record in enumerate(records):
            if not await self._handled(record):
                return index
            self._came_round = time.monotonic()
        return len(records)

    async def _handled(self, record: Record) -> bool:
        """Handles one record; False where it must come again."""
        try:
            event = Event.received(record.topic, record.key, record.headers, record.value)
            with span(
                f"process {record.topic}",
                kind=SpanKind.CONSUMER,
                parent=event.traceparent,
                attributes={"messaging.system": "kafka", "messaging.destination.name": record.topic},
            ):
                await self._handler(event)
        except UndecodableError as error:
            return await self._put_aside(record, f"undecodable: {error}")
        except UnavailableError as error:
            log.warning("event held up", topic=record.topic, error=str(error))
            metrics.EVENTS_CONSUMED.labels(record.topic, "held up").inc()
            return False
        except Exception as error:  # whatever a handler raises must not stop the topic
            return await self._failed(record, error)
        self._attempts.pop(_place(record), None)
        self._limit.note(dead=False)
        metrics.EVENTS_CONSUMED.labels(record.topic, "handled").inc()
        return True

    async def _failed(self, record: Record, error: Exception) -> bool:
        place = _place(record)
        self._attempts[place] = self._attempts.get(place, 0) + 1
        log.exception(
            "handler failed", topic=record.topic, offset=record.offset, attempt=self._attempts[place]
        )
        if self._attempts[place] < ATTEMPTS:
            return False
        self._attempts.pop(place)
        return await self._put_aside(record, f"handler failed {ATTEMPTS} times: {error!r}")

    async def _put_aside(self, record: Record, reason: str) -> bool:
        if self._limit.reached():
            self._hold(record, reason)
            return False
        try:
            await self._publisher.put_aside(record, reason, group=self._subscription.group)
        except UnavailableError as error:
            log.warning("dead letter held up", topic=record.topic, error=str(error))
            return False
        self._limit.note(dead=True)
        log.error("dead letter", topic=record.topic, offset=record.offset, reason=reason)
        metrics.EVENTS_CONSUMED.labels(record.topic, "dead letter").inc()
        return True

    def _hold(self, record: Record, reason: str) -> None:
        """Handles nothing any more, and stays in the group, so that nobody else drains what it holds."""
        self._held = (
            f"too many dead letters, held at {record.topic}/{record.partition}@{record.offset} ({reason}): "
            "mend the cause and restart"
        )
        metrics.CONSUMER_HELD.set(1)
        log.critical("consumer holds", reason=self._held)


def _place(record: Record) -> tuple[str, int, int]:
    return record.topic, record.partition, record.offset


async def _wait(stopping: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await stopping.wait()
    except TimeoutError:
        return
