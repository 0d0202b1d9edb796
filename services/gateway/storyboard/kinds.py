"""What the words for a character tell of it: which pronouns can mean it, and which voices suit it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from typing import Final

from services.gateway.storyboard.vocabulary import entries, words
from storyreel.reading import Creature, read
from storyreel.storyboard import Character
from storyreel.voices import DEFAULT_VOICE, VOICES

MALE: Final = frozenset(words("kinds", "male"))
FEMALE: Final = frozenset(words("kinds", "female"))
PEOPLE: Final = frozenset(words("kinds", "people"))
AGED: Final = frozenset(words("kinds", "aged"))
BEASTS: Final = frozenset(words("kinds", "beasts"))
_WORD: Final = re.compile(r"[^\W\d_]+")
_PLURAL: Final = re.compile(
    r"(?:\w{3,}[^s'’]s|mice|geese|oxen|wolves|children|people|men|women|twins|folk)", re.IGNORECASE
)

_SUITED: Final = tuple(
    (frozenset(entry["kinds"].split()), tuple(entry["suited"].split())) for entry in entries("voices")
)
_LAST_CHOICE: Final = frozenset({"robot", "whisper", "giant"})
"""Voices that are odd unless they suit."""


def species_of(character: Character) -> Creature | None:
    """What a character is: the first creature that its description, or else its name, names."""
    for text in (character.description, f"the {character.name}"):
        creatures = read(text).creatures
        if creatures:
            return min(creatures, key=lambda creature: creature.start)
    return None


def pronouns_of(character: Character) -> frozenset[str]:
    """Which of "he", "she", "it" and "they" can mean `character`: several where its words leave it open."""
    if _is_plural(character.name):
        return frozenset({"they"})
    species = species_of(character)
    for told in _told(character, species):
        male, female = bool(told & MALE), bool(told & FEMALE)
        if male != female:
            return frozenset({"he" if male else "she"} | ({"it"} if told & BEASTS else set()))
    human = species is None or told & PEOPLE
    return frozenset({"he", "she"} if human else {"he", "she", "it"})


def choose_voice(character: Character, taken: Iterable[str]) -> str:
    """A voice that suits `character` and is not `taken` while any is left; the same words, the same voice."""
    used = {DEFAULT_VOICE, *taken}
    suited = _suited(character)
    digest = hashlib.sha256(character.name.lower().encode()).digest()
    others = [voice for voice in VOICES if voice not in suited and voice != DEFAULT_VOICE]
    others.sort(key=lambda voice: (voice in _LAST_CHOICE, digest[VOICES.index(voice)]))
    ranked = (*suited, *others)
    return next((voice for voice in ranked if voice not in used), ranked[0])


def _suited(character: Character) -> tuple[str, ...]:
    """The voices for what the character is, else for what its words say of it, the best first."""
    species = species_of(character)
    pronouns = pronouns_of(character)
    aged = species is not None and bool(AGED & {*species.adjectives, *species.name.split()})
    for told in _told(character, species):
        if aged and told & (PEOPLE | MALE | FEMALE) - BEASTS:
            return (
                ("old_woman", "woman") if "she" in pronouns and "he" not in pronouns else ("old_man", "man")
            )
        for kinds, voices in _SUITED:
            if told & kinds:
                return voices
    if pronouns == {"she"}:
        return ("woman", "girl")
    return ("man", "young_man") if pronouns == {"he"} else ()


def _told(character: Character, species: Creature | None) -> Iterator[frozenset[str]]:
    """The words that tell of a character, by weight: what it is, its name, all there is.

    What it is says more than what it wears or owns: "a girl with her father's lantern".
    """
    if species:
        yield frozenset((*species.name.split(), *species.species.split()))
    yield frozenset(_WORD.findall(character.name.lower()))
    yield frozenset(_WORD.findall(" ".join((*character.aliases, character.description)).lower()))


def _is_plural(name: str) -> bool:
    """Whether a name means several: "the ants", "three bears"; not "Thomas"."""
    return bool(_PLURAL.fullmatch(name.split()[-1])) and not name[0].isupper()
