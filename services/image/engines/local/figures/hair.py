"""Hair: what falls behind a head, and what frames its face."""

from __future__ import annotations

from services.image.engines.local.figures.brush import Brush
from services.image.engines.local.figures.colours import darker, lighter
from services.image.engines.local.figures.curves import Point, ellipse, lerp, polar, smooth, tube
from services.image.engines.local.figures.heads import Head


def draw_back_hair(brush: Brush, head: Head) -> None:
    """The hair behind the head and down the back, unless a hood covers it."""
    if head.look.wears("hood") is not None:
        return
    look, r, (x, y) = head.look, head.radius, head.centre
    colour = darker(look.hair, 0.12)
    style = look.hair_style
    if style == "long":
        fall = [
            (x + r * 0.7, y - r * 0.5),
            (x, y - r * 1.1),
            (x - r * 0.95, y - r * 0.55),
            (x - r * 1.2, y + r * 0.5),
            (x - r * 1.18, y + r * 1.7),
            (x - r * 0.75, y + r * 2.2),
            (x - r * 0.15, y + r * 2.05),
            (x + r * 0.5, y + r * 1.5),
            (x + r * 0.85, y + r * 0.6),
        ]
        shape = smooth(fall)
        brush.fill(shape, colour, 0.16)
        brush.texture(shape, colour, look.grain, 12, r * 0.8, 264, r * 0.04)
    elif style == "bob":
        brush.fill(
            smooth(
                [
                    (x + r * 0.8, y - r * 0.4),
                    (x, y - r * 1.12),
                    (x - r * 1.0, y - r * 0.5),
                    (x - r * 1.2, y + r * 0.4),
                    (x - r * 0.95, y + r * 1.0),
                    (x, y + r * 0.9),
                    (x + r * 0.95, y + r * 0.85),
                    (x + r * 1.0, y + r * 0.2),
                ]
            ),
            colour,
            0.16,
        )
    elif style == "curly":
        cloud = ellipse((x - r * 0.1, y - r * 0.1), r * 1.0, r * 1.0)
        for angle in range(0, 360, 36):
            cloud.addCircle(
                *_around(head, angle, 1.02), r * (0.34 + 0.05 * ((look.grain >> (angle // 36)) & 1))
            )
        brush.fill(cloud, colour, 0.16)
    elif style == "bun":
        brush.fill(ellipse((x - r * 0.72, y - r * 0.78), r * 0.42, r * 0.4), colour, 0.18)
    elif style == "ponytail":
        tail = [
            (x - r * 0.75, y - r * 0.5),
            (x - r * 1.45, y - r * 0.1),
            (x - r * 1.4, y + r * 0.8),
            (x - r * 1.1, y + r * 1.4),
        ]
        brush.fill(tube(tail, [r * 0.2, r * 0.34, r * 0.28, r * 0.03]), colour, 0.16)
    elif style == "braids":
        _draw_braid(brush, head, (x + r * 0.72, y + r * 0.5), colour)


def _around(head: Head, degrees: float, distance: float) -> Point:
    return polar(
        (head.centre[0] - head.radius * 0.08, head.centre[1] - head.radius * 0.1),
        degrees,
        head.radius * distance,
    )


def _draw_braid(brush: Brush, head: Head, root: Point, colour: tuple[int, int, int]) -> None:
    r = head.radius
    for index in range(5):
        at = (root[0] + (0.03 if index % 2 else -0.03) * r, root[1] + index * r * 0.27)
        brush.fill(
            ellipse(at, r * (0.22 - index * 0.018), r * 0.18), darker(colour, 0.06 * (index % 2)), 0.16
        )
    end = (root[0], root[1] + r * 1.3)
    brush.fill(ellipse(end, r * 0.11, r * 0.08), head.look.accent, 0.1)
    brush.fill(tube([end, (end[0], end[1] + r * 0.28)], [r * 0.1, r * 0.03]), colour, 0.1)


def draw_front_hair(brush: Brush, head: Head, hatted: bool) -> None:
    """The hair over the brow and temples, and what falls before the shoulders."""
    look, r = head.look, head.radius
    style = look.hair_style if look.wears("hood") is None else "short"
    if style == "bald":
        if not hatted:
            for azimuth in (-96, -76):
                brush.fill(ellipse(head.point(azimuth, 2, 1.0), r * 0.2, r * 0.26), look.hair, 0.12)
        return
    low = 2 if style in ("short", "spiky") else -16
    part = -14 if look.grain % 2 else 16
    rim = 1.09 if not hatted else 1.03
    outline = [
        head.point(-98, low - 14, 1.04), head.point(-104, 24, rim), head.point(-110, 58, rim + 0.02),
        head.point(0, 88, rim + 0.02), head.point(62, 56, rim), head.point(66, 22, rim - 0.03),
        head.point(58, 8, 1.02),
        head.point(44, 30, 1.0), head.point(part + 16, 44, 1.0), head.point(part, 50, 1.0), head.point(-30,
        34, 1.0),
        head.point(-52, 14, 1.0), head.point(-66, low - 8, 1.0),
    ]  # fmt: skip
    cap = smooth(outline, tension=0.85)
    if style == "spiky" and not hatted:
        for azimuth, up in ((-110, 40), (-100, 66), (0, 88), (50, 66), (66, 40)):
            root, tip = head.point(azimuth, up, 0.9), head.point(azimuth, up + 6, 1.38)
            cap.addPath(tube([root, tip], [r * 0.26, r * 0.02]))
    if style == "curly":
        for azimuth, up in ((-60, 30), (-34, 48), (-4, 56), (26, 50), (52, 34)):
            cap.addCircle(*head.point(azimuth, up, 1.02), r * 0.24)
    brush.fill(cap, look.hair, 0.14)
    with brush.inside(cap):
        gleam = smooth(
            [head.point(-74, 38, 1.0), head.point(-34, 62, 1.0), head.point(12, 68, 1.0)], closed=False
        )
        brush.line(gleam, lighter(look.hair, 0.35), r * 0.09, 0.45)
    brush.texture(cap, look.hair, look.grain + 2, 7, r * 0.34, 228, r * 0.03)
    if style == "long":
        for azimuth, length in ((-84, 1.5), (62, 0.9)):
            root = head.point(azimuth, 12, 1.02)
            tip = (root[0] - r * 0.06, root[1] + r * length)
            brush.fill(
                tube([root, lerp(root, tip, 0.5), tip], [r * 0.15, r * 0.17, r * 0.03]), look.hair, 0.14
            )
    elif style == "braids":
        _draw_braid(brush, head, head.point(-84, -22, 1.04), look.hair)
