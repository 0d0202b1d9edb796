"""Horns, antlers and tusks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.image.engines.local.figures.colours import RGB, darker
from services.image.engines.local.figures.curves import ellipse, lerp, polar, smooth, tube

if TYPE_CHECKING:
    from services.image.engines.local.figures.brush import Brush
    from services.image.engines.local.figures.heads import Head

BONE: RGB = (216, 196, 158)


def draw_horn(brush: Brush, head: Head, side: int) -> None:
    """Draw the horn on one side: -1 the near one, +1 the far one."""
    colour = BONE if side < 0 else darker(BONE, 0.2)
    kind = head.kit.horns
    if (horn := head.look.mark("unicorn")) is not None and side < 0:
        root = head.point(0, 62, 0.9)
        brush.fill(tube([root, polar(root, 66, head.radius * 1.5)], [head.radius * 0.17, 0.01]), horn, 0.2)
    if kind == "antlers":
        _antler(brush, head, side, darker(colour, 0.25))
    elif kind == "goat":
        root, r = head.point(side * 18, 66, 0.85), head.radius
        bend = [root, polar(root, 100, r * 0.55), polar(root, 128, r * 1.05), polar(root, 150, r * 1.35)]
        brush.fill(tube(bend, [r * 0.16, r * 0.14, r * 0.1, r * 0.02]), colour, 0.2)
    elif kind == "bull":
        root, r = head.point(side * 38, 56, 0.85), head.radius
        out = 90 - side * 68
        bend = [root, polar(root, out, r * 0.42), polar(polar(root, out, r * 0.5), 82, r * 0.38)]
        brush.fill(tube(bend, [r * 0.15, r * 0.13, r * 0.02]), colour, 0.2)
    elif kind == "ram":
        root, r = head.point(side * 40, 46, 0.9), head.radius
        ring = [
            polar((root[0] + side * r * 0.22, root[1] + r * 0.22), 120 - side * a, r * 0.36)
            for a in (0, 80, 160, 240, 300)
        ]
        brush.fill(tube(ring, [r * 0.17, r * 0.16, r * 0.13, r * 0.09, r * 0.02]), colour, 0.2)
    elif kind == "knobs":
        root, r = head.point(side * 18, 68, 0.9), head.radius
        tip = polar(root, 94, r * 0.5)
        brush.fill(tube([root, tip], [r * 0.11, r * 0.08]), darker(colour, 0.15), 0.15)
        brush.fill(ellipse(tip, r * 0.14, r * 0.14), darker(head.look.accent, 0.2), 0.15)
    elif kind == "spikes":
        root, r = head.point(side * 26, 58, 0.85), head.radius
        bend = [root, polar(root, 130, r * 0.5), polar(root, 138, r * 1.0)]
        brush.fill(tube(bend, [r * 0.14, r * 0.1, r * 0.01]), colour, 0.2)


def _antler(brush: Brush, head: Head, side: int, colour: RGB) -> None:
    r = head.radius
    root = head.point(side * 24, 64, 0.88)
    lean = 90 - side * 26
    beam = [
        root,
        polar(root, lean, r * 0.6),
        polar(root, lean - side * 2, r * 1.2),
        polar(root, lean + side * 16, r * 1.85),
    ]
    brush.fill(tube(beam, [r * 0.11, r * 0.095, r * 0.08, r * 0.03]), colour, 0.15)
    for share, length, turn in ((0.6, 0.55, 42), (1.2, 0.6, -34), (1.2, 0.5, 46)):
        start = polar(root, lean, r * share)
        tine = [
            start,
            polar(start, lean + side * turn, r * length * 0.6),
            polar(start, lean + side * turn * 0.7, r * length),
        ]
        brush.fill(tube(tine, [r * 0.08, r * 0.065, r * 0.02]), colour, 0.12)


def draw_trunk(brush: Brush, head: Head) -> None:
    """An elephant's trunk and tusks; it lifts when the elephant speaks."""
    r, coat = head.radius, head.look.coat
    root = head.point(0, -18, 0.72)
    lift = 0.9 if head.gape else 0.0
    line = [
        root, (root[0] + r * 0.42, root[1] + r * 0.5),
        (root[0] + r * (0.5 + lift * 0.5), root[1] + r * (1.25 - lift * 0.7)),
        (root[0] + r * (0.86 + lift * 0.4), root[1] + r * (1.62 - lift * 1.5)),
    ]  # fmt: skip
    for side in (1, -1):
        start = head.point(side * 26, -44, 0.9)
        tusk = [start, (start[0] + r * 0.24, start[1] + r * 0.3), (start[0] + r * 0.56, start[1] + r * 0.32)]
        if side > 0 or head.yaw < 20:
            brush.fill(tube(tusk, [r * 0.12, r * 0.1, r * 0.02]), (246, 236, 214), 0.14)
    trunk = tube(line, [r * 0.44, r * 0.32, r * 0.22, r * 0.17])
    brush.fill(trunk, coat, 0.16)
    with brush.inside(trunk):
        for share in range(1, 7):
            at = lerp(line[0], line[2], share / 7)
            brush.line(
                smooth(
                    [(at[0] - r * 0.4, at[1] + r * 0.1), (at[0], at[1] + r * 0.16), (at[0] + r * 0.4, at[1])],
                    closed=False,
                ),
                darker(coat, 0.25),
                r * 0.03,
                0.5,
            )
    start = head.point(-34, -40, 0.92)
    tusk = [start, (start[0] + r * 0.26, start[1] + r * 0.34), (start[0] + r * 0.62, start[1] + r * 0.36)]
    brush.fill(tube(tusk, [r * 0.13, r * 0.11, r * 0.02]), (250, 242, 222), 0.14)
