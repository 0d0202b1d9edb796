"""Hats, crowns and spectacles, fitted to any head."""

from __future__ import annotations

import math

from services.image.engines.local.figures.brush import Brush
from services.image.engines.local.figures.colours import INK, RGB, darker, lighter
from services.image.engines.local.figures.curves import Point, ellipse, polygon, smooth, tube

HATS = (
    "crown",
    "hat",
    "top_hat",
    "wizard_hat",
    "cap",
    "bonnet",
    "helmet",
    "flowers",
    "straw_hat",
    "pirate_hat",
)


def draw_hat(brush: Brush, kind: str, top: Point, size: float, colour: RGB) -> None:
    """Draw a hat that sits at `top`, the crown of a head of skull radius `size`."""
    with brush.turned(top, -6):
        _DRAWERS[kind](brush, top, size, colour)


def _crown(brush: Brush, top: Point, s: float, colour: RGB) -> None:
    x, y = top[0], top[1] + s * 0.06
    points = [
        (x - s * 0.6, y),
        (x - s * 0.7, y - s * 0.62),
        (x - s * 0.34, y - s * 0.34),
        (x, y - s * 0.78),
        (x + s * 0.34, y - s * 0.34),
        (x + s * 0.7, y - s * 0.62),
        (x + s * 0.6, y),
    ]
    brush.fill(polygon(points), colour, 0.22)
    brush.fill(
        tube([(x - s * 0.6, y - s * 0.02), (x, y + s * 0.06), (x + s * 0.6, y - s * 0.02)], [s * 0.11] * 3),
        darker(colour, 0.14),
        0.14,
    )
    for tip in (points[1], points[3], points[5]):
        brush.fill(ellipse(tip, s * 0.09, s * 0.09), lighter(colour, 0.4), 0.1)
    for dx, gem in ((-0.36, (200, 55, 60)), (0.0, (60, 120, 200)), (0.36, (200, 55, 60))):
        brush.fill(ellipse((x + s * dx, y + s * (0.03 - abs(dx) * 0.1)), s * 0.075, s * 0.075), gem, 0.25)


def _hat(brush: Brush, top: Point, s: float, colour: RGB) -> None:
    x, y = top
    body = smooth(
        [
            (x - s * 0.62, y + s * 0.06),
            (x - s * 0.54, y - s * 0.46),
            (x - s * 0.1, y - s * 0.64),
            (x + s * 0.42, y - s * 0.52),
            (x + s * 0.6, y + s * 0.06),
        ],
        tension=0.8,
    )
    brush.fill(body, colour, 0.2)
    brush.fill(
        tube([(x - s * 0.6, y), (x, y + s * 0.08), (x + s * 0.6, y)], [s * 0.09] * 3),
        darker(colour, 0.45),
        0.1,
    )
    brush.fill(ellipse((x, y + s * 0.1), s * 1.04, s * 0.15), darker(colour, 0.1), 0.2)


def _straw_hat(brush: Brush, top: Point, s: float, colour: RGB) -> None:
    x, y = top
    brush.fill(ellipse((x, y + s * 0.12), s * 1.3, s * 0.2), darker(colour, 0.06), 0.2)
    dome = smooth(
        [
            (x - s * 0.64, y + s * 0.08),
            (x - s * 0.5, y - s * 0.42),
            (x, y - s * 0.6),
            (x + s * 0.5, y - s * 0.42),
            (x + s * 0.64, y + s * 0.08),
            (x, y + s * 0.16),
        ],
        tension=0.8,
    )
    brush.fill(dome, colour, 0.18)
    brush.fill(
        tube([(x - s * 0.62, y + s * 0.02), (x, y + s * 0.1), (x + s * 0.62, y + s * 0.02)], [s * 0.08] * 3),
        (170, 62, 52),
        0.1,
    )


def _top_hat(brush: Brush, top: Point, s: float, colour: RGB) -> None:
    x, y = top
    body = smooth(
        [
            (x - s * 0.56, y + s * 0.06),
            (x - s * 0.62, y - s * 0.98),
            (x, y - s * 1.06),
            (x + s * 0.62, y - s * 0.98),
            (x + s * 0.56, y + s * 0.06),
        ],
        tension=0.35,
    )
    brush.fill(body, colour, 0.22)
    brush.fill(
        tube([(x - s * 0.56, y - s * 0.1), (x, y - s * 0.03), (x + s * 0.56, y - s * 0.1)], [s * 0.1] * 3),
        (176, 58, 54),
        0.1,
    )
    brush.fill(ellipse((x, y + s * 0.06), s * 0.98, s * 0.15), darker(colour, 0.1), 0.2)


def _wizard_hat(brush: Brush, top: Point, s: float, colour: RGB) -> None:
    x, y = top
    cone = smooth(
        [
            (x - s * 0.66, y + s * 0.1),
            (x - s * 0.36, y - s * 0.7),
            (x - s * 0.3, y - s * 1.62),
            (x - s * 0.02, y - s * 1.2),
            (x + s * 0.34, y - s * 0.6),
            (x + s * 0.66, y + s * 0.1),
        ],
        tension=0.6,
    )
    brush.fill(cone, colour, 0.22)
    for dx, dy, size in ((-0.12, -0.4, 0.1), (0.22, -0.2, 0.07), (-0.12, -0.95, 0.07)):
        star = [(x + s * dx + _star(i)[0] * s * size, y + s * dy + _star(i)[1] * s * size) for i in range(10)]
        brush.fill(polygon(star), (246, 214, 110), 0)
    brush.fill(ellipse((x, y + s * 0.12), s * 1.18, s * 0.17), darker(colour, 0.12), 0.2)


def _star(index: int) -> Point:
    angle, reach = math.radians(36 * index - 90), 1.0 if index % 2 == 0 else 0.45
    return math.cos(angle) * reach, math.sin(angle) * reach


def _cap(brush: Brush, top: Point, s: float, colour: RGB) -> None:
    x, y = top
    dome = smooth(
        [
            (x - s * 0.74, y + s * 0.1),
            (x - s * 0.56, y - s * 0.42),
            (x + s * 0.1, y - s * 0.52),
            (x + s * 0.68, y - s * 0.1),
            (x + s * 0.74, y + s * 0.12),
        ],
        tension=0.9,
    )
    brush.fill(dome, colour, 0.2)
    peak = smooth(
        [
            (x + s * 0.3, y + s * 0.04),
            (x + s * 1.12, y + s * 0.14),
            (x + s * 1.1, y + s * 0.26),
            (x + s * 0.2, y + s * 0.2),
        ],
        tension=0.8,
    )
    brush.fill(peak, darker(colour, 0.2), 0.14)


def _bonnet(brush: Brush, top: Point, s: float, colour: RGB) -> None:
    x, y = top
    cap = smooth(
        [
            (x - s * 0.95, y + s * 0.6),
            (x - s * 0.9, y - s * 0.1),
            (x - s * 0.2, y - s * 0.42),
            (x + s * 0.55, y - s * 0.22),
            (x + s * 0.72, y + s * 0.14),
            (x - s * 0.1, y + s * 0.12),
            (x - s * 0.55, y + s * 0.6),
        ],
        tension=0.9,
    )
    brush.fill(cap, colour, 0.14)
    brush.line(
        smooth(
            [(x + s * 0.72, y + s * 0.14), (x - s * 0.1, y + s * 0.12), (x - s * 0.55, y + s * 0.6)],
            closed=False,
        ),
        darker(colour, 0.16),
        s * 0.1,
    )


def _helmet(brush: Brush, top: Point, s: float, colour: RGB) -> None:
    x, y = top
    plume = tube(
        [(x - s * 0.05, y - s * 0.4), (x - s * 0.5, y - s * 0.85), (x - s * 1.05, y - s * 0.4)],
        [s * 0.1, s * 0.24, s * 0.05],
    )
    brush.fill(plume, (190, 52, 50), 0.2)
    dome = smooth(
        [
            (x - s * 1.0, y + s * 0.75),
            (x - s * 0.96, y + s * 0.1),
            (x - s * 0.5, y - s * 0.38),
            (x + s * 0.4, y - s * 0.36),
            (x + s * 0.94, y + s * 0.1),
            (x + s * 0.98, y + s * 0.3),
            (x - s * 0.3, y + s * 0.28),
            (x - s * 0.62, y + s * 0.8),
        ],
        tension=0.8,
    )
    brush.fill(dome, colour, 0.25)
    brush.line(
        smooth([(x - s * 0.3, y + s * 0.28), (x + s * 0.98, y + s * 0.3)], closed=False),
        darker(colour, 0.4),
        s * 0.07,
    )


def _flowers(brush: Brush, top: Point, s: float, colour: RGB) -> None:
    x, y = top
    for index, dx in enumerate((-0.62, -0.32, 0.0, 0.32, 0.62)):
        at = (x + s * dx, y + s * (0.02 + abs(dx) * 0.24))
        brush.fill(ellipse((at[0] + s * 0.14, at[1] + s * 0.06), s * 0.12, s * 0.07, 30), (96, 150, 82), 0.1)
        petal = colour if index % 2 == 0 else lighter(colour, 0.5)
        for angle in range(5):
            a = math.radians(angle * 72)
            brush.fill(
                ellipse(
                    (at[0] + math.cos(a) * s * 0.09, at[1] + math.sin(a) * s * 0.09), s * 0.075, s * 0.075
                ),
                petal,
                0,
            )
        brush.fill(ellipse(at, s * 0.06, s * 0.06), (246, 206, 90), 0)


def _pirate_hat(brush: Brush, top: Point, s: float, colour: RGB) -> None:
    x, y = top
    body = smooth(
        [
            (x - s * 1.05, y + s * 0.1),
            (x - s * 0.6, y - s * 0.6),
            (x, y - s * 0.72),
            (x + s * 0.6, y - s * 0.6),
            (x + s * 1.05, y + s * 0.1),
            (x, y + s * 0.2),
        ],
        tension=0.8,
    )
    brush.fill(body, colour, 0.2)
    brush.line(
        smooth([(x - s * 1.0, y + s * 0.06), (x, y + s * 0.14), (x + s * 1.0, y + s * 0.06)], closed=False),
        (226, 190, 92),
        s * 0.07,
    )


_DRAWERS = {
    "crown": _crown, "hat": _hat, "top_hat": _top_hat, "wizard_hat": _wizard_hat, "cap": _cap,
    "bonnet": _bonnet, "helmet": _helmet, "flowers": _flowers, "straw_hat": _straw_hat,
    "pirate_hat": _pirate_hat,
}  # fmt: skip


def draw_glasses(brush: Brush, skull: Point, size: float, yaw: float, colour: RGB) -> None:
    """Round spectacles before the eyes."""
    y = skull[1] - size * 0.1
    rims: list[float] = []
    for azimuth in (-30, 30):
        angle = math.radians(azimuth + yaw)
        x, narrow = skull[0] + math.sin(angle) * size * 0.98, 0.45 + 0.55 * max(math.cos(angle), 0.0)
        ring = ellipse((x, y), size * 0.3 * narrow, size * 0.3)
        brush.fill(ring, (255, 255, 255), 0, 0.14)
        brush.line(ring, colour or INK, size * 0.055)
        rims += [x - size * 0.3 * narrow, x + size * 0.3 * narrow]
    if rims[2] > rims[1]:
        brush.line(
            smooth([(rims[1], y), ((rims[1] + rims[2]) / 2, y - size * 0.06), (rims[2], y)], closed=False),
            colour,
            size * 0.05,
        )
    brush.line(
        smooth([(rims[0], y), (skull[0] - size * 0.9, y - size * 0.06)], closed=False), colour, size * 0.05
    )
