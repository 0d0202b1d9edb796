"""Small crawling bodies: beetle, spider, crab, snail. Each returns where its head goes."""

from __future__ import annotations

from services.image.engines.local.figures.brush import Brush
from services.image.engines.local.figures.colours import darker, lighter
from services.image.engines.local.figures.curves import Point, ellipse, polar, smooth, tube
from services.image.engines.local.figures.look import Look, Pose

_STEP = {Pose.WALK: 0.08, Pose.RUN: 0.14}


def _draw_legs(
    brush: Brush, look: Look, hub: Point, reaches: tuple[float, ...], pose: Pose, far: bool
) -> None:
    tone = darker(look.accent, 0.25 if far else 0.0)
    for index, reach in enumerate(reaches):
        step = _STEP.get(pose, 0.0) * (1 if (index + far) % 2 else -1)
        foot = (hub[0] + reach + step + (0.06 if far else 0.0), -0.03 - (0.05 if far else 0.0))
        knee = (hub[0] + reach * 0.72, hub[1] - 0.2)
        brush.fill(tube([hub, knee, foot], [0.06, 0.05, 0.03]), tone, 0.1)


def draw_beetle(brush: Brush, look: Look, pose: Pose) -> Point:
    """A domed back with spots, on six legs."""
    base = -0.14 if pose in (Pose.SLEEP, Pose.LIE) else -0.3
    for far in (True, False):
        _draw_legs(brush, look, (-0.1, base), (-0.5, 0.0, 0.42), pose, far)
    dome = smooth(
        [
            (-0.95, base + 0.06),
            (-0.72, base - 0.5),
            (-0.14, base - 0.72),
            (0.36, base - 0.42),
            (0.46, base + 0.06),
            (-0.2, base + 0.12),
        ]
    )
    if pose in (Pose.FLY, Pose.JUMP):
        for turn in (128, 104):
            tip = polar((-0.1, base - 0.5), turn, 0.95)
            brush.fill(tube([(-0.1, base - 0.5), tip], [0.08, 0.24]), (226, 238, 246), 0.1, 0.82)
    brush.fill(dome, look.coat, 0.2)
    with brush.inside(dome):
        seam = smooth([(0.4, base - 0.3), (-0.2, base - 0.42), (-0.95, base)], closed=False)
        brush.line(seam, darker(look.coat, 0.5), 0.035)
        for dx, dy, size in (
            (-0.55, -0.2, 0.11),
            (-0.3, -0.52, 0.1),
            (-0.05, -0.16, 0.12),
            (0.12, -0.44, 0.08),
        ):
            brush.fill(ellipse((dx, base + dy), size, size), look.mark("spots") or look.accent, 0.05)
    return 0.58, base - 0.34


def draw_spider(brush: Brush, look: Look, pose: Pose) -> Point:
    """A round body between eight long legs."""
    base = -0.3 if pose in (Pose.SLEEP, Pose.LIE) else -0.62
    for far in (True, False):
        _draw_legs(brush, look, (0.0, base), (-0.95, -0.5, 0.5, 0.9), pose, far)
    body = ellipse((-0.3, base - 0.06), 0.56 * look.build, 0.46 * look.build, -8)
    brush.fill(body, look.coat, 0.2)
    brush.texture(body, look.coat, look.grain, 16, 0.14, 250, 0.016)
    return 0.36, base - 0.1


def draw_crab(brush: Brush, look: Look, pose: Pose) -> Point:
    """A broad shell, six legs and two claws."""
    base = -0.2 if pose in (Pose.SLEEP, Pose.LIE) else -0.42
    lift = 0.42 if pose in (Pose.TALK, Pose.JUMP, Pose.HOLD, Pose.FLY) else 0.0
    for far in (True, False):
        _draw_legs(brush, look, (0.0, base + 0.06), (-1.0, -0.74, -0.46, 0.46, 0.74, 1.0), pose, far)
    for side in (-1, 1):
        joint, claw = (side * 0.98, base - 0.24), (side * 0.9, base - 0.62 - lift)
        brush.fill(tube([(side * 0.55, base), joint, claw], [0.09, 0.09, 0.1]), look.coat, 0.14)
        for turn in (118, 62):
            brush.fill(
                tube([claw, polar(claw, turn, 0.2), polar(claw, 90, 0.38)], [0.13, 0.11, 0.02]),
                lighter(look.coat, 0.08),
                0.16,
            )
    shell = smooth(
        [
            (-0.82, base),
            (-0.6, base - 0.36),
            (0.0, base - 0.5),
            (0.6, base - 0.36),
            (0.82, base),
            (0.0, base + 0.22),
        ]
    )
    brush.fill(shell, look.coat, 0.2)
    with brush.inside(shell):
        for dx, dy in ((-0.5, -0.2), (0.52, -0.16), (-0.2, 0.08), (0.3, 0.06)):
            brush.fill(ellipse((dx, base + dy), 0.06, 0.05), lighter(look.coat, 0.3), 0, 0.7)
    return 0.0, base - 0.44


def draw_snail(brush: Brush, look: Look, pose: Pose) -> Point:
    """A soft foot under a coiled shell."""
    low = pose in (Pose.SLEEP, Pose.LIE, Pose.EAT)
    head = (0.72, -0.36) if low else (0.72, -0.72)
    foot = tube(
        [(-1.0, -0.06), (-0.3, -0.13), (0.45, -0.15), (0.66, -0.3), head], [0.05, 0.14, 0.16, 0.17, 0.2]
    )
    brush.fill(foot, look.belly, 0.16)
    centre, size = (-0.22, -0.62), 0.56
    brush.fill(ellipse(centre, size, size * 0.96), look.accent, 0.22)
    coil = [polar(centre, 250 - turn * 40, size * (0.8 - turn * 0.055)) for turn in range(14)]
    brush.line(smooth(coil, closed=False), darker(look.accent, 0.35), 0.05, 0.8)
    brush.fill(
        ellipse((centre[0] - 0.16, centre[1] - 0.28), 0.14, 0.08, 30), lighter(look.accent, 0.6), 0, 0.5
    )
    brush.line(smooth([(-0.9, -0.02), (0.5, -0.02)], closed=False), darker(look.belly, 0.3), 0.03, 0.5)
    return head[0] + 0.04, head[1] - 0.12
