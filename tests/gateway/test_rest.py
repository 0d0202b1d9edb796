"""The REST API: stories in, jobs and their events out."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from services.gateway.api.routes import Deps
from services.gateway.app import make_app
from services.gateway.pricing_client import PricingClient
from services.gateway.submission import Submissions
from storyreel import topics
from storyreel.contracts.events.v1.job_pb2 import (
    JobApproved,
    JobCancelled,
    JobDeclined,
    JobSettled,
)
from storyreel.contracts.events.v1.outcome_pb2 import Failure, FailureKind, Line
from storyreel.outcomes import KINDS
from tests.gateway.conftest import STORY, Gateway


async def test_a_story_becomes_a_job_with_its_quote_and_shots(gateway: Gateway) -> None:
    job = await gateway.submit()
    plan = await gateway.plan(job["id"])
    assert job["state"] == "submitted"
    assert job["quote"]["credits"] == sum(line.credits for line in plan.lines) > 0
    assert " ".join(shot["text"] for shot in job["shots"]) == STORY
    assert {stage["stage"] for stage in job["stages"]} == {"sheet", "panel", "narration", "clip", "film"}
    assert await gateway.read(job["id"]) == job


async def test_the_states_a_user_sees_on_the_way_to_a_film(gateway: Gateway) -> None:
    name = (await gateway.submit())["id"]
    states = []
    await gateway.say(topics.JOBS_APPROVED, JobApproved(job_id=name), name)
    states.append((await gateway.read(name))["state"])
    await gateway.made(name, "panel-001", "panel")
    states.append((await gateway.read(name))["state"])
    await gateway.make_all(name, but="film")
    states.append((await gateway.read(name))["state"])
    await gateway.made(name, "film", "film")
    await gateway.say(topics.JOBS_SETTLED, JobSettled(job_id=name, captured_credits=9), name)
    job = await gateway.read(name)
    assert [*states, job["state"]] == ["approved", "rendering", "composing", "succeeded"]
    assert job["film"]["duration_seconds"] == 3.0
    assert job["film"]["url"].startswith("http")
    assert job["charged_credits"] == 9
    assert job["ended_at"]


async def test_any_order_and_repetition_of_events_ends_in_the_same_job(gateway: Gateway) -> None:
    name = (await gateway.submit())["id"]
    await gateway.say(topics.JOBS_SETTLED, JobSettled(job_id=name, captured_credits=9), name)
    await gateway.made(name, "film", "film")
    for _ in range(2):
        await gateway.make_all(name, but="film")
    await gateway.say(topics.JOBS_APPROVED, JobApproved(job_id=name), name)
    job = await gateway.read(name)
    assert job["state"] == "succeeded"
    lines = len((await gateway.plan(name)).lines)
    assert job["seq"] == lines + 2


async def test_a_failed_panel_ends_the_job_in_attention_with_the_reason(gateway: Gateway) -> None:
    name = (await gateway.submit())["id"]
    refused = Failure(kind=FailureKind.FAILURE_KIND_REFUSED, reason="no foxes", cause_line_id="panel-001")
    passed_on = Failure(kind=FailureKind.FAILURE_KIND_INPUT, reason="no foxes", cause_line_id="panel-001")
    for line_id, kind, failure in (
        ("panel-001", "panel", refused),
        ("clip-001", "clip", passed_on),
        ("film", "film", passed_on),
    ):
        message = KINDS[kind].failed(Line(job_id=name, line_id=line_id, shot=1), failure)
        await gateway.say(KINDS[kind].failed_topic, message, name, line_id)
    assert (await gateway.read(name))["state"] == "rendering"
    await gateway.make_all(name)
    job = await gateway.read(name)
    assert job["state"] == "attention"
    assert [failure["reason"] for failure in job["failures"]] == ["no foxes"]
    assert job["failures"][0]["stage"] == "panel"
    assert job["notice"]


async def test_shots_that_share_an_asset_share_its_state(gateway: Gateway) -> None:
    name = (await gateway.submit(script="\n\n***\n\n".join(["The bell rang at noon."] * 3)))["id"]
    await gateway.made(name, "narration-001", "narration")
    shots = (await gateway.read(name))["shots"]
    assert [shot["narration"] for shot in shots] == ["done"] * 3
    assert [shot["panel"] for shot in shots] == ["waiting"] * 3


async def test_a_declined_job_says_why(gateway: Gateway) -> None:
    name = (await gateway.submit())["id"]
    await gateway.say(topics.JOBS_DECLINED, JobDeclined(job_id=name, reason="the wallet lacks 5"), name)
    job = await gateway.read(name)
    assert (job["state"], job["notice"]) == ("declined", "the wallet lacks 5")
    assert (job["charged_credits"], job["settled"]) == (0, True)


async def test_a_cancel_is_said_once_and_an_ended_job_stays_ended(gateway: Gateway) -> None:
    name = (await gateway.submit())["id"]
    for _ in range(2):
        assert (await gateway.http.post(f"/v1/jobs/{name}/cancel")).status_code == 202
    document = await gateway.jobs.collection.find_one({"_id": name})
    said = [event["topic"] for event in (document or {})["outbox"]]
    assert said == [topics.JOBS_SUBMITTED, topics.JOBS_CANCELLED]
    await gateway.make_all(name)
    await gateway.say(topics.JOBS_CANCELLED, JobCancelled(job_id=name), name)
    assert (await gateway.read(name))["state"] == "succeeded"


async def test_events_are_streamed_from_where_the_reader_left_off_to_the_end(gateway: Gateway) -> None:
    name = (await gateway.submit())["id"]
    await gateway.say(topics.JOBS_APPROVED, JobApproved(job_id=name), name)
    await gateway.make_all(name)
    await gateway.say(topics.JOBS_SETTLED, JobSettled(job_id=name), name)
    whole = await gateway.http.get(f"/v1/jobs/{name}/events")
    ids = [int(line[4:]) for line in whole.text.splitlines() if line.startswith("id: ")]
    assert ids == list(range(1, len(ids) + 1))
    assert "event: jobs.approved" in whole.text
    rest = await gateway.http.get(f"/v1/jobs/{name}/events", headers={"Last-Event-ID": str(ids[-2])})
    assert [line for line in rest.text.splitlines() if line.startswith("id: ")] == [f"id: {ids[-1]}"]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"script": ""}, "empty"),
        ({"script": "\x00\x01\x02"}, "control"),
        ({"aspect": "3:1"}, "3:1"),
        ({"resolution": "8k"}, "unknown resolution '8k'"),
        ({"tier": "ultra"}, "unknown tier 'ultra'"),
        ({"engine": "oil"}, "unknown engine 'oil'"),
        ({"colour": "red"}, "colour"),
        (
            {
                "script": " ".join(
                    f"This is sentence {n}, which is long enough for a shot." for n in range(900)
                )
            },
            "200",
        ),
    ],
)
async def test_a_wrong_request_is_a_problem_that_says_what_is_wrong(
    gateway: Gateway, changes: dict[str, Any], says: str
) -> None:
    answer = await gateway.http.post("/v1/stories", json={"script": STORY, **changes})
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert says in answer.json()["detail"]
    assert await gateway.jobs.collection.count({}) == 0


async def test_a_body_over_the_limit_is_refused(gateway: Gateway) -> None:
    answer = await gateway.http.post("/v1/stories", json={"script": "word " * 400_000})
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"


async def test_an_unknown_job_is_a_problem(gateway: Gateway) -> None:
    for path in ("/v1/jobs/none", "/v1/jobs/none/events"):
        answer = await gateway.http.get(path)
        assert answer.status_code == 404
        assert answer.json()["detail"] == "there is no job 'none'"


async def test_pricing_that_is_away_is_said_and_nothing_is_submitted(
    gateway: Gateway,
) -> None:
    away = Submissions(gateway.jobs, gateway.assets, PricingClient("127.0.0.1:9"))
    app = make_app(
        Deps(gateway.jobs, away, gateway.assets, asyncio.Event(), gateway.engines), unready=lambda: "pricing"
    )
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as http:
        answer = await http.post("/v1/stories", json={"script": STORY})
        assert answer.status_code == 503
        assert (await http.get("/readyz")).status_code == 503
    assert await gateway.jobs.collection.count({}) == 0


async def test_the_openapi_page_describes_every_route(gateway: Gateway) -> None:
    paths = (await gateway.http.get("/openapi.json")).json()["paths"]
    assert set(paths) == {
        "/v1/stories",
        "/v1/images",
        "/v1/jobs/{job_id}",
        "/v1/jobs/{job_id}/cancel",
        "/v1/jobs/{job_id}/events",
    }
    page = await gateway.http.get("/docs")
    assert page.status_code == 200
    # The page must work without a network: whatever it loads comes from here.
    assert "https://" not in page.text
