"""What stands along the wall of a room: fireplace, stove, bed, bookshelf, workbench."""

from __future__ import annotations

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
)
from services.image.engines.local.stage import Stage


def inside(stage: Stage, colour: Colour) -> Colour:
    """`colour` by lamplight: warm and never as dark as outside."""
    if stage.palette.dark:
        return mix(shade(colour, -0.38), hexc("#5a3a50"), 0.22)
    return mix(colour, stage.tint(colour), 0.5)


def draw_fireplace(stage: Stage, x: float, y: float, size: float) -> None:
    """A stone fireplace with a burning fire; its foot is centred at (x, y)."""
    stone = inside(stage, hexc("#a79a90"))
    stage.canvas.drawRect(
        box(x - size * 0.32, y - size * 1.7, size * 0.64, size * 1.1),
        ramp((x - size * 0.32, 0), (x + size * 0.32, 0), [stone, shade(stone, -0.2)]),
    )
    stage.canvas.drawRect(
        box(x - size * 0.5, y - size * 0.8, size, size * 0.8),
        ramp((x - size * 0.5, 0), (x + size * 0.5, 0), [shade(stone, 0.08), shade(stone, -0.16)]),
    )
    for row in range(5):
        for column in range(4):
            bx = x - size * 0.5 + (column + 0.5 * (row % 2)) * size * 0.25
            stage.canvas.drawRRect(
                rounded(
                    max(bx, x - size * 0.5),
                    y - size * 0.78 + row * size * 0.16,
                    min(size * 0.23, x + size * 0.5 - bx),
                    size * 0.14,
                    6,
                ),
                fill(shade(stone, 0.10 - 0.07 * ((row + column) % 3))),
            )
    stage.canvas.drawRRect(
        rounded(x - size * 0.58, y - size * 0.9, size * 1.16, size * 0.12, 5),
        fill(inside(stage, hexc("#6b4a33"))),
    )
    mouth = skia.Path()
    mouth.addRoundRect(
        box(x - size * 0.28, y - size * 0.52, size * 0.56, size * 0.54), size * 0.24, size * 0.2
    )
    stage.canvas.drawPath(mouth, fill(hexc("#1d1210")))
    draw_flames(stage, x, y - size * 0.02, size * 0.34)


def draw_flames(stage: Stage, x: float, y: float, size: float) -> None:
    """Flames `size` high from (x, y), with their glow."""
    reach = size * 2.6
    stage.canvas.drawCircle(
        x,
        y - size * 0.4,
        reach,
        glow((x, y - size * 0.4), reach, [(hexc("#ff9b3d"), 0.5), (hexc("#ff9b3d"), 0.0)]),
    )
    for log in (-1, 1):
        stage.canvas.drawLine(
            x - log * size * 0.42,
            y,
            x + log * size * 0.4,
            y - size * 0.12,
            line(hexc("#4a2d1b"), size * 0.14),
        )
    for grow, code in ((1.0, "#f2672b"), (0.72, "#f9a635"), (0.42, "#ffe58a")):
        path = skia.Path()
        path.moveTo(x - size * 0.38 * grow, y - size * 0.08)
        path.cubicTo(
            x - size * 0.5 * grow,
            y - size * 0.5 * grow,
            x - size * 0.1 * grow,
            y - size * 0.5 * grow,
            x - size * 0.08 * grow,
            y - size * grow,
        )
        path.cubicTo(
            x + size * 0.14 * grow,
            y - size * 0.75 * grow,
            x + size * 0.1 * grow,
            y - size * 0.5 * grow,
            x + size * 0.22 * grow,
            y - size * 0.62 * grow,
        )
        path.cubicTo(
            x + size * 0.5 * grow,
            y - size * 0.4 * grow,
            x + size * 0.42 * grow,
            y - size * 0.15 * grow,
            x + size * 0.36 * grow,
            y - size * 0.08,
        )
        path.close()
        stage.canvas.drawPath(path, fill(hexc(code), 0.95))


def draw_stove(stage: Stage, x: float, y: float, size: float) -> None:
    draw_fireplace(stage, x, y, size)
    iron = inside(stage, hexc("#3d3a3f"))
    stage.canvas.drawLine(x, y - size * 0.5, x, y - size * 0.34, line(iron, size * 0.015))
    stage.canvas.drawArc(
        box(x - size * 0.13, y - size * 0.42, size * 0.26, size * 0.26), 0, 180, True, fill(iron)
    )
    copper = inside(stage, hexc("#c5763c"))
    for number in range(3):
        px = x - size * 0.3 + number * size * 0.3
        stage.canvas.drawLine(px, y - size * 1.25, px, y - size * 1.1, line(iron, size * 0.015))
        stage.canvas.drawCircle(
            px,
            y - size * 1.03,
            size * 0.085,
            glow((px - size * 0.03, y - size * 1.06), size * 0.12, [shade(copper, 0.35), copper]),
        )


def draw_bedstead(stage: Stage, x: float, y: float, size: float) -> None:
    wood, sheet, quilt = (
        inside(stage, hexc("#7d5636")),
        inside(stage, hexc("#fbf4e8")),
        inside(stage, hexc("#5a86b8")),
    )
    stage.shadow(x, y + size * 0.04, size * 0.85, size * 0.08, 0.3)
    stage.canvas.drawRRect(rounded(x - size * 0.8, y - size * 0.75, size * 0.12, size * 0.78, 8), fill(wood))
    stage.canvas.drawRRect(rounded(x + size * 0.68, y - size * 0.5, size * 0.12, size * 0.53, 8), fill(wood))
    stage.canvas.drawRect(
        box(x - size * 0.72, y - size * 0.26, size * 1.44, size * 0.18), fill(shade(wood, -0.12))
    )
    stage.canvas.drawRRect(rounded(x - size * 0.7, y - size * 0.44, size * 1.4, size * 0.22, 18), fill(sheet))
    stage.canvas.drawRRect(
        rounded(x - size * 0.68, y - size * 0.55, size * 0.36, size * 0.18, 20), fill(shade(sheet, 0.1))
    )
    stage.canvas.drawRRect(
        rounded(x - size * 0.3, y - size * 0.47, size * 1.0, size * 0.34, 16),
        ramp((0, y - size * 0.47), (0, y - size * 0.1), [shade(quilt, 0.12), shade(quilt, -0.12)]),
    )
    for column in range(4):
        for row in range(2):
            stage.canvas.drawRect(
                box(
                    x - size * 0.24 + column * size * 0.24,
                    y - size * 0.42 + row * size * 0.14,
                    size * 0.11,
                    size * 0.09,
                ),
                fill(shade(quilt, 0.35 if (row + column) % 2 else -0.2), 0.7),
            )


def draw_bookshelf(stage: Stage, x: float, y: float, size: float) -> None:
    """Shelves of books from the floor up; the foot is centred at (x, y)."""
    dice = stage.dice("books")
    wood = inside(stage, hexc("#6b4a33"))
    width, height = size * 1.1, size * 1.5
    stage.canvas.drawRect(box(x - width / 2, y - height, width, height), fill(shade(wood, -0.25)))
    codes = ("#b5432f", "#3f6f9b", "#d9a441", "#5c8a55", "#7a5b8f", "#e6d9b8")
    for shelf in range(4):
        base = y - shelf * height / 4 - height * 0.02
        bx = x - width / 2 + width * 0.05
        while bx < x + width / 2 - width * 0.1:
            book = width * dice.uniform(0.035, 0.075)
            rise = height * dice.uniform(0.14, 0.2)
            stage.canvas.drawRect(
                box(bx, base - rise, book, rise), fill(inside(stage, hexc(dice.choice(codes))))
            )
            stage.canvas.drawRect(box(bx, base - rise * 0.8, book, rise * 0.08), fill(WHITE, 0.35))
            bx += book + 1.5
        stage.canvas.drawRect(box(x - width / 2, base, width, height * 0.03), fill(wood))
    stage.canvas.drawRect(box(x - width / 2, y - height, width, height), line(wood, width * 0.05))


def draw_bench(stage: Stage, x: float, y: float, size: float) -> None:
    wood, iron = inside(stage, hexc("#8a6038")), inside(stage, hexc("#4b5058"))
    stage.canvas.drawRect(
        box(x - size * 0.6, y - size * 1.2, size * 1.2, size * 0.5), fill(shade(wood, -0.25))
    )
    for number, tall in enumerate((0.3, 0.2, 0.26, 0.34, 0.22)):
        tx = x - size * 0.46 + number * size * 0.23
        stage.canvas.drawLine(tx, y - size * 1.12, tx, y - size * (1.12 - tall), line(wood, size * 0.03))
        stage.canvas.drawRRect(
            rounded(tx - size * 0.05, y - size * (1.14 - tall), size * 0.1, size * 0.08, 4), fill(iron)
        )
    stage.canvas.drawRect(box(x - size * 0.7, y - size * 0.46, size * 1.4, size * 0.09), fill(wood))
    for leg in (-0.62, 0.54):
        stage.canvas.drawRect(
            box(x + leg * size, y - size * 0.4, size * 0.08, size * 0.42), fill(shade(wood, -0.2))
        )
