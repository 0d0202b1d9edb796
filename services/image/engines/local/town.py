"""Houses: cottages, townhouses along a street, a far skyline, street lamps."""

from __future__ import annotations

import math
import random

import skia

from services.image.engines.local.brush import (
    WHITE,
    Colour,
    box,
    fill,
    glow,
    hexc,
    line,
    mix,
    ramp,
    rounded,
    shade,
    shape,
)
from services.image.engines.local.stage import Stage

WALLS = tuple(map(hexc, ("#f3e2c2", "#e9c9a3", "#e7b6a0", "#d9d2c4", "#c9d6cf", "#f0d58f")))


ROOFS = tuple(map(hexc, ("#b5533c", "#8d4a3f", "#6f5a52", "#a9713d", "#52626f")))


def draw_window(stage: Stage, x: float, y: float, width: float, height: float, depth: float = 0.0) -> None:
    """A window with its frame, lit at night; (x, y) is its upper left corner."""
    frame = stage.tint(hexc("#5d4433"), depth)
    stage.canvas.drawRRect(
        rounded(x - width * 0.1, y - width * 0.1, width * 1.2, height + width * 0.2, width * 0.08),
        fill(frame),
    )
    if stage.palette.dark:
        warm = mix(hexc("#ffd36b"), stage.palette.haze, depth * 0.3)
        stage.canvas.drawRect(
            box(x, y, width, height), ramp((0, y), (0, y + height), [hexc("#ffe9a8"), warm])
        )
        stage.lamps.append((x + width / 2, y + height / 2, width * 2.4))
    else:
        glass = stage.tint(hexc("#7fa3b8"), depth)
        stage.canvas.drawRect(
            box(x, y, width, height),
            ramp((x, y), (x + width, y + height), [shade(glass, 0.35), shade(glass, -0.2)]),
        )
    stage.canvas.drawLine(x + width / 2, y, x + width / 2, y + height, line(frame, width * 0.09))
    stage.canvas.drawLine(x, y + height / 2, x + width, y + height / 2, line(frame, width * 0.09))


def draw_cottage(
    stage: Stage,
    x: float,
    y: float,
    size: float,
    depth: float,
    dice: random.Random,
    *,
    wall: Colour | None = None,
) -> None:
    """A cottage, `size` wide, whose foot is centred at (x, y), with a steep roof, door and chimney smoke."""
    tone = stage.tint(wall or dice.choice(WALLS), depth)
    roof = stage.tint(dice.choice((hexc("#a9793f"), hexc("#b5533c"), hexc("#8f6a3f"))), depth)
    if stage.palette.snowy:
        roof = stage.tint(hexc("#f2f6fa"), depth)
    high, eaves = size * 0.42, size * 0.08
    stage.shadow(x + size * 0.05, y, size * 0.66, size * 0.07, 0.3 * (1 - depth * 0.7))
    _chimney(stage, x + size * 0.22, y - high, size, depth)
    stage.canvas.drawRect(
        box(x - size / 2, y - high, size, high),
        ramp((x - size / 2, 0), (x + size / 2, 0), [shade(tone, 0.08), shade(tone, -0.16)]),
    )
    for beam in (-0.5, -0.17, 0.2, 0.47):
        stage.canvas.drawRect(
            box(x + beam * size, y - high, size * 0.03, high), fill(stage.tint(hexc("#6b4a33"), depth), 0.85)
        )
    top = y - high - size * 0.42
    outline = [
        (x - size * 0.5 - eaves, y - high + size * 0.03),
        (x - size * 0.34, top),
        (x + size * 0.34, top),
        (x + size * 0.5 + eaves, y - high + size * 0.03),
    ]
    stage.canvas.drawPath(
        shape(outline), ramp((0, top), (0, y - high), [shade(roof, 0.12), shade(roof, -0.18)])
    )
    for row in range(1, 5):
        ry = top + (y - high - top) * row / 5
        reach = size * (0.34 + 0.24 * row / 5)
        stage.canvas.drawLine(x - reach, ry, x + reach, ry, line(shade(roof, -0.22), size * 0.008, 0.7))
    draw_house_door(stage, x - size * 0.04, y, size * 0.17, high * 0.68, depth)
    draw_window(stage, x - size * 0.38, y - high * 0.72, size * 0.16, high * 0.34, depth)
    draw_window(stage, x + size * 0.26, y - high * 0.72, size * 0.16, high * 0.34, depth)


def draw_house_door(stage: Stage, x: float, y: float, width: float, height: float, depth: float) -> None:
    wood = stage.tint(hexc("#7a4b2d"), depth)
    path = skia.Path()
    path.addRoundRect(box(x - width / 2, y - height, width, height + 1), width * 0.4, width * 0.4)
    path.addRect(box(x - width / 2, y - height * 0.5, width, height * 0.5))
    stage.canvas.drawPath(path, fill(wood))
    stage.canvas.drawLine(x, y - height * 0.94, x, y, line(shade(wood, -0.3), width * 0.04))
    stage.canvas.drawCircle(x + width * 0.28, y - height * 0.42, width * 0.07, fill(hexc("#e3b64f")))


def _chimney(stage: Stage, x: float, y: float, size: float, depth: float) -> None:
    brick = stage.tint(hexc("#9b5d4a"), depth)
    top = y - size * 0.56
    stage.canvas.drawRect(box(x - size * 0.05, top, size * 0.1, size * 0.5), fill(brick))
    stage.canvas.drawRect(box(x - size * 0.065, top, size * 0.13, size * 0.035), fill(shade(brick, -0.2)))
    smoke = mix(stage.palette.haze, WHITE, 0.4)
    for puff in range(5):
        radius = size * (0.035 + puff * 0.017)
        px, py = x + size * (0.02 * puff + 0.03 * math.sin(puff * 1.3)), top - size * (0.06 + puff * 0.095)
        stage.canvas.drawCircle(
            px, py, radius, glow((px, py), radius, [(smoke, 0.55 - puff * 0.07), (smoke, 0.0)])
        )


def draw_townhouse(
    stage: Stage, x: float, y: float, width: float, height: float, depth: float, dice: random.Random
) -> None:
    """A tall gabled house with rows of windows; (x, y) is its lower left corner."""
    wall, roof = stage.tint(dice.choice(WALLS), depth), stage.tint(dice.choice(ROOFS), depth)
    top = y - height
    stage.canvas.drawRect(
        box(x, top, width, height), ramp((x, 0), (x + width, 0), [shade(wall, 0.05), shade(wall, -0.18)])
    )
    peak = top - width * dice.uniform(0.45, 0.75)
    stage.canvas.drawPath(
        shape([(x - width * 0.05, top), (x + width * 0.5, peak), (x + width * 1.05, top)]),
        ramp((0, peak), (0, top), [shade(roof, 0.1), shade(roof, -0.15)]),
    )
    if stage.palette.snowy:
        stage.canvas.drawPath(
            shape(
                [
                    (x - width * 0.05, top),
                    (x + width * 0.5, peak),
                    (x + width * 1.05, top),
                    (x + width * 0.9, top),
                    (x + width * 0.5, peak + width * 0.16),
                    (x + width * 0.1, top),
                ]
            ),
            fill(stage.tint(WHITE, depth), 0.9),
        )
    columns = 2 if width < 130 * stage.unit else 3
    cell = width / columns
    rows = max(1, int((height - cell * 0.4) / (cell * 1.05)))
    for row in range(rows):
        for column in range(columns):
            wx, wy = x + cell * (column + 0.3), top + cell * (0.28 + row * 1.05)
            if wy + cell * 0.55 < y - cell * 0.2:
                _pane(stage, wx, wy, cell * 0.42, cell * 0.56, depth, lit=dice.random() < 0.7)
    stage.canvas.drawRect(box(x, top - width * 0.012, width, width * 0.035), fill(shade(wall, -0.25)))


def _pane(stage: Stage, x: float, y: float, width: float, height: float, depth: float, *, lit: bool) -> None:
    if stage.palette.dark and lit:
        tone = mix(hexc("#ffd773"), stage.palette.haze, depth * 0.4)
    else:
        tone = stage.tint(hexc("#5d7486"), depth)
    stage.canvas.drawRect(
        box(x - width * 0.12, y - width * 0.12, width * 1.24, height + width * 0.24),
        fill(stage.tint(hexc("#f7efe0"), depth), 0.8),
    )
    stage.canvas.drawRect(box(x, y, width, height), fill(tone))
    stage.canvas.drawLine(
        x + width / 2, y, x + width / 2, y + height, line(stage.tint(hexc("#f7efe0"), depth), width * 0.09)
    )


def draw_skyline(stage: Stage, y: float, rise: float, depth: float, layer: str) -> None:
    """Far towers, spires and blocks as silhouettes with specks of lit windows."""
    dice = stage.dice(layer)
    tone = stage.tint(hexc("#6f7891"), depth)
    x = -20.0
    while x < stage.width + 20:
        width = rise * dice.uniform(0.16, 0.34)
        height = rise * dice.uniform(0.4, 1.0)
        top = y - height
        stage.canvas.drawRect(
            box(x, top, width, height + rise * 0.3),
            ramp((0, top), (0, y), [tone, mix(tone, stage.palette.haze, 0.4)]),
        )
        kind = dice.random()
        if kind < 0.3:
            stage.canvas.drawPath(
                shape([(x, top), (x + width / 2, top - width * 1.3), (x + width, top)]), fill(tone)
            )
        elif kind < 0.45:
            stage.canvas.drawArc(box(x, top - width * 0.5, width, width), 180, 180, True, fill(tone))
        _specks(stage, x, top, width, height, depth, dice)
        x += width * dice.uniform(0.92, 1.25)


def _specks(
    stage: Stage, x: float, top: float, width: float, height: float, depth: float, dice: random.Random
) -> None:
    tone = hexc("#ffdb86") if stage.palette.dark else stage.tint(hexc("#a9b5c9"), depth)
    path = skia.Path()
    step = width / 5
    for row in range(int(height * 0.8 / (step * 1.5))):
        for column in range(1, 5):
            if dice.random() < 0.45:
                path.addRect(
                    box(x + (column - 0.25) * step, top + step * (0.8 + row * 1.5), step * 0.45, step * 0.7)
                )
    stage.canvas.drawPath(path, fill(tone, 0.85 if stage.palette.dark else 0.55))


def draw_street(stage: Stage) -> None:
    """Two rows of townhouses that frame a street, and lamps."""
    dice = stage.dice("street")
    base = stage.horizon + (stage.height - stage.horizon) * 0.16
    for side in (-1, 1):
        x = stage.width * 0.5 + side * stage.reach * 0.20
        size = stage.unit * 130
        while -size * 2 < x < stage.width + size * 2:
            far = min(1.0, abs(x - stage.width / 2) / (stage.reach * 0.9))
            width = size * (0.75 + 0.7 * far)
            left = x if side > 0 else x - width
            depth = 0.42 * (1 - far)
            y = base + far * (stage.height - stage.horizon) * 0.16
            draw_townhouse(
                stage, left, y, width, width * dice.uniform(1.5, 2.3) * (0.9 + far * 0.5), depth, dice
            )
            x += side * width * 1.0


def draw_lamp_post(stage: Stage, x: float, y: float, size: float) -> None:
    """A street lamp, lit when it is dark."""
    iron = stage.tint(hexc("#39414c"))
    stage.shadow(x, y, size * 0.12, size * 0.025)
    stage.canvas.drawLine(x, y, x, y - size * 0.82, line(iron, size * 0.032))
    stage.canvas.drawPath(
        shape(
            [
                (x - size * 0.05, y - size * 0.82),
                (x + size * 0.05, y - size * 0.82),
                (x + size * 0.085, y - size),
                (x - size * 0.085, y - size),
            ]
        ),
        fill(hexc("#ffe7a3") if stage.palette.dark else stage.tint(hexc("#dfe8ea"))),
    )
    stage.canvas.drawPath(
        shape([(x - size * 0.1, y - size), (x + size * 0.1, y - size), (x, y - size * 1.09)]), fill(iron)
    )
    if stage.palette.dark:
        stage.lamps.append((x, y - size * 0.91, size * 0.55))
