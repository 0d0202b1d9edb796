"""Human heads: face, hair, beard."""

from __future__ import annotations

import skia

from services.image.engines.local.figures.brush import Brush
from services.image.engines.local.figures.colours import RGB, darker, lighter, lightness, mix
from services.image.engines.local.figures.curves import Point, ellipse, lerp, smooth, tube
from services.image.engines.local.figures.eyes import Eye, draw_eye
from services.image.engines.local.figures.hair import draw_front_hair
from services.image.engines.local.figures.heads import Head
from services.image.engines.local.figures.kits import HeadKit

HUMAN_HEAD = HeadKit(
    wide=0.93, tall=1.03, muzzle=0, ear="none", eye=0.155, eye_azimuth=25, eye_elevation=-3, yaw=27
)


def draw_face(brush: Brush, head: Head, hatted: bool) -> None:
    """Draw a person's head; a hat, drawn later, hides the top of the hair."""
    look, r = head.look, head.radius
    for side in (1, -1):
        if head.facing(side * 88) > -0.6:
            ear = head.point(side * 88, -10, 1.0)
            brush.fill(ellipse(ear, r * 0.15, r * 0.2), darker(look.coat, 0.06), 0.1)
    skull = _skull(head)
    brush.fill(skull, look.coat, 0.1)
    with brush.inside(skull):
        for side in (-1, 1):
            brush.glow(head.point(side * 42, -30, 0.92), r * 0.3, (226, 84, 84), 0.34)
    _draw_beard(brush, head)
    _draw_mouth(brush, head)
    _draw_nose(brush, head)
    _draw_eyes(brush, head)
    draw_front_hair(brush, head, hatted)


def _skull(head: Head) -> skia.Path:
    x, y = head.centre
    rx, ry = head.radius * head.kit.wide, head.radius * head.kit.tall
    chin = head.point(0, -80, 1.04)
    slim = 0.0 if head.look.sex == "male" else 0.03
    jaw = 0.74 - slim + (0.06 if head.look.age == "child" else 0.0)
    return smooth(
        [
            (x, y - ry), (x + rx * 0.74, y - ry * 0.66), (x + rx, y + ry * 0.02),
            (x + rx * (jaw + 0.12), y + ry * 0.55),
            (chin[0] + rx * 0.22, y + ry * 1.0), (chin[0] - rx * 0.24, y + ry * 1.0),
            (x - rx * jaw, y + ry * 0.66), (x - rx, y + ry * 0.06), (x - rx * 0.74, y - ry * 0.66),
        ]
    )  # fmt: skip


def _draw_eyes(brush: Brush, head: Head) -> None:
    look, r = head.look, head.radius
    brow = (
        mix(darker(look.hair, 0.25), (60, 42, 36), 0.2)
        if lightness(look.hair) < 0.75
        else darker(look.hair, 0.35)
    )
    for side in (1, -1):
        azimuth = side * head.kit.eye_azimuth
        square = head.facing(azimuth)
        if square < 0.1:
            continue
        ry = r * head.kit.eye * (1.12 if look.age == "child" else 0.94 if look.age == "old" else 1.0)
        eye = Eye(
            centre=head.point(azimuth, head.kit.eye_elevation, 0.95),
            rx=ry * 0.86 * (0.4 + 0.6 * square),
            ry=ry,
            inner=-side,
            iris=look.eye,
            lid=look.coat,
            brow=brow,
            white=True,
        )
        draw_eye(brush, eye, head.mood, head.asleep)
        if look.sex == "female" and not head.asleep:
            x, y = eye.centre
            lash = smooth(
                [(x - side * -eye.rx * 0.9, y - ry * 0.75), (x - side * -eye.rx * 1.5, y - ry * 1.15)],
                closed=False,
            )
            brush.line(lash, (52, 38, 40), r * 0.04)


def _draw_nose(brush: Brush, head: Head) -> None:
    look, r = head.look, head.radius
    top, tip = head.point(2, -6, 0.98), head.point(0, -22, 1.1 if look.age != "child" else 1.04)
    size = r * (0.09 if look.age == "child" else 0.12 if look.sex == "female" else 0.145)
    if look.age == "old":
        size *= 1.15
    brush.fill(
        tube([lerp(top, tip, 0.4), tip], [size * 0.55, size]),
        darker(mix(look.coat, (222, 110, 96), 0.22), 0.05),
        0.12,
    )
    brush.fill(
        ellipse((tip[0] - size * 0.2, tip[1] - size * 0.35), size * 0.3, size * 0.22),
        lighter(look.coat, 0.5),
        0,
        0.6,
    )


def _draw_mouth(brush: Brush, head: Head) -> None:
    look, mood, r = head.look, head.mood, head.radius
    centre, half = head.point(2, -46, 0.96), r * 0.24
    ink: RGB = mix(darker(look.coat, 0.5), (140, 40, 48), 0.5) if lightness(look.coat) > 0.4 else (70, 26, 30)
    bend = mood.smile * r * 0.12
    ends: list[Point] = [(centre[0] - half, centre[1] - bend), (centre[0] + half * 0.8, centre[1] - bend)]
    gape = head.gape
    if gape:
        width = 1.0 if mood.smile > 0.2 else 0.62
        left, right = lerp(centre, ends[0], width), lerp(centre, ends[1], width)
        low = (centre[0], centre[1] + r * 0.3 * gape)
        mouth = smooth(
            [
                left,
                (centre[0], centre[1] - bend * 0.2),
                right,
                (low[0] + half * 0.4 * width, low[1] - r * 0.04),
                (low[0] - half * 0.5 * width, low[1] - r * 0.04),
            ],
            tension=0.8,
        )
        brush.fill(mouth, (120, 36, 46), 0.08)
        with brush.inside(mouth):
            brush.fill(ellipse((low[0], low[1] + r * 0.02), half * 0.6, r * 0.12), (226, 112, 112), 0)
            brush.fill(ellipse((centre[0], centre[1] - r * 0.06), half * 0.8, r * 0.09), (250, 246, 240), 0)
        return
    brush.line(smooth([ends[0], (centre[0], centre[1] + bend * 0.35), ends[1]], closed=False), ink, r * 0.055)


def _draw_beard(brush: Brush, head: Head) -> None:
    look, r = head.look, head.radius
    if look.beard == "none":
        return
    length = {"short": 1.14, "full": 1.45, "long": 2.25, "moustache": 0.0, "goatee": 1.3}[look.beard]
    if look.beard in ("short", "full", "long"):
        tip = (head.point(0, -88, 1.0)[0] + r * 0.06, head.centre[1] + r * length)
        shape = smooth(
            [
                head.point(-78, 4, 1.02), head.point(-52, -14, 1.0), head.point(-30, -27, 1.0),
                head.point(0, -30, 1.0),
                head.point(30, -27, 1.0), head.point(50, -14, 1.0), head.point(58, -8, 1.03),
                head.point(56, -40, 1.1),
                (tip[0] + r * 0.34, lerp(head.centre, tip, 0.8)[1]), tip, (tip[0] - r * 0.42,
                lerp(head.centre, tip, 0.78)[1]),
                head.point(-66, -40, 1.1),
            ],
            tension=0.85,
        )  # fmt: skip
        brush.fill(shape, look.hair, 0.14)
        brush.texture(shape, look.hair, look.grain, 12, r * 0.34, 266, r * 0.035)
    elif look.beard == "goatee":
        root = head.point(0, -60, 0.98)
        brush.fill(
            tube([root, (root[0] + r * 0.04, root[1] + r * 0.46)], [r * 0.2, r * 0.03]), look.hair, 0.14
        )
    lip = head.point(2, -35, 1.0)
    for side in (-1, 1):
        curl = tube(
            [lip, (lip[0] + side * r * 0.2, lip[1] + r * 0.02), (lip[0] + side * r * 0.38, lip[1] + r * 0.1)],
            [r * 0.09, r * 0.085, r * 0.02],
        )
        brush.fill(curl, lighter(look.hair, 0.06), 0.12)
