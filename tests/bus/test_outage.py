"""The guards that the Kafka client makes necessary, seen against a broker that goes away and comes back."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from storyreel import topics
from storyreel.bus.consumer import Consumer
from storyreel.bus.kafka import SEND_SECONDS, STOP_SECONDS, Producer, Subscription, ensure_topics
from storyreel.bus.publisher import Publisher
from storyreel.contracts.events.v1.job_pb2 import JobCancelled
from storyreel.errors import UnavailableError
from storyreel.events import Event
from storyreel.local.servers import EmbeddedServers

PATIENCE = 90.0


def event(job: str) -> Event:
    message = JobCancelled(job_id=job, owner="local")
    return Event.of(topics.JOBS_CANCELLED, message, key=job, source="/test", subject=job, cause=[job])


@pytest_asyncio.fixture
async def servers(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[EmbeddedServers]:
    """Servers of the test's own, since it kills one."""
    async with EmbeddedServers(tmp_path_factory.mktemp("outage") / "state") as servers:
        await ensure_topics(servers.environment["STORYREEL_KAFKA_BOOTSTRAP"], replication=1)
        yield servers


@pytest.mark.timeout(240)
async def test_a_broker_that_goes_away_and_comes_back_loses_nothing_and_hangs_nobody(
    servers: EmbeddedServers,
) -> None:
    bootstrap = servers.environment["STORYREEL_KAFKA_BOOTSTRAP"]
    publisher = Publisher(Producer(bootstrap, idempotence=False))
    before, after = (f"job-{uuid.uuid4().hex}" for _ in range(2))
    seen: dict[str, asyncio.Event] = {before: asyncio.Event(), after: asyncio.Event()}

    async def handler(received: Event) -> None:
        seen[received.key].set()

    consumer = Consumer(
        Subscription(bootstrap, f"test-{uuid.uuid4().hex}", [topics.JOBS_CANCELLED]), publisher, handler
    )
    stopping = asyncio.Event()
    consuming = asyncio.create_task(consumer.run(stopping))
    await publisher.publish(event(before))
    async with asyncio.timeout(PATIENCE):
        await seen[before].wait()

    servers.kill("broker")
    started = time.monotonic()
    with pytest.raises(UnavailableError):
        await publisher.publish(event(after))
    assert time.monotonic() - started < SEND_SECONDS + STOP_SECONDS + 5

    await servers.restart("broker")
    await publisher.publish(event(after))
    async with asyncio.timeout(PATIENCE):
        await seen[after].wait()
    assert consumer.alive()
    stopping.set()
    async with asyncio.timeout(PATIENCE):
        await consuming
    await publisher.stop()


async def test_closing_a_producer_whose_broker_is_away_takes_seconds(servers: EmbeddedServers) -> None:
    producer = Producer(servers.environment["STORYREEL_KAFKA_BOOTSTRAP"], idempotence=False)
    await producer.send(topics.JOBS_CANCELLED, b"key", b"", [])
    servers.kill("broker")
    started = time.monotonic()
    await producer.stop()
    assert time.monotonic() - started < STOP_SECONDS + 2


async def test_a_commit_after_the_partition_was_lost_is_only_noted(servers: EmbeddedServers) -> None:
    bootstrap = servers.environment["STORYREEL_KAFKA_BOOTSTRAP"]
    producer = Producer(bootstrap, idempotence=False)
    await producer.send(topics.JOBS_CANCELLED, b"key", b"", [])
    group = f"test-{uuid.uuid4().hex}"
    first = Subscription(bootstrap, group, [topics.JOBS_CANCELLED])
    await first.start()
    async with asyncio.timeout(PATIENCE):
        while not (batches := await first.poll()):
            continue
    second = Subscription(bootstrap, group, [topics.JOBS_CANCELLED])
    joining = asyncio.create_task(second.start())
    (partition, records), *_ = batches.items()
    async with asyncio.timeout(PATIENCE):
        while not joining.done():
            await first.poll()
    # Whoever owns the partition now, neither call may raise.
    await first.commit(partition, records[-1].offset + 1)
    first.rewind(partition, records[0].offset)
    await first.stop()
    await second.stop()
    await producer.stop()
