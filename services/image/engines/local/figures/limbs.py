"""Legs and feet of four-legged bodies: two bones bent by the law of cosines, a paw or a hoof at the end."""

from __future__ import annotations

import math
from dataclasses import dataclass

import skia

from services.image.engines.local.figures.brush import Brush
from services.image.engines.local.figures.colours import RGB, darker
from services.image.engines.local.figures.curves import Point, ellipse, lerp, polygon, smooth, tube


@dataclass(frozen=True)
class Leg:
    """A leg from `top` to `foot`; `length` is its full stretch, `bend` +1 where the joint points forward."""

    top: Point
    foot: Point
    length: float
    bend: int
    thick: float
    thigh: float
    hoofed: bool
    coat: RGB
    sock: RGB | None
    hoof: RGB
    boot: RGB | None = None


def bent(top: Point, foot: Point, length: float, bend: int, share: float = 0.5) -> Point:
    """The middle joint of two bones of together `length`, reaching from `top` to `foot`."""
    distance = max(math.dist(top, foot), 1e-6)
    upper, lower = length * share, length * (1 - share)
    along = (distance**2 + upper**2 - lower**2) / (2 * distance)
    out = math.sqrt(max(upper**2 - along**2, 0.0))
    dx, dy = (foot[0] - top[0]) / distance, (foot[1] - top[1]) / distance
    return top[0] + dx * along + dy * out * bend, top[1] + dy * along - dx * out * bend


def draw_leg(brush: Brush, leg: Leg) -> None:
    """Draw a leg and its foot."""
    t = leg.thick
    ankle = (leg.foot[0], leg.foot[1] - t * (1.1 if leg.hoofed else 0.75))
    joint = bent(leg.top, ankle, leg.length, leg.bend, 0.5 if leg.bend > 0 else 0.6)
    if leg.bend > 0:
        line = [leg.top, joint, lerp(joint, ankle, 0.6), ankle]
        radii = [leg.thigh, t * 1.2, t * 0.95, t * 0.92]
    else:
        knee = bent(leg.top, joint, math.dist(leg.top, joint) * 1.08, 1)
        line = [leg.top, knee, joint, ankle]
        radii = [leg.thigh, (leg.thigh + t) * 0.62, t * 1.02, t * 0.92]
    shape = tube(line, radii)
    brush.fill(shape, leg.coat, 0.13)
    if leg.sock:
        with brush.inside(shape):
            edge = lerp(joint, ankle, 0.28)
            brush.fill(tube([edge, ankle, leg.foot], [t * 1.5, t * 1.8, t * 2]), leg.sock, 0.06)
    _draw_foot(brush, leg, ankle)


def _draw_foot(brush: Brush, leg: Leg, ankle: Point) -> None:
    t, (x, y) = leg.thick, leg.foot
    if leg.boot:
        brush.fill(_boot(x, y, t), leg.boot, 0.2)
        return
    if leg.hoofed:
        hoof = polygon(
            [
                (x - t * 0.85, ankle[1] + t * 0.1),
                (x + t * 0.95, ankle[1] + t * 0.1),
                (x + t * 1.35, y),
                (x - t * 1.0, y),
            ]
        )
        brush.fill(hoof, leg.hoof, 0.15)
        return
    colour = leg.sock or leg.coat
    paw = ellipse((x + t * 0.45, y - t * 0.78), t * 1.42, t * 0.82)
    brush.fill(paw, colour, 0.12)
    for dx in (0.75, 1.25):
        toe = smooth([(x + t * dx, y - t * 0.72), (x + t * (dx + 0.12), y - t * 0.3)], closed=False)
        brush.line(toe, darker(colour, 0.4), t * 0.13, 0.7)


def _boot(x: float, y: float, t: float) -> skia.Path:
    return smooth(
        [(x - t * 1.15, y - t * 2.6), (x + t * 1.15, y - t * 2.6), (x + t * 1.1, y - t * 1.3),
        (x + t * 2.0, y - t * 0.7),
         (x + t * 1.95, y), (x - t * 1.1, y), (x - t * 1.2, y - t * 1.2)],
        tension=0.6,
    )  # fmt: skip
