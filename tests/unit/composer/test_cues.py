"""Subtitle cues: what is said is on screen while it is said, in readable lines, broken where one breathes."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.composer.cues import LONGEST_MS, SHORTEST_MS, Cue, build_cues
from services.composer.linebreaks import break_cost, line_length, lines_of
from services.composer.timeline import ClipSource, NarrationSource, SubtitleWord, Timeline, build_timeline
from storyreel.timing import shot_frames

NOWHERE = Path("unused")

spoken_words = st.tuples(
    st.text("abcdefghijklmnopqrstuvwxyzéß'", min_size=1, max_size=14),
    st.sampled_from(["", "", "", "", ",", ".", "!", "?”", ";"]),
    st.floats(0.0, 0.35),
).map(lambda parts: (parts[0] + parts[1], parts[2]))
"""A word with its punctuation, and the pause after it in seconds."""

shots = st.lists(st.lists(spoken_words, min_size=0, max_size=40), min_size=1, max_size=5)


def speak(words: list[tuple[str, float]]) -> tuple[SubtitleWord, ...]:
    """Words spoken at 14 characters a second, at least 0.12 s each, with their pauses."""
    spoken: list[SubtitleWord] = []
    now = 0.0
    for text, pause in words:
        end = now + max(0.12, (len(text) + 1) / 14)
        spoken.append(SubtitleWord(text, now, end))
        now = end + pause
    return tuple(spoken)


def timeline_of(words_of_shots: list[tuple[SubtitleWord, ...]]) -> Timeline:
    narrations = [
        NarrationSource(NOWHERE, words[-1].end_seconds if words else 0.5, words) for words in words_of_shots
    ]
    clips = [ClipSource(NOWHERE, shot_frames(n.duration_seconds, 30)) for n in narrations]
    return build_timeline(clips, narrations, 30)


def say(text: str, seconds: float, length: int = 42) -> tuple[Cue, ...]:
    """The cues of one shot that says `text` evenly."""
    words = text.split()
    step = seconds / len(words)
    spoken = tuple(SubtitleWord(w, k * step, (k + 0.95) * step) for k, w in enumerate(words))
    return build_cues(timeline_of([spoken]), length)


@settings(max_examples=150, deadline=None)
@given(shots, st.sampled_from([24, 30, 34, 42]))
def test_every_word_is_in_exactly_one_cue_that_is_shown_while_it_is_spoken(
    told: list[list[tuple[str, float]]], length: int
) -> None:
    timeline = timeline_of([speak(words) for words in told])
    cues = build_cues(timeline, length)
    said = [word for shot in timeline.shots for word in shot.words]
    shown = [(text, cue) for cue in cues for text in " ".join(cue.lines).split()]
    assert [text for text, _ in shown] == [word.text for word in said]
    for word, (_, cue) in zip(said, shown, strict=True):
        assert cue.start_ms <= word.start_seconds * 1000 + 1
        assert word.end_seconds * 1000 <= cue.end_ms + 2


@settings(max_examples=150, deadline=None)
@given(shots, st.sampled_from([24, 30, 34, 42]))
def test_cues_are_in_order_in_two_short_lines_and_last_from_one_to_seven_seconds(
    told: list[list[tuple[str, float]]], length: int
) -> None:
    timeline = timeline_of([speak(words) for words in told])
    cues = build_cues(timeline, length)
    for cue in cues:
        assert 1 <= len(cue.lines) <= 2
        assert all(0 < len(line) <= length for line in cue.lines)
        assert SHORTEST_MS <= cue.end_ms - cue.start_ms <= LONGEST_MS
    assert all(before.end_ms <= after.start_ms for before, after in pairwise(cues))
    assert not cues or (cues[0].start_ms >= 0 and cues[-1].end_ms <= timeline.seconds * 1000)


@settings(max_examples=60, deadline=None)
@given(shots)
def test_no_cue_lasts_into_the_next_shot(told: list[list[tuple[str, float]]]) -> None:
    timeline = timeline_of([speak(words) for words in told])
    ends = [float(timeline.end_seconds(shot)) * 1000 for shot in timeline.shots]
    for cue in build_cues(timeline, 42):
        assert not any(cue.start_ms < end - 1 < cue.end_ms - 1 for end in ends)


def test_cues_break_where_sentences_end() -> None:
    cues = say("The river was silver. Nobody dared to cross it at night.", 5.0)
    assert [" ".join(cue.lines) for cue in cues] == [
        "The river was silver.",
        "Nobody dared to cross it at night.",
    ]


def test_cues_break_at_clauses_rather_than_inside_them() -> None:
    text = (
        "So she crossed the water, one stone at a time, while the fireflies lit the way "
        "and the tall dark trees leaned closer to listen."
    )
    cues = say(text, 7.5)
    assert [" ".join(cue.lines) for cue in cues] == [
        "So she crossed the water, one stone at a time,",
        "while the fireflies lit the way and the tall dark trees leaned closer to listen.",
    ]


def test_a_single_short_word_is_shown_for_a_second() -> None:
    (cue,) = say("Run!", 0.2)
    assert (cue.lines, cue.end_ms - cue.start_ms) == (("Run!",), SHORTEST_MS)


def test_a_shot_without_words_has_no_cue() -> None:
    assert build_cues(timeline_of([()]), 42) == ()


def test_a_word_longer_than_a_line_has_a_line_to_itself() -> None:
    word = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"
    cues = say(f"They lived in {word} by the sea.", 5.0, 24)
    assert [line for cue in cues for line in cue.lines if word in line] == [word]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("She smiled.", ("She smiled.",)),
        (
            "And that is how the fox of Hollow Creek became the keeper of the light,",
            ("And that is how the fox of Hollow Creek", "became the keeper of the light,"),
        ),
        (
            "“I have been waiting,” said the heron, “for someone brave enough to be kind.”",
            ("“I have been waiting,” said the heron,", "“for someone brave enough to be kind.”"),
        ),
    ],
)
def test_lines_break_well_and_evenly(text: str, lines: tuple[str, ...]) -> None:
    assert lines_of(text.split(), 42) == lines


def test_what_does_not_fit_on_two_lines_does_not_fit() -> None:
    assert lines_of(["word"] * 30, 42) is None


def test_breaks_are_worse_the_more_they_tear() -> None:
    costs = [
        break_cost("river.", "She"),
        break_cost("river,", "silver"),
        break_cost("ran", "because"),
        break_cost("ran", "quickly"),
        break_cost("into", "darkness"),
        break_cost("the", "river"),
    ]
    assert costs == sorted(set(costs))
    assert break_cost("Hollow", "Creek") == break_cost("Mr.", "fox") == break_cost("the", "river")


@pytest.mark.parametrize(
    ("size", "length"),
    [((1920, 1080), 42), ((2520, 1080), 42), ((1080, 1080), 34), ((1080, 1350), 30), ((1080, 1920), 24)],
)
def test_upright_frames_have_shorter_lines(size: tuple[int, int], length: int) -> None:
    assert line_length(*size) == length
