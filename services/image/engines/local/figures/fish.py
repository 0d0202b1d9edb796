"""Fish and whales."""

from __future__ import annotations

from services.image.engines.local.figures.brush import Brush
from services.image.engines.local.figures.colours import darker
from services.image.engines.local.figures.curves import Point, ellipse, lerp, polar, smooth, tube
from services.image.engines.local.figures.eyes import Eye, Feeling, draw_eye
from services.image.engines.local.figures.look import Look, Pose
from services.image.engines.local.figures.mouths import draw_mouth
from services.image.engines.local.figures.view import View
from services.image.engines.local.figures.wear import draw_head_wear


def draw_fish(brush: Brush, look: Look, shape: str, pose: Pose, view: View, mood: Feeling) -> None:
    """Draw a fish or a whale, facing right."""
    tilt = {Pose.JUMP: 38.0, Pose.FLY: 24.0, Pose.LOOK_UP: 20.0, Pose.EAT: -24.0, Pose.STAND: 4.0}.get(
        pose, 0.0
    )
    fat = 0.62 if shape == "whale" else 0.52
    centre, squeeze = (0.0, -0.6), 1.0 if view.turn < 45 else 0.6
    with brush.turned(centre, tilt):
        x, y = centre
        root = (x - 0.8 * squeeze, y - 0.02)
        fin = look.mark("tail") or look.accent
        for turn, length in ((150, 0.62), (212, 0.6)):
            tip = polar(root, turn, length * look.tail * squeeze)
            brush.fill(
                tube([(root[0] + 0.1, root[1]), lerp(root, tip, 0.6), tip], [0.12, 0.17, 0.03]), fin, 0.16
            )
        back = smooth(
            [
                (x - 0.45 * squeeze, y - fat * 0.7),
                (x - 0.18 * squeeze, y - fat * 1.36),
                (x + 0.2 * squeeze, y - fat * 1.1),
                (x + 0.36 * squeeze, y - fat * 0.7),
            ],
            tension=0.7,
        )
        if shape != "whale":
            brush.fill(back, fin, 0.16)
        body = tube(
            [root, (x - 0.3 * squeeze, y), (x + 0.3 * squeeze, y - 0.02), (x + 0.72 * squeeze, y)],
            [0.1, fat * 0.78, fat * 0.9, fat * 0.52],
        )
        brush.fill(body, look.coat, 0.18)
        with brush.inside(body):
            brush.fill(
                tube(
                    [(x - 0.8, y + fat * 0.9), (x, y + fat * 0.95), (x + 1.0, y + fat * 0.62)],
                    [0.2, fat * 0.42, 0.3],
                ),
                look.belly,
                0.08,
            )
            if shape != "whale":
                _draw_scales(brush, look, centre, fat)
            for stripe in (look.mark("stripes"), look.mark("spots")):
                if stripe:
                    for dx in (-0.35, -0.05, 0.25):
                        brush.fill(ellipse((x + dx, y - 0.1), 0.07, fat * 0.8, 6), stripe, 0.05)
        pectoral = (x + 0.12 * squeeze, y + fat * 0.25)
        brush.fill(
            tube([pectoral, polar(pectoral, 220, 0.28), polar(pectoral, 214, 0.44)], [0.07, 0.13, 0.04]),
            darker(fin, 0.08),
            0.14,
        )
        if shape == "whale" and pose is not Pose.SLEEP:
            for turn in (62, 118):
                start = (x + 0.3, y - fat * 0.85)
                brush.fill(
                    tube(
                        [start, polar(start, 90, 0.25), polar((start[0], start[1] - 0.25), turn, 0.28)],
                        [0.04, 0.045, 0.07],
                    ),
                    (170, 212, 236),
                    0.1,
                    0.9,
                )
        size = 0.1 if shape == "whale" else 0.14
        eye = (x + 0.6 * squeeze, y - fat * 0.24)
        draw_eye(
            brush,
            Eye(eye, size * 0.92, size, 1, look.eye, look.coat, darker(look.coat, 0.5)),
            mood,
            pose is Pose.SLEEP,
        )
        brush.glow((eye[0] - 0.08, eye[1] + 0.24), 0.14, (232, 96, 92), 0.3)
        draw_mouth(brush, (x + 0.84 * squeeze, y + fat * 0.22), 0.1, mood, pose is Pose.TALK)
        draw_head_wear(brush, look, (x + 0.5, y - fat * 0.3), 0.4, 40)


def _draw_scales(brush: Brush, look: Look, centre: Point, fat: float) -> None:
    for row in range(-2, 3):
        for column in range(5):
            at = (centre[0] - 0.5 + column * 0.17 + (row % 2) * 0.08, centre[1] + row * fat * 0.26)
            arc = smooth([(at[0], at[1] - 0.07), (at[0] - 0.06, at[1]), (at[0], at[1] + 0.07)], closed=False)
            brush.line(arc, darker(look.coat, 0.25), 0.018, 0.5)
