"""Reads a character's description: what it is, and which colour belongs to which part or garment."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from services.image.engines.local.figures.bestiary import PERSON, SPECIES, UNKNOWN, species_of
from services.image.engines.local.figures.colours import COLOUR_WORDS, RGB, darker, lighter, nudged
from services.image.engines.local.figures.species import Species
from services.image.engines.local.figures.vocabulary import GARMENTS, HER, HIM, PARTS, ROLES, Role
from storyreel.reading.lexicon import table

_PHRASES: Final = re.compile(
    r"\b(straw|top|wizard|pirate|sun)(?:'s)?[ -](hat)\b|\b(bow)[ -](tie)\b|\b(walking)[ -](stick)\b"
    r"|\b(riding)[ -](hood)\b|\b(fishing)[ -](rod)\b|\b(flower)[ -](crown)\b"
)
_POINTED_HAT: Final = re.compile(r"\bpoint(?:ed|y)[ -](?:\w+[ -])?hat\b")
_MODIFIERS: Final = {
    "dark": 0.38,
    "deep": 0.25,
    "light": -0.4,
    "pale": -0.5,
    "bright": 0.0,
    "soft": -0.2,
    "dusty": 0.1,
}
_STOPS: Final = frozenset(
    [
        "with",
        "who",
        "whose",
        "that",
        "which",
        "in",
        "of",
        "wearing",
        "wears",
        "carrying",
        "carries",
        "has",
        "on",
        "from",
        "his",
        "her",
        "their",
        ".",
        ";",
        ":",
    ]
)
_LINKS: Final = frozenset(["is", "are", "was", "were"])
_HUMAN_HINTS: Final = (
    HER
    | HIM
    | frozenset(["hair", "haired", "beard", "bearded", "moustache", "dress", "apron", "trousers", "skinned"])
)
_BEAST_HINTS: Final = frozenset(
    [
        "fur",
        "furry",
        "fuzzy",
        "paws",
        "tail",
        "scales",
        "scaly",
        "feathers",
        "wings",
        "claws",
        "snout",
        "mane",
        "hooves",
        "fluffy",
    ]
)


@dataclass
class Reading:
    """What a description says. `worn` holds a colour or None where the text leaves it open."""

    species: Species
    role: Role | None = None
    noun: str = ""
    words: frozenset[str] = frozenset()
    parts: dict[str, RGB] = field(default_factory=dict)
    worn: dict[str, RGB | None] = field(default_factory=dict)
    main: RGB | None = None


def read(name: str, description: str) -> Reading:
    """Read a name and a description in plain English."""
    tokens, name_tokens = _tokens(description), _tokens(name)
    species, role, noun = _kind(name_tokens, tokens)
    reading = Reading(
        species,
        role,
        canonical(noun) or ("" if species is PERSON else species.name),
        frozenset(tokens) | frozenset(name_tokens),
    )
    human = species is PERSON
    for index, token in enumerate(both := [*tokens, ".", *name_tokens]):
        if token in GARMENTS and not (token in PARTS and not human and not _is_worn(both, index)):
            reading.worn.setdefault(GARMENTS[token], None)
    _bind_colours(reading, tokens, human)
    if "coat" not in reading.parts:
        _bind_colours(reading, name_tokens, human)
    return reading


def _tokens(text: str) -> list[str]:
    text = _POINTED_HAT.sub("wizard-hat", text.lower().replace("’", "'"))
    text = _PHRASES.sub(lambda found: "-".join(part for part in found.groups() if part), text)
    found: list[str] = []
    for token in re.findall(r"[a-z]+(?:-[a-z]+)*(?:'s?)?|[.;:,]", text):
        known = token in GARMENTS or token in PARTS
        found += [token] if known else token.split("-")
    return found


def _kind(name: list[str], tokens: list[str]) -> tuple[Species, Role | None, str]:
    end = next((i for i, token in enumerate(tokens) if token in _STOPS), len(tokens))
    for phrase in (tokens[:end], name, tokens[end:]):
        if noun := _species_in(phrase):
            trade = next((ROLES[token] for token in phrase if token in ROLES), None)
            return species_of(noun) or SPECIES[UNKNOWN], trade, noun
        if noun := next((token for token in phrase if token in ROLES), ""):
            return PERSON, ROLES[noun], _phrase_of(noun, phrase)
    words = {*tokens, *name}
    if known := next((word for word in (*tokens[:end], *name) if canonical(word)), ""):
        is_beast = (known,) in table("creatures", "animals").entries
        return (
            (SPECIES[UNKNOWN], None, known)
            if is_beast
            else (PERSON, ROLES.get(canonical(known) or ""), known)
        )
    if words & _BEAST_HINTS:
        return SPECIES[UNKNOWN], None, UNKNOWN
    if words & _HUMAN_HINTS or not {"a", "an", "the"} & set(tokens[:end]):
        return PERSON, None, ""
    return SPECIES[UNKNOWN], None, UNKNOWN


def canonical(noun: str) -> str | None:
    """The word by which stories are read for what `noun` names, or None where reading does not know it."""
    key = tuple(noun.split())
    animals, people = table("creatures", "animals").entries, table("creatures", "people").entries
    entry = animals.get(key) or people.get(key) or animals.get(("a", *key))
    return entry.canonical if entry else None


def _phrase_of(noun: str, phrase: list[str]) -> str:
    """The two words around a noun that name a person together ("shepherd boy"), else the noun."""
    pairs = [f"{first} {second}" for first, second in pairwise(phrase) if noun in (first, second)]
    return next((pair for pair in pairs if canonical(pair)), noun)


def _species_in(phrase: list[str]) -> str:
    found = [token for token in phrase if species_of(token)]
    return next((token for token in found if token not in COLOUR_WORDS or len(found) == 1), "")


def _is_worn(tokens: list[str], index: int) -> bool:
    return bool({"wearing", "wears", "wore", "in", "dressed"} & set(tokens[max(index - 4, 0) : index]))


def _bind_colours(reading: Reading, tokens: list[str], human: bool) -> None:
    index = 0
    while index < len(tokens):
        start, colour, index = index, *_colour_at(tokens, index)
        if colour is None:
            continue
        target = _target_after(tokens, index, human) or _target_before(tokens, start)
        _assign(reading, target, colour, human)


def _colour_at(tokens: list[str], index: int) -> tuple[RGB | None, int]:
    """The colour that starts at a token, and the index after it."""
    token = tokens[index]
    following = tokens[index + 1] if index + 1 < len(tokens) else ""
    if token in _MODIFIERS and following in COLOUR_WORDS and following not in _MODIFIERS:
        amount, colour = _MODIFIERS[token], COLOUR_WORDS[following]
        if token == "bright":
            return nudged(colour, 0, 0.04, 1.25), index + 2
        return (darker(colour, amount) if amount > 0 else lighter(colour, -amount)), index + 2
    return COLOUR_WORDS.get(token), index + 1


def _target_after(tokens: list[str], index: int, human: bool) -> str | None:
    """The part, garment or creature that a colour before `index` belongs to."""
    for position in range(index, min(index + 5, len(tokens))):
        token = tokens[position]
        if token == "tipped" or tokens[position : position + 2] == ["tip", "of"]:
            return "part:ear_tips" if "ears" in tokens[position : position + 3] else "part:tail_tip"
        if token in PARTS and not (token in GARMENTS and (human or _is_worn(tokens, position))):
            tip = "tip" in tokens[position + 1 : position + 2] and PARTS[token] == "tail"
            return f"part:{'tail_tip' if tip else PARTS[token]}"
        if token in GARMENTS:
            return f"worn:{GARMENTS[token]}"
        if species_of(token) and token not in COLOUR_WORDS:
            return "part:coat" if not human else None
        if token in ROLES:
            return "main"
        if token == "and":
            later = tokens[position + 1 : position + 3]
            if later and (later[0] in COLOUR_WORDS or later[0] in _MODIFIERS):
                continue
            return None
        if token in _STOPS or token in _LINKS:
            return None
    return None


def _target_before(tokens: list[str], start: int) -> str | None:
    before = tokens[max(start - 4, 0) : start]
    if before[-1:] == ["in"] or before[-2:] == ["all", "in"] or before[-2:] == ["dressed", "in"]:
        return "part:tail_tip" if "tipped" in before else "main"
    if before and (before[-1] in _LINKS or before[-1] in ("of", "as")):
        for token in reversed(before):
            if token in GARMENTS and token not in PARTS:
                return f"worn:{GARMENTS[token]}"
            if token in PARTS:
                return f"part:{PARTS[token]}"
    return None


def _assign(reading: Reading, target: str | None, colour: RGB, human: bool) -> None:
    kind, _, what = (target or "").partition(":")
    if kind == "worn":
        reading.worn[what] = reading.worn.get(what) or colour
    elif kind == "part":
        if what == "coat" and "coat" in reading.parts and not human:
            reading.parts.setdefault("second", colour)
        else:
            reading.parts.setdefault(what, colour)
    elif kind == "main":
        reading.main = reading.main or colour
    elif not human:
        reading.parts.setdefault("coat", colour)
