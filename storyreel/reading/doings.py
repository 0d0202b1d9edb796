"""Who does what: actions, moods, things held and where one is, given to the creature the words mean."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from storyreel.reading import lexicon
from storyreel.reading.lexicon import grammar
from storyreel.reading.model import Creature, Relation
from storyreel.reading.words import STOPS, Found, Word, find

PRONOUNS: Final = frozenset({"he", "she", "it", "they", "him", "her", "them", "who"})
HOLDING: Final = frozenset(
    {"beak", "mouth", "hand", "hands", "arms", "paw", "paws", "jaws", "teeth", "claws", "shoulder", "back"}
)
RELATIONS: Final = {word: told for told, words in grammar()["relations"].items() for word in words}
PARTING: Final = frozenset({"and", "but", "to", "through", "of", "for"})
REACH: Final = 5
"""Words within which a preposition or a verb of holding still means the thing that follows."""


@dataclass
class Doings:
    """What is told of each creature, by the index of the first word of its mention; `loose_` without one."""

    actions: dict[int, list[str]] = field(default_factory=dict)
    moods: dict[int, str] = field(default_factory=dict)
    holds: dict[int, str] = field(default_factory=dict)
    places: dict[int, Relation] = field(default_factory=dict)
    loose_actions: tuple[str, ...] = ()
    loose_mood: str | None = None
    loose_holds: str | None = None

    def apply(self, creature: Creature, mention: int) -> Creature:
        """`creature` with what is told of the mention that begins at word `mention`."""
        return replace(
            creature,
            actions=tuple(self.actions.get(mention, ())),
            mood=self.moods.get(mention),
            holds=self.holds.get(mention),
            at=self.places.get(mention),
        )


def tell_doings(words: list[Word], creatures: list[Found], things: list[Found]) -> Doings:
    """Give every action, mood, thing held and place in `words` to its creature."""
    doings = Doings()
    subjects = _Subjects(words, creatures)
    verbs = find(words, lexicon.table("actions"))
    for match in verbs:
        if any(thing.end == match.first for thing in things):
            continue  # the river runs, the snow lies: no creature does it
        who = subjects.of(match, speech=match.entry.canonical == "talk")
        _tell_action(doings, subjects.with_partner(who), match.entry.canonical)
        if match.entry.canonical == "hold":
            _tell_holding(doings, who, _thing_after(words, match.end, things))
    for match in find(words, lexicon.table("moods")):
        described = subjects.described(match)
        felt = subjects.with_partner(subjects.of(match, speech=False)) if described is None else [described]
        _tell_mood(doings, felt, match.entry.canonical)
    for who, thing in _held_in_hand(words, subjects, things):
        _tell_holding(doings, who, thing)
    for at, word in enumerate(words):
        if word.text in RELATIONS and not _follows_thing(at, things, verbs):
            seat = _thing_after(words, at + 1, things)
            who = subjects.before(at)
            _tell_place(doings, subjects.after(at) if who is None else who, RELATIONS[word.text], seat)
    return doings


def _tell_action(doings: Doings, subjects: list[int], action: str) -> None:
    if not subjects:
        doings.loose_actions += (action,)
    for who in subjects:
        doings.actions.setdefault(who, []).append(action)


def _tell_mood(doings: Doings, subjects: list[int], mood: str) -> None:
    if not subjects:
        doings.loose_mood = mood
    for who in subjects:
        doings.moods[who] = mood


def _tell_holding(doings: Doings, who: int | None, thing: str | None) -> None:
    if thing is None:
        return
    if who is None:
        doings.loose_holds = thing
    else:
        doings.holds[who] = thing


def _tell_place(doings: Doings, who: int | None, word: str, thing: str | None) -> None:
    if who is not None and thing is not None:
        doings.places.setdefault(who, Relation(word, thing))


class _Subjects:
    """Finds the creature that a verb belongs to."""

    def __init__(self, words: list[Word], creatures: list[Found]) -> None:
        self.words = words
        self.creatures = creatures

    def of(self, match: Found, *, speech: bool) -> int | None:
        """The subject of the verb `match`: after it in 'said the fox', else the nearest before it."""
        if speech and (after := self._just_after(match.end)) is not None:
            return after
        return self.before(match.first)

    def before(self, at: int) -> int | None:
        """The creature meant before word `at`: the nearest, or for a pronoun the one spoken of before."""
        for back in range(at - 1, -1, -1):
            word = self.words[back]
            if word.text in STOPS and not word.quoted and back + 1 < at:
                return None
            mention = self._mention_over(back)
            if mention is not None and not self._is_away(back, at):
                return mention
            if word.text in PRONOUNS and not word.quoted:
                return self._topic(back)
        return None

    def after(self, at: int) -> int | None:
        """The creature that an opening phrase belongs to ("On the fence, a crow ..."), else None."""
        if at > 0 and self.words[at - 1].text not in STOPS:
            return None
        return next((match.first for match in self.creatures if at < match.first <= at + 2 * REACH), None)

    def described(self, match: Found) -> int | None:
        """The creature that `match` is an adjective of ("a hungry young crow")."""
        for mention in self.creatures:
            between = self.words[match.end : mention.first]
            if 0 <= mention.first - match.end <= 2 and all(_is_plain(word) for word in between):
                return mention.first
        return None

    def with_partner(self, who: int | None) -> list[int]:
        """`who`, and the creature joined to it by "and" ("the king and the old woman"); empty for None."""
        if who is None:
            return []
        joined = [who]
        for match in self.creatures:
            between = [word.text for word in self.words[match.end : who]]
            if between and between[0] == "and" and len(between) <= REACH - 1:
                joined.insert(0, match.first)
        return joined

    def _mention_over(self, at: int) -> int | None:
        for match in self.creatures:
            if match.first <= at < match.end:
                return match.first
        return None

    def _is_away(self, mention: int, at: int) -> bool:
        """Whether quotation marks part the mention from the verb."""
        return self.words[mention].quoted != self.words[min(at, len(self.words) - 1)].quoted

    def _just_after(self, at: int) -> int | None:
        for match in self.creatures:
            between = [word.text for word in self.words[at : match.first]]
            if 0 <= match.first - at <= 4 and between and between[0] in grammar()["determiners"]:
                return match.first
            if match.first == at and match.entry.canonical == match.entry.noun:
                return match.first
        return None

    def _topic(self, at: int) -> int | None:
        """Whom a pronoun at `at` means: the first creature of the sentence before it, or of this one."""
        told = [
            match.first for match in self.creatures if match.first < at and not self.words[match.first].quoted
        ]
        if not told:
            return None
        ends = [i for i, word in enumerate(self.words[: told[-1]]) if word.text in STOPS and not word.quoted]
        opening = ends[-1] if ends else -1
        return min(first for first in told if first > opening)


def _follows_thing(at: int, things: list[Found], verbs: list[Found]) -> bool:
    """Whether the preposition at `at` tells of a thing ("grapes on the vine"), no verb coming between."""
    last_thing = max((match.end for match in things if match.end <= at), default=0)
    last_verb = max((match.end for match in verbs if match.end <= at), default=0)
    return at - REACH < last_thing and last_thing > last_verb


def _is_plain(word: Word) -> bool:
    small = (
        *grammar()["determiners"],
        *grammar()["entering"],
        *grammar()["nearing"],
        "and",
        "as",
        "that",
        "when",
        "while",
    )
    return word.text[0].isalpha() and word.text not in small


def _thing_after(words: list[Word], at: int, things: list[Found]) -> str | None:
    for match in things:
        between = words[at : match.first]
        if 0 <= match.first - at <= REACH and not any(_parts(word) for word in between):
            return match.entry.canonical
    return None


def _parts(word: Word) -> bool:
    """Whether `word` begins something new, so that what follows is not the object any more."""
    return not word.text[0].isalpha() or word.text in RELATIONS or word.text in PARTING


def _held_in_hand(
    words: list[Word], subjects: _Subjects, things: list[Found]
) -> Iterator[tuple[int | None, str]]:
    """'with a lantern in her hand': the thing before such a phrase, and whose hand it is."""
    for at, word in enumerate(words):
        if word.text in HOLDING and at >= 2 and words[at - 2].text in ("in", "on", "over"):
            near = [match for match in things if 0 <= at - 2 - match.end <= REACH]
            if near:
                yield subjects.before(near[-1].first), near[-1].entry.canonical
