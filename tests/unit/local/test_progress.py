"""The live picture of a job."""

from __future__ import annotations

import io

from rich.console import Console
from scripted_gateway import job

from storyreel.local.gateway import Job
from storyreel.local.progress import LiveDisplay, PlainDisplay, changes, display_for, picture


def drawn(shown: Job) -> str:
    console = Console(file=io.StringIO(), record=True, width=100)
    console.print(picture(shown))
    return console.export_text()


def many_shots(count: int, **changes: object) -> Job:
    text = "The fox looked at the river for a very long time before it said anything at all."
    shots = [
        {"number": number, "text": text, "panel": "waiting", "narration": "waiting", "clip": "waiting"}
        for number in range(1, count + 1)
    ]
    return Job.model_validate(job("rendering") | {"shots": shots} | changes)


def test_finished_shots_make_room_for_those_at_work() -> None:
    half = Job.model_validate(job("rendering", 3, 5))
    assert half.shots[0].clip == "done"
    text = drawn(half)
    assert "A fox." not in text and "A river." in text
    assert "panels" in text and "2 of 2" in text and "14 credits quoted" in text


def test_many_shots_fit_the_screen() -> None:
    lines = drawn(many_shots(200)).splitlines()
    assert len(lines) < 20
    assert max(map(len, lines)) <= 100
    assert "and 192 more" in lines[-1]


def test_failures_are_counted() -> None:
    stages = [{"stage": "panel", "total": 12, "done": 4, "failed": 2}]
    assert "4 of 12, 2 failed" in drawn(many_shots(2, stages=stages))


def test_a_title_in_brackets_is_shown_as_it_is() -> None:
    assert "[red] Fox" in drawn(many_shots(1, title="[red] Fox"))


def test_a_pipe_gets_lines_and_a_terminal_a_picture() -> None:
    assert isinstance(display_for(Console(file=io.StringIO())), PlainDisplay)
    assert isinstance(display_for(Console(file=io.StringIO(), force_terminal=True)), LiveDisplay)


def test_what_is_said_on_a_terminal_stays_above_the_picture() -> None:
    file = io.StringIO()
    with LiveDisplay(Console(file=file, force_terminal=True, width=100)) as display:
        display.show(many_shots(2))
        display.say("starting [the] services")
    assert "starting [the] services" in file.getvalue()


def test_an_engine_that_does_not_answer_is_named_and_so_is_its_return() -> None:
    notice = "kling-3 has not answered since 10:32 UTC: connection refused; trying again at 10:47 UTC"
    waiting = many_shots(2, notice=notice)
    assert "kling-3 has not answered" in drawn(waiting)
    assert notice in list(changes(many_shots(2), waiting))
    assert "every engine answers again" in list(changes(waiting, many_shots(2)))
    assert list(changes(waiting, waiting)) == []
