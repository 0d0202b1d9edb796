"""Snakes: coiled at rest, a wave when they move."""

from __future__ import annotations

import math

import skia

from services.image.engines.local.figures.brush import Brush
from services.image.engines.local.figures.colours import darker, lighter
from services.image.engines.local.figures.curves import Point, ellipse, lerp, smooth, tube
from services.image.engines.local.figures.eyes import Eye, Feeling, draw_eye
from services.image.engines.local.figures.look import Look, Pose
from services.image.engines.local.figures.mouths import draw_mouth
from services.image.engines.local.figures.view import View
from services.image.engines.local.figures.wear import draw_head_wear, draw_neck_wear


def draw_snake(brush: Brush, look: Look, pose: Pose, view: View, mood: Feeling) -> None:
    """Draw a snake: coiled at rest, a wave when it moves."""
    moving = pose in (Pose.WALK, Pose.RUN, Pose.SWIM, Pose.FLY, Pose.JUMP)
    low = pose in (Pose.SLEEP, Pose.LIE, Pose.EAT)
    if moving:
        line = [(-1.5 + index * 0.25, -0.2 - 0.16 * math.sin(index * 1.25)) for index in range(10)]
        head = (1.12, -0.62)
    else:
        line = [
            (-1.15, -0.1),
            (-0.7, -0.12),
            (0.25, -0.16),
            (0.62, -0.3),
            (0.1, -0.46),
            (-0.5, -0.4),
            (-0.55, -0.58),
            (0.05, -0.66),
            (0.34, -0.86),
        ]
        head = (0.62, -0.42) if low else (0.42, -1.3)
    neck = [*line[-2:], lerp(line[-1], head, 0.6), head]
    sizes = [0.04 + 0.12 * min(index / 3, 1.0) * look.build for index in range(len(line))]
    if not moving:
        for centre, width in (((0.0, -0.17), 0.86), ((0.0, -0.43), 0.7)):
            coil = tube(
                [
                    (centre[0] - width * 0.75, centre[1]),
                    (centre[0], centre[1] + 0.05),
                    (centre[0] + width * 0.75, centre[1]),
                ],
                [0.15, 0.19, 0.15],
            )
            _draw_coil(brush, look, coil, width, centre)
        brush.fill(tube([(-0.7, -0.12), (-1.0, -0.1), (-1.3, -0.05)], [0.1, 0.07, 0.01]), look.coat, 0.1)
    else:
        path = tube(line, sizes)
        _draw_coil(brush, look, path, 1.4, (0.0, -0.2))
    neck_path = tube(neck, [0.15, 0.16, 0.15, 0.16])
    brush.fill(neck_path, look.coat, 0.15)
    with brush.inside(neck_path):
        brush.fill(tube([(point[0] + 0.12, point[1] + 0.03) for point in neck], [0.06] * 4), look.belly, 0.05)
    draw_neck_wear(brush, look, lerp(neck[1], head, 0.3), (head[0], head[1] + 0.1), 0.24)
    _snake_head(brush, look, head, mood, pose)


def _draw_coil(brush: Brush, look: Look, path: skia.Path, width: float, centre: Point) -> None:
    brush.fill(path, look.coat, 0.18)
    with brush.inside(path):
        if bands := look.mark("bands"):
            for index in range(8):
                x = centre[0] - width + index * width * 0.28
                brush.fill(ellipse((x, centre[1] - 0.12), 0.05, 0.11, 12), bands, 0.05)


def _snake_head(brush: Brush, look: Look, at: Point, mood: Feeling, pose: Pose) -> None:
    tilt = {Pose.LOOK_UP: 26.0, Pose.EAT: -20.0}.get(pose, 4.0)
    with brush.turned(at, tilt):
        x, y = at
        if pose is not Pose.SLEEP:
            fork = (x + 0.62, y + 0.08)
            brush.line(smooth([(x + 0.4, y + 0.07), fork], closed=False), (200, 60, 70), 0.03)
            for dy in (-0.05, 0.05):
                brush.line(smooth([fork, (fork[0] + 0.09, fork[1] + dy)], closed=False), (200, 60, 70), 0.025)
        skull = tube([(x - 0.06, y - 0.04), (x + 0.3, y + 0.03)], [0.27, 0.17])
        brush.fill(skull, look.coat, 0.15)
        with brush.inside(skull):
            brush.fill(tube([(x - 0.1, y + 0.24), (x + 0.5, y + 0.18)], [0.12, 0.1]), look.belly, 0.05)
            brush.glow((x - 0.06, y + 0.1), 0.12, (232, 96, 92), 0.28)
        for side, dx in ((-1, 0.2), (1, 0.0)):
            draw_eye(
                brush,
                Eye(
                    (x + dx, y - 0.1),
                    0.075 if side < 0 else 0.09,
                    0.1,
                    1 if side > 0 else -1,
                    look.eye,
                    look.coat,
                    darker(look.coat, 0.5),
                ),
                mood,
                pose is Pose.SLEEP,
            )
        draw_mouth(brush, (x + 0.26, y + 0.1), 0.13, mood, pose is Pose.TALK)
        brush.fill(ellipse((x + 0.4, y - 0.01), 0.018, 0.014), darker(look.coat, 0.5), 0)
        draw_head_wear(brush, look, (x - 0.02, y - 0.02), 0.26, 30)
        brush.fill(ellipse((x - 0.14, y - 0.2), 0.05, 0.03, 20), lighter(look.coat, 0.4), 0, 0.6)
