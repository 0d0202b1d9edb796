"""Where a speaker stops, and for how long: the sentences of a text, and the pauses of its punctuation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from hibari.g2p.normalize import TITLES

from services.narration.engines.local.acoustics import FRAMES_PER_SECOND, Frames, hold, quiet_run
from services.narration.engines.local.pronunciation import Passage

SHORTEST_PAUSE: Final = {",": 0.12, ";": 0.24, ":": 0.24, "—": 0.24, "…": 0.42, "!": 0.20, "?": 0.20}
"""Seconds of quiet at punctuation within a passage; the model often says straight through it."""
BETWEEN_SENTENCES: Final = {".": 0.42, "!": 0.42, "?": 0.42, "…": 0.50, "—": 0.20}
"""Seconds of silence after a passage, by how it ends."""
AFTER_CLAUSE: Final = 0.16
BEFORE_ATTRIBUTION: Final = 0.22
"""Before "said the fox" and whatever else goes on in lower case after a sentence's end."""
SHORTEST_TURN: Final = 0.20
"""Seconds of silence when another voice takes over."""
CLOSERS: Final = "\"”’')]*_»"


def sentences(words: Sequence[str]) -> Iterator[range]:
    """The words of each sentence, as places in `words`."""
    start = 0
    for place, word in enumerate(words):
        following = words[place + 1] if place + 1 < len(words) else None
        if following is None or _ends_sentence(word, following):
            yield range(start, place + 1)
            start = place + 1


def _ends_sentence(word: str, following: str) -> bool:
    bare = word.rstrip(CLOSERS)
    if bare.endswith(("…", "..")):
        return True
    if not bare.endswith((".", "!", "?")) or following[0].islower():
        return False
    stem = bare[:-1].lstrip("(\"“'‘*_")
    if stem == "No" and following[0].isdigit():
        return False
    is_initial = len(stem) == 1 and stem.isupper()
    return not (bare.endswith(".") and (stem in TITLES or is_initial))


def with_pauses(frames: Frames, passage: Passage, edges: list[int]) -> tuple[Frames, list[int]]:
    """`frames` with the pauses its punctuation asks for, and the `edges` of its phonemes moved to suit.

    `edges[i]` and `edges[i + 1]` are the frames where phoneme i starts and ends.
    """
    last = len(passage.phonemes.rstrip()) - 1
    for place, phoneme in enumerate(passage.phonemes[:last]):
        if phoneme not in SHORTEST_PAUSE or place == 0 or passage.phonemes[place - 1] == phoneme:
            continue
        after = place + 2 if passage.phonemes[place + 1] == " " else place + 1
        at, quiet = quiet_run(frames, edges[place], max(edges[after], edges[place] + 1))
        missing = round(SHORTEST_PAUSE[phoneme] * FRAMES_PER_SECOND) - quiet
        if missing > 0:
            frames = hold(frames, at, missing)
            edges = [edge + missing if edge > at else edge for edge in edges]
    return frames, edges


def gap_seconds(ending: str, following: str, new_voice: bool) -> float:
    """Silence between a passage whose last word is `ending` and one that begins with the word `following`."""
    mark = ending.rstrip(CLOSERS)[-1:]
    gap = BETWEEN_SENTENCES.get(mark, AFTER_CLAUSE)
    if mark in ("!", "?", ".") and following[:1].islower():
        gap = BEFORE_ATTRIBUTION
    return max(gap, SHORTEST_TURN) if new_voice else gap
