"""Clothes on a bird: a garment cut for the breast, so that back, tail, wings and neck keep their feathers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import skia

from services.image.engines.local.figures.brush import Brush
from services.image.engines.local.figures.colours import RGB, darker, lighter
from services.image.engines.local.figures.curves import Point, ellipse, smooth
from services.image.engines.local.figures.look import Look
from services.image.engines.local.figures.wear import COVERING, draw_drapes

HEMS: Final = {"vest": 0.15, "apron": -0.1}
"""How far behind the middle of the body a garment ends, in girths; others reach further."""
LONG_HEM: Final = -0.55


@dataclass(frozen=True)
class _Axes:
    """A bird's body seen along its own length: `along` towards the breast, `down` towards the belly."""

    middle: Point
    along: Point
    girth: float

    def at(self, along: float, down: float) -> Point:
        """The point that many girths from the middle of the body."""
        ax, ay = self.along
        x, y = self.middle
        return (
            x + (ax * along - ay * down) * self.girth,
            y + (ay * along + ax * down) * self.girth,
        )


def draw_bird_wear(
    brush: Brush, look: Look, body: skia.Path, breast: Point, rump: Point, girth: float
) -> None:
    """Draw what a bird wears on its body, whose outline without the neck is `body`."""
    length = math.hypot(breast[0] - rump[0], breast[1] - rump[1]) or 1.0
    along = ((breast[0] - rump[0]) / length, (breast[1] - rump[1]) / length)
    axes = _Axes(((breast[0] + rump[0]) / 2, (breast[1] + rump[1]) / 2), along, girth)
    reach = length / 2 / girth
    for kind in COVERING:
        if (colour := look.wears(kind)) is not None:
            with brush.inside(body):
                _draw_cut(brush, look, axes, reach, HEMS.get(kind, LONG_HEM), colour)
            break
    draw_drapes(brush, look, breast, rump, girth)


def _draw_cut(brush: Brush, look: Look, axes: _Axes, reach: float, hem: float, colour: RGB) -> None:
    front = reach + 1.4
    cut = smooth(
        [axes.at(hem, -1.3), axes.at(front, -1.3), axes.at(front, 1.3), axes.at(hem - 0.1, 1.3)], tension=0.0
    )
    brush.fill(cut, colour, 0.2)
    edge = [axes.at(hem, -1.2), axes.at(hem + 0.1, 0.0), axes.at(hem - 0.1, 1.2)]
    brush.line(smooth(edge, closed=False), darker(colour, 0.28), axes.girth * 0.09)
    collar = [axes.at(reach - 0.35, -1.0), axes.at(reach + 0.12, 0.42), axes.at(reach + 1.0, 0.05)]
    opening = smooth([*collar, axes.at(reach + 1.2, -1.2)], tension=0.0)
    brush.fill(opening, look.mark("chest") or look.coat, 0.1)
    brush.line(smooth(collar, closed=False, tension=0.3), lighter(colour, 0.4), axes.girth * 0.11)
    for number in range(3):
        at = axes.at(reach * 0.95 - number * 0.34, 0.6 + number * 0.05)
        brush.fill(ellipse(at, axes.girth * 0.075, axes.girth * 0.075), darker(colour, 0.42), 0.1)
