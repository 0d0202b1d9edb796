"""A story of twelve shots with one that cannot be drawn: what is kept, what is charged, and its mending."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from storyreel.board.store import Rows
from storyreel.contracts.events.v1.asset_pb2 import Clip
from storyreel.documents import Documents
from storyreel.media.probe import count_decoded_frames
from tests.end_to_end.conftest import Product
from tests.end_to_end.refusing_image import NO_CAVES

pytestmark = pytest.mark.timeout(900)

STORY = """---
title: The Cartographer
characters:
  - name: Mira
    description: a cartographer in a green coat
    voice: woman
---
## In the city

Mira packed her pencils and her paper before the sun was up.

The streets were still empty when she closed her door behind her.

A baker called to her from his window, and gave her a loaf of bread.

## By the river

She drew the river first, with every bend and every island in it.

A heron stood in the reeds and watched her work all morning long.

At noon she ate half of her bread and threw the crumbs to the fish.

## In the cave

Here nobody had ever drawn a line, and Mira lit her lamp and began.

## On the mountain

From the top she saw the whole of the country that she had drawn.

An eagle turned above her, and the wind pulled at her paper.

She wrote the name of every village in her smallest letters.

## In the city

At home she hung the finished map upon the wall above her bed.

Then she slept, and dreamed of the places that were not on it.
"""
# What is drawn changes and what is said does not: the narration stays.
MENDED = STORY.replace("## In the cave", "## In the forest")
REFUSED = 7


async def test_after_one_edit_a_new_job_pays_for_that_shots_panel_and_clip_and_the_film_is_whole(
    product: Product, tmp_path: Path
) -> None:
    job = await product.render(STORY)
    assert job["state"] == "attention"
    assert job["failures"] == [{"shot": REFUSED, "stage": "panel", "reason": NO_CAVES}]
    shots = {shot["number"]: (shot["panel"], shot["narration"], shot["clip"]) for shot in job["shots"]}
    assert len(shots) == 12
    assert shots.pop(REFUSED) == ("failed", "done", "failed")
    assert set(shots.values()) == {("done", "done", "done")}
    prices = await product.priced_lines(job)
    unmade = prices["panel-007"] + prices["clip-007"]
    assert job["charged_credits"] == job["quote"]["credits"] - unmade
    assert await product.held_credits() == 0

    mended = await product.render(MENDED)
    assert mended["state"] == "succeeded"
    assert set(await product.priced_lines(mended)) == {"panel-007", "clip-007"}
    assert mended["charged_credits"] == mended["quote"]["credits"] == unmade
    assert await product.held_credits() == 0
    film = await product.download(mended["film"]["url"], tmp_path / "film.mp4")
    assert count_decoded_frames(film) == mended["film"]["frames"] == await frames_of_shots(product, mended)


async def frames_of_shots(product: Product, job: dict[str, Any]) -> int:
    """The frames of the job's clips, as the video service's board recorded them, all together."""
    environment = product.stack.servers.environment
    prefix = environment["STORYREEL_MONGO_PREFIX"]
    documents = Documents(environment["STORYREEL_MONGO_URL"], f"{prefix}_video")
    rows = await Rows(documents).collection.find({"requesters.job_id": job["id"]})
    documents.close()
    assert len(rows) == len(job["shots"])
    return sum(Clip.FromString(bytes(row["asset"])).frames for row in rows)
