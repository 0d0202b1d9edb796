"""From a story file to a film in place, and every way in which there is none."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from scripted_gateway import FILES, SUCCEEDED, Script, film, job, scripted
from waiting import until

from storyreel.local import follow as following
from storyreel.local.errors import LocalError
from storyreel.local.gateway import GatewayGoneError, StoryRequest
from storyreel.local.progress import PlainDisplay
from storyreel.local.render import RenderOptions, render
from storyreel.local.state import StateFolder

REQUEST = StoryRequest(
    script="A fox.", aspect="16:9", resolution="720p", tier="low", engine="local", style=None
)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "_LOOK_SECONDS", 0.1)
    monkeypatch.setattr(following, "_GATHER_SECONDS", 0.01)
    monkeypatch.setattr(following, "_SETTLE_SECONDS", 0.3)


async def rendered(script: Script, folder: Path, *, timeout: float = 10) -> str:
    """What a rendering on a gateway with that script prints; raises what it raises."""
    said = io.StringIO()
    async with scripted(script) as url:
        options = RenderOptions(
            REQUEST, folder / "out.mp4", StateFolder(folder / "state"), url, False, timeout
        )
        await render(options, PlainDisplay(Console(file=said, width=200)))
    return said.getvalue()


async def refused(states: Sequence[dict[str, Any]], folder: Path, match: str) -> None:
    """Rendering fails with that sentence and leaves nothing behind."""
    with pytest.raises(LocalError, match=match):
        await rendered(Script(states), folder)
    assert list(folder.glob("*out*")) == []


async def test_the_film_and_its_files_are_in_place_and_the_price_is_told(tmp_path: Path) -> None:
    script = Script([job("submitted"), job("rendering", 1, 1), job("composing", 2, 6), SUCCEEDED])
    said = await rendered(script, tmp_path)
    found = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    assert found == {name.replace("film", "out"): content for name, content in FILES.items()}
    assert script.submitted == [REQUEST.model_dump()]
    assert "quoted at 14 credits" in said
    assert "14 quoted, 14 charged" in said
    assert "0:12.5, 375 frames, 1280x720 at 30" in said
    assert str(tmp_path / "out.mp4") in said


async def test_progress_is_told_stage_by_stage_and_shot_by_shot_once(tmp_path: Path) -> None:
    steps = [job("rendering", seq, seq) for seq in range(7)]
    said = await rendered(Script([*steps, SUCCEEDED], seconds_between_events=0.15), tmp_path)
    for line in (
        "panels: 1 of 2",
        "panels: 2 of 2",
        "shot 1: panel done",
        "shot 2: clip done",
        "film: 1 of 1",
    ):
        assert said.count(line) == 1, line


async def test_a_broken_stream_is_resumed_after_the_last_event(tmp_path: Path) -> None:
    script = Script([*(job("rendering", seq) for seq in range(4)), SUCCEEDED], events_per_stream=2)
    await rendered(script, tmp_path)
    assert script.resumed_after[:2] == [None, "2"]


async def test_a_job_without_events_is_still_followed(tmp_path: Path) -> None:
    script = Script([job("rendering"), SUCCEEDED], events_per_stream=0)

    async def finish() -> None:
        await until(lambda: script.looks >= 3)
        script.shown = 1

    finishing = asyncio.create_task(finish())
    assert "14 charged" in await rendered(script, tmp_path)
    await finishing


async def test_a_declined_job_tells_the_shortfall(tmp_path: Path) -> None:
    declined = job("declined", 1, notice="9 credits are missing.", settled=True)
    await refused([job("submitted"), declined], tmp_path, r"declined: 9 credits are missing\.")


async def test_attention_names_every_failed_shot_and_its_reason(tmp_path: Path) -> None:
    failures = [
        {"shot": 2, "stage": "panel", "reason": "The text is too long."},
        {"shot": None, "stage": "sheet", "reason": "No description"},
    ]
    ended = job("attention", 3, failures=failures, settled=True)
    await refused([job("rendering"), ended], tmp_path, r"shot 2, panel: The text is too long; sheet: No desc")


async def test_a_cancelled_job_is_an_error(tmp_path: Path) -> None:
    await refused([job("rendering"), job("cancelled", 1, settled=True)], tmp_path, "The job was cancelled")


async def test_a_refused_story_is_told_in_the_gateways_words(tmp_path: Path) -> None:
    script = Script([job("submitted")], refuse_story="The story has 240 shots: at most 200.")
    with pytest.raises(LocalError, match="240 shots: at most 200"):
        await rendered(script, tmp_path)


async def test_a_job_without_news_times_out_and_says_where_to_look(tmp_path: Path) -> None:
    with pytest.raises(LocalError, match=r"No news of job job-1 for 0\.5 s .*v1/jobs/job-1.*--timeout"):
        await rendered(Script([job("rendering")]), tmp_path, timeout=0.5)


async def test_a_success_that_is_not_settled_is_delivered_anyway(tmp_path: Path) -> None:
    unsettled = SUCCEEDED | {"settled": False, "charged_credits": None}
    said = await rendered(Script([job("composing"), unsettled]), tmp_path)
    assert "14 quoted, not settled yet" in said
    assert (tmp_path / "out.mp4").exists()


async def test_a_gateway_that_is_not_there_is_named(tmp_path: Path) -> None:
    options = RenderOptions(
        REQUEST, tmp_path / "out.mp4", StateFolder(tmp_path), "http://127.0.0.1:9", False, 5
    )
    with pytest.raises(GatewayGoneError, match=r"http://127\.0\.0\.1:9/v1/stories does not answer"):
        await render(options, PlainDisplay(Console(file=io.StringIO())))


async def test_a_gateway_that_goes_away_is_waited_for_and_then_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "_GONE_SECONDS", 0.4)
    script = Script([job("rendering")])
    said = io.StringIO()
    async with scripted(script) as url:
        options = RenderOptions(REQUEST, tmp_path / "out.mp4", StateFolder(tmp_path), url, False, 30)
        working = asyncio.create_task(render(options, PlainDisplay(Console(file=said))))
        await until(lambda: script.looks >= 2)
    with pytest.raises(GatewayGoneError, match="Job job-1 may go on, but"):
        await asyncio.wait_for(working, 10)


async def test_interrupting_cancels_the_job(tmp_path: Path) -> None:
    script = Script([job("rendering")])
    said = io.StringIO()
    async with scripted(script) as url:
        options = RenderOptions(REQUEST, tmp_path / "out.mp4", StateFolder(tmp_path), url, False, 30)
        working = asyncio.create_task(render(options, PlainDisplay(Console(file=said, width=200))))
        await until(lambda: script.looks >= 2)
        working.cancel()
        with pytest.raises(asyncio.CancelledError):
            await working
    assert script.cancelled.is_set()
    assert "job-1 is cancelled; what was made is kept" in said.getvalue()


async def test_expired_links_are_asked_for_again(tmp_path: Path) -> None:
    script = Script([job("composing"), SUCCEEDED | {"film": film("expired")}], renewed=SUCCEEDED)
    await rendered(script, tmp_path)
    assert (tmp_path / "out.mp4").read_bytes() == FILES["film.mp4"]


async def test_links_that_stay_expired_are_an_error_after_three_tries(tmp_path: Path) -> None:
    await refused([job("composing"), SUCCEEDED | {"film": film("expired")}], tmp_path, "HTTP 403")


async def test_a_download_that_breaks_off_leaves_no_half_film(tmp_path: Path) -> None:
    (tmp_path / "out.mp4").write_bytes(b"the film before")
    script = Script([job("composing"), SUCCEEDED | {"film": film() | {"url": "/cut/film.mp4"}}])
    with pytest.raises(GatewayGoneError):
        await rendered(script, tmp_path)
    assert script.breaks == 3
    assert (tmp_path / "out.mp4").read_bytes() == b"the film before"
    assert {path.name for path in tmp_path.glob(".*")} == set()
