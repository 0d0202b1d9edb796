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
SHADE: Final = [["the", part, "of"] for part in ("shade", "shadow")]
HEADS: Final = frozenset({"head", "nose", "crown", "ears", "antlers"})
FALLING: Final = frozenset({"fell", "dropped", "closed", "fall", "falls"})
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
    words: list[Word],
    creatures: list[Found],
    things: list[Found],
    scenery: list[Found],
    mounts: list[Found],
) -> Doings:
    """Give every action, mood, thing held and place in `words` to its creature.

    `scenery` are the places and weathers of the text: they may be the subject of a verb too. `mounts` are
    all creatures, even those that only own something ("on the lion's head").
    """
    doings = Doings()
    subjects = Subjects(words, creatures, [*things, *scenery])
    verbs = find_verbs(words)
    for match in verbs:
        action = match.entry.canonical
        who = subjects.of(match, speech=action == "talk")
        if action == "chase":
            _tell_action(doings, subjects.object_of(match) or (), "flee")
            action = "run"
        _tell_action(doings, who, action)
        if action == "hold":
            _tell_holding(doings, who, _thing_after(words, match.end, things))
    for who in _under_fallen(words, things, subjects):
        _tell_place(doings, words, who, Relation("under", "net"))
    for who in _below_hanging(words, creatures):
        _tell_action(doings, who, "look_up")
    for match in find(words, lexicon.table("moods")):
        described = subjects.described(match)
        _tell_mood(doings, subjects.of(match) if described is None else (described,), match.entry.canonical)
    for who, thing in _held_in_hand(words, subjects, things):
        _tell_holding(doings, who, thing)
    for at, word in enumerate(words):
        if word.text in RELATIONS and not word.quoted and not _follows_thing(at, things, verbs):
            shaded = [one.text for one in words[at + 1 : at + 4]] in SHADE
            end = at + (4 if shaded else 1)
            seat = _thing_after(words, end, things) or _mount_after(words, end, mounts)
            if seat is not None:
                told = "under" if shaded else _relation(words, at)
                _tell_place(doings, words, subjects.before(at, participle=True), Relation(told, seat))
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


def _tell_place(doings: Doings, words: list[Word], who: Who, place: Relation) -> None:
    if who is None:
        doings.loose_place = doings.loose_place or place
    for one in who or ():
        if words[one].text != place.thing:
            doings.places.setdefault(one, place)


def _relation(words: list[Word], at: int) -> str:
    """What the preposition at word `at` says; on somebody's head is "atop"."""
    told = RELATIONS[words[at].text]
    on_head = told == "on" and any(word.text in HEADS for word in words[at + 1 : at + 1 + REACH])
    return "atop" if on_head else told


def _mount_after(words: list[Word], at: int, creatures: list[Found]) -> str | None:
    """The animal that a phrase such as "on a horse" or "on the lion's head" names, at word `at`."""
    if words[at - 1].text not in ("on", "upon", "atop", "onto"):
        return None
    for match in creatures:
        between = words[at : match.first]
        if 0 <= match.first - at <= 3 and not any(_parts(word) for word in between):
            return match.entry.noun
    return None


def _under_fallen(words: list[Word], things: list[Found], subjects: Subjects) -> Iterator[Who]:
    """'The ropes fell on him': whom a net has caught."""
    for match in things:
        after = [word.text for word in words[match.end : match.end + 2]]
        if (
            match.entry.canonical in ("net", "rope")
            and after
            and after[0] in FALLING
            and after[-1] in ("on", "over")
        ):
            yield subjects.named_at(match.end + 2)


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
    begins = word.text in RELATIONS or word.text in PARTING or word.text in grammar()["prepositions"]
    return begins or not word.text[0].isalpha()


def _held_in_hand(words: list[Word], subjects: Subjects, things: list[Found]) -> Iterator[tuple[Who, str]]:
    """'with a lantern in her hand': the thing before such a phrase, and whose hand it is."""
    for at, word in enumerate(words):
        if word.text in HOLDING and at >= 2 and words[at - 2].text in ("in", "on", "over"):
            near = [match for match in things if 0 <= at - 2 - match.end <= REACH]
            if near:
                yield subjects.before(near[-1].first), near[-1].entry.canonical
