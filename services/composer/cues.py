"""Spoken words grouped into subtitle cues that read well: broken where the sentence breathes.

Every word is in exactly one cue, and its cue is on screen while it is spoken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, inf
from typing import Final

from services.composer.linebreaks import break_cost, lines_of
from services.composer.timeline import SubtitleWord, Timeline

SHORTEST_MS: Final = 1_000
LONGEST_MS: Final = 7_000
GAP_MS: Final = 67
"""Two frames between cues, so that the eye sees one go and another come."""
LINGER_MS: Final = 500
"""How long a cue stays after its last word, where nothing follows."""
SILENCE_MS: Final = 700
"""A pause this long within a cue tells what comes before it is spoken."""
CHARACTERS_PER_SECOND: Final = 20
"""What grown readers follow with ease."""

CUE_COST: Final = 5.0
"""Of every cue, in the units of `break_cost`: two short clauses share one."""
SENTENCE_INSIDE_COST: Final = 7.0
SILENCE_COST: Final = 8.0
HASTE_COST: Final = 1.0
"""For each character a second too many."""
FLASH_COST: Final = 100.0
"""Of a cue that cannot stay for `SHORTEST_MS`: more than any other way to break."""


@dataclass(frozen=True)
class Cue:
    """One subtitle: one or two lines of text, shown from `start_ms` to `end_ms` of the film."""

    start_ms: int
    end_ms: int
    lines: tuple[str, ...]


@dataclass(frozen=True)
class TimedWord:
    """A word in whole milliseconds of the film, ending no later than the next one starts."""

    text: str
    start_ms: int
    end_ms: int


def build_cues(timeline: Timeline, line_length: int) -> tuple[Cue, ...]:
    """The cues of the whole film in order, never overlapping, none across two shots.

    Lines have at most `line_length` characters, but for a single word that is longer.
    """
    cues: list[Cue] = []
    for shot in timeline.shots:
        first, limit = floor(timeline.start_seconds(shot) * 1000), floor(timeline.end_seconds(shot) * 1000)
        words = _in_milliseconds(shot.words, limit)
        cues += _timed(_grouped(words, limit, line_length), first, limit, line_length)
    return tuple(cues)


def _in_milliseconds(words: Sequence[SubtitleWord], limit: int) -> list[TimedWord]:
    starts = [min(floor(word.start_seconds * 1000), limit) for word in words]
    nexts = [*starts[1:], limit]
    return [
        TimedWord(
            " ".join(word.text.split()), start, max(start, min(ceil(word.end_seconds * 1000), following))
        )
        for word, start, following in zip(words, starts, nexts, strict=False)
    ]


def _grouped(words: list[TimedWord], limit: int, line_length: int) -> list[list[TimedWord]]:
    """Split a shot's words into groups, one to a cue, at the least total cost (by dynamic programming)."""
    least = [0.0] + [inf] * len(words)
    begins = [0] * (len(words) + 1)
    for end in range(1, len(words) + 1):
        following = words[end].start_ms if end < len(words) else limit
        for begin in range(end - 1, -1, -1):
            group = words[begin:end]
            if len(group) > 1 and not _fits(group, line_length):
                break
            cost = least[begin] + _group_cost(group, following)
            if end < len(words):
                cost += break_cost(group[-1].text, words[end].text)
            if cost < least[end]:
                least[end], begins[end] = cost, begin
    groups: list[list[TimedWord]] = []
    end = len(words)
    while end:
        groups.append(words[begins[end] : end])
        end = begins[end]
    return groups[::-1]


def _fits(group: list[TimedWord], line_length: int) -> bool:
    if group[-1].end_ms - group[0].start_ms > LONGEST_MS:
        return False
    return lines_of([word.text for word in group], line_length) is not None


def _group_cost(group: list[TimedWord], following: int) -> float:
    """What it costs to show these words as one cue; `following` is when the next one must start."""
    cost = CUE_COST
    shown_ms = following - group[0].start_ms
    characters = sum(len(word.text) + 1 for word in group) - 1
    if shown_ms < SHORTEST_MS:
        cost += FLASH_COST
    cost += HASTE_COST * max(0.0, characters * 1000 / max(1, shown_ms) - CHARACTERS_PER_SECOND)
    for word, after in pairwise(group):
        if break_cost(word.text, after.text) == 0:
            cost += SENTENCE_INSIDE_COST
        if after.start_ms - word.end_ms > SILENCE_MS:
            cost += SILENCE_COST
    return cost


def _timed(groups: list[list[TimedWord]], first: int, limit: int, line_length: int) -> list[Cue]:
    cues: list[Cue] = []
    free_from = first
    nexts = [*(group[0].start_ms for group in groups[1:]), limit][: len(groups)]
    for group, following in zip(groups, nexts, strict=True):
        start, spoken = group[0].start_ms, group[-1].end_ms
        wanted = max(start + SHORTEST_MS, min(spoken + LINGER_MS, start + LONGEST_MS))
        if 0 < following - wanted < LINGER_MS:
            wanted = min(following, start + LONGEST_MS)
        gap = min(GAP_MS, max(0, following - start - SHORTEST_MS)) if following < limit else 0
        end = max(spoken, min(wanted, following - gap))
        start = max(free_from, min(start, end - SHORTEST_MS))
        text = [word.text for word in group]
        cues.append(Cue(start, end, lines_of(text, line_length) or (" ".join(text),)))
        free_from = end
    return cues
