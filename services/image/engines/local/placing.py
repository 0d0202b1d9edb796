"""`Placed`: something that has found its place in a panel's row."""

from __future__ import annotations

from dataclasses import dataclass, field

from services.image.engines.local.casting import Actor
from services.image.engines.local.lettering import Lettering
from services.image.engines.local.props import Prop
from storyreel.reading import Thing


@dataclass
class Placed:
    """Something in the row: its `actor`, `thing` or `sign`, its width in units, and where it came to stand.

    `size` is its height in units, `scale` how far the row had to be scaled down, `lift` how far it is off the
    ground. `riders` sit on the thing or the figure; a figure may stand `behind` the thing beside it.
    """

    width: float
    actor: Actor | None = None
    thing: Thing | None = None
    prop: Prop | None = None
    sign: Lettering | None = None
    x: float = 0.0
    size: float = 0.0
    scale: float = 1.0
    facing: int = 1
    lift: float = 0.0
    behind: bool = False
    riders: list[Actor] = field(default_factory=list)
