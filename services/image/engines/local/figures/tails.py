"""Tails of four-legged creatures, one drawing per kind."""

from __future__ import annotations

import skia

from services.image.engines.local.figures.brush import Brush
from services.image.engines.local.figures.colours import darker
from services.image.engines.local.figures.curves import Point, ellipse, polar, smooth, tube
from services.image.engines.local.figures.kits import QuadKit
from services.image.engines.local.figures.look import Look


def draw_tail(brush: Brush, look: Look, kit: QuadKit, root: Point, angle: float, wrapped: bool) -> None:
    """Draw a tail that leaves `root` at `angle` degrees, or that is `wrapped` forward along the ground."""
    length, thick = kit.tail_length * look.tail, kit.tail_thick
    tip_colour = look.mark("tail_tip")
    if kit.tail == "none":
        return
    if kit.tail == "puff":
        brush.fill(
            ellipse(polar(root, angle, thick * 0.6), thick, thick * 0.95), tip_colour or look.belly, 0.12
        )
        return
    if kit.tail == "squirrel":
        _squirrel(brush, look, root, length, thick, wrapped)
        return
    line = _line(root, angle, length, kit.tail, wrapped)
    radii = {
        "brush": [thick * 0.42, thick * 0.85, thick * 1.12, thick * 0.8, 0.012],
        "plume": [thick * 0.5, thick * 0.8, thick * 0.9, thick * 0.7, thick * 0.2],
        "thin": [thick * 0.42, thick * 0.36, thick * 0.34, thick * 0.32, thick * 0.26],
        "rat": [thick * 0.4, thick * 0.3, thick * 0.22, thick * 0.16, thick * 0.06],
        "tuft": [thick * 0.4, thick * 0.3, thick * 0.26, thick * 0.24, thick * 0.2],
        "hair": [thick * 0.4, thick * 0.75, thick * 0.95, thick * 0.75, thick * 0.12],
        "curl": [thick * 0.42, thick * 0.38, thick * 0.36, thick * 0.33, thick * 0.3, thick * 0.22],
        "short": [thick * 0.8, thick * 0.75, thick * 0.6, thick * 0.4, thick * 0.1],
        "lizard": [thick * 1.25, thick * 0.95, thick * 0.62, thick * 0.36, 0.02],
    }[kit.tail]
    shape = tube(line, radii[: len(line)])
    colour = look.accent if kit.tail == "hair" else look.mark("tail") or look.coat
    brush.fill(shape, colour, 0.15)
    if kit.tail in ("brush", "hair", "plume"):
        brush.texture(shape, colour, look.grain + 5, 14, thick * 0.8, angle, 0.016)
    if kit.tail == "tuft":
        end = line[-1]
        brush.fill(ellipse(end, thick * 0.62, thick * 0.9, angle - 90), look.accent, 0.15)
    elif kit.wings:
        end = line[-1]
        brush.fill(
            smooth(
                [
                    polar(end, angle + 40, 0.24),
                    polar(end, angle, 0.34),
                    polar(end, angle - 40, 0.24),
                    polar(end, angle + 180, 0.1),
                ],
                tension=0.4,
            ),
            look.accent,
            0.1,
        )
    elif tip_colour:
        with brush.inside(shape):
            ring = _zigzag(line, thick)
            brush.fill(ring, tip_colour, 0.08)
    if rings := look.mark("tail_rings"):
        with brush.inside(shape):
            for index in (1, 2, 3):
                brush.fill(ellipse(line[index], length * 0.05, thick * 1.4, angle), rings, 0.05)


def _zigzag(line: list[Point], thick: float) -> skia.Path:
    near, tip = line[3], line[4]
    return tube(
        [((near[0] * 0.75 + tip[0] * 0.25), (near[1] * 0.75 + tip[1] * 0.25)), tip],
        [thick * 0.92, thick * 1.3],
    )


def _line(root: Point, angle: float, length: float, kind: str, wrapped: bool) -> list[Point]:
    if wrapped:
        reach = length / 1.15
        return [
            root,
            (root[0] - 0.16, root[1] + 0.12),
            (root[0] + reach * 0.14, -0.17),
            (root[0] + reach * 0.55, -0.15),
            (root[0] + reach * 0.98, -0.19),
        ]
    if kind in ("hair", "tuft", "short"):
        bends = (0, 38, 62, 76)
    elif kind == "curl":
        return _curl(root, angle, length)
    elif kind == "lizard":
        bends = (40, 34, 10, -20)
    else:
        bends = (12, 4, -18, -44)
    points = [root]
    for bend in bends:
        points.append(polar(points[-1], angle + bend, length / 4))
    return points


def _curl(root: Point, angle: float, length: float) -> list[Point]:
    points = [root]
    for index in range(4):
        points.append(polar(points[-1], angle - 4 * index, length / 9))
    for index in range(7):
        points.append(polar(points[-1], angle - 30 - index * 44, length * (0.105 - index * 0.008)))
    return [points[0], points[4], points[6], points[8], points[10], points[11]]


def _squirrel(brush: Brush, look: Look, root: Point, length: float, thick: float, wrapped: bool) -> None:
    if wrapped:
        line = [
            root,
            (root[0] - thick * 1.2, root[1] - thick * 0.6),
            (root[0] - thick * 0.2, root[1] - thick * 2.2),
            (root[0] + thick * 1.6, root[1] - thick * 1.8),
        ]
    else:
        line = [
            root,
            (root[0] - length * 0.3, root[1] - length * 0.02),
            (root[0] - length * 0.36, root[1] - length * 0.48),
            (root[0] - length * 0.16, root[1] - length * 0.84),
            (root[0] - length * 0.36, root[1] - length * 1.04),
            (root[0] - length * 0.58, root[1] - length * 0.86),
        ]
    radii = [thick * 0.5, thick * 0.9, thick * 1.15, thick * 1.1, thick * 0.85, thick * 0.25][: len(line)]
    shape = tube(line, radii)
    colour = look.mark("tail") or look.coat
    brush.fill(shape, colour, 0.18)
    with brush.inside(shape):
        brush.fill(tube(line, [r * 0.42 for r in radii]), darker(colour, 0.12), 0.05, 0.7)
        if tip := look.mark("tail_tip"):
            brush.fill(ellipse(line[-1], thick * 0.95, thick * 0.95), tip, 0.05)
    brush.texture(shape, colour, look.grain + 5, 22, thick * 0.7, 110, 0.016)
