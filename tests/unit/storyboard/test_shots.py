"""Shots: 3 to 15 seconds, cut at sentences, and never a word lost, doubled or changed."""

from __future__ import annotations

import contextlib
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.gateway.storyboard import StoryError, make_storyboard
from storyreel.storyboard import Storyboard
from storyreel.timing import LONGEST_SHOT_SECONDS, SHORTEST_SHOT_SECONDS, estimate_shot_seconds

LETTERS = st.text(st.characters(categories=["L"]), min_size=1, max_size=12)
ENDINGS = st.sampled_from(
    ["", ",", ";", ":", ".", "!", "?", "?!", "…", "...", "—", ".”", ",”", "!'", '."', ".)", "’s"]
)
BEGINNINGS = st.sampled_from(["", "", "", "“", '"', "‘", "'", "(", "—", "The ", "Mr. ", "and ", "… "])
WORDS = st.builds(lambda before, word, after: f"{before}{word}{after}", BEGINNINGS, LETTERS, ENDINGS)
NAMED = st.sampled_from(
    ["the fox", "said the fox,", "“Yes,”", "the crow cried:", "he", "she said.", "they", "“No!”"]
)
PARAGRAPHS = st.lists(WORDS | NAMED, min_size=1, max_size=60).map(" ".join)
STORIES = st.lists(PARAGRAPHS, min_size=1, max_size=6)


def told(board: Storyboard) -> list[str]:
    """Every word of the storyboard's shots, in order."""
    return " ".join(shot.text for shot in board.shots).split()


@settings(max_examples=150, deadline=None)
@given(STORIES)
def test_every_word_of_any_story_is_told_once_and_unchanged(paragraphs: list[str]) -> None:
    board = make_storyboard("\n\n".join(paragraphs))
    assert told(board) == " ".join(paragraphs).split()


@settings(max_examples=60, deadline=None)
@given(STORIES)
def test_every_shot_is_as_long_as_a_shot_may_be_and_has_something_to_say(paragraphs: list[str]) -> None:
    for shot in make_storyboard("\n\n".join(paragraphs)).shots:
        assert SHORTEST_SHOT_SECONDS <= estimate_shot_seconds(shot.text) <= LONGEST_SHOT_SECONDS
        for run in shot.speech:
            assert any(character.isalnum() for character in run.text)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400))
def test_any_text_makes_a_storyboard_or_is_refused_in_one_sentence(text: str) -> None:
    try:
        board = make_storyboard(text)
    except StoryError as error:
        assert str(error)
        assert "\n" not in str(error)
    else:
        assert told(board)


def test_a_shot_holds_whole_sentences_where_they_fit() -> None:
    sentences = [
        f"The {animal} went slowly down to the river to drink." for animal in ("fox", "wolf", "bear", "hen")
    ]
    board = make_storyboard(" ".join(sentences))
    assert all(shot.text.endswith(".") for shot in board.shots)


def test_short_sentences_share_a_shot() -> None:
    board = make_storyboard("He ran. He fell. He got up. He ran on.")
    assert [shot.text for shot in board.shots] == ["He ran. He fell. He got up. He ran on."]


def test_a_shot_does_not_reach_into_the_next_scene() -> None:
    board = make_storyboard("He ran.\n\n---\n\nHe fell.")
    assert [shot.text for shot in board.shots] == ["He ran.", "He fell."]


def test_a_long_sentence_is_cut_where_its_clauses_end() -> None:
    long = (
        "The fox ran past the mill and over the narrow bridge and through the wide fields of corn; "
        "the hounds came after him, baying and splashing through the shallow water of the stream, "
        "but he did not look back, and he did not slow down until the dark wood had closed behind him."
    )
    shots = [shot.text for shot in make_storyboard(long).shots]
    assert len(shots) > 1
    assert all(shot[-1] in ";,." for shot in shots)


def test_a_sentence_without_clauses_is_cut_at_a_word() -> None:
    board = make_storyboard("very " * 120 + "long")
    assert len(board.shots) > 2
    assert all(estimate_shot_seconds(shot.text) > 5 for shot in board.shots[:-1])
    assert told(board) == ["very"] * 120 + ["long"]


def test_dashes_in_a_row_are_told_with_the_words_before_them() -> None:
    script = "— " * 20 + "very " * 60 + "— " * 40 + "very " * 60 + "long"
    board = make_storyboard(script)
    assert told(board) == script.split()
    assert all("very" in shot.text for shot in board.shots)


@pytest.mark.parametrize("word", ["a" * 400, "a," * 40_000, "a" * 240, "1" * 200])
def test_a_word_longer_than_a_shot_is_refused(word: str) -> None:
    with pytest.raises(StoryError, match=f"a word of {len(word)} characters"):
        make_storyboard(word)


@pytest.mark.parametrize(
    "words", ["the fox, the owl, they, " * 1000, "“a,” " * 8000, "x. " * 5000, "said " * 7000]
)
def test_no_script_takes_long(words: str) -> None:
    started = time.process_time()
    with contextlib.suppress(StoryError):
        make_storyboard(words)
    assert time.process_time() - started < 3.0


def test_a_one_word_edit_changes_one_shot() -> None:
    story = "\n\n".join(
        f"The fox came to house number {n} on the long road by the river. He knocked, and he waited."
        for n in range(12)
    )
    before = make_storyboard(story)
    after = make_storyboard(story.replace("number 5", "number fifty"))
    assert len(before.shots) == len(after.shots)
    assert [a.number for a, b in zip(before.shots, after.shots, strict=True) if a != b] == [
        shot.number for shot in before.shots if "number 5 " in shot.text
    ]


def test_two_hundred_shots_take_less_than_a_second() -> None:
    line = (
        "“I will carry the lantern down the dark road tonight,” said the fox to the owl, and he sat by {n}."
    )
    script = "\n\n".join(line.format(n=n) for n in range(190))
    make_storyboard("Warm. The fox and the crow.")
    started = time.process_time()
    board = make_storyboard(script)
    assert 150 <= len(board.shots) <= 200
    assert time.process_time() - started < 1.0
