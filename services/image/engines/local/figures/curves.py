"""Shapes as skia paths: smooth outlines through points, tubes of changing thickness, ellipses."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import skia

Point = tuple[float, float]


def lerp(first: Point, second: Point, share: float) -> Point:
    """The point `share` of the way from `first` to `second`."""
    return first[0] + (second[0] - first[0]) * share, first[1] + (second[1] - first[1]) * share


def polar(centre: Point, degrees: float, distance: float) -> Point:
    """The point at a distance from `centre`; 0 degrees is right, 90 is up."""
    angle = math.radians(degrees)
    return centre[0] + math.cos(angle) * distance, centre[1] - math.sin(angle) * distance


def polygon(points: Sequence[Point]) -> skia.Path:
    """A closed path with straight sides."""
    path = skia.Path()
    path.addPoly([skia.Point(*point) for point in points], True)
    return path


def smooth(points: Sequence[Point], closed: bool = True, tension: float = 1.0) -> skia.Path:
    """A path that passes smoothly through `points` (Catmull-Rom); a lower tension is straighter."""
    path = skia.Path()
    count = len(points)
    path.moveTo(*points[0])
    for index in range(count if closed else count - 1):
        if closed:
            before, start, end, after = (points[(index + k) % count] for k in (-1, 0, 1, 2))
        else:
            before, start = points[max(index - 1, 0)], points[index]
            end, after = points[index + 1], points[min(index + 2, count - 1)]
        reach = tension / 6
        path.cubicTo(
            start[0] + (end[0] - before[0]) * reach,
            start[1] + (end[1] - before[1]) * reach,
            end[0] - (after[0] - start[0]) * reach,
            end[1] - (after[1] - start[1]) * reach,
            *end,
        )
    if closed:
        path.close()
    return path


def ellipse(centre: Point, rx: float, ry: float, degrees: float = 0.0) -> skia.Path:
    """An ellipse, turned anticlockwise by `degrees`."""
    path = skia.Path()
    path.addOval(skia.Rect.MakeLTRB(-rx, -ry, rx, ry))
    matrix = skia.Matrix()
    matrix.setRotate(-degrees)
    matrix.postTranslate(*centre)
    path.transform(matrix)
    return path


def curve_points(points: Sequence[Point], steps: int) -> list[Point]:
    """`steps` points on each span of the smooth open curve through `points`, and its last point."""
    found: list[Point] = []
    last = len(points) - 1
    for index in range(last):
        p0, p1 = points[max(index - 1, 0)], points[index]
        p2, p3 = points[index + 1], points[min(index + 2, last)]
        for step in range(steps):
            t = step / steps
            a = -0.5 * t + t * t - 0.5 * t**3
            b = 1 - 2.5 * t * t + 1.5 * t**3
            c = 0.5 * t + 2 * t * t - 1.5 * t**3
            d = -0.5 * t * t + 0.5 * t**3
            found.append(
                (a * p0[0] + b * p1[0] + c * p2[0] + d * p3[0], a * p0[1] + b * p1[1] + c * p2[1] + d * p3[1])
            )
    return [*found, points[last]]


def _eased(values: Sequence[float], steps: int) -> list[float]:
    """Thickness along a limb; level at an end that swells, so that its round cap meets the sides smoothly."""
    first = values[1] if values[0] > values[1] else values[0]
    last = values[-2] if values[-1] > values[-2] else values[-1]
    padded = [(float(index), value) for index, value in enumerate((first, *values, last))]
    return [y for _, y in curve_points(padded, steps)][steps:-steps]


def tube(points: Sequence[Point], radii: Sequence[float], steps: int = 4) -> skia.Path:
    """A limb: the area swept by a circle that runs through `points` and changes its radius on the way."""
    line = curve_points(points, steps)
    sizes = [max(size, 0.0) for size in _eased(radii, steps)]
    sides = [_side(line, sizes, index) for index in range(len(line))]
    if any(_is_fold(first, second) for first, second in pairwise(sides)):
        return _folded(line, sizes, sides)
    end, start = _cap(line[-1], sides[-1][0]), _cap(line[0], sides[0][1])
    return smooth([*(left for left, _ in sides), *end, *(right for _, right in reversed(sides)), *start])


def _is_fold(first: tuple[Point, Point], second: tuple[Point, Point]) -> bool:
    """Whether a limb turns so sharply between two cross-sections that its outline would cross itself."""
    (l1, r1), (l2, r2) = first, second
    a, b = (l1[0] - r1[0], l1[1] - r1[1]), (l2[0] - r2[0], l2[1] - r2[1])
    turned = a[0] * b[0] + a[1] * b[1] < 0.8 * math.hypot(*a) * math.hypot(*b)
    return turned or _area([l1, r1, r2, l2]) >= 0


def _side(line: Sequence[Point], sizes: Sequence[float], index: int) -> tuple[Point, Point]:
    """The points to the left and right of the line, as far away as the limb is thick."""
    ahead, behind = line[min(index + 1, len(line) - 1)], line[max(index - 1, 0)]
    dx, dy = ahead[0] - behind[0], ahead[1] - behind[1]
    length = math.hypot(dx, dy) or 1.0
    nx, ny = dy / length * sizes[index], -dx / length * sizes[index]
    (x, y) = line[index]
    return (x + nx, y + ny), (x - nx, y - ny)


def _cap(centre: Point, start: Point) -> list[Point]:
    """Points on the half circle that closes a limb, from just after `start` round the end."""
    dx, dy = start[0] - centre[0], start[1] - centre[1]
    turned: list[Point] = []
    for share in (1 / 6, 1 / 3, 1 / 2, 2 / 3, 5 / 6):
        angle = math.pi * share
        cos, sin = math.cos(angle), math.sin(angle)
        turned.append((centre[0] + dx * cos - dy * sin, centre[1] + dx * sin + dy * cos))
    return turned


def _folded(line: Sequence[Point], sizes: Sequence[float], sides: Sequence[tuple[Point, Point]]) -> skia.Path:
    """A limb that folds back over itself, as a body seen from the front does: pieces that all wind alike."""
    path = skia.Path()
    for (l1, r1), (l2, r2) in pairwise(sides):
        corners = [l1, r1, r2, l2]
        if _area(corners) < 0:
            corners.reverse()
        path.addPoly([skia.Point(*corner) for corner in corners], True)
    for centre, size in zip(line, sizes, strict=True):
        path.addCircle(*centre, size)
    return path


def _area(corners: Sequence[Point]) -> float:
    following = [*corners[1:], corners[0]]
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(corners, following, strict=True))


def joined(*paths: skia.Path) -> skia.Path:
    """One path that covers what any of `paths` covers."""
    union = paths[0]
    for path in paths[1:]:
        union = skia.Op(union, path, skia.PathOp.kUnion_PathOp) or union
    return union
