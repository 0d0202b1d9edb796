"""The camera move of each shot: what its words call for, and never three times the same in a row.

A shot's move depends on its own words, those of the shot before it, and its place in its paragraph, so that
rewording a shot changes no move but its own and the next.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from services.gateway.storyboard.vocabulary import entries
from storyreel.moves import MOVES

_CALLS_FOR: Final = tuple(
    (re.compile(rf"\b(?:{'|'.join(entry['words'])})\b", re.IGNORECASE), tuple(entry["moves"].split()))
    for entry in entries("camera")
)


@dataclass(frozen=True)
class Take:
    """A shot as the camera needs it. `beat` is its paragraph's number plus its place in the paragraph."""

    text: str
    beat: int
    dialogue: bool


def choose_moves(takes: Sequence[Take]) -> list[str]:
    """The camera move of each shot.

    Every other beat of a paragraph is free to take the move that its words call for most. The shots between,
    and a free one's neighbour across a paragraph's end, take the first that the shot before cannot have. So
    of two neighbours at most one is free, and no three moves in a row are the same.
    """
    moves: list[str] = []
    possible: list[str] = []
    free = False
    for take in takes:
        wanted = _wanted(take)
        free = bool(take.beat % 2) and not free
        barred = [] if free else possible
        moves.append(next(move for move in wanted if move not in barred))
        possible = wanted[: len(barred) + 1]
    return moves


def _wanted(take: Take) -> list[str]:
    """All moves, the one that the shot calls for most first; a tie is settled by a hash of its words."""
    digest = hashlib.sha256(take.text.encode()).digest()
    score = {move: digest[index] / 256 for index, move in enumerate(MOVES)}
    if take.dialogue:
        score["push_in"] += 2
    for pattern, moves in _CALLS_FOR:
        calls = len(pattern.findall(take.text))
        if calls:
            score[max(moves, key=lambda move: score[move])] += 1 + 0.5 * min(calls, 3)
    return sorted(MOVES, key=lambda move: -score[move])
