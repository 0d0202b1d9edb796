"""A story becomes a film: the whole path, from REST to the bytes of the film."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from services.image.engines.local.engine import png_size
from storyreel.media.probe import count_decoded_frames, probe
from tests.end_to_end.conftest import PATIENCE, Product
from tests.end_to_end.refusing_image import NO_DRAGONS

STORY = """---
title: The Lantern
characters:
  - name: Ada
    description: a girl in a red hood
    voice: girl
---
At dusk Ada carried a lantern through the forest. A wooden sign read "Old Mill".

"Who is there?" said Ada. Only the owl answered from the dark tree above her.

She walked on in the rain, and the mill stood by the river with a light in its window.
"""
TRACE, CALLER = "5f0e" * 8, "c011" * 4
"""The trace and the span of whoever asks for the film of this story."""
HOPS = {
    ("gateway", "pricing"),
    ("pricing", "image"),
    ("pricing", "narration"),
    ("pricing", "video"),
    ("pricing", "composer"),
    ("image", "video"),
    ("narration", "video"),
    ("narration", "composer"),
    ("video", "composer"),
    ("composer", "pricing"),
    ("composer", "gateway"),
    ("pricing", "gateway"),
}
SERVICES = {"gateway", "pricing", "image", "narration", "video", "composer"}
pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="session")
def told() -> dict[str, Any]:
    """Films that tests of this session have made, so that each is made once."""
    return {}


async def film_of(product: Product, told: dict[str, Any]) -> dict[str, Any]:
    if "job" not in told:
        submitted = await product.submit(STORY, traceparent=f"00-{TRACE}-{CALLER}-01")
        told["job"] = await product.settled(submitted["id"])
    job: dict[str, Any] = told["job"]
    return job


async def test_the_command_line_makes_a_film_with_sound_and_subtitles(
    product: Product, told: dict[str, Any], tmp_path: Path
) -> None:
    job = await film_of(product, told)
    story, film = tmp_path / "story.md", tmp_path / "film.mp4"
    story.write_text(STORY)
    command = Path(sys.executable).with_name("storyreel")
    arguments = ["render", story, "-o", film, "--resolution", "720p", "--url", product.stack.gateway_url]
    process = await asyncio.create_subprocess_exec(command, *arguments, stderr=subprocess.PIPE)
    _, complaint = await process.communicate()
    assert process.returncode == 0, complaint.decode()
    facts = probe(film)
    assert facts.video is not None
    assert facts.audio is not None
    assert (facts.video.codec, facts.video.pixel_format) == ("h264", "yuv420p")
    assert (facts.video.width, facts.video.height, facts.video.fps) == (1280, 720, 30)
    assert (facts.audio.codec, facts.audio.rate, facts.audio.channels) == ("aac", 48_000, 2)
    assert [track.codec for track in facts.subtitles] == ["mov_text"]
    assert facts.faststart
    assert facts.title == "The Lantern"
    assert count_decoded_frames(film) == facts.video.frames == job["film"]["frames"]
    assert film.with_suffix(".jpg").stat().st_size > 10_000
    assert film.with_suffix(".vtt").read_text().startswith("WEBVTT")
    spoken = re.sub(r"(?m)^(\d+|[\d:,]+ --> [\d:,]+|)$", "", film.with_suffix(".srt").read_text())
    assert spoken.split() == STORY.split("---\n")[2].split()


async def test_rendering_again_makes_nothing_new_and_charges_nothing(
    product: Product, told: dict[str, Any]
) -> None:
    first = await film_of(product, told)
    assert first["charged_credits"] == first["quote"]["credits"] > 0
    again = await product.render(STORY)
    assert again["state"] == "succeeded"
    assert (again["quote"]["credits"], again["charged_credits"]) == (0, 0)
    assert again["film"]["url"].split("?")[0] == first["film"]["url"].split("?")[0]


async def test_one_edit_pays_for_one_shot(product: Product, told: dict[str, Any]) -> None:
    first = await film_of(product, told)
    edited = await product.render(STORY.replace("in the rain", "in the snow"))
    assert edited["state"] == "succeeded"
    # A panel, a narration and a clip; the sheet and the other shots are there already.
    assert edited["charged_credits"] == edited["quote"]["credits"] == 3
    assert first["charged_credits"] > 3


async def test_one_trace_has_spans_of_all_six_services_with_an_edge_over_every_hop(
    product: Product, told: dict[str, Any]
) -> None:
    await film_of(product, told)
    # A service writes a span when it has ended, which may be a moment after the job was seen to be settled.
    async with asyncio.timeout(PATIENCE):
        while not hops(spans := spans_of(product)) >= HOPS:
            await asyncio.sleep(0.3)
    assert {span["service"] for span in spans.values()} == SERVICES
    tops = [span["name"] for span in spans.values() if span["parent_id"] == f"0x{CALLER}"]
    assert tops == ["POST /v1/stories"]


def spans_of(product: Product) -> dict[str, dict[str, Any]]:
    """The spans of the film's trace, by id."""
    spans = {}
    for file in product.stack.state.traces.glob("*.jsonl"):
        # A span that is being written has no end of line yet.
        for line in file.read_text().split("\n")[:-1]:
            span = json.loads(line)
            if span["context"]["trace_id"] == f"0x{TRACE}":
                spans[span["context"]["span_id"]] = {**span, "service": file.stem}
    return spans


def hops(spans: dict[str, dict[str, Any]]) -> set[tuple[str, str]]:
    """From which service to which an event was followed: a `process` span below its `publish` span."""
    followed = set()
    for span in spans.values():
        publish = spans.get(span["parent_id"])
        if span["name"].startswith("process ") and publish is not None:
            assert publish["name"] == span["name"].replace("process", "publish")
            followed.add((publish["service"], span["service"]))
    return followed


async def test_a_refused_panel_ends_its_clip_and_the_film_and_keeps_the_rest(product: Product) -> None:
    job = await product.render(
        "The knight rode out of the castle in the morning sun.\n\n"
        "Behind the hill a dragon was sleeping on its gold.\n\n"
        "The knight rode home again, and said nothing to anybody about it."
    )
    assert job["state"] == "attention"
    assert [(failure["stage"], failure["reason"]) for failure in job["failures"]] == [("panel", NO_DRAGONS)]
    failed = job["failures"][0]["shot"]
    shots = {shot["number"]: (shot["panel"], shot["narration"], shot["clip"]) for shot in job["shots"]}
    assert shots.pop(failed) == ("failed", "done", "failed")
    assert set(shots.values()) == {("done", "done", "done")}
    assert job["film"] is None
    assert 0 < job["charged_credits"] < job["quote"]["credits"]


async def test_killing_any_service_in_the_middle_still_ends_in_the_film(product: Product) -> None:
    job = await product.submit(
        "The old sailor rowed his boat over the grey sea at dawn.\n\n"
        "A storm came up, and tall waves threw the little boat about.\n\n"
        "At night the stars came out, and he saw the lighthouse on the shore."
    )
    for name in ("image", "narration", "pricing", "video", "gateway", "composer"):
        product.stack.services[name].kill()
    ended = await product.settled(job["id"])
    assert ended["state"] == "succeeded"
    assert ended["charged_credits"] == ended["quote"]["credits"]


async def test_a_cancelled_job_ends_and_gives_back_what_was_not_made(product: Product) -> None:
    job = await product.submit(
        "\n\n".join(f"The farmer looked at field number {n} and at the sky above it." for n in range(30))
    )
    assert (await product.http.post(f"/v1/jobs/{job['id']}/cancel")).status_code == 202
    ended = await product.settled(job["id"])
    assert ended["state"] == "cancelled"
    assert ended["charged_credits"] < ended["quote"]["credits"]
    assert await product.held_credits() == 0


async def test_a_gateway_that_is_killed_right_after_its_answer_loses_nothing(product: Product) -> None:
    job = await product.draw("A lighthouse on a cliff above a stormy sea, at night")
    product.stack.services["gateway"].kill()
    ended = await product.settled(job["id"])
    assert (ended["state"], ended["kind"]) == ("succeeded", "image")
    assert ended["charged_credits"] == ended["quote"]["credits"] > 0


async def test_an_image_is_drawn_and_paid_for_once(product: Product, tmp_path: Path) -> None:
    prompt = "A fox in a red scarf reads a map under an oak tree, on a snowy evening"
    first = await product.settled((await product.draw(prompt, aspect="4:5"))["id"])
    assert (first["state"], first["kind"], first["shots"]) == ("succeeded", "image", [])
    [image] = first["images"]
    assert (image["width"], image["height"]) == (720, 900)
    png = await product.download(image["url"], tmp_path / "fox.png")
    assert png_size(png.read_bytes()) == (720, 900)
    again = await product.settled((await product.draw(prompt, aspect="4:5"))["id"])
    assert (again["state"], again["charged_credits"]) == ("succeeded", 0)
    assert again["images"][0]["url"].split("?")[0] == image["url"].split("?")[0]
