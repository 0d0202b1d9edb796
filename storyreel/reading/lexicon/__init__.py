"""The word tables of reading, loaded once: phrases of words to canonical words."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

HERE: Final = Path(__file__).parent


@dataclass(frozen=True)
class Entry:
    """One phrase of a table. `canonical` is its key; `noun` the phrase in the singular.

    `named` says that it is the name of somebody; its `noun` is then that name, whatever they are called by.
    """

    canonical: str
    noun: str
    plural: bool
    needs_determiner: bool
    named: bool = False


@dataclass(frozen=True)
class Table:
    """Phrases by their words. `longest` is the number of words in the longest."""

    entries: Mapping[tuple[str, ...], Entry]
    longest: int = field(default=1)


def load(name: str) -> dict[str, Any]:
    """The table file `name`.toml as it stands."""
    return tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def grammar() -> dict[str, Any]:
    """The small words: determiners, negations, numbers and the like."""
    return load("grammar")


def plural_of(noun: str) -> str:
    """The plural of a singular noun or phrase: its last word takes the ending."""
    head, _, last = noun.rpartition(" ")
    irregular: dict[str, str] = grammar()["plurals"]
    if last in irregular:
        ending = irregular[last]
    elif last.endswith(("s", "x", "z", "ch", "sh")):
        ending = f"{last}es"
    elif last.endswith("y") and last[-2:-1] not in "aeiou":
        ending = f"{last[:-1]}ies"
    else:
        ending = f"{last}s"
    return f"{head} {ending}".strip()


def make_table(rows: Mapping[str, Iterable[str]], *, nouns: bool) -> Table:
    """A table of `rows` (canonical word to phrases); with `nouns`, plurals are added."""
    entries: dict[tuple[str, ...], Entry] = {}
    for canonical, phrases in rows.items():
        for phrase in phrases:
            noun = phrase.removesuffix("?")
            doubtful = phrase.endswith("?")
            entries[tuple(noun.split())] = Entry(canonical, noun, False, doubtful)
            if nouns:
                plural = tuple(plural_of(noun).split())
                entries.setdefault(plural, Entry(canonical, noun, plural != tuple(noun.split()), doubtful))
    return Table(entries, max(map(len, entries)))


def name_table(names: Mapping[str, Iterable[str]]) -> Table:
    """A table of characters: each name, and what else the character is called by."""
    entries = {
        tuple(called.lower().split()): Entry(name, name.lower(), False, False, named=True)
        for name, aliases in names.items()
        for called in (*aliases, name)
    }
    return Table(entries, max(map(len, entries), default=1))


@cache
def table(name: str, section: str | None = None) -> Table:
    """The table in `name`.toml, or in one `section` of it."""
    rows = load(name)
    return make_table(rows[section] if section else rows, nouns=name in ("things", "creatures", "places"))


@cache
def creatures() -> Table:
    """Animals and people in one table."""
    rows = load("creatures")
    return make_table({**rows["animals"], **rows["people"]}, nouns=True)


@cache
def people() -> frozenset[str]:
    """The canonical words of people."""
    return frozenset(load("creatures")["people"])
