"""The words of a narration and when each is spoken. Every word of the text is there, exactly as written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from storyreel.storyboard import Speech

Span = tuple[float, float]
"""When something starts and ends, in seconds."""


@dataclass(frozen=True)
class SpokenWord:
    """A word as the text has it, punctuation and all, and when it is spoken, in seconds."""

    text: str
    start_seconds: float
    end_seconds: float


def words_of(speech: Iterable[Speech]) -> tuple[str, ...]:
    """The words of `speech` in order: its text, divided where it has white space."""
    return tuple(word for part in speech for word in part.text.split())


def place_words(
    words: Sequence[str], spans: Mapping[int, Span], duration_seconds: float
) -> tuple[SpokenWord, ...]:
    """Every word with its time; `spans` gives, by index, when the words that are heard start and end.

    A word that is not heard (a lone dash) takes no time, at the end of the one before it or, if none is
    before it, at the start of the first that is heard. Times never go back, nor past the duration.
    """
    placed = []
    reached = min((start for start, _ in spans.values()), default=0.0)
    for index, word in enumerate(words):
        start, end = spans.get(index, (reached, reached))
        start = min(max(start, reached), duration_seconds)
        reached = min(max(end, start), duration_seconds)
        placed.append(SpokenWord(word, start, reached))
    return tuple(placed)
