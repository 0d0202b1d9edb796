"""What stands between the viewer and the figures: leaves, stalks or a trunk at the edges, out of focus.

Which of them a shot has follows from its seed, so that shots of one place are framed differently.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import Final

import skia

from services.image.engines.local.brush import BLACK, Colour, fill, line, mix, shade
from services.image.engines.local.stage import Stage

WOODED: Final = frozenset({"forest", "garden"})
"""Places whose shots may be framed by a trunk."""


def draw_frame(stage: Stage, place: str) -> None:
    """Draw this shot's frame; `place` decides what grows there."""
    dice = stage.dice("frame")
    side = dice.choice((-1, 1))
    frames: tuple[Callable[[Stage, int], None], ...] = (draw_blades, draw_bush_corner, draw_stalks)
    if place == "savanna":
        frames = (draw_blades,)
    if place in WOODED:
        frames = (draw_trunk_edge, draw_canopy, draw_canopy, draw_bush_corner)
    dice.choice(frames)(stage, side)


def _tone(stage: Stage, leaf: int, dark: float) -> Colour:
    return mix(stage.tint(shade(stage.palette.leaves[leaf], dark)), BLACK, 0.14)


def draw_blades(stage: Stage, side: int) -> None:
    """Blades of grass in both lower corners, taller on one side."""
    dice = stage.dice("blades")
    path = skia.Path()
    for edge in (-1, 1):
        tallest = stage.reach * (0.2 if edge == side else 0.12)
        for _ in range(26):
            away = abs(dice.gauss(0, 0.085)) * stage.width
            tall = tallest * math.exp(-away / (stage.width * 0.09)) * dice.uniform(0.6, 1.25)
            _add_blade(path, stage, (0.0 if edge < 0 else stage.width) - edge * away, tall, dice)
    stage.canvas.drawPath(path, fill(_tone(stage, 2, -0.45), 0.82, soft=stage.reach * 0.004))


def _add_blade(path: skia.Path, stage: Stage, x: float, tall: float, dice: random.Random) -> None:
    bend, foot = dice.uniform(-0.5, 0.5) * tall, stage.height + 5
    path.moveTo(x - tall * 0.06, foot)
    path.quadTo(x + bend * 0.2, stage.height - tall * 0.6, x + bend, stage.height - tall)
    path.quadTo(x + bend * 0.35 + tall * 0.05, stage.height - tall * 0.5, x + tall * 0.08, foot)
    path.close()


def draw_bush_corner(stage: Stage, side: int) -> None:
    """A leafy bush that fills one lower corner."""
    dice = stage.dice("bush corner")
    edge = 0.0 if side < 0 else stage.width
    back, front = skia.Path(), skia.Path()
    for number in range(64):
        away = abs(dice.gauss(0, 0.075)) * stage.width
        tall = stage.reach * 0.17 * math.exp(-((away / (stage.width * 0.13)) ** 2))
        x, y = edge - side * away, stage.height - tall * dice.uniform(0.1, 1.1)
        _add_leaf(
            front if number % 3 else back, x, y, stage.reach * dice.uniform(0.02, 0.036), dice.uniform(0, 360)
        )
    soft = stage.reach * 0.003
    stage.canvas.drawPath(back, fill(_tone(stage, 0, -0.25), 0.9, soft=soft))
    stage.canvas.drawPath(front, fill(_tone(stage, 2, -0.45), 0.88, soft=soft))


def draw_stalks(stage: Stage, side: int) -> None:
    """A few tall flowers at one side, in full colour but out of focus."""
    dice = stage.dice("stalks")
    edge = 0.0 if side < 0 else stage.width
    stem = _tone(stage, 2, -0.3)
    for _ in range(9):
        away = abs(dice.gauss(0.02, 0.05)) * stage.width
        x, tall = edge - side * away, stage.reach * dice.uniform(0.1, 0.2) * math.exp(-away / stage.width * 6)
        top, size = stage.height - tall, stage.reach * dice.uniform(0.009, 0.015)
        stage.canvas.drawLine(x, stage.height, x + side * size, top, line(stem, size * 0.36, 0.9))
        petal = stage.tint(shade(dice.choice(stage.palette.bloom), -0.08))
        for turn in range(6):
            angle = turn * math.tau / 6
            at = (x + side * size + math.cos(angle) * size * 0.8, top + math.sin(angle) * size * 0.7)
            stage.canvas.drawCircle(*at, size * 0.55, fill(petal, 0.92, soft=1.6))
    draw_low_grass(stage)


def draw_low_grass(stage: Stage) -> None:
    """A low dark fringe along the bottom edge."""
    dice = stage.dice("fringe")
    path = skia.Path()
    for _ in range(70):
        x = dice.random() * stage.width
        far = abs(x / stage.width - 0.5) * 2
        _add_blade(path, stage, x, stage.reach * (0.012 + 0.05 * far**2) * dice.uniform(0.6, 1.3), dice)
    stage.canvas.drawPath(path, fill(_tone(stage, 2, -0.4), 0.7, soft=stage.reach * 0.003))


def draw_trunk_edge(stage: Stage, side: int) -> None:
    """The trunk of a near tree along one edge, and the leaves of its lowest bough."""
    edge = 0.0 if side < 0 else stage.width
    bark = stage.tint(shade((104, 76, 56), -0.2))
    wide = min(stage.reach * 0.1, stage.width * 0.055)
    path = skia.Path()
    path.moveTo(edge + side * 20, -10)
    path.lineTo(edge - side * wide * 0.75, -10)
    path.quadTo(edge - side * wide * 0.5, stage.height * 0.6, edge - side * wide * 1.15, stage.height + 10)
    path.lineTo(edge + side * 20, stage.height + 10)
    path.close()
    stage.canvas.drawPath(path, fill(bark, soft=stage.reach * 0.004))
    lit = skia.Path()
    for share in (0.3, 0.62, 0.9):
        x = edge - side * wide * share * 0.7
        lit.moveTo(x, -10)
        lit.quadTo(
            x + side * wide * 0.12, stage.height * 0.6, x - side * wide * share * 0.2, stage.height + 10
        )
    stage.canvas.drawPath(lit, line(shade(bark, 0.12), wide * 0.07, 0.6, soft=stage.reach * 0.002))
    draw_canopy(stage, side)


def draw_canopy(stage: Stage, side: int) -> None:
    """Leaves that hang into the upper corners, more of them on one side."""
    dice = stage.dice("canopy")
    path = skia.Path()
    for edge in (-1, 1):
        thick = 1.35 if edge == side else 0.75
        for _ in range(int(34 * thick)):
            away = abs(dice.gauss(0, 0.11 * thick)) * stage.reach
            drop = dice.random() * stage.reach * 0.15 * thick * math.exp(-away / (stage.reach * 0.14 * thick))
            size = stage.reach * dice.uniform(0.014, 0.03)
            x = (0.0 if edge < 0 else stage.width) - edge * away
            _add_leaf(path, x, drop - size, size, dice.uniform(60, 120))
    stage.canvas.drawPath(path, fill(_tone(stage, 0, -0.4), 0.85, soft=stage.reach * 0.0035))


def _add_leaf(path: skia.Path, x: float, y: float, size: float, turn: float) -> None:
    leaf = skia.Path()
    leaf.moveTo(-size, 0)
    leaf.quadTo(0, -size * 0.8, size * 1.2, 0)
    leaf.quadTo(0, size * 0.8, -size, 0)
    leaf.close()
    path.addPath(leaf, skia.Matrix.RotateDeg(turn).postTranslate(x, y))
