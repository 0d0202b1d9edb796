"""The timeline adds shots up to the frame, and refuses shots that do not fit."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.composer.timeline import ClipSource, NarrationSource, SubtitleWord, build_timeline
from storyreel.errors import InvalidError
from storyreel.timing import LEAD_SECONDS, shot_frames

NOWHERE = Path("unused")


def shot(seconds: float, words: tuple[SubtitleWord, ...] = ()) -> tuple[ClipSource, NarrationSource]:
    return ClipSource(NOWHERE, shot_frames(seconds, 30)), NarrationSource(NOWHERE, seconds, words)


@given(st.lists(st.floats(0.05, 14.0), min_size=1, max_size=200))
def test_the_film_lasts_exactly_as_many_frames_as_its_shots_together(lengths: list[float]) -> None:
    shots = [shot(seconds) for seconds in lengths]
    timeline = build_timeline([clip for clip, _ in shots], [narration for _, narration in shots], 30)
    assert timeline.frames == sum(clip.frames for clip, _ in shots)
    assert timeline.seconds == Fraction(timeline.frames, 30)
    starts = [placed.start_frame for placed in timeline.shots]
    assert starts[0] == 0
    for before, after in zip(timeline.shots, starts[1:], strict=False):
        assert before.start_frame + before.frames == after


def test_a_narration_and_its_words_start_after_the_lead_of_their_own_shot() -> None:
    word = SubtitleWord("fox", 0.5, 0.9)
    first, second = shot(2.0), shot(2.0, (word,))
    timeline = build_timeline([first[0], second[0]], [first[1], second[1]], 30)
    start = first[0].frames / 30 + LEAD_SECONDS
    assert timeline.shots[1].narration_start_seconds == pytest.approx(start)
    assert timeline.shots[1].words[0].start_seconds == pytest.approx(start + 0.5)
    assert timeline.shots[1].words[0].end_seconds == pytest.approx(start + 0.9)


def test_a_clip_too_short_for_its_narration_is_refused_with_both_lengths() -> None:
    with pytest.raises(InvalidError, match=r"shot 1 lasts 3\.000 s .* needs 3\.300 s"):
        build_timeline([ClipSource(NOWHERE, 90)], [NarrationSource(NOWHERE, 3.0, ())], 30)


@pytest.mark.parametrize(("clips", "narrations"), [(0, 0), (1, 0), (2, 1), (0, 1)])
def test_each_shot_needs_a_clip_and_a_narration(clips: int, narrations: int) -> None:
    one = shot(1.0)
    with pytest.raises(InvalidError, match=f"{clips} clips and {narrations} narrations"):
        build_timeline([one[0]] * clips, [one[1]] * narrations, 30)


def test_a_clip_without_frames_is_refused_by_number() -> None:
    with pytest.raises(InvalidError, match="shot 1 has 0 frames"):
        build_timeline([ClipSource(NOWHERE, 0)], [NarrationSource(NOWHERE, 1.0, ())], 30)


@pytest.mark.parametrize(
    "words",
    [
        (SubtitleWord("b", 1.0, 1.2), SubtitleWord("a", 0.5, 0.7)),
        (SubtitleWord("a", 0.5, 0.4),),
        (SubtitleWord("a", -0.1, 0.4),),
        (SubtitleWord("  ", 0.1, 0.4),),
    ],
)
def test_words_out_of_order_or_without_text_are_refused(words: tuple[SubtitleWord, ...]) -> None:
    clip, narration = shot(2.0, words)
    with pytest.raises(InvalidError, match="words of shot 1"):
        build_timeline([clip], [narration], 30)
