"""Dead letters on a real broker: what they tell, that they go back whole, and that decisions are kept."""

from __future__ import annotations

import asyncio
import os
import sys
import uuid
from pathlib import Path

import pytest

from storyreel import topics
from storyreel.bus import deadletters
from storyreel.bus.deadletters import Action, DeadLetter, DeadLetters
from storyreel.bus.kafka import Producer, Record, read_topic
from storyreel.bus.publisher import Publisher
from storyreel.errors import InvalidError, NotFoundError, UnavailableError
from storyreel.events import Event
from storyreel.settings import Settings
from tests.bus.consuming import PATIENCE, cancelled, consuming, new_group, new_job

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def record_of(event: Event, offset: int = 7) -> Record:
    return Record(event.topic, 1, offset, event.key.encode(), event.body, dict(event.headers()))


async def letters_of(settings: Settings, group: str) -> list[DeadLetter]:
    found = await DeadLetters(settings.kafka_bootstrap).every()
    return [letter for letter in found if letter.group == group]


async def letters_about(event: Event, settings: Settings, group: str) -> list[DeadLetter]:
    """A group put aside what other tests left in the topic as well."""
    return [letter for letter in await letters_of(settings, group) if letter.key == event.key.encode()]


async def sent_to_origin(settings: Settings, key: str) -> list[Record]:
    records = await read_topic(settings.kafka_bootstrap, topics.JOBS_CANCELLED)
    return [record for record in records if record.key == key.encode()]


async def test_a_letter_tells_where_it_came_from_who_could_not_handle_it_why_when_and_in_which_trace(
    settings: Settings, publisher: Publisher
) -> None:
    event, group = cancelled(new_job(), traceparent=TRACE), new_group()
    await publisher.publish(event)

    async def handler(received: Event) -> None:
        if received.key == event.key:
            raise KeyError("no such thing")

    async with consuming(settings, publisher, handler, group=group), asyncio.timeout(PATIENCE):
        while not (letters := await letters_about(event, settings, group)):
            await asyncio.sleep(0.2)
    (letter,) = letters
    (origin,) = await sent_to_origin(settings, event.key)
    assert letter.origin == f"jobs.cancelled/{origin.partition}@{origin.offset}"
    assert letter.reason == "handler failed 3 times: KeyError('no such thing')"
    assert letter.event_type == "storyreel.events.v1.JobCancelled"
    assert letter.traceparent.split("-")[1] == TRACE.split("-")[1]
    assert letter.time > event.time
    assert letter.resolved is None


async def test_a_replayed_letter_is_the_message_as_it_came_and_waits_no_longer(
    settings: Settings, publisher: Publisher
) -> None:
    event, group = cancelled(new_job(), traceparent=TRACE), new_group()
    await publisher.put_aside(record_of(event), "testing", group=group)
    letters = DeadLetters(settings.kafka_bootstrap)
    assert await letters.replay(await letters_of(settings, group)) == 1
    (sent,) = await sent_to_origin(settings, event.key)
    assert (sent.value, sent.headers) == (event.body, dict(event.headers()))
    assert group not in {letter.group for letter in await letters.unresolved()}
    assert [letter.resolved for letter in await letters_of(settings, group)] == [Action.REPLAYED]


async def test_a_message_that_several_groups_put_aside_is_sent_once(
    settings: Settings, publisher: Publisher
) -> None:
    event, groups = cancelled(new_job()), [new_group(), new_group()]
    for group in groups:
        await publisher.put_aside(record_of(event, offset=99), "testing", group=group)
    both = [letter for group in groups for letter in await letters_of(settings, group)]
    assert await DeadLetters(settings.kafka_bootstrap).replay(both) == 1
    assert len(await sent_to_origin(settings, event.key)) == 1
    resolved = [letter.resolved for group in groups for letter in await letters_of(settings, group)]
    assert resolved == [Action.REPLAYED, Action.REPLAYED]


async def test_a_crash_between_the_message_and_its_marker_only_sends_it_again(
    settings: Settings, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    event, group = cancelled(new_job()), new_group()
    await publisher.put_aside(record_of(event), "testing", group=group)
    letters = DeadLetters(settings.kafka_bootstrap)

    async def crash(*_: object) -> None:
        raise UnavailableError("killed here")

    with monkeypatch.context() as patch, pytest.raises(UnavailableError):
        patch.setattr(deadletters, "_mark", crash)
        await letters.replay(await letters_of(settings, group))
    assert [letter.resolved for letter in await letters_of(settings, group)] == [None]
    await letters.replay(await letters_of(settings, group))
    assert len(await sent_to_origin(settings, event.key)) == 2
    assert [letter.resolved for letter in await letters_of(settings, group)] == [Action.REPLAYED]


async def test_a_letter_from_no_topic_of_ours_can_only_be_dropped(
    settings: Settings, publisher: Publisher
) -> None:
    group = new_group()
    await publisher.put_aside(Record("elsewhere", 0, 1, None, None, {}), "testing", group=group)
    letters = DeadLetters(settings.kafka_bootstrap)
    with pytest.raises(InvalidError, match="elsewhere"):
        await letters.replay(await letters_of(settings, group))
    await letters.drop(await letters_of(settings, group))
    assert [letter.resolved for letter in await letters_of(settings, group)] == [Action.DROPPED]


async def test_an_id_that_is_not_there_is_named(settings: Settings) -> None:
    with pytest.raises(NotFoundError, match="0:999999999"):
        await DeadLetters(settings.kafka_bootstrap).named(["0:999999999"])


async def test_a_body_is_shown_decoded_where_it_can_be_and_else_as_it_is() -> None:
    whole = letter_with(cancelled("job-1").body)
    assert '"job_id": "job-1"' in whole.body_text()
    assert letter_with(b"\xff\xff").body_text() == "ffff"


def letter_with(body: bytes) -> DeadLetter:
    return DeadLetter("0:1", topics.JOBS_CANCELLED, "", "", "", "", {}, b"key", body)


async def deadletters_command(environment: dict[str, str], *arguments: str) -> str:
    command = Path(sys.executable).with_name("storyreel")
    process = await asyncio.create_subprocess_exec(
        command,
        "deadletters",
        *arguments,
        env={**os.environ, **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()
    return said.decode()


async def test_the_command_line_lists_shows_replays_and_drops(
    settings: Settings, environment: dict[str, str], publisher: Publisher
) -> None:
    group, jobs = new_group(), [new_job(), new_job()]
    reason = f"testing {uuid.uuid4().hex}"
    for job in jobs:
        await publisher.put_aside(record_of(cancelled(job, traceparent=TRACE)), reason, group=group)
    first, second = await letters_of(settings, group)
    listed = await deadletters_command(environment, "list")
    row = next(line for line in listed.splitlines() if line.split()[:1] == [first.id])
    assert "jobs.cancelled/1@7" in row
    assert TRACE.split("-")[1] in row
    shown = await deadletters_command(environment, "show", first.id)
    assert reason in shown
    assert "ce_type: storyreel.events.v1.JobCancelled" in shown
    assert f'"job_id": "{jobs[0]}"' in shown
    assert "replayed 1 dead letters" in await deadletters_command(environment, "replay", first.id)
    assert "dropped 1 dead letters" in await deadletters_command(environment, "drop", second.id)
    still = [line.split()[:1] for line in (await deadletters_command(environment, "list")).splitlines()]
    assert [first.id] not in still
    assert [second.id] not in still
    every = await deadletters_command(environment, "list", "--all")
    assert {"replayed", "dropped"} <= set(every.split())
    assert len(await sent_to_origin(settings, jobs[0])) == 1
    assert await sent_to_origin(settings, jobs[1]) == []


async def test_a_producer_may_send_a_message_without_key_or_body(settings: Settings) -> None:
    mark = uuid.uuid4().hex.encode()
    producer = Producer(settings.kafka_bootstrap, idempotence=False)
    await producer.send(topics.JOBS_CANCELLED, None, None, [("mark", mark)])
    await producer.stop()
    records = await read_topic(settings.kafka_bootstrap, topics.JOBS_CANCELLED)
    (found,) = [record for record in records if record.headers.get("mark") == mark]
    assert (found.key, found.value or b"") == (None, b"")
