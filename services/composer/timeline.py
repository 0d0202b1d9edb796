"""When everything in a film happens: which frames each shot has, when its narration and its words start."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final

from storyreel.errors import InvalidError
from storyreel.timing import LEAD_SECONDS

SLACK_SECONDS: Final = 0.001
"""Rounding that a duration said in milliseconds is allowed."""


@dataclass(frozen=True)
class SubtitleWord:
    """A spoken word as the script writes it, punctuation included; seconds from the narration's start."""

    text: str
    start_seconds: float
    end_seconds: float


@dataclass(frozen=True)
class ClipSource:
    """A shot's clip: an MP4 of exactly `frames` frames."""

    path: Path
    frames: int


@dataclass(frozen=True)
class NarrationSource:
    """A shot's narration: an audio file, its length in seconds, and its words in order."""

    path: Path
    duration_seconds: float
    words: tuple[SubtitleWord, ...]


@dataclass(frozen=True)
class TimelineShot:
    """A shot in the film: its first frame, how many it has, and its narration's start in film seconds."""

    start_frame: int
    frames: int
    narration_start_seconds: float
    words: tuple[SubtitleWord, ...]
    """The shot's words, in seconds from the film's start."""


@dataclass(frozen=True)
class Timeline:
    """The whole film: its shots in order, without gaps."""

    fps: int
    shots: tuple[TimelineShot, ...]

    @property
    def frames(self) -> int:
        """The film's length in frames: the sum of its shots'."""
        return sum(shot.frames for shot in self.shots)

    @property
    def seconds(self) -> Fraction:
        """The film's length."""
        return Fraction(self.frames, self.fps)

    def start_seconds(self, shot: TimelineShot) -> Fraction:
        """When the shot's first frame is shown."""
        return Fraction(shot.start_frame, self.fps)

    def end_seconds(self, shot: TimelineShot) -> Fraction:
        """When the shot's last frame is over."""
        return Fraction(shot.start_frame + shot.frames, self.fps)


def build_timeline(clips: Sequence[ClipSource], narrations: Sequence[NarrationSource], fps: int) -> Timeline:
    """Put the shots one after another, each narration `LEAD_SECONDS` into its shot.

    Raises InvalidError where there is no shot, where clips and narrations are not as many, or where a shot's
    clip has no frames or is too short for its narration.
    """
    if not clips or len(clips) != len(narrations):
        raise InvalidError(
            f"a film needs one clip and one narration for each shot, not {len(clips)} clips and "
            f"{len(narrations)} narrations"
        )
    shots: list[TimelineShot] = []
    start_frame = 0
    for number, (clip, narration) in enumerate(zip(clips, narrations, strict=True), start=1):
        _check_shot(number, clip, narration, fps)
        start = start_frame / fps + LEAD_SECONDS
        words = tuple(
            SubtitleWord(word.text, start + word.start_seconds, start + word.end_seconds)
            for word in narration.words
        )
        shots.append(TimelineShot(start_frame, clip.frames, start, words))
        start_frame += clip.frames
    return Timeline(fps, tuple(shots))


def _check_shot(number: int, clip: ClipSource, narration: NarrationSource, fps: int) -> None:
    if clip.frames < 1:
        raise InvalidError(f"the clip of shot {number} has {clip.frames} frames: make it again")
    needed = LEAD_SECONDS + narration.duration_seconds
    if needed > clip.frames / fps + SLACK_SECONDS:
        raise InvalidError(
            f"shot {number} lasts {clip.frames / fps:.3f} s but its narration needs {needed:.3f} s: "
            "make the clip again for this narration"
        )
    previous = 0.0
    for word in narration.words:
        if not word.text.strip() or not previous <= word.start_seconds <= word.end_seconds:
            raise InvalidError(
                f"the words of shot {number} are not in order at {word.text!r} "
                f"({word.start_seconds:.3f} to {word.end_seconds:.3f} s): make the narration again"
            )
        previous = word.start_seconds
