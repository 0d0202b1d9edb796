"""Built things that stay where they are: wells, tables, doors, fences, walls, bridges.

Each draws itself standing on (x, y), `size` high or as its docstring says, in the light of the stage.
"""

from __future__ import annotations

import math

import skia

from services.image.engines.local.brush import (
    Colour,
    box,
    fill,
    hexc,
    line,
    mix,
    oval,
    ramp,
    rounded,
    shade,
    shape,
)
from services.image.engines.local.stage import Stage

WOOD = hexc("#96673c")


STONE = hexc("#a9a29a")


def draw_well(stage: Stage, x: float, y: float, size: float, colour: Colour | None) -> None:
    """A stone well with a roof, a crank and a bucket; about 0.8 x `size` wide."""
    stone, wood, roof = stage.tint(STONE), stage.tint(WOOD), stage.tint(colour or hexc("#a5513c"))
    stage.shadow(x, y, size * 0.5, size * 0.07)
    for post in (-0.29, 0.25):
        stage.canvas.drawRect(
            box(x + post * size, y - size * 0.78, size * 0.045, size * 0.55), fill(shade(wood, -0.2))
        )
    stage.canvas.drawLine(
        x - size * 0.3, y - size * 0.6, x + size * 0.34, y - size * 0.6, line(shade(wood, -0.1), size * 0.045)
    )
    stage.canvas.drawLine(x, y - size * 0.6, x, y - size * 0.44, line(shade(wood, 0.3), size * 0.012))
    stage.canvas.drawPath(
        shape(
            [
                (x - size * 0.075, y - size * 0.45),
                (x + size * 0.075, y - size * 0.45),
                (x + size * 0.055, y - size * 0.3),
                (x - size * 0.055, y - size * 0.3),
            ]
        ),
        fill(wood),
    )
    top = y - size * 0.34
    stage.canvas.drawRect(
        box(x - size * 0.36, top, size * 0.72, size * 0.34),
        ramp((x - size * 0.36, 0), (x + size * 0.36, 0), [shade(stone, 0.1), shade(stone, -0.24)]),
    )
    stage.canvas.drawOval(oval(x, y, size * 0.36, size * 0.045), fill(shade(stone, -0.16)))
    for row in range(3):
        for column in range(5):
            left = x - size * 0.36 + (column + 0.5 * (row % 2)) * size * 0.15
            width = min(size * 0.13, x + size * 0.36 - left)
            stage.canvas.drawRRect(
                rounded(left, top + size * (0.03 + row * 0.105), width, size * 0.085, size * 0.02),
                fill(shade(stone, 0.14 - 0.08 * ((row + column) % 3))),
            )
    stage.canvas.drawOval(oval(x, top, size * 0.38, size * 0.055), fill(shade(stone, 0.2)))
    stage.canvas.drawOval(oval(x, top, size * 0.3, size * 0.035), fill(hexc("#15202e")))
    stage.canvas.drawPath(
        shape([(x - size * 0.44, y - size * 0.74), (x, y - size), (x + size * 0.44, y - size * 0.74)]),
        ramp((x - size * 0.44, 0), (x + size * 0.44, 0), [shade(roof, 0.16), shade(roof, -0.22)]),
    )


def draw_table(stage: Stage, x: float, y: float, size: float, colour: Colour | None) -> None:
    """A table, about 2.1 x `size` wide."""
    wood = stage.tint(colour or WOOD)
    stage.shadow(x, y, size * 1.15, size * 0.12)
    for leg in (-0.92, 0.8):
        stage.canvas.drawRect(
            box(x + leg * size, y - size * 0.9, size * 0.12, size * 0.9),
            ramp((x + leg * size, 0), (x + (leg + 0.12) * size, 0), [wood, shade(wood, -0.35)]),
        )
    stage.canvas.drawRect(
        box(x - size * 0.96, y - size * 0.9, size * 1.92, size * 0.14), fill(shade(wood, -0.28))
    )
    stage.canvas.drawRRect(
        rounded(x - size * 1.06, y - size, size * 2.12, size * 0.13, size * 0.04),
        ramp((0, y - size), (0, y - size * 0.87), [shade(wood, 0.28), wood]),
    )


def draw_stool(stage: Stage, x: float, y: float, size: float, colour: Colour | None) -> None:
    """A wooden chair with a back."""
    wood = stage.tint(colour or WOOD)
    stage.shadow(x, y, size * 0.34, size * 0.05)
    for leg in (-0.24, 0.18):
        stage.canvas.drawRect(
            box(x + leg * size, y - size * 0.46, size * 0.06, size * 0.46), fill(shade(wood, -0.25))
        )
    stage.canvas.drawRect(box(x - size * 0.26, y - size, size * 0.07, size * 0.6), fill(shade(wood, -0.1)))
    for slat in (0.92, 0.78, 0.64):
        stage.canvas.drawRRect(
            rounded(x - size * 0.26, y - size * slat, size * 0.16, size * 0.07, 3), fill(wood)
        )
    stage.canvas.drawRRect(
        rounded(x - size * 0.29, y - size * 0.5, size * 0.58, size * 0.08, 5), fill(shade(wood, 0.15))
    )


def draw_door(stage: Stage, x: float, y: float, size: float, colour: Colour | None) -> None:
    """An arched door in a stone frame, about 0.6 x `size` wide."""
    wood, stone = stage.tint(colour or hexc("#8a5a34")), stage.tint(STONE)
    stage.shadow(x, y, size * 0.36, size * 0.04)
    for grow, tone in ((1.0, shade(stone, -0.05)), (0.82, wood)):
        width, height = size * 0.62 * grow, size * (1 - 0.055 / grow * (grow < 1))
        path = skia.Path()
        path.addRoundRect(box(x - width / 2, y - height, width, height), width / 2, width / 2)
        path.addRect(box(x - width / 2, y - height * 0.5, width, height * 0.5))
        path.setFillType(skia.PathFillType.kWinding)
        stage.canvas.drawPath(path, fill(tone))
    for board in (-0.15, -0.05, 0.05, 0.15):
        stage.canvas.drawLine(
            x + board * size, y - size * 0.86, x + board * size, y - 2, line(shade(wood, -0.3), size * 0.01)
        )
    for hinge in (0.28, 0.66):
        stage.canvas.drawRect(
            box(x - size * 0.24, y - size * hinge, size * 0.28, size * 0.03), fill(hexc("#33302f"))
        )
    stage.canvas.drawCircle(x + size * 0.17, y - size * 0.46, size * 0.028, fill(stage.tint(hexc("#e3b64f"))))


def draw_fence(stage: Stage, x: float, y: float, size: float, colour: Colour | None) -> None:
    """A piece of picket fence, 2.4 x `size` long."""
    stage.shadow(x, y, size * 1.3, size * 0.08, 0.26)
    wood = stage.tint(colour or hexc("#c9a877"))
    for rail in (0.3, 0.68):
        stage.canvas.drawRect(
            box(x - size * 1.2, y - size * rail, size * 2.4, size * 0.09), fill(shade(wood, -0.24))
        )
    for picket in range(9):
        px = x - size * 1.14 + picket * size * 0.285
        stage.canvas.drawPath(
            shape(
                [
                    (px - size * 0.075, y),
                    (px - size * 0.075, y - size * 0.86),
                    (px, y - size),
                    (px + size * 0.075, y - size * 0.86),
                    (px + size * 0.075, y),
                ]
            ),
            ramp((px - size * 0.08, 0), (px + size * 0.08, 0), [shade(wood, 0.12), shade(wood, -0.14)]),
        )


def draw_top_rail(stage: Stage, x: float, y: float, size: float, colour: Colour | None) -> None:
    """A board along the top of a fence at (x, y), `size` high, for somebody to stand on."""
    wood = stage.tint(colour or hexc("#c9a877"))
    board = rounded(x - size * 1.25, y - size * 1.02, size * 2.5, size * 0.1, size * 0.03)
    stage.canvas.drawRRect(
        board, ramp((0, y - size * 1.02), (0, y - size * 0.92), [shade(wood, 0.2), shade(wood, -0.2)])
    )


def draw_wall(stage: Stage, x: float, y: float, size: float, colour: Colour | None) -> None:
    """A piece of stone wall, 2.6 x `size` long."""
    stone = stage.tint(colour or STONE)
    stage.shadow(x, y, size * 1.5, size * 0.1)
    stage.canvas.drawRect(
        box(x - size * 1.3, y - size * 0.95, size * 2.6, size * 0.95), fill(shade(stone, -0.3))
    )
    for row in range(4):
        for column in range(8):
            left = x - size * 1.3 + (column - 0.5 * (row % 2)) * size * 0.34
            right = min(left + size * 0.31, x + size * 1.3)
            left = max(left, x - size * 1.3)
            stage.canvas.drawRRect(
                rounded(
                    left, y - size * (0.22 + row * 0.245), max(1.0, right - left), size * 0.21, size * 0.05
                ),
                fill(shade(stone, 0.12 - 0.09 * ((row * 3 + column) % 4))),
            )
    stage.canvas.drawRRect(
        rounded(x - size * 1.36, y - size * 1.05, size * 2.72, size * 0.13, size * 0.04),
        fill(shade(stone, 0.2)),
    )


def draw_fountain(stage: Stage, x: float, y: float, size: float, colour: Colour | None) -> None:
    """A fountain with two basins."""
    stone, water = stage.tint(colour or STONE), stage.tint(hexc("#8fd0ea"))
    stage.shadow(x, y, size * 0.6, size * 0.07)
    stage.canvas.drawRect(
        box(x - size * 0.05, y - size * 0.7, size * 0.1, size * 0.6), fill(shade(stone, -0.1))
    )
    for width, top in ((0.5, 0.24), (0.26, 0.6)):
        stage.canvas.drawPath(
            shape(
                [
                    (x - size * width, y - size * top),
                    (x + size * width, y - size * top),
                    (x + size * width * 0.8, y - size * (top - 0.2)),
                    (x - size * width * 0.8, y - size * (top - 0.2)),
                ]
            ),
            ramp((x - size * width, 0), (x + size * width, 0), [shade(stone, 0.12), shade(stone, -0.2)]),
        )
        stage.canvas.drawOval(oval(x, y - size * top, size * width, size * 0.05), fill(water))
    for turn in (-1, -0.5, 0.5, 1):
        path = skia.Path()
        path.moveTo(x, y - size * 0.72)
        path.quadTo(x + turn * size * 0.12, y - size * 1.05, x + turn * size * 0.24, y - size * 0.6)
        stage.canvas.drawPath(path, line(mix(water, (255, 255, 255), 0.4), size * 0.016, 0.9))


def draw_bridge(stage: Stage, x: float, y: float, size: float, colour: Colour | None) -> None:
    """A humped stone bridge with one arch, 3.4 x `size` long."""
    stone = stage.tint(colour or STONE, 0.15)
    path = skia.Path()
    path.moveTo(x - size * 1.7, y)
    path.quadTo(x, y - size * 1.25, x + size * 1.7, y)
    path.lineTo(x + size * 0.62, y)
    path.cubicTo(x + size * 0.5, y - size * 0.62, x - size * 0.5, y - size * 0.62, x - size * 0.62, y)
    path.close()
    stage.canvas.drawPath(path, ramp((0, y - size * 0.8), (0, y), [shade(stone, 0.15), shade(stone, -0.2)]))
    arch = skia.Path()
    arch.moveTo(x - size * 1.7, y - size * 0.06)
    arch.quadTo(x, y - size * 1.34, x + size * 1.7, y - size * 0.06)
    stage.canvas.drawPath(arch, line(shade(stone, 0.28), size * 0.12))
    for number in range(9):
        angle = math.pi * (number + 0.5) / 9
        ax, ay = x - math.cos(angle) * size * 0.62, y - math.sin(angle) * size * 0.5
        stage.canvas.drawLine(
            ax,
            ay,
            ax - math.cos(angle) * size * 0.14,
            ay - math.sin(angle) * size * 0.14,
            line(shade(stone, -0.35), size * 0.025),
        )


def draw_bed(stage: Stage, x: float, y: float, size: float, colour: Colour | None) -> None:
    """A bed, 2 x `size` long."""
    wood, quilt, linen = stage.tint(WOOD), stage.tint(colour or hexc("#5a86b8")), stage.tint(hexc("#fbf4e8"))
    stage.shadow(x, y, size * 1.1, size * 0.1)
    stage.canvas.drawRRect(rounded(x - size, y - size, size * 0.13, size, 8), fill(wood))
    stage.canvas.drawRRect(rounded(x + size * 0.87, y - size * 0.7, size * 0.13, size * 0.7, 8), fill(wood))
    stage.canvas.drawRRect(rounded(x - size * 0.88, y - size * 0.5, size * 1.76, size * 0.3, 14), fill(linen))
    stage.canvas.drawRRect(
        rounded(x - size * 0.84, y - size * 0.64, size * 0.46, size * 0.22, 18), fill(shade(linen, 0.2))
    )
    stage.canvas.drawRRect(
        rounded(x - size * 0.4, y - size * 0.54, size * 1.28, size * 0.4, 14),
        ramp((0, y - size * 0.54), (0, y - size * 0.14), [shade(quilt, 0.15), shade(quilt, -0.18)]),
    )
