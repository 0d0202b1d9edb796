"""The cap on the work that one owner has open (three jobs, or 60 lines, in these tests)."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx

from storyreel.documents import Documents
from tests.gateway.conftest import LIMITS, STORY, Gateway


async def draw(gateway: Gateway, prompt: str) -> httpx.Response:
    return await gateway.http.post("/v1/images", json={"prompt": prompt})


async def test_a_job_over_the_cap_is_refused_with_the_numbers_and_nothing_of_it_stays(
    gateway: Gateway, documents: Documents
) -> None:
    names = [(await draw(gateway, f"{number} ducks")).json()["id"] for number in range(LIMITS.jobs)]
    quotes = await documents.collection("quotes").count({})
    answer = await draw(gateway, "one duck more")
    assert answer.status_code == 429
    assert answer.headers["content-type"] == "application/problem+json"
    assert int(answer.headers["Retry-After"]) > 0
    said: dict[str, Any] = answer.json()
    assert said["type"].endswith("/too-much-open-work")
    assert "you have 3 of 3 jobs open, with 3 of 60 assets still to be made" in said["detail"]
    assert await gateway.jobs.collection.count({}) == LIMITS.jobs
    assert await documents.collection("quotes").count({}) == quotes
    await gateway.made(names[0], "panel-001", "panel")
    assert (await draw(gateway, "one duck more")).status_code == 202


async def test_open_lines_count_as_well_as_open_jobs(gateway: Gateway) -> None:
    script = "\n\n".join(f"The farmer looked at field number {n} and at the sky above it." for n in range(15))
    first = await gateway.http.post("/v1/stories", json={"script": script})
    lines = len((await gateway.plan(first.json()["id"])).lines)
    assert LIMITS.lines / 2 < lines <= LIMITS.lines
    answer = await gateway.http.post("/v1/stories", json={"script": script})
    assert answer.status_code == 429
    assert f"{lines} of 60 assets still to be made" in answer.json()["detail"]
    assert (await gateway.http.post("/v1/stories", json={"script": STORY})).status_code == 202


async def test_a_story_that_is_over_the_cap_alone_is_told_to_be_shorter(gateway: Gateway) -> None:
    script = "\n\n".join(f"The farmer looked at field number {n} and at the sky above it." for n in range(40))
    answer = await gateway.http.post("/v1/stories", json={"script": script})
    assert answer.status_code == 422
    assert "60 are allowed at once" in answer.json()["detail"]


async def test_requests_at_the_same_moment_do_not_pass_the_cap_together(gateway: Gateway) -> None:
    answers = await asyncio.gather(*(draw(gateway, f"{number} ducks") for number in range(10)))
    assert sorted(answer.status_code for answer in answers) == [202] * LIMITS.jobs + [429] * 7
    assert await gateway.jobs.collection.count({}) == LIMITS.jobs
