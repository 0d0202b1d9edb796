"""The examples make films worth watching: the right length, cast, voices, and signs to read."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.gateway.storyboard import decode_script, make_storyboard
from storyreel.reading import read
from storyreel.storyboard import Storyboard
from storyreel.timing import estimate_shot_seconds

EXAMPLES = Path(__file__).parents[3] / "examples"
NAMES = sorted(path.stem for path in EXAMPLES.glob("the-*.md"))


def board_of(name: str) -> Storyboard:
    return make_storyboard(decode_script((EXAMPLES / f"{name}.md").read_bytes()))


def test_there_are_three() -> None:
    assert NAMES == ["the-fox-and-the-grapes", "the-lion-and-the-mouse", "the-tortoise-and-the-hare"]


@pytest.mark.parametrize("name", NAMES)
def test_each_is_a_short_film_with_something_to_show(name: str) -> None:
    board = board_of(name)
    assert 6 <= len(board.shots) <= 14
    assert all(len(character.description.split()) >= 8 for character in board.characters)
    assert len({character.voice for character in board.characters}) == len(board.characters)
    assert all(shot.setting.place for shot in board.shots)
    assert len({shot.setting.place for shot in board.shots}) >= 2
    assert len({shot.setting.time for shot in board.shots}) >= 2
    assert [sign for shot in board.shots for sign in read(shot.text).signs]
    assert sum(bool(shot.cast) for shot in board.shots) >= len(board.shots) - 2
    spoken = {run.speaker for shot in board.shots for run in shot.speech if run.speaker}
    assert spoken == {character.name for character in board.characters}


def test_the_demo_is_about_a_minute_long() -> None:
    shots = board_of("the-fox-and-the-grapes").shots
    assert 8 <= len(shots) <= 10
    assert 50 <= sum(estimate_shot_seconds(shot.text) for shot in shots) <= 70


def test_the_demo_plays_where_and_when_its_text_says() -> None:
    settings = [shot.setting for shot in board_of("the-fox-and-the-grapes").shots]
    assert [(one.place, one.time, one.weather) for one in dict.fromkeys(settings)] == [
        ("forest", "dawn", "fog"),
        ("road", "day", "clear"),
        ("vineyard", "day", "clear"),
        ("vineyard", "dusk", "clear"),
        ("forest", "night", "clear"),
    ]


def test_the_lion_and_the_mouse_speak_for_themselves() -> None:
    shots = board_of("the-lion-and-the-mouse").shots
    runs = [(run.speaker, run.voice, run.text) for shot in shots for run in shot.speech if run.speaker]
    assert runs[0] == ("Leo", "deep", "“Who dares to climb on my nose?”")
    assert runs[1] == ("Pip", "small", "“Please let me go!”")
    assert runs[-1] == ("Leo", "deep", "“and I was wrong. No friend is too small.”")
