"""What reading finds in a text, in the canonical words of the lexicon."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Relation:
    """Where a creature is: `word` is "on", "atop" (on its head), "in", "under", "beside" or "behind",
    `thing` the canonical word of a thing, or the name of a creature it sits on."""

    word: str
    thing: str


@dataclass(frozen=True)
class Creature:
    """A person or animal. `start` is the offset of its first mention in the text, in characters.

    `name` is the noun as the text has it, in the singular ("shepherd boy"); `species` its canonical word.
    `adjectives` stand before the noun, in order; `dress` is what follows it ("in a red hood"), or "".
    `actions` are in the order told, as the keys of actions.toml; `holds` is the thing carried. `quoted`
    says that it is only spoken of, between quotes.
    """

    name: str
    species: str
    start: int
    count: int = 1
    adjectives: tuple[str, ...] = ()
    dress: str = ""
    actions: tuple[str, ...] = ()
    mood: str | None = None
    holds: str | None = None
    at: Relation | None = None
    quoted: bool = False


@dataclass(frozen=True)
class Thing:
    """Something that can be drawn. `size` is "large", "small" or None; `adjectives` as for a creature."""

    name: str
    count: int = 1
    colour: str | None = None
    size: str | None = None
    adjectives: tuple[str, ...] = ()
    quoted: bool = False


@dataclass(frozen=True)
class Reading:
    """What a text shows. None or empty where it does not say.

    `absent` names things the text denies ("no moon") or hides ("clouds covered the sun"). `actions`, `mood`,
    `holds` and `at` are those no creature could be found for (the text said "she", or a name). `speaks` says
    that some of it is between quotes.
    """

    place: str | None = None
    time: str | None = None
    weather: str | None = None
    season: str | None = None
    creatures: tuple[Creature, ...] = ()
    things: tuple[Thing, ...] = ()
    absent: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    sign_colour: str | None = None
    actions: tuple[str, ...] = ()
    mood: str | None = None
    holds: str | None = None
    at: Relation | None = None
    speaks: bool = False
