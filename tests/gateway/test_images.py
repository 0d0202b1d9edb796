"""An image over the REST API: from its prompt to the link of its picture."""

from __future__ import annotations

from typing import Any

import pytest

from storyreel import topics
from storyreel.contracts.events.v1.job_pb2 import JobApproved, JobSettled
from storyreel.contracts.events.v1.outcome_pb2 import Failure, FailureKind, Line
from storyreel.outcomes import KINDS
from storyreel.recipes import PanelRecipe
from tests.gateway.conftest import Gateway

PROMPT = "A fox in a red scarf reads a map under an oak tree,\n on a snowy evening"


async def draw(gateway: Gateway, **changes: Any) -> dict[str, Any]:
    answer = await gateway.http.post(
        "/v1/images", json={"prompt": PROMPT, "resolution": "720p", "tier": "high", **changes}
    )
    assert answer.status_code == 202, answer.text
    job: dict[str, Any] = answer.json()
    assert answer.headers["Location"] == f"/v1/jobs/{job['id']}"
    return job


async def test_an_image_is_a_job_of_one_panel_with_its_quote(gateway: Gateway) -> None:
    job = await draw(gateway)
    assert (job["kind"], job["state"], job["title"]) == ("image", "submitted", "A fox in a red scarf…")
    assert (job["shots"], job["images"], job["film"]) == ([], [], None)
    assert [(stage["stage"], stage["total"]) for stage in job["stages"]] == [("panel", 1)]
    plan = await gateway.plan(job["id"])
    [line] = plan.lines
    assert isinstance(line.recipe, PanelRecipe)
    assert line.recipe.text == " ".join(PROMPT.split())
    assert (line.recipe.setting.weather, line.recipe.setting.time) == ("snow", "dusk")
    assert (line.recipe.width, line.recipe.height, line.tier, line.shot) == (1280, 720, "high", 0)
    assert job["quote"]["credits"] == line.credits > 0
    assert await gateway.read(job["id"]) == job


async def test_a_made_image_is_linked_under_a_good_name(gateway: Gateway) -> None:
    name = (await draw(gateway))["id"]
    await gateway.say(topics.JOBS_APPROVED, JobApproved(job_id=name), name)
    await gateway.made(name, "panel-001", "panel")
    await gateway.say(topics.JOBS_SETTLED, JobSettled(job_id=name, captured_credits=3), name)
    job = await gateway.read(name)
    assert (job["state"], job["charged_credits"]) == ("succeeded", 3)
    [image] = job["images"]
    assert (image["width"], image["height"], image["shot"]) == (1280, 720, None)
    assert "local/panel/panel-001.png" in image["url"]
    assert "a-fox-in-a-red-scarf.png" in image["url"]


async def test_a_refused_image_says_why_and_what_to_do(gateway: Gateway) -> None:
    name = (await draw(gateway))["id"]
    refused = Failure(kind=FailureKind.FAILURE_KIND_REFUSED, reason="no foxes", cause_line_id="panel-001")
    message = KINDS["panel"].failed(Line(job_id=name, line_id="panel-001"), refused)
    await gateway.say(topics.PANELS_FAILED, message, name, "panel-001")
    job = await gateway.read(name)
    assert job["state"] == "attention"
    assert job["failures"] == [{"shot": None, "stage": "panel", "reason": "no foxes"}]
    assert "prompt" in job["notice"]


async def test_a_storys_panels_are_linked_once_it_has_ended(gateway: Gateway) -> None:
    job = await gateway.submit()
    await gateway.make_all(job["id"], but="film")
    assert (await gateway.read(job["id"]))["images"] == []
    await gateway.made(job["id"], "film", "film")
    images = (await gateway.read(job["id"]))["images"]
    assert [image["shot"] for image in images] == [shot["number"] for shot in job["shots"]]
    assert "-001.png" in images[0]["url"]


@pytest.mark.parametrize(
    ("changes", "says", "field"),
    [
        ({"prompt": " \n"}, "empty", "prompt"),
        ({"prompt": "a fox\x00"}, "U+0000", "prompt"),
        ({"prompt": "fox " * 1001}, "4,000", "prompt"),
        ({"style": "s" * 101}, "style", "prompt"),
        ({"aspect": "3:1"}, "unknown aspect '3:1'", None),
        ({"resolution": "8k"}, "unknown resolution '8k'", None),
        ({"tier": "ultra"}, "unknown tier 'ultra'", None),
        ({"engine": "oil"}, "unknown engine 'oil'", None),
        ({"count": 4}, "count", "count"),
    ],
)
async def test_a_wrong_image_is_a_problem_that_says_what_is_wrong(
    gateway: Gateway, changes: dict[str, Any], says: str, field: str | None
) -> None:
    answer = await gateway.http.post("/v1/images", json={"prompt": PROMPT, **changes})
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert says in answer.json()["detail"]
    assert answer.json().get("field") == field
    assert await gateway.jobs.collection.count({}) == 0
