"""Who does what: actions, moods, things held and where one is, given to the creature the words mean."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from storyreel.reading import lexicon
from storyreel.reading.lexicon import grammar
from storyreel.reading.model import Creature, Relation
from storyreel.reading.subjects import REACH, Subjects, Who, find_verbs
from storyreel.reading.words import Found, Word, find

HOLDING: Final = frozenset(
    {"beak", "mouth", "hand", "hands", "arms", "paw", "paws", "jaws", "teeth", "claws", "shoulder", "back"}
)
RELATIONS: Final = {word: told for told, words in grammar()["relations"].items() for word in words}
HANGING: Final = frozenset({"hung", "hangs", "dangled", "swayed", "shone", "glowed", "grew", "floated"})
PARTING: Final = frozenset({"and", "but", "to", "through", "of", "for"})


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
    loose_place: Relation | None = None

    def apply(self, creature: Creature, mention: int) -> Creature:
        """`creature` with what is told of the mention that begins at word `mention`."""
        return replace(
            creature,
            actions=tuple(self.actions.get(mention, ())),
            mood=self.moods.get(mention),
            holds=self.holds.get(mention),
            at=self.places.get(mention),
        )


def tell_doings(
    words: list[Word], creatures: list[Found], things: list[Found], scenery: list[Found]
) -> Doings:
    """Give every action, mood, thing held and place in `words` to its creature.

    `scenery` are the places and weathers of the text: they may be the subject of a verb too.
    """
    doings = Doings()
    subjects = Subjects(words, creatures, [*things, *scenery])
    verbs = find_verbs(words)
    for match in verbs:
        action = match.entry.canonical
        who = subjects.of(match, speech=action == "talk")
        _tell_action(doings, who, action)
        if action == "hold":
            _tell_holding(doings, who, _thing_after(words, match.end, things))
    for who in _below_hanging(words, creatures):
        _tell_action(doings, who, "look_up")
    for match in find(words, lexicon.table("moods")):
        described = subjects.described(match)
        _tell_mood(doings, subjects.of(match) if described is None else (described,), match.entry.canonical)
    for who, thing in _held_in_hand(words, subjects, things):
        _tell_holding(doings, who, thing)
    for at, word in enumerate(words):
        if word.text in RELATIONS and not word.quoted and not _follows_thing(at, things, verbs):
            _tell_relation(doings, words, subjects, things, at)
    return doings


def _tell_action(doings: Doings, who: Who, action: str) -> None:
    if who is None:
        doings.loose_actions += (action,)
    for one in who or ():
        doings.actions.setdefault(one, []).append(action)


def _tell_mood(doings: Doings, who: Who, mood: str) -> None:
    if who is None:
        doings.loose_mood = mood
    for one in who or ():
        doings.moods[one] = mood


def _tell_holding(doings: Doings, who: Who, thing: str | None) -> None:
    if thing is None:
        return
    if who is None:
        doings.loose_holds = thing
    for one in (who or ())[-1:]:
        doings.holds[one] = thing


def _tell_relation(
    doings: Doings, words: list[Word], subjects: Subjects, things: list[Found], at: int
) -> None:
    """Where the preposition at word `at` puts its subject: at a thing, or on the back of a creature."""
    who = subjects.before(at, participle=True)
    seat = _thing_after(words, at + 1, things) or _mount_after(words, at + 1, subjects.creatures)
    if seat is None:
        return
    relation = Relation(RELATIONS[words[at].text], seat)
    if who is None:
        doings.loose_place = doings.loose_place or relation
    for one in who or ():
        if words[one].text != seat:
            doings.places.setdefault(one, relation)


def _mount_after(words: list[Word], at: int, creatures: list[Found]) -> str | None:
    """The animal that a phrase such as "on a horse" or "on the lion's head" names, at word `at`."""
    if words[at - 1].text not in ("on", "upon", "atop", "onto"):
        return None
    for match in creatures:
        between = words[at : match.first]
        if 0 <= match.first - at <= 3 and not any(_parts(word) for word in between):
            return match.entry.noun
    return None


def _below_hanging(words: list[Word], creatures: list[Found]) -> Iterator[Who]:
    """'High above the fox hung a bunch of grapes': who has something over its head."""
    for match in creatures:
        before = [word.text for word in words[max(0, match.first - 3) : match.first]]
        after = [word.text for word in words[match.end : match.end + 1]]
        if {"above", "over"}.intersection(before) and HANGING.intersection(after):
            yield (match.first,)


def _follows_thing(at: int, things: list[Found], verbs: list[Found]) -> bool:
    """Whether the preposition at `at` tells of a thing ("grapes on the vine"), no verb coming between."""
    last_thing = max((match.end for match in things if match.end <= at), default=0)
    last_verb = max((match.end for match in verbs if match.end <= at), default=0)
    return at - REACH < last_thing and last_thing > last_verb


def _thing_after(words: list[Word], at: int, things: list[Found]) -> str | None:
    for match in things:
        between = words[at : match.first]
        if 0 <= match.first - at <= REACH and not any(_parts(word) for word in between):
            return match.entry.canonical
    return None


def _parts(word: Word) -> bool:
    """Whether `word` begins something new, so that what follows is not the object any more."""
    return not word.text[0].isalpha() or word.text in RELATIONS or word.text in PARTING


def _held_in_hand(words: list[Word], subjects: Subjects, things: list[Found]) -> Iterator[tuple[Who, str]]:
    """'with a lantern in her hand': the thing before such a phrase, and whose hand it is."""
    for at, word in enumerate(words):
        if word.text in HOLDING and at >= 2 and words[at - 2].text in ("in", "on", "over"):
            near = [match for match in things if 0 <= at - 2 - match.end <= REACH]
            if near:
                yield subjects.before(near[-1].first), near[-1].entry.canonical
