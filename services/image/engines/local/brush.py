"""Small drawing helpers over skia: colours as (r, g, b), paints, gradients, soft edges and smooth paths."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, TypeAlias

import skia

Colour: TypeAlias = tuple[int, int, int]
Point: TypeAlias = tuple[float, float]

BLACK: Final[Colour] = (0, 0, 0)
WHITE: Final[Colour] = (255, 255, 255)


def hexc(code: str) -> Colour:
    """The colour written "#rrggbb"."""
    return int(code[1:3], 16), int(code[3:5], 16), int(code[5:7], 16)


def mix(a: Colour, b: Colour, share: float) -> Colour:
    """`a` with `share` (0 to 1) of `b`."""
    return (
        round(a[0] + (b[0] - a[0]) * share),
        round(a[1] + (b[1] - a[1]) * share),
        round(a[2] + (b[2] - a[2]) * share),
    )


def shade(colour: Colour, by: float) -> Colour:
    """`colour` lightened (`by` > 0, up to 1) towards white or darkened (< 0) towards black."""
    return mix(colour, WHITE, by) if by > 0 else mix(colour, BLACK, -by)


def ink(colour: Colour, alpha: float = 1.0) -> int:
    """`colour` as skia has it; `alpha` from 0 to 1."""
    return int(skia.Color(*colour, max(0, min(255, round(alpha * 255)))))


def fill(colour: Colour, alpha: float = 1.0, *, soft: float = 0.0) -> skia.Paint:
    """A paint that fills; `soft` blurs the edge, in units of the canvas."""
    paint = skia.Paint(AntiAlias=True, Color=ink(colour, alpha))
    if soft:
        paint.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, soft))
    return paint


def line(colour: Colour, width: float, alpha: float = 1.0, *, soft: float = 0.0) -> skia.Paint:
    """A paint that strokes with round ends, `width` in units of the canvas."""
    paint = fill(colour, alpha, soft=soft)
    paint.setStyle(skia.Paint.kStroke_Style)
    paint.setStrokeWidth(width)
    paint.setStrokeCap(skia.Paint.kRound_Cap)
    paint.setStrokeJoin(skia.Paint.kRound_Join)
    return paint


Stop: TypeAlias = tuple[Colour, float]
"""A colour of a gradient and its alpha."""


def ramp(
    start: Point, end: Point, stops: Sequence[Colour | Stop], at: list[float] | None = None
) -> skia.Paint:
    """A paint that fills with a linear gradient from `start` to `end`."""
    shader = skia.GradientShader.MakeLinear([start, end], _inks(stops), at)
    return skia.Paint(AntiAlias=True, Shader=shader, Dither=True)


def glow(
    centre: Point, radius: float, stops: Sequence[Colour | Stop], at: list[float] | None = None
) -> skia.Paint:
    """A paint that fills with a radial gradient."""
    shader = skia.GradientShader.MakeRadial(centre, max(radius, 0.01), _inks(stops), at)
    return skia.Paint(AntiAlias=True, Shader=shader, Dither=True)


def _inks(stops: Sequence[Colour | Stop]) -> list[int]:
    return [ink(stop[0], stop[1]) if len(stop) == 2 else ink(stop) for stop in stops]


def shape(points: Sequence[Point]) -> skia.Path:
    """A closed polygon."""
    path = skia.Path()
    path.addPoly([skia.Point(x, y) for x, y in points], True)
    return path


def smooth(points: Sequence[Point], *, closed: bool = False) -> skia.Path:
    """A smooth path through `points`: quadratics whose joints lie halfway between them."""
    path = skia.Path()
    if closed:
        path.moveTo(*_middle(points[-1], points[0]))
        for here, after in zip(points, [*points[1:], points[0]], strict=True):
            path.quadTo(*here, *_middle(here, after))
        path.close()
        return path
    path.moveTo(*points[0])
    for here, after in pairwise(points[1:]):
        path.quadTo(*here, *_middle(here, after))
    path.lineTo(*points[-1])
    return path


def _middle(a: Point, b: Point) -> Point:
    return (a[0] + b[0]) / 2, (a[1] + b[1]) / 2


def oval(x: float, y: float, rx: float, ry: float) -> skia.Rect:
    """The rectangle around an oval at (x, y) with those half axes."""
    return skia.Rect.MakeLTRB(x - rx, y - ry, x + rx, y + ry)


def box(left: float, top: float, width: float, height: float) -> skia.Rect:
    """A rectangle by its corner and size."""
    return skia.Rect.MakeXYWH(left, top, width, height)


def rounded(left: float, top: float, width: float, height: float, radius: float) -> skia.RRect:
    """A rectangle with round corners."""
    return skia.RRect.MakeRectXY(box(left, top, width, height), radius, radius)


def clamp(value: float, low: float, high: float) -> float:
    """`value` kept between `low` and `high`."""
    return max(low, min(high, value))


def wave(x: float, phases: Sequence[float], pitch: float) -> float:
    """A rolling line between about -1 and 1 at `x`; `pitch` is the length of its longest wave."""
    turn = x * math.tau / pitch
    return (
        math.sin(turn + phases[0])
        + 0.5 * math.sin(turn * 2.3 + phases[1])
        + 0.22 * math.sin(turn * 5.1 + phases[2])
    ) / 1.4
