"""Wings: feathered, folded or spread, and the membranes of dragons."""

from __future__ import annotations

import itertools

from services.image.engines.local.figures.brush import Brush
from services.image.engines.local.figures.colours import RGB, darker, lighter
from services.image.engines.local.figures.curves import Point, lerp, polar, smooth, tube
from services.image.engines.local.figures.look import Look


def draw_membrane_wing(brush: Brush, look: Look, root: Point, angle: float, far: bool) -> None:
    """A dragon's wing, its arm raised to `angle` degrees; a negative angle folds it along the back."""
    span = 1.9 if angle >= 0 else 1.05
    lift = (angle if angle >= 0 else 150.0) - (24 if far else 0)
    colour = darker(look.accent, 0.22 if far else 0.0)
    elbow = polar(root, lift - 36, span * 0.5)
    tip = polar(elbow, lift + 20, span * 0.62)
    fingers = [
        tip,
        polar(elbow, lift + 62, span * 0.78),
        polar(elbow, lift + 100, span * 0.62),
        polar(root, lift + 62, span * 0.34),
    ]
    outline = [root, lerp(root, elbow, 0.5), elbow, lerp(elbow, tip, 0.5), tip]
    for first, second in itertools.pairwise(fingers):
        sag = lerp(lerp(first, second, 0.5), elbow, 0.24)
        outline += [sag, second]
    sheet = smooth(outline, tension=0.55)
    brush.fill(sheet, colour, 0.2)
    for finger in fingers[:3]:
        brush.line(
            smooth([elbow, lerp(elbow, finger, 0.5), finger], closed=False),
            darker(look.coat, 0.25 if far else 0.08),
            0.05,
        )
    brush.fill(tube([root, elbow, tip], [0.12, 0.09, 0.03]), darker(look.coat, 0.2 if far else 0), 0.14)


def draw_spread_wing(
    brush: Brush, root: Point, length: float, angle: float, width: float, coat: RGB, tips: RGB
) -> None:
    """A feathered wing, raised to `angle` degrees, its flight feathers fanned out."""
    elbow, wrist = polar(root, angle + 14, length * 0.42), polar(root, angle, length * 0.68)
    count = 9
    for index in range(count):
        share = index / (count - 1)
        base = lerp(lerp(root, elbow, 0.5), wrist, share)
        turn = angle + 92 - share * 88
        reach = width * (0.9 + 0.75 * share)
        tip = polar(base, turn, reach)
        tone = darker(tips, 0.1 if index % 2 else 0.0)
        brush.fill(
            tube([base, lerp(base, tip, 0.6), tip], [width * 0.1, width * 0.17, width * 0.07]), tone, 0.1
        )
    for index in range(6):
        base = lerp(root, wrist, 0.1 + 0.75 * index / 5)
        tip = polar(base, angle + 84 - index * 11, width * 0.66)
        brush.fill(
            tube([base, lerp(base, tip, 0.6), tip], [width * 0.16, width * 0.2, width * 0.08]),
            lighter(coat, 0.07),
            0.12,
        )
    brush.fill(
        tube(
            [root, elbow, wrist, polar(wrist, angle - 8, length * 0.14)],
            [width * 0.34, width * 0.26, width * 0.18, width * 0.06],
        ),
        coat,
        0.14,
    )


def draw_folded_wing(
    brush: Brush, root: Point, length: float, angle: float, width: float, coat: RGB, tips: RGB
) -> None:
    """A feathered wing laid along the body, its tip at `angle` degrees."""
    for index in range(3):
        tip = polar(root, angle + 7 - index * 8, length * (1.16 - index * 0.1))
        middle = polar(root, angle - 8 - index * 5, length * 0.62)
        brush.fill(
            tube([polar(root, angle, length * 0.2), middle, tip], [width * 0.2, width * 0.26, width * 0.03]),
            darker(tips, 0.05 * index),
            0.1,
        )
    shoulder = polar(root, angle, length * 0.3)
    tip = polar(root, angle - 3, length * 0.95)
    fan = tube(
        [root, shoulder, lerp(shoulder, tip, 0.6), tip],
        [width * 0.3, width * 0.52, width * 0.36, width * 0.04],
    )
    brush.fill(fan, coat, 0.16)
    with brush.inside(fan):
        for row in range(3):
            for index in range(3):
                at = polar(
                    polar(root, angle, length * (0.24 + row * 0.2)), angle + 90, width * (0.3 - index * 0.28)
                )
                scale = smooth(
                    [
                        polar(at, angle + 70, width * 0.15),
                        polar(at, angle, width * 0.14),
                        polar(at, angle - 70, width * 0.15),
                    ],
                    closed=False,
                )
                brush.line(scale, darker(coat, 0.32), width * 0.045, 0.55)
