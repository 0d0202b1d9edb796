"""The guards that the Kafka client makes necessary, each on a real broker. Outages are in `test_outage`."""

from __future__ import annotations

import asyncio

import pytest

from storyreel.bus import consumer as consumer_module
from storyreel.bus.consumer import Consumer
from storyreel.bus.kafka import POLL_MS, Subscription
from storyreel.bus.publisher import Publisher
from storyreel.errors import UnavailableError
from storyreel.events import Event
from storyreel.settings import Settings
from storyreel.telemetry.traces import current_traceparent
from tests.bus.consuming import PATIENCE, cancelled, consuming, new_group, new_job, until

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
TOPICS = ("jobs.cancelled",)


async def test_members_that_come_and_go_lose_nothing(settings: Settings, publisher: Publisher) -> None:
    """Guard 1: every rebalance revokes everything, so nothing may hang on a partition."""
    group, handled = new_group(), set[str]()
    jobs = [new_job() for _ in range(60)]

    async def handler(event: Event) -> None:
        handled.add(event.key)

    async def publish(part: list[str]) -> None:
        for job in part:
            await publisher.publish(cancelled(job))

    async with consuming(settings, publisher, handler, group=group):
        await publish(jobs[:20])
        async with consuming(settings, publisher, handler, group=group) as second:
            publishing = asyncio.create_task(publish(jobs[20:40]))
            await until(second.ready)
            await publishing
        await publish(jobs[40:])
        await until(lambda: set(jobs) <= handled)


async def test_what_was_not_handled_is_not_committed_at_a_stop(
    settings: Settings, publisher: Publisher
) -> None:
    """Guards 2 and 6: offsets are committed one by one, before the client is closed, and never by it."""
    group, job, first_seen, handled = new_group(), new_job(), asyncio.Event(), set[str]()
    await publisher.publish(cancelled(job))

    async def away(event: Event) -> None:
        if event.key == job:
            first_seen.set()
            raise UnavailableError("the database is away")

    async def back(event: Event) -> None:
        handled.add(event.key)

    async with consuming(settings, publisher, away, group=group), asyncio.timeout(PATIENCE):
        await first_seen.wait()
    async with consuming(settings, publisher, back, group=group):
        await until(lambda: job in handled)


async def test_a_handler_that_takes_long_delays_no_rebalance(
    settings: Settings, publisher: Publisher
) -> None:
    """Guard 3: nothing is waited for when partitions are revoked; an event may be handled again."""
    group, job, started, go_on = new_group(), new_job(), asyncio.Event(), asyncio.Event()
    await publisher.publish(cancelled(job))

    async def slow(event: Event) -> None:
        if event.key == job:
            started.set()
            await go_on.wait()

    async def quick(_: Event) -> None:
        return

    async with consuming(settings, publisher, slow, group=group):
        await asyncio.wait_for(started.wait(), PATIENCE)
        async with consuming(settings, publisher, quick, group=group) as second:
            await until(second.ready)
            go_on.set()


async def test_a_poll_comes_back_soon_with_nothing_to_say_or_everything_paused(settings: Settings) -> None:
    """Guard 4: a member that does not poll leaves its group, so no poll may wait for messages."""
    subscription = Subscription(settings.kafka_bootstrap, new_group(), TOPICS)
    await subscription.start()
    async with asyncio.timeout(PATIENCE):
        while await subscription.poll() or not subscription.assigned():
            continue
        subscription.pause_only(TOPICS)
        for _ in range(10 * 1000 // POLL_MS):  # twice the session's time-out
            await subscription.poll()
    assert subscription.assigned()
    await subscription.stop()


async def test_a_loop_that_is_stuck_is_seen_and_one_that_only_waits_is_not(
    settings: Settings, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Guard 5: a poll is never cancelled, so the loop has a watchdog of its own."""
    group, job, started, go_on = new_group(), new_job(), asyncio.Event(), asyncio.Event()

    async def stuck(event: Event) -> None:
        if event.key == job:
            started.set()
            await go_on.wait()

    async with consuming(settings, publisher, stuck, group=group) as consumer:
        await until(consumer.ready)
        assert consumer.alive()
        await publisher.publish(cancelled(job))
        await asyncio.wait_for(started.wait(), PATIENCE)
        with monkeypatch.context() as patch:
            patch.setattr(consumer_module, "SILENCE_SECONDS", 1.0)
            await until(lambda: not consumer.alive())
            go_on.set()
            await until(consumer.alive)


async def test_a_stop_ends_the_loop_without_cancelling_its_poll(
    settings: Settings, publisher: Publisher
) -> None:
    """Guard 5: whoever stops a consumer sets an event and waits."""

    async def handler(_: Event) -> None:
        return

    subscription = Subscription(settings.kafka_bootstrap, new_group(), TOPICS)
    consumer, stopping = Consumer(subscription, publisher, handler), asyncio.Event()
    running = asyncio.create_task(consumer.run(stopping))
    await until(consumer.ready)
    stopping.set()
    async with asyncio.timeout(PATIENCE):
        await running
    assert not running.cancelled()


async def test_a_handler_runs_inside_the_trace_that_the_message_carries(
    settings: Settings, publisher: Publisher
) -> None:
    """Guard 9: the span of the handling is our own, below the one that published."""
    event, seen = cancelled(new_job(), traceparent=TRACE), asyncio.Event()
    inside: list[str] = []
    carried: list[str] = []
    await publisher.publish(event)

    async def handler(received: Event) -> None:
        if received.key == event.key:
            inside.append(current_traceparent())
            carried.append(received.traceparent)
            seen.set()

    async with consuming(settings, publisher, handler, group=new_group()), asyncio.timeout(PATIENCE):
        await seen.wait()
    assert inside[0].split("-")[1] == carried[0].split("-")[1] == TRACE.split("-")[1]


async def test_the_lag_is_what_was_not_delivered_yet(settings: Settings, publisher: Publisher) -> None:
    event = cancelled(new_job())
    await publisher.publish(event)
    subscription = Subscription(settings.kafka_bootstrap, new_group(), TOPICS)
    await subscription.start()
    ours = None
    async with asyncio.timeout(PATIENCE):
        while ours is None or any((await subscription.lag()).values()):
            for partition, records in (await subscription.poll()).items():
                if records[-1].key == event.key.encode():
                    ours = partition, records[-1].offset
        partition, offset = ours
        assert (await subscription.lag())[partition] == 0
        subscription.rewind(partition, offset)
        assert (await subscription.lag())[partition] == 1
    await subscription.stop()
