"""`read`: everything a text shows, found by its words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from storyreel.reading import lexicon
from storyreel.reading.doings import tell_doings
from storyreel.reading.lexicon import Table, grammar
from storyreel.reading.model import Creature, Reading, Thing
from storyreel.reading.signs import take_signs
from storyreel.reading.words import (
    Found,
    Word,
    adjectives_before,
    count_before,
    dress_after,
    find,
    is_likened,
    split_words,
)

BACKS: Final = frozenset({"back", "head", "shoulder", "shoulders", "nose", "antlers", "neck"})
BOARDS: Final = frozenset({"sign", "signpost", "signboard", "banner", "notice", "placard", "board", "poster"})
VEILED: Final = re.compile(
    r"\b(?:cover|hid|veil|swallow|blot|shut)\w*\s+(?:out\s+)?the\s+(sun|moon|star)s?\b"
    r"|\b(sun|moon|star)s?\s+(?:was|were|went|slipped|hid|vanished|disappeared)\s+(?:\w+\s+)?behind\b",
    re.IGNORECASE,
)
"""Words that say a light of the sky cannot be seen."""
ALIASES: Final = {"grey": "gray", "gold": "golden", "scarlet": "red", "crimson": "red", "violet": "purple"}


def read(text: str, names: Iterable[str] | Mapping[str, Iterable[str]] = ()) -> Reading:
    """What `text` shows: a sentence, or a whole shot. `names` are characters known by name, maybe with what
    else each is called; such a creature has the name as its species.

    Where a text says two places (times, weathers), the last it moves into is meant.
    """
    signs, plain = take_signs(text)
    words = split_words(plain)
    called = names if isinstance(names, Mapping) else dict.fromkeys(names, ())
    spotted = [match for match in find(words, _creature_table(called)) if not is_likened(words, match.first)]
    heads = {match.first for match in spotted}
    found = [
        match
        for match in spotted
        if match.end not in heads and (not words[match.end - 1].possessive or _carries(words, match))
    ]
    veiled = {name.lower() for match in VEILED.finditer(plain) for name in match.groups() if name}
    things = [
        match
        for match in find(words, lexicon.table("things"))
        if not is_likened(words, match.first) and match.entry.canonical not in veiled
    ]
    scenery = [match for name in ("places", "weather") for match in find(words, lexicon.table(name))]
    doings = tell_doings(words, found, things, scenery, spotted)
    return Reading(
        place=_place(words, found),
        time=_last(words, lexicon.table("times", "stated"))
        or _last(words, lexicon.table("times", "implied")),
        weather=_last(words, lexicon.table("weather")),
        season=_last(words, lexicon.table("seasons")),
        creatures=_merge([doings.apply(_creature(words, match), match.first) for match in found]),
        things=tuple(_things(words, things, found)),
        absent=tuple(
            dict.fromkeys(
                [
                    *(match.entry.canonical for match in find(words, lexicon.table("things"), denied=True)),
                    *sorted(veiled),
                ]
            )
        ),
        signs=signs,
        sign_colour=_sign_colour(words) if signs else None,
        actions=doings.loose_actions,
        mood=doings.loose_mood,
        holds=doings.loose_holds,
        at=doings.loose_place,
        speaks=any(word.quoted for word in words),
    )


def _carries(words: list[Word], match: Found) -> bool:
    """Whether somebody is on a part of the creature, which is there then ("on the lion's head")."""
    before = {word.text for word in words[max(0, match.first - 3) : match.first]}
    part = {word.text for word in words[match.end : match.end + 2]}
    return bool(before & {"on", "upon", "onto"} and part & BACKS)


def _creature_table(names: Mapping[str, Iterable[str]]) -> Table:
    known, named = lexicon.creatures(), lexicon.name_table(names)
    return Table({**known.entries, **named.entries}, max(known.longest, named.longest))


def _last(words: list[Word], table: Table) -> str | None:
    """The last phrase of `table` outside quotation marks, else the last inside them."""
    found = find(words, table)
    told = [match for match in found if not words[match.first].quoted] or found
    return told[-1].entry.canonical if told else None


def _place(words: list[Word], creatures: list[Found]) -> str | None:
    """The place: the last one entered or stood in, else been near, else named; narrated before spoken."""
    named = {match.first for match in creatures}
    found = [match for match in find(words, lexicon.table("places")) if match.end not in named]
    told = [match for match in found if not words[match.first].quoted] or found
    ranked = [(_nearness(words, match), match) for match in told if not _is_left(words, match)]
    if not ranked:
        return None
    nearest = max(rank for rank, _ in ranked)
    return [match for rank, match in ranked if rank == nearest][-1].entry.canonical


def _nearness(words: list[Word], match: Found) -> int:
    """How much the words before a place say that one is there: 2 in it, 1 near it, 0 only named."""
    if match.entry.noun.split()[0] in grammar()["entering"]:
        return 2
    for word in reversed(words[max(0, match.first - 4) : match.first]):
        if word.text in grammar()["entering"]:
            return 2
        if word.text in grammar()["nearing"]:
            return 1
    return 0


def _is_left(words: list[Word], match: Found) -> bool:
    before = [word.text for word in words[max(0, match.first - 3) : match.first]]
    return any(word in ("from", "left", "of", "leaving", "beyond") for word in before)


def _creature(words: list[Word], match: Found) -> Creature:
    return Creature(
        name=match.entry.noun,
        species=match.entry.canonical,
        start=words[match.first].start,
        count=count_before(words, match.first, match.entry.plural),
        adjectives=adjectives_before(words, match.first),
        dress=dress_after(words, match.end),
        quoted=words[match.first].quoted,
    )


def _merge(mentions: list[Creature]) -> tuple[Creature, ...]:
    """One creature per noun, in the order of first mention, with all that its mentions tell."""
    merged: list[Creature] = []
    for mention in mentions:
        known = next((creature for creature in merged if _is_same(creature, mention)), None)
        if known is None:
            merged.append(mention)
        else:
            merged[merged.index(known)] = _join(known, mention)
    return tuple(merged)


def _is_same(known: Creature, mention: Creature) -> bool:
    """Whether two mentions mean one creature; "the town mouse" and "the country mouse" are two."""
    if known.name != mention.name:
        return False
    telling = set(grammar()["distinguishing"])
    one, other = telling.intersection(known.adjectives), telling.intersection(mention.adjectives)
    return not one or not other or bool(one & other)


def _join(known: Creature, mention: Creature) -> Creature:
    return replace(
        known,
        count=max(known.count, mention.count),
        adjectives=known.adjectives or mention.adjectives,
        dress=known.dress or mention.dress,
        actions=known.actions + mention.actions,
        mood=mention.mood or known.mood,
        holds=mention.holds or known.holds,
        at=mention.at or known.at,
        quoted=known.quoted and mention.quoted,
    )


def _things(words: list[Word], matches: list[Found], creatures: list[Found]) -> Iterable[Thing]:
    """The things, one per name, except words that belong to a creature's name ("the kite bird")."""
    taken = {at for match in creatures for at in range(match.first, match.end)}
    merged: dict[str, Thing] = {}
    for match in matches:
        if match.first in taken:
            continue
        adjectives = adjectives_before(words, match.first)
        known = merged.get(match.entry.canonical)
        thing = Thing(
            name=match.entry.canonical,
            count=count_before(words, match.first, match.entry.plural),
            colour=_one_of(adjectives, "colours"),
            size="large"
            if _one_of(adjectives, "large")
            else "small"
            if _one_of(adjectives, "small")
            else None,
            adjectives=adjectives,
            quoted=words[match.first].quoted,
        )
        if known is None or (known.quoted and not thing.quoted) or (thing.colour and not known.colour):
            merged[thing.name] = thing
    return merged.values()


def _sign_colour(words: list[Word]) -> str | None:
    """The colour of the board that words stand on ("a red sign")."""
    for at, word in enumerate(words):
        if word.text in BOARDS and (colour := _one_of(adjectives_before(words, at), "colours")):
            return colour
    return None


def _one_of(adjectives: tuple[str, ...], kind: str) -> str | None:
    known: list[str] = grammar()[kind]
    for adjective in adjectives:
        if adjective in known:
            return ALIASES.get(adjective, adjective)
    return None
