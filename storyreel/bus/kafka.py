"""The Kafka client. The only module that imports aiokafka; its guards are explained where they stand."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import (
    CommitFailedError,
    IllegalStateError,
    KafkaError,
    TopicAlreadyExistsError,
    for_code,
)

from storyreel.errors import UnavailableError
from storyreel.telemetry.logs import get_logger
from storyreel.topics import TOPICS

log = get_logger(__name__)

SEND_SECONDS: Final = 15.0
STOP_SECONDS: Final = 5.0
COMMIT_SECONDS: Final = 10.0
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

    async def send(self, topic: str, key: bytes, value: bytes, headers: Sequence[tuple[str, bytes]]) -> None:
        """Sends one message. Raises UnavailableError where it was not acknowledged in time."""
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
        self._bootstrap = bootstrap
        self._topics = list(topics)
        self._consumer = AIOKafkaConsumer(
            *topics,
            bootstrap_servers=bootstrap,
            group_id=group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            fetch_max_wait_ms=100,
            session_timeout_ms=6_000,
            heartbeat_interval_ms=1_500,
            max_poll_interval_ms=MAX_POLL_INTERVAL_MS,
        )

    async def start(self) -> None:
        """Joins the group. Raises UnavailableError."""
        try:
            async with asyncio.timeout(60):
                await self._consumer.start()
        except (KafkaError, TimeoutError) as error:
            await _close(self._consumer)
            raise UnavailableError(f"Kafka at {self._bootstrap} does not answer: {error!r}") from error

    async def poll(self) -> dict[TopicPartition, list[Record]]:
        """What has arrived within `POLL_MS`, by partition. Must not be cancelled.

        One cancellation of getmany would disable its own check for an idle member for good.
        """
        try:
            batches = await self._consumer.getmany(timeout_ms=POLL_MS, max_records=200)
        except KafkaError as error:
            raise UnavailableError(f"Kafka does not deliver: {error!r}") from error
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

    def assigned(self) -> bool:
        """Whether the group has given this member any partition."""
        return bool(self._consumer.assignment())

    async def stop(self) -> None:
        """Leaves the group, within a deadline. Commit first: a commit after this would retry for ever."""
        await _close(self._consumer)


async def ensure_topics(bootstrap: str, *, replication: int) -> list[str]:
    """Creates the declared topics that are missing; the names created. Raises UnavailableError."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        async with asyncio.timeout(60):
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
                            topic_configs={"retention.ms": str(topic.retention_ms)},
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
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await client.stop()
    except (KafkaError, TimeoutError) as error:
        log.warning("a Kafka client did not close in time", error=repr(error))
