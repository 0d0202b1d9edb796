"""Heads of birds: beaks, combs, crests, the face of an owl."""

from __future__ import annotations

from services.image.engines.local.figures.brush import Brush
from services.image.engines.local.figures.colours import RGB, darker, lighter
from services.image.engines.local.figures.curves import Point, ellipse, lerp, polar, smooth, tube
from services.image.engines.local.figures.eyes import Eye, draw_eye
from services.image.engines.local.figures.heads import Head
from services.image.engines.local.figures.kits import BirdKit

_BEAK: RGB = (232, 164, 60)


def draw_bird_head(brush: Brush, head: Head, kit: BirdKit) -> None:
    """Draw a bird's head."""
    look, r = head.look, head.radius
    _draw_crest(brush, head, kit)
    skull = ellipse(head.centre, r, r * 0.96)
    colour = look.mark("head") or look.mark("face") or look.coat
    brush.fill(skull, colour, 0.14)
    if kit.face == "disc":
        for side in (1, -1):
            at = head.point(side * 27, 2, 0.92)
            brush.fill(
                ellipse(at, r * (0.54 if side < 0 else 0.46), r * 0.6, side * 8),
                look.mark("disc") or look.belly,
                0.08,
            )
    with brush.inside(skull):
        brush.glow(head.point(-52, -20, 0.92), r * 0.34, (232, 96, 92), 0.24)
        if mask := look.mark("mask"):
            for side in (-1, 1):
                brush.fill(ellipse(head.point(side * 32, 12, 0.96), r * 0.4, r * 0.3), mask, 0.05)
    with brush.inside(skull):
        _draw_eyes(brush, head)
    _draw_beak(brush, head, kit)
    if kit.crest == "comb":
        wattle = head.point(6, -52, 0.98)
        brush.fill(
            tube([wattle, (wattle[0] + r * 0.04, wattle[1] + r * 0.36)], [r * 0.12, r * 0.2]),
            look.mark("comb") or (208, 60, 52),
            0.14,
        )


def _draw_eyes(brush: Brush, head: Head) -> None:
    kit, r = head.kit, head.radius
    for side in (1, -1):
        azimuth = side * kit.eye_azimuth
        square = head.facing(azimuth)
        if square < 0.25:
            continue
        ry = r * kit.eye
        lid = head.look.mark("head") or head.look.coat
        draw_eye(
            brush,
            Eye(
                head.point(azimuth, kit.eye_elevation, 0.92),
                ry * 0.95 * (0.4 + 0.6 * square),
                ry,
                -side,
                head.look.eye,
                lid,
                darker(lid, 0.5),
            ),
            head.mood,
            head.asleep,
        )


def _draw_beak(brush: Brush, head: Head, kit: BirdKit) -> None:
    r, colour = head.radius, head.look.mark("beak") or _BEAK
    root_top, root_low = head.point(0, 10, 0.9), head.point(0, -34, 0.9)
    tip = head.point(0, -12, 0.92 + kit.beak_length)
    open_by = r * 0.3 * head.gape
    back = head.point(-34, -14, 0.92)
    low_tip = (lerp(root_low, tip, 0.82)[0], lerp(root_low, tip, 0.82)[1] + open_by)
    if kit.beak == "bill":
        low_tip = (tip[0] - r * 0.06, tip[1] + r * 0.1 + open_by)
        brush.fill(tube([root_low, low_tip], [r * 0.2, r * 0.16]), darker(colour, 0.3), 0.1)
        bill = tube(
            [lerp(root_top, root_low, 0.45), lerp(lerp(root_top, root_low, 0.5), tip, 0.6), tip],
            [r * 0.3, r * 0.17, r * 0.22],
        )
        brush.fill(bill, colour, 0.16)
        brush.fill(ellipse(lerp(root_top, tip, 0.45), r * 0.06, r * 0.04), darker(colour, 0.5), 0)
        return
    lower = smooth([back, root_low, low_tip, lerp(back, root_low, 0.4)], tension=0.5)
    brush.fill(lower, darker(colour, 0.28), 0.1)
    if kit.beak == "hook":
        crook = (tip[0], tip[1] + r * 0.36)
        upper = smooth(
            [
                back,
                root_top,
                lerp(root_top, tip, 0.6),
                (tip[0] + r * 0.04, tip[1]),
                crook,
                (tip[0] - r * 0.22, tip[1] + r * 0.12),
                lerp(root_low, tip, 0.15),
            ],
            tension=0.7,
        )
    else:
        bulge = 0.1 if kit.beak == "strong" else 0.03
        ridge = lerp(root_top, tip, 0.5)
        upper = smooth(
            [
                back,
                root_top,
                (ridge[0], ridge[1] - r * bulge),
                tip,
                (lerp(back, tip, 0.5)[0], lerp(back, tip, 0.5)[1] + r * 0.04),
            ],
            tension=0.6,
        )
    brush.fill(upper, colour, 0.18)
    hole = lerp(root_top, tip, 0.22)
    brush.fill(ellipse((hole[0], hole[1] + r * 0.1), r * 0.05, r * 0.03), darker(colour, 0.5), 0)
    if head.mood.smile > 0.5 and not head.gape:
        brush.line(
            smooth([back, (back[0] - r * 0.08, back[1] - r * 0.08)], closed=False),
            darker(colour, 0.5),
            r * 0.05,
        )


def _draw_crest(brush: Brush, head: Head, kit: BirdKit) -> None:
    r, look = head.radius, head.look
    if kit.crest == "tufts":
        for side in (1, -1):
            root = head.point(side * 36, 52, 0.85)
            lean = 90 - side * 26 + head.mood.ears * side
            brush.fill(
                tube(
                    [root, polar(root, lean, r * 0.34), polar(root, lean - side * 8, r * 0.66)],
                    [r * 0.22, r * 0.16, r * 0.02],
                ),
                darker(look.coat, 0.2 if side > 0 else 0.06),
                0.14,
            )
    elif kit.crest == "comb":
        colour = look.mark("comb") or (208, 60, 52)
        for azimuth, size in ((-70, 0.2), (-20, 0.27), (30, 0.24)):
            at: Point = head.point(azimuth, 76, 1.08)
            brush.fill(ellipse(at, r * size, r * size * 1.1), colour, 0.14)
    elif kit.crest == "crown":
        for turn in (112, 96, 80):
            root = head.point(0, 86, 0.95)
            tip = polar(root, turn, r * 0.8)
            brush.line(smooth([root, tip], closed=False), darker(look.coat, 0.2), r * 0.05)
            brush.fill(ellipse(tip, r * 0.1, r * 0.1), lighter(look.accent, 0.1), 0.1)
