"""The Kafka client. The only module that imports aiokafka; its guards are explained where they stand."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import (
    CommitFailedError,
    IllegalStateError,
    KafkaError,
    TopicAlreadyExistsError,
    UnknownTopicOrPartitionError,
    for_code,
)

from storyreel.errors import UnavailableError
from storyreel.telemetry.logs import get_logger
from storyreel.topics import TOPICS

__all__ = ["Producer", "Record", "Subscription", "TopicPartition", "ensure_topics", "read_topic"]

log = get_logger(__name__)

SEND_SECONDS: Final = 15.0
STOP_SECONDS: Final = 5.0
COMMIT_SECONDS: Final = 10.0
START_SECONDS: Final = 60.0
POLL_MS: Final = 200
MAX_POLL_INTERVAL_MS: Final = 300_000


@dataclass(frozen=True)
class Record:
    """A message as Kafka delivered it."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Mapping[str, bytes]


class Producer:
    """Sends messages, each acknowledged by all replicas within a deadline.

    aiokafka's own sends and its stop can hang while brokers are down, and an idempotent producer can
    stick for good: every wait has a deadline, and a producer that missed one is thrown away.
    """

    def __init__(self, bootstrap: str, *, idempotence: bool) -> None:
        self._bootstrap = bootstrap
        self._idempotence = idempotence
        self._producer: AIOKafkaProducer | None = None
        self._lock = asyncio.Lock()

    async def send(
        self, topic: str, key: bytes | None, value: bytes | None, headers: Sequence[tuple[str, bytes]]
    ) -> None:
        """Sends one message. Raises UnavailableError where it was not acknowledged in time."""
        if key is None and value is None:
            value = b""  # the client refuses a message without both
        producer = await self._ready()
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await producer.send_and_wait(topic, value, key=key, headers=list(headers))
        except (KafkaError, TimeoutError) as error:
            await self._discard(producer)
            raise UnavailableError(f"Kafka did not take a message for {topic}: {error!r}") from error

    async def stop(self) -> None:
        """Flushes and closes, within a deadline."""
        if self._producer is not None:
            await self._discard(self._producer)

    async def _ready(self) -> AIOKafkaProducer:
        async with self._lock:
            if self._producer is None:
                producer = AIOKafkaProducer(
                    bootstrap_servers=self._bootstrap,
                    acks="all",
                    enable_idempotence=self._idempotence,
                    request_timeout_ms=int(SEND_SECONDS * 1000),
                )
                try:
                    async with asyncio.timeout(SEND_SECONDS):
                        await producer.start()
                except (KafkaError, TimeoutError) as error:
                    await _close(producer)
                    raise UnavailableError(
                        f"Kafka at {self._bootstrap} does not answer: {error!r}"
                    ) from error
                self._producer = producer
            return self._producer

    async def _discard(self, producer: AIOKafkaProducer) -> None:
        async with self._lock:
            if self._producer is producer:
                self._producer = None
        await _close(producer)


class Subscription:
    """A member of a consumer group. Offsets are committed one by one, never by themselves.

    Every rebalance revokes everything, so nothing may be tied to a partition; a commit after losing it
    fails and is only noted: the next owner handles the messages again.
    """

    def __init__(self, bootstrap: str, group: str, topics: Sequence[str]) -> None:
        self.group = group
        self.topics = tuple(topics)
        self._bootstrap = bootstrap
        self._paused: Collection[str] = frozenset()
        self._consumer = self._make()

    def _make(self) -> AIOKafkaConsumer:
        return AIOKafkaConsumer(
            *self.topics,
            bootstrap_servers=self._bootstrap,
            group_id=self.group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            fetch_max_wait_ms=100,
            session_timeout_ms=6_000,
            heartbeat_interval_ms=1_500,
            max_poll_interval_ms=MAX_POLL_INTERVAL_MS,
        )

    async def start(self) -> None:
        """Joins the group. Raises UnavailableError; it may be called again then."""
        try:
            async with asyncio.timeout(START_SECONDS):
                await self._consumer.start()
        except (KafkaError, TimeoutError) as error:
            await _close(self._consumer)
            self._consumer = self._make()  # the client cannot be started twice
            raise UnavailableError(f"Kafka at {self._bootstrap} does not answer: {error!r}") from error

    async def poll(self) -> dict[TopicPartition, list[Record]]:
        """What has arrived within `POLL_MS`, by partition. Must not be cancelled.

        One cancellation of getmany would disable its own check for an idle member for good.
        """
        try:
            batches = await self._consumer.getmany(timeout_ms=POLL_MS, max_records=200)
        except KafkaError as error:
            raise UnavailableError(f"Kafka does not deliver: {error!r}") from error
        for partition in [partition for partition in batches if partition.topic in self._paused]:
            # A rebalance within this very poll has forgotten the pause.
            self.rewind(partition, batches.pop(partition)[0].offset)
        return {partition: [_record(raw) for raw in raws] for partition, raws in batches.items()}

    async def commit(self, partition: TopicPartition, offset: int) -> None:
        """Commits that everything before `offset` is handled; losing the partition meanwhile is fine."""
        try:
            async with asyncio.timeout(COMMIT_SECONDS):
                await self._consumer.commit({partition: offset})
        except (CommitFailedError, IllegalStateError) as error:
            log.info("partition lost before commit", partition=str(partition), error=repr(error))
        except (KafkaError, TimeoutError) as error:
            log.warning(
                "commit failed; its messages may come again", partition=str(partition), error=repr(error)
            )

    def rewind(self, partition: TopicPartition, offset: int) -> None:
        """Delivers again from `offset`, unless the partition has been lost meanwhile."""
        try:
            self._consumer.seek(partition, offset)
        except IllegalStateError as error:
            log.info("partition lost before rewind", partition=str(partition), error=repr(error))

    def pause_only(self, topics: Collection[str]) -> None:
        """Delivers nothing of these topics until told otherwise; to be said before every poll.

        A rebalance forgets pauses, and what was fetched already is fetched again: messages stay small.
        """
        self._paused = frozenset(topics)
        paused = self._consumer.paused()
        wanted = {partition for partition in self._consumer.assignment() if partition.topic in topics}
        self._consumer.pause(*(wanted - paused))
        self._consumer.resume(*(paused - wanted))

    async def lag(self) -> dict[TopicPartition, int]:
        """How many messages of each assigned partition are not delivered yet, by its last fetch.

        The embedded broker's end offsets are wrong; and of a paused partition nothing new is known.
        """
        lags = {}
        for partition in self._consumer.assignment():
            try:
                async with asyncio.timeout(1.0):
                    position = await self._consumer.position(partition)
            except (KafkaError, TimeoutError):
                continue  # lost, or its position is still being asked for: known next time
            if partition in self._consumer.assignment() and (end := self._consumer.highwater(partition)):
                lags[partition] = max(0, end - position)
        return lags

    def assigned(self) -> int:
        """How many partitions the group has given this member."""
        return len(self._consumer.assignment())

    async def stop(self) -> None:
        """Leaves the group, within a deadline. Commit first: a commit after this would retry for ever."""
        await _close(self._consumer)


async def read_topic(bootstrap: str, topic: str) -> list[Record]:
    """Everything that a topic holds now, by partition and offset, as no group's member.

    Raises UnavailableError, also where the topic is not there.
    """
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=bootstrap, auto_offset_reset="earliest")
    records: list[Record] = []
    try:
        async with asyncio.timeout(START_SECONDS):
            await consumer.start()  # without a group this assigns every partition that there is
            partitions = consumer.assignment()
            while not all([await _read_to_end(consumer, partition) for partition in partitions]):
                batches = await consumer.getmany(timeout_ms=POLL_MS)
                records += [_record(raw) for raws in batches.values() for raw in raws]
    except UnknownTopicOrPartitionError as error:
        raise UnavailableError(f"there is no topic {topic!r}: run `python -m storyreel.migrate`") from error
    except (KafkaError, TimeoutError) as error:
        raise UnavailableError(f"Kafka at {bootstrap} does not deliver {topic}: {error!r}") from error
    finally:
        await _close(consumer)
    return sorted(records, key=lambda record: (record.partition, record.offset))


async def _read_to_end(consumer: AIOKafkaConsumer, partition: TopicPartition) -> bool:
    """By the high-water mark, which the first fetch brings: the embedded broker's end offsets are wrong."""
    highwater = consumer.highwater(partition)
    return highwater is not None and await consumer.position(partition) >= highwater


async def ensure_topics(bootstrap: str, *, replication: int) -> list[str]:
    """Creates the declared topics that are missing; the names created. Raises UnavailableError.

    With more than one copy of each partition, a message is acknowledged when all but one have it, so that
    one broker may be away without anything being lost or held up.
    """
    copies = {"min.insync.replicas": str(replication - 1)} if replication > 1 else {}
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        async with asyncio.timeout(START_SECONDS):
            await admin.start()
            existing = set(await admin.list_topics())
            missing = [topic for topic in TOPICS if topic.name not in existing]
            if missing:
                answer = await admin.create_topics(
                    [
                        NewTopic(
                            topic.name,
                            topic.partitions,
                            replication,
                            topic_configs={"retention.ms": str(topic.retention_ms), **copies},
                        )
                        for topic in missing
                    ]
                )
                _refuse_errors(answer)
    except TopicAlreadyExistsError:
        log.info("another process created the topics first")
        return []
    except (KafkaError, TimeoutError) as error:
        raise UnavailableError(f"Kafka at {bootstrap} did not create the topics: {error!r}") from error
    finally:
        await admin.close()
    return [topic.name for topic in missing]


def _refuse_errors(answer: Any) -> None:
    for topic, code, *_ in answer.topic_errors:
        error = for_code(code)
        if code != 0 and error is not TopicAlreadyExistsError:
            raise error(topic)


def _record(raw: Any) -> Record:
    return Record(raw.topic, raw.partition, raw.offset, raw.key, raw.value, dict(raw.headers))


async def _close(client: AIOKafkaProducer | AIOKafkaConsumer) -> None:
    task = asyncio.current_task()
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await client.stop()
    except (KafkaError, TimeoutError, asyncio.CancelledError) as error:
        # Where a broker is away, the client lets the cancelling of its own tasks out: that is not ours.
        if isinstance(error, asyncio.CancelledError) and task is not None and task.cancelling():
            raise
        log.warning("a Kafka client did not close in order", error=repr(error))
