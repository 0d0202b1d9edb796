"""Ears, one drawing per kind; each hangs from a point on the head and leans with the mood."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.image.engines.local.figures.colours import RGB, darker, mix
from services.image.engines.local.figures.curves import Point, ellipse, lerp, polar, smooth, tube

if TYPE_CHECKING:
    from services.image.engines.local.figures.brush import Brush
    from services.image.engines.local.figures.heads import Head

PINK: RGB = (232, 160, 150)


def draw_ear(brush: Brush, head: Head, side: int) -> None:
    """Draw the ear on one side: -1 the near one, +1 the far one."""
    kit = head.kit
    if kit.ear == "none":
        return
    root = head.point(side * kit.ear_azimuth, kit.ear_elevation, 0.82)
    lean = 90 - side * (14 + kit.ear_azimuth * 0.22) - side * head.mood.ears * -0.6
    narrow = 0.62 + 0.38 * max(head.facing(side * kit.ear_azimuth), 0.0) if side > 0 else 1.0
    coat = head.look.coat if side < 0 else darker(head.look.coat, 0.14)
    size = head.radius * kit.ear_size * head.look.ears
    inner = (
        mix(PINK, head.look.coat, 0.25)
        if head.look.mark("inner_ear") is None
        else head.look.mark("inner_ear")
    )
    draw = {"pointed": _pointed, "round": _round, "long": _long, "flop": _flop, "leaf": _leaf, "big": _big}[
        kit.ear
    ]
    draw(brush, head, root, lean, size, narrow, coat, inner or PINK, side)


def _frame(root: Point, lean: float, size: float, narrow: float) -> tuple[Point, Point, Point]:
    tip = polar(root, lean, size)
    left, right = polar(root, lean + 90, size * 0.42 * narrow), polar(root, lean - 90, size * 0.42 * narrow)
    return tip, left, right


def _pointed(
    brush: Brush,
    head: Head,
    root: Point,
    lean: float,
    size: float,
    narrow: float,
    coat: RGB,
    inner: RGB,
    side: int,
) -> None:
    size *= 1.05
    tip, left, right = _frame(root, lean, size, narrow)
    bow_left, bow_right = lerp(left, tip, 0.5), lerp(right, tip, 0.5)
    outline = smooth(
        [
            left,
            polar(bow_left, lean + 90, size * 0.07),
            tip,
            polar(bow_right, lean - 90, size * 0.07),
            right,
            polar(root, lean + 180, size * 0.2),
        ],
        tension=0.6,
    )
    brush.fill(outline, coat, 0.12)
    with brush.inside(outline):
        low = polar(root, lean, size * 0.1)
        brush.fill(
            smooth(
                [
                    lerp(low, left, 0.6),
                    lerp(low, tip, 0.78),
                    lerp(low, right, 0.6),
                    polar(root, lean + 180, size * 0.2),
                ],
                tension=0.5,
            ),
            inner,
            0.1,
        )
        if tips := head.look.mark("ear_tips"):
            brush.fill(ellipse(tip, size * 0.42, size * 0.42), tips, 0.05)


def _round(
    brush: Brush,
    head: Head,
    root: Point,
    lean: float,
    size: float,
    narrow: float,
    coat: RGB,
    inner: RGB,
    side: int,
) -> None:
    centre = polar(root, lean, size * 0.3)
    brush.fill(ellipse(centre, size * 0.46 * narrow, size * 0.46), head.look.mark("ear_tips") or coat, 0.14)
    brush.fill(ellipse(polar(centre, lean + 180, size * 0.04), size * 0.29 * narrow, size * 0.29), inner, 0.1)


def _long(
    brush: Brush,
    head: Head,
    root: Point,
    lean: float,
    size: float,
    narrow: float,
    coat: RGB,
    inner: RGB,
    side: int,
) -> None:
    lean = 90 + (lean - 90) * 0.45 + 10 + head.mood.ears * 0.9
    points = [
        polar(root, lean + 180, size * 0.1),
        polar(root, lean, size * 0.75),
        polar(root, lean + 7, size * 1.5),
    ]
    shape = tube(points, [size * 0.2 * narrow, size * 0.28 * narrow, size * 0.1])
    brush.fill(shape, coat, 0.14)
    brush.fill(
        tube([lerp(points[0], p, 0.93) for p in points[:]], [size * 0.06, size * 0.15 * narrow, size * 0.03]),
        inner,
        0.1,
    )
    if tips := head.look.mark("ear_tips"):
        with brush.inside(shape):
            brush.fill(ellipse(points[2], size * 0.32, size * 0.32), tips, 0.05)


def _flop(
    brush: Brush,
    head: Head,
    root: Point,
    lean: float,
    size: float,
    narrow: float,
    coat: RGB,
    inner: RGB,
    side: int,
) -> None:
    out = polar(root, 90 - side * 72, size * 0.3)
    tip = (out[0] + side * size * 0.12, out[1] + size * 0.85)
    shape = tube(
        [root, out, lerp(out, tip, 0.6), tip],
        [size * 0.16, size * 0.24 * narrow, size * 0.28 * narrow, size * 0.12],
    )
    brush.fill(shape, head.look.mark("ear_tips") or darker(coat, 0.16), 0.16)


def _leaf(
    brush: Brush,
    head: Head,
    root: Point,
    lean: float,
    size: float,
    narrow: float,
    coat: RGB,
    inner: RGB,
    side: int,
) -> None:
    angle = (150 if side < 0 else 30) - side * head.mood.ears * 0.8 * -1
    tip = polar(root, angle, size * 0.95)
    middle = polar(root, angle - side * 12, size * 0.5)
    brush.fill(tube([root, middle, tip], [size * 0.1, size * 0.22 * narrow, size * 0.03]), coat, 0.14)
    brush.fill(
        tube([root, middle, lerp(root, tip, 0.85)], [size * 0.05, size * 0.12 * narrow, size * 0.02]),
        inner,
        0.1,
    )


def _big(
    brush: Brush,
    head: Head,
    root: Point,
    lean: float,
    size: float,
    narrow: float,
    coat: RGB,
    inner: RGB,
    side: int,
) -> None:
    if side > 0:
        root = (root[0] - size * 0.25, root[1])
    at = root
    outline = smooth(
        [
            (at[0], at[1] - size * 0.45), (at[0] + side * size * 0.62 * narrow, at[1] - size * 0.5),
            (at[0] + side * size * 0.95 * narrow, at[1] - size * 0.02),
            (at[0] + side * size * 0.72 * narrow, at[1] + size * 0.6),
            (at[0] + side * size * 0.32, at[1] + size * 0.72), (at[0], at[1] + size * 0.35),
        ]
    )  # fmt: skip
    brush.fill(outline, coat, 0.14)
    with brush.inside(outline):
        brush.fill(
            ellipse(
                (at[0] + side * size * 0.42 * narrow, at[1] + size * 0.04), size * 0.34 * narrow, size * 0.42
            ),
            inner,
            0.1,
            0.7,
        )
