"""The limit that stops a consumer: a bad deploy dead-letters a few messages, then holds and loses nothing."""

from __future__ import annotations

import asyncio

import pytest

from storyreel import topics
from storyreel.bus.consumer import Consumer
from storyreel.bus.deadletters import DeadLetters
from storyreel.bus.kafka import Subscription
from storyreel.bus.limit import AT_LEAST, WINDOW, DeadLetterLimit
from storyreel.bus.publisher import Publisher
from storyreel.events import Event
from storyreel.settings import Settings
from storyreel.telemetry import metrics
from tests.bus.consuming import PATIENCE, cancelled, consuming, new_group, new_job, until


def letters_until_reached(limit: DeadLetterLimit) -> int:
    """How many messages become dead letters in a row before the limit stops it."""
    count = 0
    while not limit.reached():
        limit.note(dead=True)
        count += 1
    return count


def test_few_messages_say_nothing_about_a_share() -> None:
    assert letters_until_reached(DeadLetterLimit(0.2)) == AT_LEAST - 1


def test_after_good_times_the_share_of_the_window_is_let_through() -> None:
    limit = DeadLetterLimit(0.2)
    for _ in range(3 * WINDOW):
        limit.note(dead=False)
    assert letters_until_reached(limit) == WINDOW * 0.2


def test_a_poison_message_now_and_then_never_stops_it() -> None:
    limit = DeadLetterLimit(0.2)
    for _ in range(50):
        assert not limit.reached()
        limit.note(dead=True)
        for _ in range(9):
            limit.note(dead=False)


def test_a_share_of_one_stops_nothing_and_of_none_stops_all() -> None:
    forgiving, strict = DeadLetterLimit(1.0), DeadLetterLimit(0.0)
    for _ in range(WINDOW):
        forgiving.note(dead=True)
        strict.note(dead=False)
    assert not forgiving.reached()
    assert strict.reached()


@pytest.mark.timeout(300)
async def test_a_handler_that_fails_on_everything_drains_no_topic(
    settings: Settings, publisher: Publisher
) -> None:
    group = new_group()
    jobs = [new_job() for _ in range(40)]
    for job in jobs:
        await publisher.publish(cancelled(job))

    async def bad_deploy(_: Event) -> None:
        raise KeyError("a field that is not there")

    async with consuming(settings, publisher, bad_deploy, group=group) as consumer:
        await until(lambda: bool(consumer.why()), patience=3 * PATIENCE)
        assert not consumer.ready()
        assert "a field that is not there" in consumer.why()
        assert metrics.CONSUMER_HELD._value.get() == 1
        assert await stays_in_its_group(consumer, settings, group)
    letters = await DeadLetters(settings.kafka_bootstrap).every()
    aside = {(letter.key or b"").decode() for letter in letters if letter.group == group}
    assert 0 < len(aside) < AT_LEAST

    handled: set[str] = set()

    async def mended(event: Event) -> None:
        handled.add(event.key)

    async with consuming(settings, publisher, mended, group=group) as consumer:
        await until(lambda: set(jobs) <= handled | aside)
        assert consumer.ready()
        assert metrics.CONSUMER_HELD._value.get() == 0


PARTITIONS = 3


async def stays_in_its_group(consumer: Consumer, settings: Settings, group: str) -> bool:
    """Whether the partitions that a leaving member gives up are given to the consumer that holds.

    It must go on polling for that, and must handle nothing that the rebalance brings it again.
    """
    visitor = Subscription(settings.kafka_bootstrap, group, [topics.JOBS_CANCELLED])
    async with asyncio.timeout(PATIENCE):
        await visitor.start()
        while not visitor.assigned():
            await visitor.poll()
        await visitor.stop()
        while consumer._subscription.assigned() < PARTITIONS:
            await asyncio.sleep(0.1)
    return consumer.alive() and bool(consumer.why())
