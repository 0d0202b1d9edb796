"""What the tests of the bus share: an event to say, and a consumer of a test's own."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from storyreel import topics
from storyreel.bus.consumer import Consumer
from storyreel.bus.kafka import Subscription
from storyreel.bus.publisher import Publisher
from storyreel.contracts.events.v1.job_pb2 import JobCancelled
from storyreel.events import Event
from storyreel.settings import Settings

PATIENCE = 60.0


def new_group() -> str:
    return f"test-{uuid.uuid4().hex}"


def new_job() -> str:
    return f"job-{uuid.uuid4().hex}"


def cancelled(job: str, *, traceparent: str = "") -> Event:
    message = JobCancelled(job_id=job, owner="local")
    return Event.of(
        topics.JOBS_CANCELLED,
        message,
        key=job,
        source="/test",
        subject=job,
        cause=[job],
        traceparent=traceparent,
    )


@asynccontextmanager
async def consuming(
    settings: Settings,
    publisher: Publisher,
    handler: Callable[[Event], Awaitable[None]],
    *,
    group: str,
    consumed: tuple[str, ...] = (topics.JOBS_CANCELLED,),
    **options: Any,
) -> AsyncIterator[Consumer]:
    """A running consumer; it has ended, as a service's does, after the block."""
    subscription = Subscription(settings.kafka_bootstrap, group, list(consumed))
    consumer = Consumer(subscription, publisher, handler, **options)
    stopping = asyncio.Event()
    running = asyncio.create_task(consumer.run(stopping))
    try:
        yield consumer
    finally:
        stopping.set()
        await running


async def until(true: Callable[[], bool], *, patience: float = PATIENCE) -> None:
    """Waits for a condition."""
    async with asyncio.timeout(patience):
        while not true():
            await asyncio.sleep(0.05)
