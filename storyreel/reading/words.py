"""A text as words with their offsets, and the phrases of a table found in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from storyreel.reading.lexicon import Entry, Table, grammar, table

WORD: Final = re.compile(
    r"\b(?:[Mm]rs?|[Mm]s|[Dd]r|[Ss]t)\.|[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+|[.!?;:,()—“”\"]"
)
DRESS_ENDS: Final = frozenset({"who", "that", "which", "was", "were", "had", "at", "on", "to", "through"})
STOPS: Final = frozenset(".!?;")
QUOTED: Final = re.compile(
    r"“[^”]*”?|\"[^\"]*\"?|(?<!\w)‘[^’]*(?:’\w[^’]*)*’|(?<!\w)'[^'\n]*(?:'\w[^'\n]*)*'(?!\w)"
)


@dataclass(frozen=True)
class Word:
    """One word or punctuation mark, in lower case, without a possessive ending."""

    text: str
    start: int
    possessive: bool
    quoted: bool


@dataclass(frozen=True)
class Found:
    """A phrase of a table in a text: words `first` up to but not including `end`."""

    entry: Entry
    first: int
    end: int


def split_words(text: str) -> list[Word]:
    """The words and marks of `text`, each told whether it stands between quotation marks."""
    spans = [match.span() for match in QUOTED.finditer(text)]
    words: list[Word] = []
    for match in WORD.finditer(text):
        start = match.start()
        raw = match.group().lower().replace("’", "'")
        possessive = raw.endswith("'s")
        quoted = any(low <= start < high for low, high in spans)
        words.append(Word(raw.removesuffix("'s"), start, possessive, quoted))
    return words


def find(words: list[Word], phrases: Table, *, denied: bool = False) -> list[Found]:
    """Every phrase of `phrases`, longest first, without overlaps, doubtful ones left out.

    With `denied` those the text says are not there ("no moon"), else those that are.
    """
    found: list[Found] = []
    at = 0
    while at < len(words):
        match = _match_at(words, at, phrases)
        if match is None:
            at += 1
            continue
        at = match.end
        doubtful = match.entry.needs_determiner and not _has_determiner(words, match)
        if not doubtful and is_negated(words, match.first) is denied:
            found.append(match)
    return found


def _match_at(words: list[Word], at: int, phrases: Table) -> Found | None:
    for length in range(min(phrases.longest, len(words) - at), 0, -1):
        entry = phrases.entries.get(tuple(word.text for word in words[at : at + length]))
        if entry is not None:
            return Found(entry, at, at + length)
    return None


def is_negated(words: list[Word], at: int) -> bool:
    """Whether one of the three words before `at`, in the same clause, denies what follows.

    A determiner ends the reach of what stands before it ("without rain the river ..."), save right after
    the negation itself ("not a cloud").
    """
    for back in range(at - 1, max(-1, at - 4), -1):
        word = words[back].text
        if not word[0].isalpha():
            return False
        if word in grammar()["negations"]:
            return True
        before = words[back - 1].text if back else ""
        if word in grammar()["determiners"] and before not in grammar()["negations"]:
            return False
    return False


def is_likened(words: list[Word], at: int) -> bool:
    """Whether what stands at `at` is only a comparison ("like a lion", "as a fox")."""
    before = [word.text for word in words[max(0, at - 3) : at]]
    while before and before[-1] not in grammar()["likeness"]:
        if before[-1] not in grammar()["determiners"]:
            return False
        before.pop()
    return bool(before)


def adjectives_before(words: list[Word], at: int) -> tuple[str, ...]:
    """The words between a determiner or number and `at`, at most four; empty when there is none."""
    small = {*grammar()["determiners"], *grammar()["numbers"]}
    for back in range(1, 6):
        if at - back < 0 or not words[at - back].text[0].isalpha():
            return ()
        if words[at - back].text in small or words[at - back].possessive:
            return tuple(word.text for word in words[at - back + 1 : at])
    return ()


def dress_after(words: list[Word], at: int) -> str:
    """The phrase at `at` that describes what stands before it ("in a red hood"), or ""."""
    opening = [word.text for word in words[at : at + 2]]
    if (
        not opening
        or opening[0] not in ("in", "with", "wearing")
        or opening[-1] in ("the", "his", "her", "its")
    ):
        return ""
    phrase: list[str] = []
    for word in words[at : at + 8]:
        if not word.text[0].isalpha() or word.text in DRESS_ENDS or (word.text,) in table("actions").entries:
            break
        phrase.append(word.text)
    return " ".join(phrase)


def count_before(words: list[Word], at: int, plural: bool) -> int:
    """How many the text says there are: a number word before `at`, else 3 for a plural and 1 for one."""
    numbers: dict[str, int] = grammar()["numbers"]
    if words[at].text in grammar()["flocks"] and words[at - 1].text not in ("a", "an", "one", "this", "that"):
        plural = True
    for word in reversed(words[max(0, at - 4) : at]):
        if not word.text[0].isalnum():
            break
        if word.text.isdigit():
            return max(1, min(12, int(word.text)))
        if word.text in numbers and plural:
            return numbers[word.text]
        if word.text in ("a", "an", "the") and not plural:
            break
    return 3 if plural else 1


def _has_determiner(words: list[Word], match: Found) -> bool:
    """Whether a determiner, a number or a size stands before, with known adjectives and one other between."""
    small = {*grammar()["determiners"], *grammar()["numbers"], *grammar()["large"], *grammar()["small"]}
    known = {*grammar()["adjectives"], *grammar()["colours"], *grammar()["distinguishing"]}
    others = 0
    for word in reversed(words[max(0, match.first - 5) : match.first]):
        if not word.text[0].isalpha():
            return False
        if word.text in small or word.possessive:
            return True
        others += word.text not in known
        if others > 1:
            return False
    return False
