"""Insects and other small crawlers, with round heads and kind faces."""

from __future__ import annotations

import skia

from services.image.engines.local.figures.brush import Brush
from services.image.engines.local.figures.colours import INK, darker, lighter
from services.image.engines.local.figures.crawlers import draw_beetle, draw_crab, draw_snail, draw_spider
from services.image.engines.local.figures.curves import Point, ellipse, lerp, polar, smooth, tube
from services.image.engines.local.figures.eyes import Eye, Feeling, draw_eye
from services.image.engines.local.figures.look import Look, Pose
from services.image.engines.local.figures.view import View
from services.image.engines.local.figures.wear import draw_carried, draw_head_wear, draw_neck_wear

_LOW = (Pose.SLEEP, Pose.LIE)


def draw_insect(brush: Brush, look: Look, shape: str, pose: Pose, view: View, mood: Feeling) -> None:
    """Draw an insect, facing right; bees and butterflies hover unless they rest."""
    head = _BODIES[shape](brush, look, pose)
    draw_neck_wear(brush, look, (head[0] - 0.1, head[1] + 0.5), (head[0], head[1] + 0.05), 0.3)
    _draw_head(brush, look, head, pose, mood, shape, view.turn > 45)
    if pose is Pose.HOLD:
        draw_carried(brush, look, (head[0] + 0.5, head[1] + 0.5), 0.8)


def _leg(brush: Brush, look: Look, top: Point, foot: Point, far: bool, rise: float = 0.24) -> None:
    knee = (lerp(top, foot, 0.5)[0], min(top[1], foot[1]) - rise * 0.4 + 0.12)
    brush.fill(
        tube([top, knee, foot], [0.05, 0.042, 0.035], 4), darker(look.accent, 0.25 if far else 0.0), 0.1
    )
    brush.fill(
        tube([foot, (foot[0] + 0.09, foot[1])], [0.04, 0.04], 2),
        darker(look.accent, 0.25 if far else 0.0),
        0.1,
    )


def _legs(brush: Brush, look: Look, y: float, roots: tuple[float, ...], stride: float, far: bool) -> None:
    for index, x in enumerate(roots):
        swing = stride * (1 if (index + far) % 2 else -1)
        _leg(
            brush,
            look,
            (x, y),
            (x + (index - 1) * 0.26 + swing + (0.08 if far else 0.0), -0.02 - (0.04 if far else 0.0)),
            far,
        )


def _stride(pose: Pose) -> float:
    return {Pose.WALK: 0.1, Pose.RUN: 0.18}.get(pose, 0.0)


def _ant(brush: Brush, look: Look, pose: Pose) -> Point:
    y = -0.24 if pose in _LOW else -0.58
    for far in (True, False):
        if pose not in _LOW:
            _legs(brush, look, y + 0.08, (-0.2, -0.02, 0.16), _stride(pose), far)
    brush.fill(ellipse((-0.72, y - 0.08), 0.46 * look.build, 0.34 * look.build, -12), look.coat, 0.2)
    for dx in (-0.14, 0.08):
        brush.line(ellipse((-0.72 + dx, y - 0.08), 0.1, 0.3), darker(look.coat, 0.3), 0.02, 0.4)
    brush.fill(ellipse((-0.02, y), 0.3, 0.22), look.coat, 0.18)
    raised = 0.5 if pose in (Pose.SIT, Pose.HOLD, Pose.TALK) else 0.36
    return 0.46, y - (0.05 if pose in _LOW else raised)


def _hopper(brush: Brush, look: Look, pose: Pose) -> Point:
    low = pose in _LOW
    y = -0.26 if low else -0.52
    leap = pose in (Pose.JUMP, Pose.FLY)
    tilt = 22.0 if leap else 6.0
    for far in (True, False):
        hip = (-0.3 + (0.1 if far else 0.0), y)
        knee = (hip[0] - 0.5, y - 0.62) if not leap else (hip[0] - 0.7, y - 0.1)
        foot = (hip[0] - 0.62, -0.02) if not leap else (hip[0] - 1.25, y + 0.5)
        colour = darker(look.coat, 0.24 if far else 0.06)
        if far:
            brush.fill(tube([hip, knee], [0.16, 0.06]), colour, 0.14)
            brush.fill(tube([knee, foot], [0.05, 0.04]), colour, 0.1)
        for x in (0.1, 0.34):
            if not low:
                _leg(brush, look, (x, y + 0.06), (x + 0.16, -0.02 if not leap else y + 0.5), far, 0.1)
    with brush.turned((0.0, y), tilt):
        body = tube([(-1.05, y + 0.06), (-0.4, y), (0.36, y - 0.06)], [0.1, 0.24 * look.build, 0.28])
        brush.fill(body, look.coat, 0.18)
        with brush.inside(body):
            brush.fill(tube([(-0.9, y + 0.2), (0.4, y + 0.2)], [0.06, 0.12]), look.belly, 0.05)
        brush.fill(
            tube([(0.2, y - 0.16), (-0.4, y - 0.16), (-1.15, y - 0.02)], [0.13, 0.16, 0.03]),
            look.mark("wings") or lighter(look.accent, 0.12),
            0.16,
        )
    hip, knee = (-0.3, y), (-0.8, y - 0.62) if not leap else (-1.0, y - 0.1)
    foot = (-0.92, -0.02) if not leap else (-1.55, y + 0.5)
    brush.fill(tube([hip, knee], [0.17, 0.06]), darker(look.coat, 0.06), 0.16)
    brush.fill(
        tube([knee, foot, (foot[0] + 0.12, foot[1])], [0.05, 0.04, 0.035]), darker(look.coat, 0.06), 0.1
    )
    return 0.52, y - (0.12 if low else 0.36)


def _bee(brush: Brush, look: Look, pose: Pose) -> Point:
    y = -0.3 if pose in (*_LOW, Pose.SIT) else -0.62
    for angle, length in ((112, 0.8), (82, 0.66)):
        tip = polar((-0.16, y - 0.26), angle, length)
        wing = tube([(-0.16, y - 0.26), lerp((-0.16, y - 0.26), tip, 0.6), tip], [0.06, 0.22, 0.18])
        brush.fill(wing, (226, 238, 246), 0.1, 0.82)
    for x in (-0.3, -0.05, 0.2):
        brush.fill(tube([(x, y + 0.3), (x + 0.04, y + 0.46)], [0.05, 0.035]), look.accent, 0.1)
    brush.fill(tube([(-0.7, y + 0.06), (-0.98, y + 0.1)], [0.1, 0.01]), look.accent, 0.1)
    body = tube([(-0.52, y + 0.03), (-0.1, y), (0.2, y)], [0.26 * look.build, 0.42 * look.build, 0.34])
    brush.fill(body, look.coat, 0.18)
    with brush.inside(body):
        for x in (-0.62, -0.34, -0.04):
            brush.fill(ellipse((x, y), 0.08, 0.6, 6), look.accent, 0.1)
    brush.texture(body, look.coat, look.grain, 12, 0.1, 250, 0.014)
    return 0.42, y - 0.12


def _butterfly(brush: Brush, look: Look, pose: Pose) -> Point:
    y = -0.3 if pose in _LOW else -0.72
    open_by = 0.55 if pose in (*_LOW, Pose.SIT) else 1.0
    for far in (True, False):
        colour = darker(look.coat, 0.2) if far else look.coat
        root = (-0.02 + (0.08 if far else 0.0), y - 0.06)
        lean = 62 if far else 112
        for turn, length, width in ((lean, 1.1, 0.44), (lean + (-46 if far else 62), 0.78, 0.34)):
            tip = polar(root, turn, length * open_by)
            wing = tube([root, lerp(root, tip, 0.5), tip], [0.06, width * 0.7 * open_by, width * open_by])
            brush.fill(wing, colour, 0.18)
            brush.line(wing_edge(root, tip), darker(colour, 0.4), 0.03, 0.5)
            brush.fill(
                ellipse(lerp(root, tip, 0.88), width * 0.5 * open_by, width * 0.5 * open_by),
                look.belly,
                0.1,
                0.9,
            )
            brush.fill(ellipse(lerp(root, tip, 0.96), width * 0.2, width * 0.2), look.accent, 0)
    brush.fill(
        tube([(-0.42, y + 0.3), (-0.1, y + 0.06), (0.16, y - 0.1)], [0.07, 0.13, 0.13]), look.accent, 0.18
    )
    return 0.3, y - 0.26


def wing_edge(root: Point, tip: Point) -> skia.Path:
    """The vein along the middle of a wing."""
    return smooth([root, lerp(root, tip, 0.5), tip], closed=False)


_BODIES = {
    "ant": _ant, "hopper": _hopper, "bee": _bee, "butterfly": _butterfly,
    "beetle": draw_beetle, "spider": draw_spider, "crab": draw_crab, "snail": draw_snail,
}  # fmt: skip


def _draw_head(
    brush: Brush, look: Look, at: Point, pose: Pose, mood: Feeling, shape: str, frontal: bool
) -> None:
    tilt = {Pose.LOOK_UP: 24.0, Pose.EAT: -22.0}.get(pose, 0.0)
    skin = {"butterfly": look.accent, "beetle": look.accent, "snail": look.belly}.get(shape, look.coat)
    tone = lighter(skin, 0.22) if shape in ("bee", "butterfly", "beetle", "spider") else skin
    r = 0.34 * look.head
    with brush.turned(at, tilt):
        x, y = at
        for side, lean in ((1, 62), (-1, 96)):
            root = (x + side * r * 0.25, y - r * 0.8)
            bend, tip = polar(root, lean, r * 0.75), polar(polar(root, lean, r * 0.75), lean - 44, r * 0.55)
            brush.line(smooth([root, bend, tip], closed=False), darker(look.accent, 0.15), 0.04)
            brush.fill(ellipse(tip, 0.055, 0.055), darker(look.accent, 0.15), 0.1)
        skull = ellipse((x, y), r * 1.04, r)
        brush.fill(skull, tone, 0.16)
        with brush.inside(skull):
            brush.glow((x - r * 0.45, y + r * 0.3), r * 0.42, (232, 96, 92), 0.34)
        places = ((-0.36, 1), (0.36, -1)) if frontal else ((0.06, 1), (0.66, -1))
        for dx, inner in places:
            narrow = 0.74 if inner < 0 and not frontal else 1.0
            eye = Eye(
                (x + r * dx, y - r * 0.1),
                r * 0.26 * narrow,
                r * 0.32,
                inner,
                look.eye,
                tone,
                INK if mood.slant or mood.brow else None,
                white=True,
            )
            draw_eye(brush, eye, mood, pose is Pose.SLEEP)
        smile = mood.smile * r * 0.14
        centre = (x + r * (0.0 if frontal else 0.36), y + r * 0.46)
        if pose is Pose.TALK or mood.gape:
            brush.fill(ellipse(centre, r * 0.2, r * 0.17), (120, 36, 46), 0.1)
        else:
            brush.line(
                smooth(
                    [
                        (centre[0] - r * 0.26, centre[1] - smile),
                        centre,
                        (centre[0] + r * 0.22, centre[1] - smile),
                    ],
                    closed=False,
                ),
                darker(tone, 0.6),
                r * 0.08,
            )
        draw_head_wear(brush, look, at, r, 30)
