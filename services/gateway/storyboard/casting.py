"""The characters of a story: those its author declares, else those who keep coming up in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from services.gateway.storyboard.kinds import choose_voice, species_of
from services.gateway.storyboard.limits import MAX_CHARACTERS
from services.gateway.storyboard.lines import Sentence
from services.gateway.storyboard.names import check_names
from services.gateway.storyboard.options import DeclaredCharacter
from services.gateway.storyboard.proper_names import named_people
from services.gateway.storyboard.vocabulary import words
from storyreel.reading import Creature
from storyreel.reading.lexicon import grammar
from storyreel.storyboard import Character

RECURRING_SENTENCES: Final = 2
"""In how many sentences a creature comes up before it is a character."""
_NOT_DESCRIBING: Final = frozenset(words("kinds", "not_describing"))


@dataclass
class _Figure:
    """A creature that comes up in a story; `qualified`: the words before it, in how many sentences."""

    name: str
    sentences: int = 0
    alone: bool = False
    adjectives: tuple[str, ...] = ()
    qualified: Counter[str] = field(default_factory=Counter)

    def meet(self, creature: Creature, narration: str) -> None:
        """Count a sentence in which it comes up."""
        self.sentences += 1
        self.alone |= creature.count == 1
        self.adjectives = self.adjectives or _describing(creature)
        before = re.findall(rf"\b([a-z]+) {re.escape(self.name)}\b", narration.lower())
        self.qualified.update(word for word in dict.fromkeys(before) if word not in _small_words())


def declared_cast(declared: Sequence[DeclaredCharacter]) -> tuple[Character, ...]:
    """The declared characters, each with a voice: its own, or one that suits it and is nobody else's.

    Raises CharacterError where names clash.
    """
    characters = [
        Character(name=one.name, aliases=one.aliases, description=one.description, voice=one.voice or "")
        for one in declared
    ]
    check_names(characters)
    return _with_voices(characters)


def inferred_cast(sentences: Sequence[Sentence]) -> tuple[Character, ...]:
    """The characters of a story that declares none: who comes up in at least two of its sentences.

    People are called by name; a creature by its noun, unless it is what somebody named is ("a mouse named
    Pip"). Crowds are no characters. Two of a kind are told apart by the word before ("town mouse", "country
    mouse") where both recur with it. A longer noun takes in its last word: "boy" is the shepherd boy.
    """
    figures: dict[str, _Figure] = {}
    for sentence in sentences:
        for creature in sentence.reading.creatures:
            figure = figures.setdefault(creature.name, _Figure(creature.name))
            figure.meet(creature, sentence.narration)
    people = named_people([sentence.narration for sentence in sentences], RECURRING_SENTENCES)
    known = {species.name for species in map(species_of, people) if species}
    characters = people + [
        character
        for figure in _merge_short_nouns(figures)
        if figure.sentences >= RECURRING_SENTENCES and figure.alone and figure.name not in known
        for character in _characters(figure)
    ]
    return _with_voices(characters[:MAX_CHARACTERS])


def _merge_short_nouns(figures: dict[str, _Figure]) -> list[_Figure]:
    """The figures, those under the last word of one longer noun counted as that one."""
    kept = dict(figures)
    for name in figures:
        longer = [other for other in figures if other.endswith(f" {name}")]
        if len(longer) == 1:
            kept[longer[0]].sentences += kept.pop(name).sentences
    return list(kept.values())


def _characters(figure: _Figure) -> list[Character]:
    """The character, or the two and more, that one noun stands for."""
    qualifiers = [word for word, count in figure.qualified.items() if count >= RECURRING_SENTENCES]
    mostly = sum(figure.qualified[word] for word in qualifiers) * 2 > figure.sentences
    if len(qualifiers) > 1 and mostly:
        return [_nameless(f"{word} {figure.name}", f"{word} {figure.name}") for word in qualifiers]
    phrase = " ".join((*figure.adjectives, figure.name))
    return [_nameless(figure.name, phrase)]


@cache
def _small_words() -> frozenset[str]:
    """Words before a noun that tell no two of a kind apart: "the", "three"."""
    return frozenset((*grammar()["determiners"], *grammar()["numbers"], *words("kinds", "not_describing")))


def _nameless(name: str, phrase: str) -> Character:
    """A character called by what it is; its voice is still to be chosen."""
    article = "an" if phrase[0] in "aeiou" else "a"
    return Character(name=name, description=f"{article} {phrase}", voice="")


def _describing(creature: Creature) -> tuple[str, ...]:
    """The adjectives that describe it; none where a clause stands before it ("the boy who cried wolf")."""
    if set(words("sentences", "conjunctions")) & set(creature.adjectives):
        return ()
    return tuple(word for word in creature.adjectives if word not in _NOT_DESCRIBING)


def _with_voices(characters: Sequence[Character]) -> tuple[Character, ...]:
    """The characters, those with an empty voice given one, in order: no two share one while voices last."""
    taken = [character.voice for character in characters if character.voice]
    voiced: list[Character] = []
    for character in characters:
        voice = character.voice or choose_voice(character, taken)
        taken.append(voice)
        voiced.append(character.model_copy(update={"voice": voice}))
    return tuple(voiced)
