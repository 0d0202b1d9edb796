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
from storyreel.bus.kafka import (
    COMMIT_SECONDS,
    SEND_SECONDS,
    STOP_SECONDS,
    Producer,
    Subscription,
    ensure_topics,
)
from storyreel.bus.publisher import Publisher
from storyreel.contracts.events.v1.job_pb2 import JobCancelled
from storyreel.errors import UnavailableError
from storyreel.events import Event
from storyreel.local.serverset import ServerSet
from tests.servers_under_test import CHOICE, needs_servers_of_its_own, servers_under_test

PATIENCE = 90.0
BROKERS = ("broker",) if CHOICE.brokers == 1 else tuple(f"broker-{n + 1}" for n in range(CHOICE.brokers))
pytestmark = needs_servers_of_its_own


def event(job: str) -> Event:
    message = JobCancelled(job_id=job, owner="local")
    return Event.of(topics.JOBS_CANCELLED, message, key=job, source="/test", subject=job, cause=[job])


@pytest_asyncio.fixture
async def servers(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[ServerSet]:
    """Servers of the test's own, since it kills some."""
    async with servers_under_test(tmp_path_factory.mktemp("outage") / "state") as servers:
        await ensure_topics(bootstrap_of(servers), replication=CHOICE.brokers)
        yield servers


def bootstrap_of(servers: ServerSet) -> str:
    return servers.environment["STORYREEL_KAFKA_BOOTSTRAP"]


def subscription_on(servers: ServerSet) -> Subscription:
    """A subscription in a group of its own."""
    return Subscription(bootstrap_of(servers), f"test-{uuid.uuid4().hex}", [topics.JOBS_CANCELLED])


def producer_on(servers: ServerSet) -> Producer:
    """A producer as the services have it: idempotent where the broker can that."""
    return Producer(
        bootstrap_of(servers), idempotence=servers.environment["STORYREEL_KAFKA_IDEMPOTENCE"] == "true"
    )


@pytest.mark.timeout(240)
async def test_a_broker_that_goes_away_and_comes_back_loses_nothing_and_hangs_nobody(
    servers: ServerSet,
) -> None:
    bootstrap = bootstrap_of(servers)
    publisher = Publisher(producer_on(servers))
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

    async with servers.outage(*BROKERS):
        started = time.monotonic()
        with pytest.raises(UnavailableError):
            await publisher.publish(event(after))
        assert time.monotonic() - started < SEND_SECONDS + STOP_SECONDS + 5

    await publisher.publish(event(after))
    async with asyncio.timeout(PATIENCE):
        await seen[after].wait()
    assert consumer.alive()
    stopping.set()
    async with asyncio.timeout(PATIENCE):
        await consuming
    await publisher.stop()


async def test_closing_a_producer_whose_broker_is_away_takes_seconds(servers: ServerSet) -> None:
    producer = producer_on(servers)
    await producer.send(topics.JOBS_CANCELLED, b"key", b"", [])
    async with servers.outage(*BROKERS):
        started = time.monotonic()
        await producer.stop()
        assert time.monotonic() - started < STOP_SECONDS + 2


async def test_a_commit_after_the_partition_was_lost_is_only_noted(servers: ServerSet) -> None:
    bootstrap = bootstrap_of(servers)
    producer = producer_on(servers)
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


@pytest.mark.timeout(240)
async def test_a_consumer_that_starts_before_its_broker_joins_when_it_comes(servers: ServerSet) -> None:
    publisher, told = Publisher(producer_on(servers)), asyncio.Event()
    waiting = event(f"job-{uuid.uuid4().hex}")
    await publisher.publish(waiting)

    async def handler(received: Event) -> None:
        if received.key == waiting.key:
            told.set()

    stopping = asyncio.Event()
    async with servers.outage(*BROKERS):
        subscription = Subscription(
            bootstrap_of(servers), f"test-{uuid.uuid4().hex}", [topics.JOBS_CANCELLED]
        )
        with pytest.raises(UnavailableError):
            await subscription.start()
        consuming = asyncio.create_task(Consumer(subscription, publisher, handler).run(stopping))
    async with asyncio.timeout(PATIENCE):
        await told.wait()
        stopping.set()
        await consuming
    await publisher.stop()


@pytest.mark.timeout(240)
async def test_a_consumer_stops_within_seconds_while_its_broker_is_away(servers: ServerSet) -> None:
    publisher, told, stopping = Publisher(producer_on(servers)), asyncio.Event(), asyncio.Event()

    async def handler(_: Event) -> None:
        told.set()

    await publisher.publish(event(f"job-{uuid.uuid4().hex}"))
    subscription = subscription_on(servers)
    consuming = asyncio.create_task(Consumer(subscription, publisher, handler).run(stopping))
    async with asyncio.timeout(PATIENCE):
        await told.wait()
    async with servers.outage(*BROKERS):
        stopping.set()
        started = time.monotonic()
        async with asyncio.timeout(PATIENCE):
            await consuming
        assert time.monotonic() - started < COMMIT_SECONDS + STOP_SECONDS + 5
    await publisher.stop()
