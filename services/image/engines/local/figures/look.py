"""What a character looks like (its Look), and the words in which a drawing of it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from services.image.engines.local.figures.colours import RGB
from storyreel.storyboard import Frozen


class Pose(StrEnum):
    """What a figure is doing."""

    STAND = "stand"
    SIT = "sit"
    WALK = "walk"
    RUN = "run"
    SLEEP = "sleep"
    FLY = "fly"
    JUMP = "jump"
    LOOK_UP = "look_up"
    EAT = "eat"
    TALK = "talk"
    HOLD = "hold"
    LIE = "lie"
    SWIM = "swim"


@dataclass(frozen=True)
class Light:
    """The light a figure stands in.

    `ambient` is multiplied onto its colours; `rim` lights the edge on side `rim_side` (+1 right, -1 left).
    """

    ambient: tuple[float, float, float] = (1.0, 1.0, 1.0)
    rim: RGB | None = None
    rim_side: int = 1


class Garment(Frozen):
    """Something a character wears or carries, such as a scarf."""

    kind: str
    colour: RGB


class Mark(Frozen):
    """A part of the coat that has its own colour, such as `tail_tip`, `socks`, `stripes`."""

    part: str
    colour: RGB


class Look(Frozen):
    """All that makes a character recognisable. Proportions are factors on those of its body.

    `species` is the canonical word of `storyreel.reading` for it ("girl", "raven"), `body` the name of the
    body it is drawn with ("human", "crow").
    """

    name: str
    species: str
    body: str
    style: str
    grain: int
    coat: RGB
    belly: RGB
    accent: RGB
    eye: RGB
    hair: RGB
    marks: tuple[Mark, ...] = ()
    clothes: tuple[Garment, ...] = ()
    age: str = "adult"
    sex: str = "none"
    hair_style: str = "short"
    beard: str = "none"
    build: float = 1.0
    head: float = 1.0
    ears: float = 1.0
    tail: float = 1.0
    legs: float = 1.0
    size: float = 1.0

    def mark(self, part: str) -> RGB | None:
        """The colour of a marking, or None where the character has none there."""
        return next((mark.colour for mark in self.marks if mark.part == part), None)

    def wears(self, kind: str) -> RGB | None:
        """The colour of a garment, or None where the character has none."""
        return next((garment.colour for garment in self.clothes if garment.kind == kind), None)
