"""What grows on a body: manes, wool, spines, shells."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from services.image.engines.local.figures.colours import RGB, darker, lighter
from services.image.engines.local.figures.curves import Point, ellipse, lerp, polar, polygon, smooth, tube

if TYPE_CHECKING:
    import skia

    from services.image.engines.local.figures.brush import Brush
    from services.image.engines.local.figures.gaits import Gait
    from services.image.engines.local.figures.heads import Head
    from services.image.engines.local.figures.kits import QuadKit
    from services.image.engines.local.figures.look import Look
    from services.image.engines.local.figures.view import View


def draw_cover_behind(brush: Brush, look: Look, kit: QuadKit, bones: Gait, view: View) -> None:
    """What shows behind the body: the points of spines."""
    if kit.cover != "spines":
        return
    chest, hip = view.place(*bones.chest), view.place(*bones.hip)
    for layer, (reach, tone) in enumerate(
        ((1.62, darker(look.accent, 0.3)), (1.42, lighter(look.accent, 0.08)))
    ):
        points: list[Point] = []
        for index in range(33):
            share = index / 32
            at = lerp((chest[0] + 0.12, chest[1]), hip, share)
            angle = 62 + share * 128 + layer * 3
            radius = (kit.chest * (1 - share) + kit.hip * share) * (reach if index % 2 else reach * 0.82)
            points.append(polar(at, angle, radius))
        points += [(hip[0], hip[1] + kit.hip * 0.3), (chest[0], chest[1] + kit.chest * 0.1)]
        brush.fill(polygon(points), tone, 0.14)


def draw_cover_over(brush: Brush, look: Look, kit: QuadKit, bones: Gait, view: View) -> None:
    """What lies over the body: wool, the shell, a spiny back."""
    chest, hip = view.place(*bones.chest), view.place(*bones.hip)
    if kit.cover == "wool":
        _draw_wool(brush, look, kit, chest, hip)
    elif kit.cover == "shell":
        _draw_shell(brush, look, kit, chest, hip)
    elif kit.cover == "spines":
        back = tube(
            [
                (hip[0], hip[1] - kit.hip * 0.3),
                lerp(hip, (chest[0], chest[1] - kit.chest * 0.6), 0.5),
                (chest[0] - 0.02, chest[1] - kit.chest * 0.4),
            ],
            [kit.hip * 0.9, kit.waist * 1.0, kit.chest * 0.75],
        )
        brush.fill(back, look.accent, 0.16)
        brush.texture(back, look.accent, look.grain, 46, kit.chest * 0.36, 130, 0.028)
    elif kit.cover == "hump":
        top = lerp(hip, chest, 0.5)
        hump = tube(
            [lerp(hip, chest, 0.15), (top[0], top[1] - kit.waist * 1.2), lerp(hip, chest, 0.85)],
            [kit.waist * 0.5, kit.waist * 0.62, kit.waist * 0.5],
        )
        brush.fill(hump, look.coat, 0.14)
        brush.texture(hump, look.coat, look.grain, 10, 0.14, 250, 0.018)
    elif kit.cover == "scales":
        for index in range(7):
            at = lerp(
                (hip[0] - kit.hip * 0.5, hip[1] - kit.hip * 0.75),
                (chest[0] + 0.1, chest[1] - kit.chest * 0.92),
                index / 6,
            )
            brush.fill(
                polygon(
                    [(at[0] - 0.12, at[1] + 0.06), (at[0] - 0.08, at[1] - 0.18), (at[0] + 0.12, at[1] + 0.05)]
                ),
                look.accent,
                0.12,
            )


def _draw_wool(brush: Brush, look: Look, kit: QuadKit, chest: Point, hip: Point) -> None:
    puff = kit.waist * 0.42
    rim: list[tuple[Point, float]] = []
    for index in range(18):
        angle = index * 20
        centre = lerp(hip, chest, 0.5 + 0.5 * math.cos(math.radians(angle)))
        rim.append((polar(centre, angle, kit.waist * 0.82), puff * (0.9 + 0.2 * ((look.grain >> index) & 1))))
    fleece = tube([hip, chest], [kit.hip * 0.95, kit.chest * 0.95])
    for at, radius in rim:
        fleece.addCircle(*at, radius)
    brush.fill(fleece, look.coat, 0.15)
    with brush.inside(fleece):
        for index in range(13):
            at = lerp(hip, chest, ((look.grain >> index) % 11) / 10)
            high = kit.waist * (((look.grain >> (index + 3)) % 13) / 8 - 0.8)
            curl = smooth(
                [
                    (at[0] - 0.08, at[1] + high),
                    (at[0], at[1] + high + 0.08),
                    (at[0] + 0.08, at[1] + high - 0.01),
                ],
                closed=False,
            )
            brush.line(curl, darker(look.coat, 0.2), 0.026, 0.6)


def _draw_shell(brush: Brush, look: Look, kit: QuadKit, chest: Point, hip: Point) -> None:
    left, right = hip[0] - kit.hip * 0.95, chest[0] + kit.chest * 0.62
    base = max(hip[1], chest[1]) + kit.waist * 0.35
    top = base - kit.waist * 2.1
    tilt = chest[1] - hip[1]
    middle = (left + right) / 2
    dome = smooth(
        [(left, base - tilt * 0.3), (left + (right - left) * 0.12, base - kit.waist * 1.15 - tilt * 0.2),
        (middle, top), (right - (right - left) * 0.12, base - kit.waist * 1.15 + tilt * 0.2),
        (right, base + tilt * 0.3), (middle, base + 0.07)],
        tension=0.9,
    )  # fmt: skip
    brush.fill(dome, look.accent, 0.2)
    with brush.inside(dome):
        width = (right - left) / 4
        for index in range(5):
            at = (left + width * index, base - kit.waist * (1.1 if index % 2 == 0 else 0.75))
            plate = polygon([polar(at, angle, width * 0.52) for angle in (0, 60, 120, 180, 240, 300)])
            brush.fill(plate, lighter(look.accent, 0.18), 0.16)
        brush.fill(
            tube([(left, base), (middle, base + 0.08), (right, base)], [0.1, 0.1, 0.1]),
            lighter(look.accent, 0.3),
            0.12,
        )


def _ring(head: Head, reach: float, bumps: int, grain: int) -> skia.Path:
    points: list[Point] = []
    for index in range(bumps * 2):
        angle = index * 180 / bumps
        wobble = 1 + 0.06 * ((grain >> index) % 3 - 1)
        points.append(
            polar(
                (head.centre[0] - head.radius * 0.12, head.centre[1] + head.radius * 0.12),
                angle,
                head.radius * reach * wobble * (1.0 if index % 2 else 0.84),
            )
        )
    return smooth(points)


def draw_mane_behind(brush: Brush, look: Look, kit: QuadKit, head: Head, chest: Point) -> None:
    """The part of a mane that lies behind the head."""
    if kit.mane == "lion":
        brush.fill(_ring(head, 1.72, 13, look.grain), darker(look.accent, 0.12), 0.16)
        brush.fill(_ring(head, 1.46, 12, look.grain >> 3), look.accent, 0.14)
        brush.texture(
            _ring(head, 1.4, 12, look.grain), look.accent, look.grain, 18, head.radius * 0.4, 240, 0.02
        )
    elif kit.mane == "horse":
        _draw_crest(brush, look.accent, head, chest, kit)


def _draw_crest(brush: Brush, colour: RGB, head: Head, chest: Point, kit: QuadKit) -> None:
    top = (head.centre[0] - head.radius * 0.55, head.centre[1] - head.radius * 0.7)
    low = (chest[0] - kit.chest * 0.5, chest[1] - kit.chest * 0.7)
    for index in range(6):
        at = lerp(top, low, index / 6)
        lock = [at, (at[0] - 0.1, at[1] + 0.18), (at[0] - 0.02, at[1] + 0.42)]
        brush.fill(tube(lock, [0.13, 0.12, 0.015]), darker(colour, 0.04 * index), 0.12)


def draw_mane_over(brush: Brush, look: Look, kit: QuadKit, head: Head) -> None:
    """The part of a mane, wool or beard that falls over the head."""
    r = head.radius
    if kit.mane == "horse":
        root = head.point(0, 84, 0.98)
        for spread in (-0.22, 0.02, 0.2):
            tip = (head.point(0, 40, 1.02)[0] + spread * r, head.point(0, 34, 1.0)[1])
            brush.fill(
                tube([root, lerp(root, tip, 0.5), tip], [r * 0.15, r * 0.14, r * 0.02]), look.accent, 0.1
            )
    elif kit.cover == "wool":
        cap = ellipse(head.point(-10, 76, 0.98), r * 0.36, r * 0.28)
        for azimuth in (-70, -30, 20, 60):
            cap.addCircle(*head.point(azimuth, 58, 0.92), r * 0.27)
        brush.fill(cap, look.coat if look.mark("muzzle") is None else look.mark("fleece") or look.coat, 0.12)
    if look.mark("beard"):
        tip = head.tip
        root = (tip[0] - r * 0.28, tip[1] + r * 0.2)
        brush.fill(
            tube(
                [root, (root[0] - r * 0.02, root[1] + r * 0.4), (root[0] + r * 0.08, root[1] + r * 0.75)],
                [r * 0.18, r * 0.15, r * 0.01],
            ),
            look.mark("beard") or look.belly,
            0.14,
        )
