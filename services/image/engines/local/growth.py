"""Growing and lying things near the figures: the big tree with its branch, vines with grapes, logs, hay."""

from __future__ import annotations

import math

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
    oval,
    ramp,
    shade,
    shape,
)
from services.image.engines.local.land import draw_flower, draw_rock
from services.image.engines.local.stage import Stage
from services.image.engines.local.trees import draw_bush, draw_tree

BRANCH: tuple[float, float] = (-0.24, 0.50)
"""Where a figure perches on the big tree: beside the foot and above it, in heights of the tree."""


def draw_big_tree(stage: Stage, x: float, y: float, size: float, colour: Colour | None) -> None:
    """A tree `size` high."""
    draw_tree(stage, "broadleaf", x, y, size, 0.0, stage.dice("big tree"))


def draw_bough(stage: Stage, x: float, y: float, size: float) -> None:
    """The bough of a big tree at (x, y) that reaches out to `BRANCH`, for a figure to perch on."""
    bark = stage.tint(hexc("#6b4a33"))
    bx, by = x + BRANCH[0] * size, y - BRANCH[1] * size
    path = skia.Path()
    path.moveTo(x + size * 0.012, y - size * 0.30)
    path.cubicTo(x - size * 0.03, y - size * 0.42, x - size * 0.1, by + size * 0.03, bx, by + size * 0.012)
    path.quadTo(bx - size * 0.08, by, bx - size * 0.15, by - size * 0.025)
    stage.canvas.drawPath(path, line(shade(bark, -0.3), size * 0.034))
    stage.canvas.drawPath(path, line(bark, size * 0.024))
    leaf = stage.tint(WHITE if stage.palette.snowy else stage.palette.leaves[1])
    for dx, dy, turn in ((-0.17, -0.05, 30), (-0.13, -0.06, -40), (-0.2, -0.02, 10), (-0.1, 0.03, 50)):
        stage.canvas.save()
        stage.canvas.translate(bx + dx * size, by + dy * size)
        stage.canvas.rotate(turn)
        stage.canvas.drawOval(oval(0, 0, size * 0.034, size * 0.016), fill(shade(leaf, dx)))
        stage.canvas.restore()


def draw_pine_tree(stage: Stage, x: float, y: float, size: float, colour: Colour | None) -> None:
    """One tall pine."""
    draw_tree(stage, "pine", x, y, size, 0.0, stage.dice("one pine"))


def draw_palm_tree(stage: Stage, x: float, y: float, size: float, colour: Colour | None) -> None:
    """One palm."""
    draw_tree(stage, "palm", x, y, size, 0.0, stage.dice("one palm"))


def draw_grapes(stage: Stage, x: float, y: float, size: float, colour: Colour | None) -> None:
    """A bunch of grapes hanging from (x, y), `size` long."""
    skin = stage.tint(colour or hexc("#7b4fa6"))
    stage.canvas.drawLine(
        x, y - size * 0.12, x, y + size * 0.1, line(stage.tint(hexc("#6b7a35")), size * 0.05)
    )
    radius = size * 0.115
    for row, count in enumerate((4, 5, 4, 3, 2, 1)):
        for number in range(count):
            gx = x + (number - (count - 1) / 2) * radius * 1.7
            gy = y + size * 0.14 + row * radius * 1.5
            stage.canvas.drawCircle(
                gx,
                gy,
                radius,
                glow(
                    (gx - radius * 0.35, gy - radius * 0.4),
                    radius * 1.5,
                    [shade(skin, 0.5), skin, shade(skin, -0.35)],
                    [0, 0.45, 1],
                ),
            )
    _vine_leaf(stage, x - size * 0.2, y + size * 0.02, size * 0.3, -24)


def _vine_leaf(stage: Stage, x: float, y: float, size: float, turn: float) -> None:
    leaf = stage.tint(stage.palette.leaves[1])
    stage.canvas.save()
    stage.canvas.translate(x, y)
    stage.canvas.rotate(turn)
    points = []
    for step in range(10):
        angle = step * math.tau / 10 - math.pi / 2
        far = size * (0.62 if step % 2 == 0 else 0.42)
        points.append((math.cos(angle) * far, math.sin(angle) * far))
    stage.canvas.drawPath(
        shape(points), ramp((0, -size / 2), (0, size / 2), [shade(leaf, 0.2), shade(leaf, -0.2)])
    )
    stage.canvas.drawLine(0, -size * 0.4, 0, size * 0.4, line(shade(leaf, -0.3), size * 0.05))
    stage.canvas.restore()


def draw_trellis(stage: Stage, x: float, y: float, size: float, colour: Colour | None) -> None:
    """A post whose beam reaches 0.95 x `size` towards the middle, overgrown with a vine, with grapes."""
    out = -1 if x > stage.width / 2 else 1
    wood = stage.tint(hexc("#8a6038"))
    stage.shadow(x, y, size * 0.09, size * 0.02)
    post = box(x - size * 0.024, y - size, size * 0.048, size)
    stage.canvas.drawRect(
        post, ramp((post.left(), 0), (post.right(), 0), [shade(wood, 0.1), shade(wood, -0.3)])
    )
    brace = line(shade(wood, -0.15), size * 0.03)
    stage.canvas.drawLine(x, y - size * 0.72, x + out * size * 0.26, y - size * 0.97, brace)
    beam = line(wood, size * 0.042)
    stage.canvas.drawLine(
        x - out * size * 0.12, y - size * 0.98, x + out * size * 0.95, y - size * 0.98, beam
    )
    stem = skia.Path()
    stem.moveTo(x - out * size * 0.03, y)
    stem.cubicTo(
        x - out * size * 0.1, y - size * 0.4, x + out * size * 0.08, y - size * 0.7, x, y - size * 0.98
    )
    stem.quadTo(x + out * size * 0.5, y - size * 0.93, x + out * size * 0.93, y - size * 0.98)
    stage.canvas.drawPath(stem, line(stage.tint(hexc("#6b4e2e")), size * 0.026))
    _hang_grapes(stage, x, y, size, out, colour)


def _hang_grapes(stage: Stage, x: float, y: float, size: float, out: int, colour: Colour | None) -> None:
    """Bunches under the beam of a trellis, leaves over it and along its post."""
    dice = stage.dice("trellis")
    for share in (0.24, 0.47, 0.68, 0.88):
        draw_grapes(stage, x + out * share * size, y - size * 0.94, size * dice.uniform(0.2, 0.26), colour)
    for _ in range(52):
        along, up = dice.uniform(-0.14, 0.98), 1.0 + dice.uniform(-0.05, 0.075)
        turn = dice.uniform(0, 360)
        _vine_leaf(stage, x + out * along * size, y - up * size, size * dice.uniform(0.075, 0.125), turn)
    for step in range(7):
        aside = dice.uniform(-0.06, 0.06)
        _vine_leaf(stage, x + aside * size, y - size * (0.2 + step * 0.11), size * 0.09, dice.uniform(0, 360))


def draw_log(stage: Stage, x: float, y: float, size: float, colour: Colour | None) -> None:
    """A fallen trunk, 3 x `size` long."""
    bark = stage.tint(hexc("#75523a"))
    stage.shadow(x, y, size * 1.6, size * 0.16)
    stage.canvas.drawRRect(
        skia.RRect.MakeRectXY(box(x - size * 1.5, y - size, size * 2.8, size), size * 0.4, size * 0.5),
        ramp((0, y - size), (0, y), [shade(bark, 0.2), bark, shade(bark, -0.4)]),
    )
    for grain in (0.3, 0.5, 0.7):
        stage.canvas.drawLine(
            x - size * 1.2,
            y - size * grain,
            x + size * 0.9,
            y - size * grain,
            line(shade(bark, -0.3), size * 0.035, 0.7),
        )
    for grow, tone in (
        (1.0, shade(bark, -0.2)),
        (0.84, stage.tint(hexc("#d9b27c"))),
        (0.56, stage.tint(hexc("#b98d58"))),
        (0.5, stage.tint(hexc("#d9b27c"))),
    ):
        stage.canvas.drawOval(
            oval(x + size * 1.2, y - size * 0.5, size * 0.3 * grow, size * 0.5 * grow), fill(tone)
        )


def draw_stump(stage: Stage, x: float, y: float, size: float, colour: Colour | None) -> None:
    """A tree stump with its rings."""
    bark, wood = stage.tint(hexc("#75523a")), stage.tint(hexc("#d9b27c"))
    stage.shadow(x, y, size * 0.9, size * 0.14)
    stage.canvas.drawPath(
        shape(
            [
                (x - size * 0.8, y),
                (x - size * 0.5, y - size * 0.8),
                (x + size * 0.5, y - size * 0.8),
                (x + size * 0.84, y),
            ]
        ),
        ramp((x - size * 0.7, 0), (x + size * 0.7, 0), [shade(bark, 0.1), shade(bark, -0.35)]),
    )
    for grow, tone in (
        (1.0, shade(wood, -0.25)),
        (0.9, wood),
        (0.6, shade(wood, -0.2)),
        (0.54, wood),
        (0.25, shade(wood, -0.2)),
    ):
        stage.canvas.drawOval(oval(x, y - size * 0.8, size * 0.52 * grow, size * 0.17 * grow), fill(tone))


def draw_hedge(stage: Stage, x: float, y: float, size: float, colour: Colour | None) -> None:
    """One bush."""
    draw_bush(stage, x, y, size * 1.35, 0.0, stage.dice("one bush"))


def draw_boulder(stage: Stage, x: float, y: float, size: float, colour: Colour | None) -> None:
    """One large rock."""
    draw_rock(stage, x, y, size * 1.1, colour or hexc("#8f8c90"), stage.dice("boulder"))


def draw_haystack(stage: Stage, x: float, y: float, size: float, colour: Colour | None) -> None:
    """A stack of hay."""
    hay = stage.tint(colour or hexc("#e0b452"))
    dice = stage.dice("hay")
    stage.shadow(x, y, size * 0.8, size * 0.1)
    path = skia.Path()
    path.moveTo(x - size * 0.68, y)
    path.cubicTo(x - size * 0.7, y - size * 0.7, x - size * 0.2, y - size * 0.95, x, y - size)
    path.cubicTo(x + size * 0.2, y - size * 0.95, x + size * 0.7, y - size * 0.7, x + size * 0.68, y)
    path.close()
    stage.canvas.drawPath(
        path, ramp((x - size * 0.6, 0), (x + size * 0.6, 0), [shade(hay, 0.2), hay, shade(hay, -0.28)])
    )
    straws = skia.Path()
    for _ in range(70):
        sx, sy = x + dice.gauss(0, 0.26) * size, y - dice.random() * size * 0.85
        straws.moveTo(sx, sy)
        straws.lineTo(sx + dice.uniform(-0.06, 0.06) * size, sy + size * 0.1)
    stage.canvas.save()
    stage.canvas.clipPath(path, True)
    stage.canvas.drawPath(straws, line(shade(hay, -0.25), size * 0.013, 0.8))
    stage.canvas.restore()


def draw_flower_clump(stage: Stage, x: float, y: float, size: float, colour: Colour | None) -> None:
    """A few tall flowers."""
    dice = stage.dice("clump")
    for number in range(5):
        petal = stage.tint(colour or mix(dice.choice(stage.palette.bloom), hexc("#f2594b"), 0.4))
        draw_flower(stage, x + (number - 2) * size * 0.2, y, size * dice.uniform(0.16, 0.22), petal, dice)
