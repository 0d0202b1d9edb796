"""Designs a character's Look from its name and description; a stable hash settles what they leave open."""

from __future__ import annotations

import hashlib
import random

from services.image.engines.local.figures.colours import (
    COLOUR_WORDS,
    RGB,
    WHITE,
    darker,
    lighter,
    lightness,
    mix,
    nudged,
    rgb,
)
from services.image.engines.local.figures.look import Look, Mark
from services.image.engines.local.figures.reading import Reading, read
from services.image.engines.local.figures.species import HUMAN, Species
from services.image.engines.local.figures.vocabulary import (
    BIG,
    CUBS,
    HER,
    HIM,
    OLD,
    SMALL,
    STOUT,
    THIN,
    YOUNG,
)
from services.image.engines.local.figures.wardrobe import dress_beast, dress_person

_SKINS = ("f6d9c0", "f0c8a6", "e6b48c", "d29a70", "b47a50", "8e5a3a", "74492f", "f3cfb4")
_FAIR = _SKINS[:4]
_FAIR_HAIR = frozenset(["red", "ginger", "auburn", "blond", "blonde", "golden"])
_HAIRS = ("3a2a26", "5a3a28", "7a4a2c", "a86a38", "c98d4a", "e2be78", "2e2830", "8f3f26")
_DARK_HAIRS = ("2c2529", "3a2a28", "4a3028")
_KINDS = {
    ("child", "male"): "boy",
    ("child", "female"): "girl",
    ("adult", "male"): "man",
    ("adult", "female"): "woman",
    ("old", "male"): "old man",
    ("old", "female"): "old woman",
}
_EYES = ("5a3a26", "3f6a8c", "5c7a48", "6b4a2c", "4a4a5c")


def design_look(name: str, description: str, style: str) -> Look:
    """The Look of a character. The same words always give the same Look; other words, another.

    `name` and `description` are plain English; `style` is a style's name, as in a recipe.
    """
    reading = read(name, description)
    digest = hashlib.sha256(f"{name}\n{description}".encode()).digest()
    draw = random.Random(digest)
    grain = int.from_bytes(digest[:5], "big")
    if reading.species.name == HUMAN:
        return _design_person(name, style, reading, draw, grain)
    return _design_beast(name, style, reading, draw, grain)


def _build(words: frozenset[str], draw: random.Random) -> float:
    build = 1.0 + draw.uniform(-0.06, 0.06)
    if words & STOUT:
        return build * 1.2
    return build * 0.86 if words & THIN else build


def _size(words: frozenset[str]) -> float:
    if words & BIG:
        return 1.25
    return 0.8 if words & SMALL else 1.0


def _design_beast(name: str, style: str, reading: Reading, draw: random.Random, grain: int) -> Look:
    species, parts, words = reading.species, reading.parts, reading.words
    coat, belly, accent = _coat(species, parts, draw)
    cub = bool(words & CUBS)
    eye = parts.get("eye", species.eye)
    return Look(
        name=name,
        species=reading.noun,
        body=species.name,
        style=style,
        grain=grain,
        coat=coat,
        belly=belly,
        accent=accent,
        eye=eye,
        hair=accent,
        marks=_marks(species, parts, coat, belly, accent),
        clothes=dress_beast(reading),
        age="child" if cub else "old" if words & OLD else "adult",
        build=_build(words, draw),
        head=(1.0 + draw.uniform(-0.04, 0.04)) * (1.14 if cub else 1.0),
        ears=(1.0 + draw.uniform(-0.1, 0.1))
        * (1.3 if "ears" in words and words & {"long", "big", "large", "huge"} else 1.0),
        tail=(1.0 + draw.uniform(-0.1, 0.1)) * (1.2 if "bushy" in words else 1.0),
        legs=(1.0 + draw.uniform(-0.05, 0.05)) * (0.86 if cub else 1.0),
        size=_size(words) * (0.62 if cub else 1.0),
    )


def _coat(species: Species, parts: dict[str, RGB], draw: random.Random) -> tuple[RGB, RGB, RGB]:
    coat, belly, accent = draw.choice(species.coats)
    coat = nudged(coat, draw.uniform(-0.012, 0.012), draw.uniform(-0.035, 0.035))
    if "coat" in parts:
        coat = parts["coat"]
        dark, bright = lightness(coat) < 0.3, lightness(coat) > 0.85
        belly = lighter(coat, 0.18) if dark else WHITE if bright else mix(lighter(coat, 0.72), WHITE, 0.2)
        if lightness(accent) > 0.34 or dark:
            accent = darker(coat, 0.4)
    if not _is_patched(species):
        belly = parts.get("second", belly)
    belly = parts.get("belly", belly)
    accent = parts.get("mane", parts.get("shell", parts.get("spines", accent)))
    return coat, belly, accent


def _is_patched(species: Species) -> bool:
    """Whether a second colour of the coat makes patches; on other species it is the underside's."""
    return any(part == "patches" for part, _ in species.marks)


def _marks(species: Species, parts: dict[str, RGB], coat: RGB, belly: RGB, accent: RGB) -> tuple[Mark, ...]:
    sources = {"coat": coat, "belly": belly, "accent": accent}
    found = {
        part: sources[source] if source in sources else rgb(source) for part, source in species.marks if part
    }
    said = {
        part: colour
        for part, colour in parts.items()
        if part not in ("coat", "eye", "mane", "shell", "spines", "hair")
    }
    if "belly" in said:
        said["chest"] = said.pop("belly")
    if "second" in said:
        said.setdefault("patches" if _is_patched(species) else "blaze", said["second"])
        del said["second"]
    if "ears" in said:
        said["ear_tips"] = said.pop("ears")
    return tuple(Mark(part=part, colour=colour) for part, colour in sorted((found | said).items()))


def _design_person(name: str, style: str, reading: Reading, draw: random.Random, grain: int) -> Look:
    words, parts, role = reading.words, reading.parts, reading.role
    sex = _sex(reading, draw)
    age = (
        "old"
        if words & OLD
        else role.age
        if role and role.age != "adult"
        else "child"
        if words & YOUNG
        else "adult"
    )
    skin = _skin(reading, draw)
    hair = _hair(reading, skin, age, draw)
    clothes = dress_person(reading, sex, age, draw)
    return Look(
        name=name,
        species=reading.noun or _KINDS[age, sex],
        body=HUMAN,
        style=style,
        grain=grain,
        coat=skin,
        belly=WHITE,
        accent=next((garment.colour for garment in clothes), rgb("b8503c")),
        eye=parts.get("eye", rgb(draw.choice(_EYES if lightness(skin) > 0.55 else _EYES[:1]))),
        hair=hair,
        clothes=clothes,
        age=age,
        sex=sex,
        hair_style=_hair_style(reading, sex, age, draw),
        beard=_beard(reading, sex, age, draw),
        build=_build(words, draw),
        head=1.0 + draw.uniform(-0.03, 0.03),
        legs=1.0 + draw.uniform(-0.05, 0.05),
        size=_size(words - SMALL) if age == "child" else _size(words),
    )


def _sex(reading: Reading, draw: random.Random) -> str:
    chance = draw.choice(("female", "male"))
    if reading.words & HER:
        return "female"
    if reading.words & HIM or {"beard", "bearded", "moustache"} & reading.words:
        return "male"
    if reading.role and reading.role.sex != "none":
        return reading.role.sex
    return "female" if {"dress", "gown"} & reading.words else chance


def _skin(reading: Reading, draw: random.Random) -> RGB:
    said = reading.parts.get("coat") or reading.parts.get("face")
    chance = rgb(draw.choice(_FAIR if reading.words & _FAIR_HAIR and "hair" in reading.parts else _SKINS))
    if said is None:
        return chance
    natural = {
        "dark": "7a4c34",
        "black": "5c3a2c",
        "brown": "9a6240",
        "pale": "f8e2d0",
        "white": "f6dcc6",
        "tan": "cf9a6c",
    }
    for word, code in natural.items():
        if word in reading.words and {"skin", "skinned", "face", "faced"} & reading.words:
            return rgb(code)
    return said


def _hair(reading: Reading, skin: RGB, age: str, draw: random.Random) -> RGB:
    chance = rgb(draw.choice(_HAIRS if lightness(skin) > 0.6 else _DARK_HAIRS))
    said = reading.parts.get("hair") or reading.parts.get("beard")
    if said:
        reds = {"red": "b5502a", "orange": "c8642c", "dark": "3a2a26", "black": "2b272d"}
        for word, code in reds.items():
            if word in reading.words and said == _colour(word):
                return rgb(code)
        return said
    return rgb(draw.choice(("d8d4ce", "b9b6b2", "efebe4"))) if age == "old" else chance


def _colour(word: str) -> RGB:
    return COLOUR_WORDS[word]


def _hair_style(reading: Reading, sex: str, age: str, draw: random.Random) -> str:
    words = reading.words
    named = (
        ("bald", {"bald"}), ("braids", {"braid", "braids", "braided", "plait", "plaits", "pigtails"}),
        ("bun", {"bun"}),
        ("ponytail", {"ponytail"}), ("curly", {"curly", "curls", "frizzy"}),
        ("spiky", {"spiky", "messy", "tousled"}),
    )  # fmt: skip
    if reading.role and reading.role.hair:
        chance = reading.role.hair
    elif sex == "female":
        chance = draw.choice(
            ("bun", "bun", "bob") if age == "old" else ("long", "bob", "braids", "ponytail", "curly")
        )
    else:
        chance = draw.choice(("short", "bald") if age == "old" else ("short", "short", "spiky", "curly"))
    for style, hints in named:
        if words & hints:
            return style
    if {"hair", "haired"} & words and words & {"long", "flowing"}:
        return "long"
    if {"hair", "haired"} & words and "short" in words:
        return "bob" if sex == "female" else "short"
    return chance


def _beard(reading: Reading, sex: str, age: str, draw: random.Random) -> str:
    words = reading.words
    chance = draw.random()
    if {"beard", "bearded"} & words:
        return "long" if "long" in words else "short" if "short" in words else "full"
    if {"moustache", "mustache"} & words:
        return "moustache"
    clean = "clean" in words or (reading.role is not None and reading.role.beard == "clean")
    if sex != "male" or age == "child" or clean:
        return "none"
    if reading.role and reading.role.beard != "none":
        return reading.role.beard
    if age == "old":
        return "full" if chance < 0.55 else "moustache"
    return "short" if chance < 0.25 else "none"
