"""Where English text may be broken: how well two words part, and how words fill one line or two."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

SENTENCE_ENDS: Final = (".", "!", "?", "…")
CLAUSE_ENDS: Final = (",", ";", ":", "—", "–", "-")
CLOSERS: Final = "\"'”’)]»"
"""Marks that may stand after the end of a sentence or clause."""
OPENERS: Final = "\"'“‘([«"
ABBREVIATIONS: Final = frozenset({"mr.", "mrs.", "ms.", "dr.", "st.", "prof.", "jr.", "sr."})

CLAUSE_OPENERS: Final = (
    "and but or nor so yet because although though when while where if as until unless since that which who "
    "whose whom then before after than with without into onto through over under across from to at in on"
)
"""Words that begin a clause or phrase: before them is a good place."""
DETERMINERS: Final = "a an the my your his her its our their this that these those every each some any no"
LEANING_WORDS: Final = (
    "of to in on at by for with from into onto "
    "over under and but or nor so as if than not very too i he she it we they is was are were be been am "
    "had has have do does did will would can could may might must shall should who which"
)
"""Words that lean on the next one: after them is a bad place, after a determiner the worst."""

BEFORE_THESE: Final = frozenset(CLAUSE_OPENERS.split())
NOT_AFTER_THESE: Final = frozenset(LEANING_WORDS.split())
NEVER_AFTER_THESE: Final = frozenset(DETERMINERS.split()) | ABBREVIATIONS

SENTENCE_COST: Final = 0.0
CLAUSE_COST: Final = 3.0
CONJUNCTION_COST: Final = 7.0
PLAIN_COST: Final = 12.0
LEANING_COST: Final = 16.0
TORN_COST: Final = 22.0

UNEVEN_COST: Final = 0.8
"""For each character by which one line is longer than the other."""


def break_cost(word: str, after: str) -> float:
    """How bad it is to break between two words: 0 at the end of a sentence, `TORN_COST` at worst."""
    bare = word.rstrip(CLOSERS)
    if bare.endswith(SENTENCE_ENDS) and bare.lower() not in ABBREVIATIONS:
        return SENTENCE_COST
    if bare.endswith(CLAUSE_ENDS):
        return CLAUSE_COST
    next_bare = after.strip(CLOSERS + OPENERS)
    bare = bare.lstrip(OPENERS)
    is_name = bare[:1].isupper() and next_bare[:1].isupper()
    if is_name or bare.lower() in NEVER_AFTER_THESE:
        return TORN_COST
    if bare.lower() in NOT_AFTER_THESE:
        return LEANING_COST
    if next_bare.lower() in BEFORE_THESE:
        return CONJUNCTION_COST
    return PLAIN_COST


def lines_of(words: Sequence[str], line_length: int) -> tuple[str, ...] | None:
    """`words` on one line, or else on two that are broken well and even; None where they do not fit.

    A single word that is longer than a line has a line to itself.
    """
    whole = " ".join(words)
    if len(whole) <= line_length or len(words) == 1:
        return (whole,)
    best: tuple[float, tuple[str, str]] | None = None
    for cut in range(1, len(words)):
        upper, lower = " ".join(words[:cut]), " ".join(words[cut:])
        if max(len(upper), len(lower)) > line_length:
            continue
        cost = break_cost(words[cut - 1], words[cut]) + UNEVEN_COST * abs(len(upper) - len(lower))
        if best is None or cost < best[0]:
            best = (cost, (upper, lower))
    return best[1] if best else None


def line_length(width: int, height: int) -> int:
    """Characters of a subtitle line for a frame of that shape: 42 on wide ones, fewer on upright ones."""
    shape = width / height
    if shape >= 1.5:
        return 42
    if shape >= 0.95:
        return 34
    if shape >= 0.7:
        return 30
    return 24
