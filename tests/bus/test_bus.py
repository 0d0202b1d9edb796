"""The bus on a real broker: what is said arrives, repeats are allowed, failures are held up or put aside."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable

from aiokafka import AIOKafkaConsumer

from storyreel import topics
from storyreel.bus.consumer import ATTEMPTS, Consumer
from storyreel.bus.kafka import Producer, Subscription, ensure_topics
from storyreel.bus.publisher import Publisher
from storyreel.contracts.events.v1.job_pb2 import JobCancelled
from storyreel.errors import UnavailableError
from storyreel.events import Event
from storyreel.settings import Settings

PATIENCE = 40.0


def cancelled(job: str) -> Event:
    message = JobCancelled(job_id=job, owner="local")
    return Event.of(topics.JOBS_CANCELLED, message, key=job, source="/test", subject=job, cause=[job])


async def consume_until(
    settings: Settings,
    publisher: Publisher,
    handler: Callable[[Event], Awaitable[None]],
    seen: asyncio.Event,
    group: str | None = None,
) -> None:
    """Runs a consumer in a group of its own until `seen` is set."""
    group = group or f"test-{uuid.uuid4().hex}"
    subscription = Subscription(settings.kafka_bootstrap, group, [topics.JOBS_CANCELLED])
    stopping = asyncio.Event()
    running = asyncio.create_task(Consumer(subscription, publisher, handler).run(stopping))
    try:
        async with asyncio.timeout(PATIENCE):
            await seen.wait()
    finally:
        stopping.set()
        await running


async def test_an_event_arrives_as_it_was_said(settings: Settings, publisher: Publisher) -> None:
    event = cancelled(f"job-{uuid.uuid4().hex}")
    await publisher.publish(event)
    arrived: list[Event] = []
    seen = asyncio.Event()

    async def handler(received: Event) -> None:
        if received.key == event.key:
            arrived.append(received)
            seen.set()

    await consume_until(settings, publisher, handler, seen)
    assert (arrived[0].id, arrived[0].body, arrived[0].time) == (event.id, event.body, event.time)
    assert arrived[0].message() == JobCancelled(job_id=event.key, owner="local")


async def test_an_event_that_is_held_up_comes_again_and_nothing_overtakes_it_for_good(
    settings: Settings, publisher: Publisher
) -> None:
    jobs = [f"job-{uuid.uuid4().hex}" for _ in range(3)]
    for job in jobs:
        await publisher.publish(cancelled(job))
    refusals = {jobs[0]: 2}
    handled: list[str] = []
    seen = asyncio.Event()

    async def handler(received: Event) -> None:
        if refusals.get(received.key, 0):
            refusals[received.key] -= 1
            raise UnavailableError("the database is away")
        handled.append(received.key)
        if set(jobs) <= set(handled):
            seen.set()

    await consume_until(settings, publisher, handler, seen)
    assert refusals == {jobs[0]: 0}


async def test_what_is_committed_does_not_come_again(settings: Settings, publisher: Publisher) -> None:
    group = f"test-{uuid.uuid4().hex}"
    first, second = (f"job-{uuid.uuid4().hex}" for _ in range(2))
    handled: list[str] = []
    for job in (first, second):
        await publisher.publish(cancelled(job))
        seen = asyncio.Event()

        async def handler(received: Event, job: str = job, seen: asyncio.Event = seen) -> None:
            handled.append(received.key)
            if received.key == job:
                seen.set()

        await consume_until(settings, publisher, handler, seen, group)
    assert handled.count(first) == 1


async def test_undecodable_and_unsavable_messages_become_dead_letters_with_origin_and_reason(
    settings: Settings, publisher: Publisher
) -> None:
    mark = uuid.uuid4().hex.encode()
    producer = Producer(settings.kafka_bootstrap, idempotence=settings.kafka_idempotence)
    await producer.send(topics.JOBS_CANCELLED, mark, b"\xff\xff", [])
    await producer.stop()
    poison, last = (f"job-{uuid.uuid4().hex}" for _ in range(2))
    await publisher.publish(cancelled(poison))
    await publisher.publish(cancelled(last))
    poisoned = 0
    handled: set[str] = set()
    seen = asyncio.Event()

    async def handler(received: Event) -> None:
        nonlocal poisoned
        handled.add(received.key)
        poisoned += received.key == poison
        # The two may be in different partitions, which do not wait for each other.
        if last in handled and poisoned == ATTEMPTS:
            seen.set()
        if received.key == poison:
            raise KeyError("never")

    group = f"test-{uuid.uuid4().hex}"
    await consume_until(settings, publisher, handler, seen, group)
    reasons = await dead_letters(settings, {mark, poison.encode()})
    assert poisoned == ATTEMPTS
    assert reasons[mark] == "undecodable: header ce_id is missing"
    assert reasons[poison.encode()].startswith("handler failed 3 times: KeyError")


async def dead_letters(settings: Settings, keys: set[bytes]) -> dict[bytes, str]:
    """The reasons of the dead letters with these keys."""
    consumer = AIOKafkaConsumer(
        topics.DEAD_LETTERS,
        bootstrap_servers=settings.kafka_bootstrap,
        auto_offset_reset="earliest",
        group_id=f"test-{uuid.uuid4().hex}",
    )
    await consumer.start()
    found: dict[bytes, str] = {}
    try:
        async with asyncio.timeout(PATIENCE):
            while keys - set(found):
                record = await consumer.getone()
                headers = dict(record.headers)
                if record.key in keys and headers["dead-letter-topic"] == topics.JOBS_CANCELLED.encode():
                    found[record.key] = headers["dead-letter-reason"].decode()
    finally:
        await consumer.stop()
    return found


async def test_topics_are_created_once(settings: Settings) -> None:
    assert await ensure_topics(settings.kafka_bootstrap, replication=settings.kafka_replication) == []
