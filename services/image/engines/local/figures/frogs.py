"""Frogs, at rest and in a leap."""

from __future__ import annotations

from services.image.engines.local.figures.brush import Brush
from services.image.engines.local.figures.colours import darker
from services.image.engines.local.figures.curves import Point, ellipse, lerp, tube
from services.image.engines.local.figures.eyes import Eye, Feeling, draw_eye
from services.image.engines.local.figures.limbs import bent
from services.image.engines.local.figures.look import Look, Pose
from services.image.engines.local.figures.mouths import draw_mouth
from services.image.engines.local.figures.view import View
from services.image.engines.local.figures.wear import draw_head_wear, draw_neck_wear


def draw_frog(brush: Brush, look: Look, pose: Pose, view: View, mood: Feeling) -> None:
    """Draw a frog, facing right."""
    leaping = pose in (Pose.JUMP, Pose.FLY, Pose.RUN, Pose.SWIM)
    frontal = view.turn > 45
    body, tilt = (0.0, -0.62 if leaping else -0.52), (24.0 if leaping else 0.0)
    hip = (-0.5, body[1] + (0.16 if leaping else 0.26))
    for far in (True, False):
        _frog_leg(brush, look, hip, leaping, far, frontal)
    trunk = tube(
        [(-0.5, body[1] + 0.2), (0.05, body[1]), (0.4, body[1] - 0.14)], [0.3, 0.44 * look.build, 0.42]
    )
    if frontal:
        trunk = tube([(0, body[1] + 0.1), (0.05, body[1] - 0.1)], [0.5 * look.build, 0.46])
    brush.fill(trunk, look.coat, 0.17)
    with brush.inside(trunk):
        brush.fill(tube([(-0.2, body[1] + 0.5), (0.6, body[1] + 0.32)], [0.22, 0.32]), look.belly, 0.06)
        if spots := look.mark("spots"):
            for dx, dy, size in (
                (-0.5, 0.0, 0.08),
                (-0.28, -0.12, 0.1),
                (-0.02, -0.3, 0.07),
                (-0.16, 0.12, 0.06),
            ):
                brush.fill(ellipse((dx, body[1] + dy), size, size * 0.8), spots, 0.05)
    for far in (True, False):
        shoulder = (0.34 + (0.14 if far else -0.04), body[1] + 0.24)
        hand = (0.62, 0.0 if not leaping else body[1] + 0.3) if far else (0.36, -0.02)
        if leaping:
            hand = (0.9 if far else 0.78, body[1] + 0.16)
        brush.fill(
            tube([shoulder, lerp(shoulder, hand, 0.5), hand], [0.11, 0.08, 0.075]),
            darker(look.coat, 0.2 if far else 0.04),
            0.12,
        )
        for dx in (0.16, 0.06):
            brush.fill(
                tube([hand, (hand[0] + dx, hand[1])], [0.06, 0.05]),
                darker(look.coat, 0.2 if far else 0.04),
                0.1,
            )
    draw_neck_wear(brush, look, (0.2, body[1] + 0.3), (0.3, body[1] - 0.2), 0.42)
    _frog_head(brush, look, (0.34 if not frontal else 0.0, body[1] - 0.3), mood, pose, tilt, frontal)


def _frog_leg(brush: Brush, look: Look, hip: Point, leaping: bool, far: bool, frontal: bool) -> None:
    colour = darker(look.coat, 0.2 if far else 0.05)
    shift = (0.55 if far else -0.0) if frontal else (0.1 if far else 0.0)
    start = (hip[0] + shift, hip[1])
    foot = (start[0] - 0.85, hip[1] + 0.5) if leaping else (start[0] + 0.3, -0.04)
    knee = bent(start, foot, 1.1 if leaping else 0.95, -1 if leaping else 1)
    if not leaping:
        knee = (start[0] + 0.32, start[1] - 0.36)
        brush.fill(tube([start, knee], [0.24, 0.17]), colour, 0.15)
        brush.fill(tube([knee, (start[0] - 0.12, -0.1), foot], [0.15, 0.1, 0.07]), darker(colour, 0.04), 0.12)
    else:
        brush.fill(tube([start, knee, foot], [0.2, 0.13, 0.06]), colour, 0.15)
    for dx, dy in ((0.24, 0.0), (0.2, -0.06), (0.1, 0.03)):
        side = -1 if leaping else 1
        brush.fill(tube([foot, (foot[0] + side * dx, foot[1] + dy * 0.5)], [0.06, 0.045]), colour, 0.1)


def _frog_head(
    brush: Brush, look: Look, at: Point, mood: Feeling, pose: Pose, tilt: float, frontal: bool
) -> None:
    if pose is Pose.LOOK_UP:
        tilt += 18
    with brush.turned(at, tilt):
        x, y = at
        bumps = ((0.16 if not frontal else 0.26, -0.3), (-0.2 if not frontal else -0.26, -0.3))
        for dx, dy in bumps:
            brush.fill(ellipse((x + dx, y + dy), 0.19, 0.2), look.coat, 0.12)
        skull = ellipse((x, y), 0.5, 0.36)
        brush.fill(skull, look.coat, 0.14)
        with brush.inside(skull):
            brush.fill(ellipse((x + 0.08, y + 0.34), 0.5, 0.24), look.belly, 0.05)
            brush.glow((x - 0.24, y + 0.06), 0.13, (232, 96, 92), 0.3)
        for index, (dx, dy) in enumerate(bumps):
            draw_eye(
                brush,
                Eye(
                    (x + dx + 0.01, y + dy),
                    0.13,
                    0.14,
                    -1 if index == 0 else 1,
                    look.eye,
                    look.coat,
                    darker(look.coat, 0.5),
                ),
                mood,
                pose is Pose.SLEEP,
            )
        draw_mouth(brush, (x + (0.1 if not frontal else 0.0), y + 0.12), 0.26, mood, pose is Pose.TALK)
        for dx in (0.06, 0.16):
            brush.fill(ellipse((x + dx + 0.04, y - 0.06), 0.02, 0.014), darker(look.coat, 0.5), 0)
        draw_head_wear(brush, look, (x - 0.02, y - 0.3), 0.34, 24)
