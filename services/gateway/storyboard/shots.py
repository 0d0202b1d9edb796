"""Sentences to shots of 3 to 15 seconds: short ones are joined, long ones cut at a clause.

Every way to cut a scene has a cost, and the cheapest is taken: it grows as shots stray from a comfortable
length, join paragraphs, or break a sentence. An edit therefore moves few cuts, and those close to it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from services.gateway.storyboard.errors import TooLongError
from services.gateway.storyboard.limits import MAX_WORD_CHARACTERS
from services.gateway.storyboard.script import is_spoken
from services.gateway.storyboard.sentences import CLOSERS
from services.gateway.storyboard.spans import Span
from services.gateway.storyboard.vocabulary import words
from storyreel.timing import (
    LEAD_SECONDS,
    LONGEST_SHOT_SECONDS,
    TAIL_SECONDS,
    estimate_shot_seconds,
    estimate_speech_seconds,
)

COMFORTABLE_SECONDS: Final = 6.5
"""The length that shots tend to."""
_JOINED_PARAGRAPHS: Final = 0.25
"""The cost of a paragraph's end within a shot, in squared parts of a comfortable length off, as all costs."""
_SHORTEST_CLAUSE_SECONDS: Final = 1.5
"""Of a part that a long sentence is cut into."""
_CUT_AT_WORD: Final = 4.0
_CUT_AT_COMMA: Final = 0.6
_CUT_AT_CONJUNCTION: Final = 0.4
_CUT_AT_CLAUSE: Final = 0.15
_CONJUNCTIONS: Final = frozenset(words("sentences", "conjunctions"))
_TOKEN: Final = re.compile(r"\S+")


@dataclass(frozen=True)
class _Piece:
    """What is never cut: a sentence, or a part of a long one. `cost` is that of starting a shot with it."""

    span: Span
    cost: float
    paragraph: int


def cut_shots(text: str, paragraphs: Sequence[Sequence[Span]]) -> list[Span]:
    """The shots of one scene, given the sentences of each of its paragraphs: spans one space apart.

    Raises TooLongError for a word that no shot is long enough for.
    """
    pieces = [
        piece
        for number, sentences in enumerate(paragraphs)
        for sentence in sentences
        for piece in _pieces(text, sentence, number)
    ]
    return [Span(pieces[low].span.start, pieces[high - 1].span.end) for low, high in _cheapest(text, pieces)]


def fewest_shots(text: str) -> int:
    """How many shots `text` needs at least, were each as long as can be.

    Raises TooLongError for a word that no shot is long enough for.
    """
    longest = max(text.split(), key=len)
    if len(longest) > MAX_WORD_CHARACTERS:
        raise _long_word(longest)
    return math.ceil(estimate_speech_seconds(text) / (LONGEST_SHOT_SECONDS - LEAD_SECONDS - TAIL_SECONDS))


def _cheapest(text: str, pieces: Sequence[_Piece]) -> list[tuple[int, int]]:
    """The cheapest way to cut `pieces` into shots, each from a first piece up to, and without, a last."""
    best = [0.0]
    starts = [0]
    for high in range(1, len(pieces) + 1):
        options: list[tuple[float, int]] = []
        for low in range(high - 1, -1, -1):
            shot = text[pieces[low].span.start : pieces[high - 1].span.end]
            if low < high - 1 and estimate_shot_seconds(shot) > LONGEST_SHOT_SECONDS:
                break
            crossed = pieces[high - 1].paragraph - pieces[low].paragraph
            options.append(
                (best[low] + _length_cost(shot) + pieces[low].cost + crossed * _JOINED_PARAGRAPHS, low)
            )
        cost, low = min(options)
        best.append(cost)
        starts.append(low)
    cuts: list[tuple[int, int]] = []
    high = len(pieces)
    while high:
        cuts.append((starts[high], high))
        high = starts[high]
    return cuts[::-1]


def _length_cost(shot: str) -> float:
    seconds = LEAD_SECONDS + estimate_speech_seconds(shot) + TAIL_SECONDS
    return ((seconds - COMFORTABLE_SECONDS) / COMFORTABLE_SECONDS) ** 2


def _pieces(text: str, sentence: Span, paragraph: int) -> list[_Piece]:
    """The sentence, whole if a shot can hold it; else its clauses, or the words of one still too long."""
    if _fits(text, sentence):
        return [_Piece(sentence, 0.0, paragraph)]
    tokens = [Span(*match.span()) for match in _TOKEN.finditer(text, *sentence)]
    pieces: list[_Piece] = []
    for first, last, cost in _clauses(text, tokens):
        clause = Span(tokens[first].start, tokens[last].end)
        if _fits(text, clause):
            pieces.append(_Piece(clause, cost, paragraph))
        else:
            parts = _word_groups(text, tokens[first : last + 1])
            pieces += [_Piece(part, _CUT_AT_WORD if at else cost, paragraph) for at, part in enumerate(parts)]
    pieces = _with_words(text, [replace(pieces[0], cost=0.0), *pieces[1:]])
    for piece in pieces:
        if not _fits(text, piece.span):
            raise _long_word(piece.span.of(text))
    return pieces


def _long_word(word: str) -> TooLongError:
    return TooLongError(
        f"the script holds a word of {len(word)} characters, {word[:30]!r}…, more than a shot of "
        f"{LONGEST_SHOT_SECONDS:.0f} seconds can say; shorten it, or put spaces in it"
    )


def _fits(text: str, span: Span) -> bool:
    return estimate_shot_seconds(span.of(text)) <= LONGEST_SHOT_SECONDS


def _clauses(text: str, tokens: Sequence[Span]) -> Iterator[tuple[int, int, float]]:
    """The clauses of a sentence: first and last token of each, and the cost of a cut before it."""
    first, cost = 0, 0.0
    for index in range(1, len(tokens)):
        cut = _cut_cost(tokens[index - 1].of(text), tokens[index].of(text))
        so_far = text[tokens[first].start : tokens[index - 1].end]
        if cut is not None and estimate_speech_seconds(so_far) >= _SHORTEST_CLAUSE_SECONDS:
            yield first, index - 1, cost
            first, cost = index, cut
    yield first, len(tokens) - 1, cost


def _word_groups(text: str, tokens: Sequence[Span]) -> Iterator[Span]:
    """Words that no clause parts, in groups of a comfortable length."""
    start = tokens[0].start
    for before, token in pairwise(tokens):
        if estimate_speech_seconds(text[start : token.end]) > COMFORTABLE_SECONDS:
            yield Span(start, before.end)
            start = token.start
    yield Span(start, tokens[-1].end)


def _cut_cost(before: str, after: str) -> float | None:
    """The cost of a cut between two words of a sentence; None where no clause ends."""
    end = before.rstrip(CLOSERS)
    conjunction = after.lower() in _CONJUNCTIONS
    if end.endswith((";", ":", "—", "–", "!", "?", "…", "--")) or end == "-":
        return _CUT_AT_CLAUSE
    if end.endswith(","):
        return _CUT_AT_CLAUSE if conjunction else _CUT_AT_COMMA
    return _CUT_AT_CONJUNCTION if conjunction else None


def _with_words(text: str, pieces: Sequence[_Piece]) -> list[_Piece]:
    """`pieces`, those without a word to say joined to the one before, or after where there is none."""
    joined: list[_Piece] = []
    for piece in pieces:
        if joined and not (is_spoken(piece.span.of(text)) and is_spoken(joined[-1].span.of(text))):
            joined[-1] = replace(joined[-1], span=Span(joined[-1].span.start, piece.span.end))
        else:
            joined.append(piece)
    return joined
