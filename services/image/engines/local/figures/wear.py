"""Clothes and things that any creature can wear or carry: scarves, hats, cloaks, spectacles, lanterns."""

from __future__ import annotations

from typing import Final

import skia

from services.image.engines.local.figures.brush import Brush
from services.image.engines.local.figures.colours import RGB, WHITE, darker, lighter
from services.image.engines.local.figures.curves import Point, ellipse, lerp, polar, smooth, tube
from services.image.engines.local.figures.hats import HATS, draw_glasses, draw_hat
from services.image.engines.local.figures.look import Look
from services.image.engines.local.figures.props import PROPS, draw_prop


def draw_neck_wear(
    brush: Brush, look: Look, chest: Point, skull: Point, girth: float, short: bool = False
) -> None:
    """Scarves, collars and bows between the chest and the head; `girth` is half the neck's width.

    A `short` scarf has no hanging ends, as when its wearer lies down.
    """
    at = lerp(skull, chest, 0.5)
    at = (at[0], max(at[1], skull[1] + girth * 0.78))
    if scarf := look.wears("scarf"):
        if not short:
            _draw_scarf_ends(brush, at, girth, scarf)
        _draw_scarf(brush, at, girth, scarf)
    if collar := look.wears("collar"):
        brush.fill(
            tube(
                [
                    (at[0] - girth * 0.7, at[1] - girth * 0.12),
                    (at[0], at[1] + girth * 0.12),
                    (at[0] + girth * 0.7, at[1] - girth * 0.12),
                ],
                [girth * 0.13] * 3,
            ),
            collar,
            0.15,
        )
        brush.fill(
            ellipse((at[0] + girth * 0.1, at[1] + girth * 0.34), girth * 0.17, girth * 0.17),
            (226, 178, 62),
            0.2,
        )
    if bow := look.wears("bow"):
        for side in (-1, 1):
            wing = smooth(
                [
                    (at[0] + girth * 0.2, at[1]),
                    (at[0] + girth * (0.2 + side * 0.55), at[1] - girth * 0.32),
                    (at[0] + girth * (0.2 + side * 0.55), at[1] + girth * 0.32),
                ],
                tension=0.6,
            )
            brush.fill(wing, bow, 0.2)
        brush.fill(ellipse((at[0] + girth * 0.2, at[1]), girth * 0.14, girth * 0.16), darker(bow, 0.15), 0.1)


def _draw_scarf_ends(brush: Brush, at: Point, girth: float, colour: RGB) -> None:
    tail_root = (at[0] - girth * 0.42, at[1] + girth * 0.12)
    for turn, length, tone in ((-112, 1.15, 0.22), (-86, 1.3, 0.05)):
        tip = polar(tail_root, turn, girth * length)
        strip = tube([tail_root, lerp(tail_root, tip, 0.5), tip], [girth * 0.18, girth * 0.22, girth * 0.24])
        brush.fill(strip, darker(colour, tone), 0.14)
        with brush.inside(strip):
            band = lerp(tail_root, tip, 0.86)
            brush.fill(ellipse(band, girth * 0.4, girth * 0.08, 8), lighter(colour, 0.45), 0)
    brush.fill(ellipse(tail_root, girth * 0.24, girth * 0.22), darker(colour, 0.08), 0.16)


def _draw_scarf(brush: Brush, at: Point, girth: float, colour: RGB) -> None:
    wrap = tube(
        [
            (at[0] - girth * 0.82, at[1] - girth * 0.16),
            (at[0] - girth * 0.1, at[1] + girth * 0.14),
            (at[0] + girth * 0.78, at[1] - girth * 0.14),
        ],
        [girth * 0.25, girth * 0.3, girth * 0.25],
    )
    brush.fill(wrap, colour, 0.18)
    with brush.inside(wrap):
        for dx in (-0.45, 0.0, 0.45):
            fold = smooth(
                [
                    (at[0] + girth * dx, at[1] - girth * 0.3),
                    (at[0] + girth * (dx + 0.1), at[1] + girth * 0.4),
                ],
                closed=False,
            )
            brush.line(fold, darker(colour, 0.3), girth * 0.05, 0.5)


COVERING: Final = ("vest", "coat", "shirt", "dress", "tunic", "sweater", "apron", "armour")
"""Clothes of a body, of which only the first is drawn."""


def draw_body_wear(brush: Brush, look: Look, body: skia.Path, chest: Point, hip: Point, girth: float) -> None:
    """Waistcoats, coats and cloaks on a four-legged body whose outline is `body`."""
    for kind in COVERING:
        if colour := look.wears(kind):
            with brush.inside(body):
                start = lerp(chest, hip, -0.3)
                end = lerp(chest, hip, 0.62 if kind != "coat" else 0.95)
                brush.fill(tube([start, end], [girth * 1.6, girth * 1.5]), colour, 0.2)
                edge = [
                    polar(end, 90, girth * 1.5),
                    polar(end, 200, girth * 1.55),
                    polar(end, 270, girth * 1.5),
                ]
                brush.line(smooth(edge, closed=False), lighter(colour, 0.3), girth * 0.1, 0.9)
                for index in range(3):
                    at = lerp(
                        (chest[0] + girth * 0.6, chest[1] + girth * 0.5),
                        (hip[0], hip[1] + girth * 0.8),
                        0.12 + index * 0.16,
                    )
                    brush.fill(ellipse(at, girth * 0.08, girth * 0.08), lighter(colour, 0.55), 0.1)
            break
    draw_drapes(brush, look, chest, hip, girth)


def draw_drapes(brush: Brush, look: Look, chest: Point, hip: Point, girth: float) -> None:
    """What hangs over a body: a cloak, a satchel."""
    if cloak := look.wears("cloak"):
        drape = smooth(
            [(chest[0] + girth * 0.25, chest[1] - girth * 0.95), lerp((chest[0], chest[1] - girth * 1.12),
            (hip[0], hip[1] - girth * 1.05), 0.5), (hip[0] - girth * 0.7, hip[1] - girth * 0.6),
             (hip[0] - girth * 0.95, hip[1] + girth * 0.85), lerp((chest[0], chest[1] + girth * 0.7),
             (hip[0], hip[1] + girth * 0.9), 0.5), (chest[0] - girth * 0.1, chest[1] + girth * 0.5)],
            tension=0.7,
        )  # fmt: skip
        brush.fill(drape, cloak, 0.22)
        with brush.inside(drape):
            for share in (0.3, 0.55, 0.8):
                top = lerp(chest, hip, share)
                fold = smooth(
                    [(top[0], top[1] - girth), (top[0] - girth * 0.16, top[1] + girth)], closed=False
                )
                brush.line(fold, darker(cloak, 0.35), girth * 0.07, 0.5)
    if look.wears("satchel"):
        _draw_satchel(brush, lerp(chest, hip, 0.5), girth, look.wears("satchel") or WHITE)


def _draw_satchel(brush: Brush, at: Point, girth: float, colour: RGB) -> None:
    strap = smooth(
        [
            (at[0] + girth * 0.3, at[1] - girth * 0.95),
            (at[0] + girth * 0.05, at[1]),
            (at[0], at[1] + girth * 0.3),
        ],
        closed=False,
    )
    brush.line(strap, darker(colour, 0.25), girth * 0.12)
    bag = skia.Path()
    bag.addRoundRect(
        skia.Rect.MakeXYWH(at[0] - girth * 0.42, at[1] + girth * 0.05, girth * 0.84, girth * 0.66),
        girth * 0.14,
        girth * 0.14,
    )
    brush.fill(bag, colour, 0.2)
    flap = skia.Path()
    flap.addRoundRect(
        skia.Rect.MakeXYWH(at[0] - girth * 0.46, at[1], girth * 0.92, girth * 0.36),
        girth * 0.14,
        girth * 0.14,
    )
    brush.fill(flap, darker(colour, 0.15), 0.12)
    brush.fill(ellipse((at[0], at[1] + girth * 0.36), girth * 0.08, girth * 0.08), (226, 178, 62), 0.1)


def draw_head_wear(brush: Brush, look: Look, skull: Point, radius: float, yaw: float) -> None:
    """Hats and spectacles on a head of skull radius `radius`."""
    if (glasses := look.wears("glasses")) is not None:
        draw_glasses(brush, skull, radius, yaw, glasses)
    for kind in HATS:
        if (colour := look.wears(kind)) is not None:
            draw_hat(brush, kind, (skull[0], skull[1] - radius * 0.72), radius, colour)
            return


def draw_carried(brush: Brush, look: Look, hand: Point, reach: float) -> None:
    """What is held in a hand or paw; `reach` is about the length of the arm."""
    for kind in PROPS:
        if (colour := look.wears(kind)) is not None:
            draw_prop(brush, kind, hand, reach, colour)
            return
