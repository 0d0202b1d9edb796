"""Engines that do not answer, as the users of the jobs that wait for them are told."""

from __future__ import annotations

import asyncio
import itertools
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, Final

import httpx
import pytest

from services.gateway.api.routes import Deps
from services.gateway.app import HttpServer, make_app
from services.gateway.engines import Engines, StoppedEngine, notice_of
from services.gateway.jobs import Job, JobKind, Tally
from services.gateway.pricing_client import PricingClient
from services.gateway.submission import Submissions
from storyreel import topics
from storyreel.contracts.events.v1.engine_pb2 import EngineResumed, EngineStopped
from storyreel.contracts.events.v1.job_pb2 import JobDeclined
from storyreel.documents import Documents
from storyreel.events import Event
from tests.gateway.conftest import Gateway

NOON: Final = datetime(2026, 11, 24, 12, tzinfo=UTC)
PATIENCE: Final = 30.0


def milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def stopped(version: int, *, engine: str = "local", kinds: tuple[str, ...] = ("sheet", "panel")) -> Event:
    message = EngineStopped(
        engine=engine,
        service="image",
        kinds=kinds,
        version=version,
        since_ms=milliseconds(NOON),
        retry_at_ms=milliseconds(NOON.replace(minute=15)),
        reason=f"connection refused, {version}",
    )
    return fact(topics.ENGINES_STOPPED, message)


def resumed(version: int, *, engine: str = "local") -> Event:
    return fact(topics.ENGINES_RESUMED, EngineResumed(engine=engine, service="image", version=version))


def fact(topic: str, message: Any) -> Event:
    cause = [message.service, message.engine, str(message.version)]
    return Event.of(topic, message, key=message.engine, source="/test", subject="", cause=cause)


def job(*tallies: Tally) -> Job:
    return Job("job", "local", JobKind.STORY, "A fox", "", "quote", 1, "plan", tallies)


WAITING: Final = job(Tally("panel", "kling-3", total=2, done=1), Tally("clip", "local", total=2))


def away(**changes: Any) -> StoppedEngine:
    stop = {
        "engine": "kling-3",
        "kinds": ("panel",),
        "since_ms": milliseconds(NOON.replace(hour=10, minute=32)),
        "retry_at_ms": milliseconds(NOON.replace(hour=12, minute=47)),
        "reason": "connection refused",
    }
    return StoppedEngine(**{**stop, **changes})


def test_the_notice_says_which_engine_since_when_why_and_when_it_is_tried_again() -> None:
    assert notice_of(WAITING, [away()], NOON) == (
        "kling-3 has not answered since 10:32 UTC: connection refused; trying again at 12:47 UTC"
    )


def test_times_of_another_day_are_told_with_their_date_and_a_time_that_is_over_is_now() -> None:
    yesterday = away(since_ms=milliseconds(NOON.replace(day=23)), retry_at_ms=milliseconds(NOON))
    assert notice_of(WAITING, [yesterday], NOON) == (
        "kling-3 has not answered since 12:00 UTC on 23 November: connection refused; trying again now"
    )


@pytest.mark.parametrize(
    ("stop", "whose"),
    [
        (away(engine="seedance-2"), "another engine's"),
        (away(kinds=("clip",)), "another service's"),
    ],
)
def test_what_a_job_does_not_wait_for_is_none_of_its_business(stop: StoppedEngine, whose: str) -> None:
    assert notice_of(WAITING, [stop], NOON) is None, whose


def test_a_job_whose_lines_of_that_engine_have_ended_waits_no_more() -> None:
    ended = job(Tally("panel", "kling-3", total=2, done=1, failed=1), Tally("clip", "local", total=2))
    assert notice_of(ended, [away()], NOON) is None


def test_an_engine_that_two_services_miss_is_told_once_by_the_longer_stop() -> None:
    later = away(since_ms=milliseconds(NOON), reason="502")
    notice = notice_of(WAITING, [later, away()], NOON)
    assert notice == notice_of(WAITING, [away()], NOON)


FACTS: Final = (stopped(1), resumed(2), stopped(3))


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))), ids=str)
async def test_the_last_fact_holds_in_every_order_and_however_often_it_comes(
    documents: Documents, order: tuple[int, ...]
) -> None:
    engines = Engines(documents)
    waiting = job(Tally("panel", "local", total=1))
    for number in (*order, *order):
        await engines.merge(FACTS[number])
    notice = await engines.notice(waiting)
    assert notice is not None
    assert "connection refused, 3" in notice
    await engines.merge(resumed(4))
    await engines.merge(stopped(3))
    assert await engines.notice(waiting) is None


async def test_two_gateways_that_hear_the_first_facts_at_once_keep_the_later(documents: Documents) -> None:
    gateways = [Engines(documents) for _ in range(6)]
    await asyncio.gather(
        *(one.merge(event) for one, event in zip(gateways, [*FACTS, *FACTS], strict=True)),
        *(one.merge(resumed(9)) for one in gateways),
    )
    assert await gateways[0].notice(job(Tally("panel", "local", total=1))) is None


async def test_a_waiting_job_says_so_and_stops_saying_so_when_the_engine_answers(gateway: Gateway) -> None:
    name = (await gateway.submit())["id"]
    assert (await gateway.read(name))["notice"] is None
    await gateway.engines.merge(stopped(1))
    assert (await gateway.read(name))["notice"].startswith("local has not answered since ")
    later = await gateway.submit()
    assert later["notice"] == (await gateway.read(name))["notice"], "a new job is told, too"
    await gateway.engines.merge(resumed(2))
    assert (await gateway.read(name))["notice"] is None


async def test_why_a_job_was_declined_comes_before_what_it_waits_for(gateway: Gateway) -> None:
    name = (await gateway.submit())["id"]
    await gateway.engines.merge(stopped(1))
    await gateway.say(topics.JOBS_DECLINED, JobDeclined(job_id=name, reason="the wallet lacks 5"), name)
    assert (await gateway.read(name))["notice"] == "the wallet lacks 5"


async def test_those_who_follow_a_job_hear_of_a_stop_and_of_its_end(gateway: Gateway) -> None:
    name = (await gateway.submit())["id"]
    await gateway.engines.merge(stopped(1))
    heard: list[dict[str, Any]] = []
    async with serving(gateway) as url, httpx.AsyncClient(base_url=url, timeout=PATIENCE) as http:
        async for event in follow(http, name):
            if event.get("event") != "notice":
                continue
            assert "id" not in event, "a notice is no place to resume from"
            heard.append(json.loads(event["data"]))
            if heard[-1]["notice"]:
                await gateway.engines.merge(resumed(2))
            else:
                declined = JobDeclined(job_id=name, reason="enough")
                await gateway.say(topics.JOBS_DECLINED, declined, name)
    assert heard[0]["notice"].startswith("local has not answered since ")
    assert heard[1:] == [{"seq": 0, "type": "notice", "state": "submitted", "notice": None}]


@asynccontextmanager
async def serving(gateway: Gateway) -> AsyncIterator[str]:
    """The API behind a socket: its events can be read while they come."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    stopping = asyncio.Event()
    submissions = Submissions(gateway.jobs, gateway.assets, PricingClient("127.0.0.1:9"))
    deps = Deps(gateway.jobs, submissions, gateway.assets, stopping, gateway.engines)
    server = HttpServer(make_app(deps, unready=lambda: ""), "127.0.0.1", port)
    running = asyncio.create_task(server.run(stopping))
    yield f"http://127.0.0.1:{port}"
    stopping.set()
    await running


async def follow(http: httpx.AsyncClient, job_id: str) -> AsyncIterator[dict[str, str]]:
    """The job's events, field by field, to the end of the stream."""
    async with http.stream("GET", f"/v1/jobs/{job_id}/events") as answer:
        event: dict[str, str] = {}
        async for line in answer.aiter_lines():
            field, _, value = line.partition(": ")
            if line and field:
                event[field] = value
            elif event:
                yield event
                event = {}
