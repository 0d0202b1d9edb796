"""Made things that move or are carried: carts, boats, lanterns, sacks, nets, ropes, fires.

Each draws itself standing on (x, y), `size` high or as its docstring says, in the light of the stage.
"""

from __future__ import annotations

import math

import skia

from services.image.engines.local.brush import (
    Colour,
    box,
    fill,
    glow,
    hexc,
    line,
    oval,
    ramp,
    rounded,
    shade,
    shape,
)
from services.image.engines.local.furniture import draw_flames
from services.image.engines.local.stage import Stage


def draw_cart(stage: Stage, x: float, y: float, size: float, colour: Colour | None) -> None:
    """A two-wheeled cart, about 1.5 x `size` long."""
    x -= size * 0.12
    body = stage.tint(colour or hexc("#b07a45"))
    dark = stage.tint(hexc("#54361f"))
    stage.shadow(x, y, size * 0.85, size * 0.1)
    stage.canvas.drawLine(
        x + size * 0.5, y - size * 0.45, x + size * 1.05, y - size * 0.12, line(dark, size * 0.05)
    )
    stage.canvas.drawPath(
        shape(
            [
                (x - size * 0.82, y - size * 0.86),
                (x + size * 0.72, y - size * 0.86),
                (x + size * 0.62, y - size * 0.36),
                (x - size * 0.68, y - size * 0.36),
            ]
        ),
        ramp((0, y - size * 0.86), (0, y - size * 0.36), [shade(body, 0.2), shade(body, -0.16)]),
    )
    for board in (0.33, 0.66):
        by = y - size * (0.86 - 0.5 * board)
        stage.canvas.drawLine(
            x - size * (0.82 - 0.14 * board),
            by,
            x + size * (0.72 - 0.1 * board),
            by,
            line(shade(body, -0.35), size * 0.018),
        )
    for post in (-0.6, -0.2, 0.2, 0.56):
        stage.canvas.drawRect(
            box(x + post * size, y - size * 0.94, size * 0.055, size * 0.6), fill(shade(body, -0.28))
        )
    draw_wheel(stage, x - size * 0.1, y - size * 0.33, size * 0.33)


def draw_wheel(stage: Stage, x: float, y: float, radius: float) -> None:
    """A wooden wheel with spokes around (x, y)."""
    wood = stage.tint(hexc("#6d4526"))
    for spoke in range(8):
        angle = spoke * math.pi / 4
        stage.canvas.drawLine(
            x,
            y,
            x + math.cos(angle) * radius * 0.9,
            y + math.sin(angle) * radius * 0.9,
            line(shade(wood, 0.15), radius * 0.1),
        )
    stage.canvas.drawCircle(x, y, radius * 0.9, line(wood, radius * 0.19))
    stage.canvas.drawCircle(x, y, radius * 0.2, fill(shade(wood, -0.25)))
    stage.canvas.drawCircle(x, y, radius * 0.98, line(shade(wood, -0.45), radius * 0.05))


def draw_boat(stage: Stage, x: float, y: float, size: float, colour: Colour | None) -> None:
    """A rowing boat, about 2 x `size` long, with its ripple."""
    hull = stage.tint(colour or hexc("#9c5b36"))
    stage.canvas.drawOval(oval(x, y, size * 1.1, size * 0.12), fill(hexc("#0d2233"), 0.3))
    path = skia.Path()
    path.moveTo(x - size, y - size * 0.62)
    path.quadTo(x, y - size * 0.34, x + size, y - size * 0.7)
    path.cubicTo(x + size * 0.8, y - size * 0.1, x + size * 0.6, y, x + size * 0.35, y)
    path.lineTo(x - size * 0.5, y)
    path.cubicTo(x - size * 0.8, y - size * 0.05, x - size * 0.92, y - size * 0.3, x - size, y - size * 0.62)
    stage.canvas.drawPath(path, ramp((0, y - size * 0.65), (0, y), [shade(hull, 0.15), shade(hull, -0.3)]))
    rim = skia.Path()
    rim.moveTo(x - size, y - size * 0.62)
    rim.quadTo(x, y - size * 0.34, x + size, y - size * 0.7)
    stage.canvas.drawPath(rim, line(shade(hull, 0.42), size * 0.075))
    stage.canvas.drawLine(
        x - size * 0.1,
        y - size * 0.4,
        x + size * 0.62,
        y - size * 0.02,
        line(stage.tint(hexc("#caa26a")), size * 0.05),
    )


def draw_lantern(stage: Stage, x: float, y: float, size: float, colour: Colour | None) -> None:
    """A lantern that shines."""
    iron = stage.tint(colour or hexc("#4b3f36"))
    stage.canvas.drawArc(
        box(x - size * 0.2, y - size, size * 0.4, size * 0.4), 180, 180, False, line(iron, size * 0.04)
    )
    stage.canvas.drawPath(
        shape([(x - size * 0.26, y - size * 0.72), (x, y - size * 0.86), (x + size * 0.26, y - size * 0.72)]),
        fill(iron),
    )
    stage.canvas.drawRect(
        box(x - size * 0.22, y - size * 0.72, size * 0.44, size * 0.6),
        glow((x, y - size * 0.4), size * 0.4, [hexc("#fff6cf"), hexc("#ffbf4d")]),
    )
    for bar in (-0.22, 0.0, 0.22):
        stage.canvas.drawLine(
            x + bar * size, y - size * 0.72, x + bar * size, y - size * 0.12, line(iron, size * 0.035)
        )
    stage.canvas.drawRRect(rounded(x - size * 0.27, y - size * 0.13, size * 0.54, size * 0.13, 3), fill(iron))
    stage.lamps.append((x, y - size * 0.4, size * (2.6 if stage.palette.dark else 1.1)))


def draw_sack(stage: Stage, x: float, y: float, size: float, colour: Colour | None) -> None:
    """A tied sack."""
    cloth = stage.tint(colour or hexc("#c9a873"))
    stage.shadow(x, y, size * 0.5, size * 0.09)
    path = skia.Path()
    path.moveTo(x - size * 0.4, y)
    path.cubicTo(
        x - size * 0.6, y - size * 0.4, x - size * 0.3, y - size * 0.7, x - size * 0.12, y - size * 0.78
    )
    path.lineTo(x - size * 0.22, y - size)
    path.lineTo(x + size * 0.22, y - size)
    path.lineTo(x + size * 0.12, y - size * 0.78)
    path.cubicTo(x + size * 0.3, y - size * 0.7, x + size * 0.6, y - size * 0.4, x + size * 0.4, y)
    path.close()
    stage.canvas.drawPath(
        path, ramp((x - size * 0.4, 0), (x + size * 0.4, 0), [shade(cloth, 0.15), shade(cloth, -0.25)])
    )
    stage.canvas.drawLine(
        x - size * 0.14,
        y - size * 0.78,
        x + size * 0.14,
        y - size * 0.78,
        line(stage.tint(hexc("#7a4a2a")), size * 0.06),
    )


def draw_chest(stage: Stage, x: float, y: float, size: float, colour: Colour | None) -> None:
    """An open treasure chest with gold."""
    wood, gold = stage.tint(colour or hexc("#8a5630")), stage.tint(hexc("#f3c443"))
    stage.shadow(x, y, size * 0.8, size * 0.1)
    stage.canvas.drawRRect(
        rounded(x - size * 0.68, y - size, size * 1.36, size * 0.5, size * 0.2), fill(shade(wood, -0.25))
    )
    for number in range(9):
        stage.canvas.drawCircle(
            x - size * 0.52 + number * size * 0.13,
            y - size * (0.58 + 0.07 * (number % 3)),
            size * 0.1,
            fill(shade(gold, 0.2 * (number % 2))),
        )
    stage.canvas.drawRRect(
        rounded(x - size * 0.7, y - size * 0.55, size * 1.4, size * 0.55, size * 0.05),
        ramp((0, y - size * 0.55), (0, y), [shade(wood, 0.1), shade(wood, -0.2)]),
    )
    for band in (-0.6, -0.07, 0.46):
        stage.canvas.drawRect(box(x + band * size, y - size * 0.55, size * 0.14, size * 0.55), fill(gold))


def draw_net(stage: Stage, x: float, y: float, size: float, colour: Colour | None) -> None:
    """A heap of net, 2 x `size` wide, that a figure may lie under."""
    rope = stage.tint(colour or hexc("#d8bd8a"))
    stage.canvas.save()
    path = skia.Path()
    path.moveTo(x - size * 1.05, y)
    path.cubicTo(x - size * 0.8, y - size * 0.9, x - size * 0.4, y - size, x, y - size)
    path.cubicTo(x + size * 0.4, y - size, x + size * 0.8, y - size * 0.9, x + size * 1.05, y)
    path.close()
    stage.canvas.clipPath(path, True)
    cords = skia.Path()
    for cord in range(-12, 13):
        base = x + cord * size * 0.17
        cords.moveTo(base - size * 0.5, y - size * 1.1)
        cords.quadTo(base + size * 0.05, y - size * 0.6, base + size * 0.5, y)
        cords.moveTo(base + size * 0.5, y - size * 1.1)
        cords.quadTo(base - size * 0.05, y - size * 0.6, base - size * 0.5, y)
    stage.canvas.drawPath(cords, line(shade(rope, -0.55), size * 0.03, 0.5))
    stage.canvas.drawPath(cords, line(rope, size * 0.019))
    stage.canvas.restore()
    stage.canvas.drawPath(path, line(rope, size * 0.035))


def draw_rope(stage: Stage, x: float, y: float, size: float, colour: Colour | None) -> None:
    """A coil of rope."""
    rope = stage.tint(colour or hexc("#cfae74"))
    stage.shadow(x, y, size * 0.8, size * 0.14)
    for turn in range(4):
        stage.canvas.drawOval(
            oval(x, y - size * (0.18 + turn * 0.17), size * 0.62, size * 0.2),
            line(shade(rope, -0.12 + 0.1 * (turn % 2)), size * 0.15),
        )


def draw_ball(stage: Stage, x: float, y: float, size: float, colour: Colour | None) -> None:
    """A ball with a stripe."""
    tone = stage.tint(colour or hexc("#e0483e"))
    stage.shadow(x, y, size * 0.5, size * 0.1)
    stage.canvas.drawCircle(
        x,
        y - size / 2,
        size / 2,
        glow((x - size * 0.15, y - size * 0.65), size * 0.7, [shade(tone, 0.45), tone, shade(tone, -0.3)]),
    )
    stage.canvas.drawArc(
        box(x - size / 2, y - size * 0.62, size, size * 0.3),
        0,
        180,
        False,
        line((250, 245, 230), size * 0.08, 0.9),
    )


def draw_hive(stage: Stage, x: float, y: float, size: float, colour: Colour | None) -> None:
    """A straw beehive."""
    straw = stage.tint(colour or hexc("#e2b04a"))
    stage.shadow(x, y, size * 0.45, size * 0.07)
    for ring, width in enumerate((0.40, 0.44, 0.42, 0.34, 0.2)):
        stage.canvas.drawRRect(
            rounded(
                x - size * width, y - size * (0.2 + ring * 0.19), size * width * 2, size * 0.21, size * 0.1
            ),
            ramp((x - size * width, 0), (x + size * width, 0), [shade(straw, 0.15), shade(straw, -0.25)]),
        )
    stage.canvas.drawCircle(x, y - size * 0.12, size * 0.075, fill(hexc("#2a1a0c")))


def draw_campfire(stage: Stage, x: float, y: float, size: float, colour: Colour | None) -> None:
    """A fire of logs that lights its surroundings."""
    draw_flames(stage, x, y, size)
    stage.lamps.append((x, y - size * 0.4, size * 1.6))
