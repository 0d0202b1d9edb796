"""From which side a figure is seen, and how its three-dimensional joints land on the page."""

from __future__ import annotations

import math
from dataclasses import dataclass

from services.image.engines.local.figures.curves import Point

GROUND_SLOPE = 0.1
"""How much lower on the page a joint one unit nearer to the viewer lies."""


@dataclass(frozen=True)
class View:
    """`turn` is the body's angle in degrees: 0 in profile, 90 facing the viewer. `head` likewise, or None
    for the angle that suits the species best."""

    turn: float = 20.0
    head: float | None = None

    def place(self, x: float, y: float, z: float = 0.0) -> Point:
        """Where a joint lands: x forward, y down, z towards the viewer's side of a body in profile."""
        angle = math.radians(self.turn)
        return (
            x * math.cos(angle) - z * math.sin(angle),
            y + GROUND_SLOPE * self.depth(x, z),
        )

    def depth(self, x: float, z: float = 0.0) -> float:
        """How near to the viewer a joint is."""
        angle = math.radians(self.turn)
        return x * math.sin(angle) + z * math.cos(angle)

    def head_yaw(self, usual: float) -> float:
        """The head's angle away from the viewer, in degrees."""
        return usual if self.head is None else 90 - self.head


THREE_QUARTER = View()
FRONT = View(turn=84.0, head=90.0)
SIDE = View(turn=4.0, head=48.0)
