"""Camera moves: fitting, varied, and unmoved by edits elsewhere."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.storyboard.camera import Take, choose_moves
from services.gateway.storyboard.vocabulary import entries
from storyreel.moves import MOVES

FITTING = [
    ("He looked up at the stars.", {"tilt_up"}),
    ("He tumbled down into the well.", {"tilt_down"}),
    ("They ran along the road.", {"pan_left", "pan_right"}),
    ("He turned back home.", {"pan_left"}),
    ("The whole valley lay far below the mountains.", {"pull_out"}),
    ("The moon was silent, and the hare slept.", {"drift"}),
]

TEXTS = st.sampled_from(
    ["He ran.", "They ran.", "He looked up.", "She looked up high.", "It slept.", "Far away."]
)
STORIES = st.lists(st.lists(st.tuples(TEXTS, st.booleans()), min_size=1, max_size=6), min_size=1, max_size=8)


@pytest.mark.parametrize(("text", "fitting"), FITTING)
def test_a_move_fits_what_the_shot_says(text: str, fitting: set[str]) -> None:
    assert choose_moves([Take(text, 1, dialogue=False)])[0] in fitting


def test_the_camera_goes_closer_to_who_speaks() -> None:
    assert choose_moves([Take("“Yes,” he said.", 1, dialogue=True)]) == ["push_in"]


def test_the_vocabulary_names_real_moves() -> None:
    assert {move for entry in entries("camera") for move in entry["moves"].split()} == set(MOVES)


@given(STORIES)
def test_no_move_comes_three_times_in_a_row(story: list[list[tuple[str, bool]]]) -> None:
    moves = choose_moves(_takes(story))
    assert all(not (a == b == c) for (a, b), c in zip(pairwise(moves), moves[2:], strict=False))


@given(STORIES, st.data())
def test_rewording_a_shot_changes_no_move_but_its_own_and_the_next(
    story: list[list[tuple[str, bool]]], data: st.DataObject
) -> None:
    takes = _takes(story)
    edited = data.draw(st.integers(0, len(takes) - 1))
    other = Take("The whole wide valley was silent.", takes[edited].beat, dialogue=False)
    before = choose_moves(takes)
    after = choose_moves([*takes[:edited], other, *takes[edited + 1 :]])
    changed = [at for at, (a, b) in enumerate(zip(before, after, strict=True)) if a != b]
    assert set(changed) <= {edited, edited + 1}


def _takes(story: list[list[tuple[str, bool]]]) -> list[Take]:
    return [
        Take(text, number + place, dialogue)
        for number, paragraph in enumerate(story)
        for place, (text, dialogue) in enumerate(paragraph)
    ]
