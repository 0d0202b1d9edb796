"""Where characters are named in a text: by name, by alias, or by what they are ("the fox" for Reynard)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from services.gateway.storyboard.errors import CharacterError
from services.gateway.storyboard.kinds import species_of
from services.gateway.storyboard.limits import MAX_CHARACTERS
from services.gateway.storyboard.spans import Span
from storyreel.reading import read
from storyreel.storyboard import Character

_ARTICLE: Final = re.compile(r"(?:the|a|an)\s+", re.IGNORECASE)
_ABSENT: Final = re.compile(
    r"\b(?:no|without|like|unlike|neither|nor|than|as)(?:\s+(?:the|a|an|any|other))?\s+$", re.IGNORECASE
)


class Mention(NamedTuple):
    """A character's name, or a pronoun that means it, in the text."""

    span: Span
    name: str


def name_key(name: str) -> str:
    """What makes two names one: their words, in lower case, without an article."""
    return _ARTICLE.sub("", " ".join(name.split()), count=1).casefold()


def check_names(characters: Sequence[Character]) -> None:
    """Raises CharacterError where two characters claim one name, or there are too many."""
    if len(characters) > MAX_CHARACTERS:
        raise CharacterError(
            f"the story declares {len(characters)} characters and at most {MAX_CHARACTERS} are allowed; "
            "leave out those who are only mentioned"
        )
    owners: dict[str, Character] = {}
    for character in characters:
        if owners.setdefault(name_key(character.name), character) is not character:
            raise CharacterError(f"character {character.name!r} is declared twice; keep one of the two")
    for character in characters:
        for alias in character.aliases:
            owner = owners.setdefault(name_key(alias), character)
            if owner is not character:
                raise CharacterError(
                    f"{alias!r} is an alias of {character.name!r} but also names {owner.name!r}; "
                    "give it to one of the two"
                )


class Names:
    """Finds the characters of one story in its text."""

    def __init__(self, characters: Sequence[Character]) -> None:
        owners: dict[str, tuple[str, str]] = {}
        for character in characters:
            for name in (character.name, *character.aliases):
                owners.setdefault(name_key(name), (_ARTICLE.sub("", name, count=1), character.name))
        for noun, name in _nouns(characters):
            owners.setdefault(name_key(noun), (noun, name))
        # The longest first, so that "town mouse" is not taken for "mouse".
        called = sorted(owners.values(), key=lambda owner: len(owner[0]), reverse=True)
        self._names = [name for _, name in called]
        patterns = "|".join(f"({_pattern(words)})" for words, _ in called)
        self._pattern = re.compile(rf"(?<!\w)(?:{patterns})(?!\w)") if called else None

    def find(self, text: str) -> list[Mention]:
        """Every mention in `text`, in order. "No fox" and "like a fox" are none."""
        if self._pattern is None:
            return []
        return [
            Mention(Span(*match.span()), self._names[(match.lastindex or 1) - 1])
            for match in self._pattern.finditer(text)
            if not _ABSENT.search(text, max(0, match.start() - 24), match.start())
        ]


def _nouns(characters: Sequence[Character]) -> Iterator[tuple[str, str]]:
    """The nouns that mean one character alone, longest first: "shepherd boy", then "boy"."""
    nouns: list[tuple[str, str]] = []
    for character in characters:
        species = species_of(character)
        words = species.name.split() if species else []
        nouns += [(" ".join(words[first:]), character.name) for first in range(len(words))]
    count = Counter(noun for noun, _ in nouns)
    return ((noun, name) for noun, name in nouns if count[noun] == 1)


def _is_proper(name: str) -> bool:
    """Whether only the capital tells a name from a word: "Rose", not "Fox" or "Old Lion"."""
    return name[:1].isupper() and not read(f"the {name.lower()}").creatures


def _pattern(name: str) -> str:
    """The pattern of a name, in any case, except that the first letter of a proper one is a capital."""
    words = r"\s".join(re.escape(word) for word in name.split())
    if not _is_proper(name):
        return f"(?i:{words})"
    return f"{words[0]}(?i:{words[1:]})"
