"""Tail feathers of birds."""

from __future__ import annotations

from services.image.engines.local.figures.brush import Brush
from services.image.engines.local.figures.colours import RGB, darker, lighter
from services.image.engines.local.figures.curves import Point, ellipse, lerp, polar, tube
from services.image.engines.local.figures.kits import BirdKit
from services.image.engines.local.figures.look import Look


def draw_tail_feathers(brush: Brush, look: Look, kit: BirdKit, root: Point, angle: float, tips: RGB) -> None:
    """Draw a bird's tail; `angle` is where it points, in degrees."""
    length, girth = kit.tail_length * look.tail, kit.body
    tone = look.mark("tail") or tips
    if kit.tail == "curl":
        for turn, reach in ((-16, 0.9), (-30, 1.0), (-46, 0.8)):
            tip = polar(root, angle + turn, length * reach)
            brush.fill(
                tube([root, lerp(root, tip, 0.6), tip], [girth * 0.42, girth * 0.24, 0.02]), look.coat, 0.12
            )
    elif kit.tail == "fan":
        for index in range(6):
            tip = polar(root, angle - 74 + index * 16, length * (1.0 + 0.08 * (index % 2)))
            brush.fill(
                tube([root, lerp(root, tip, 0.65), tip], [girth * 0.26, girth * 0.22, girth * 0.1]),
                darker(tone, 0.05 * index),
                0.12,
            )
    elif kit.tail == "plumes":
        for index in range(6):
            lift = angle - 96 + index * 20
            middle = polar(root, lift, length * 0.72)
            tip = polar(middle, lift + 62, length * (0.5 + 0.08 * index))
            colour = look.accent if index % 2 == 0 else lighter(look.accent, 0.14)
            brush.fill(tube([root, middle, tip], [girth * 0.2, girth * 0.2, 0.02]), colour, 0.14)
    elif kit.tail == "train":
        for index in range(9):
            tip = polar(root, angle - 96 + index * 15, length * 1.15)
            brush.fill(
                tube([root, lerp(root, tip, 0.7), tip], [girth * 0.14, girth * 0.2, girth * 0.17]),
                darker(look.accent, 0.06 * (index % 2)),
                0.12,
            )
            brush.fill(
                ellipse(lerp(root, tip, 0.94), girth * 0.12, girth * 0.12), lighter(look.belly, 0.35), 0.08
            )
            brush.fill(ellipse(lerp(root, tip, 0.95), girth * 0.06, girth * 0.06), darker(look.coat, 0.3), 0)
    else:
        for index in range(3):
            tip = polar(root, angle + 12 - index * 11, length * (1.0 - 0.06 * index))
            brush.fill(
                tube([root, lerp(root, tip, 0.6), tip], [girth * 0.3, girth * 0.22, girth * 0.12]),
                darker(tone, 0.08 * (2 - index)),
                0.12,
            )
