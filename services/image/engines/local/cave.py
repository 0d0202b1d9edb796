"""The inside of a cave: walls of rock around an opening to the sky."""

from __future__ import annotations

import math

import skia

from services.image.engines.local.brush import (
    box,
    fill,
    hexc,
    mix,
    ramp,
    shade,
    shape,
)
from services.image.engines.local.stage import Stage


def draw_cave(stage: Stage) -> None:
    """Walls of rock around an opening to the sky outside."""
    dice = stage.dice("cave")
    rock = mix(hexc("#57505c"), stage.tint(hexc("#57505c")), 0.6)
    for layer, (grow, tone) in enumerate(((1.0, -0.05), (1.16, -0.3), (1.36, -0.52))):
        path = skia.Path()
        path.addRect(box(-10, -10, stage.width + 20, stage.height + 20))
        hole = []
        for step in range(22):
            angle = step * math.tau / 22
            rough = dice.uniform(0.93, 1.07)
            hole.append(
                (
                    stage.width * 0.5 + math.cos(angle) * stage.width * 0.30 * grow * rough,
                    stage.height * 0.47 + math.sin(angle) * stage.height * 0.36 * grow * rough,
                )
            )
        path.addPath(shape(hole))
        path.setFillType(skia.PathFillType.kEvenOdd)
        stage.canvas.drawPath(path, fill(shade(rock, tone), 1.0 if layer == 0 else 0.85))
    floor = stage.height * (stage.camera.horizon + 0.2)
    stage.canvas.drawRect(
        box(0, floor, stage.width, stage.height - floor),
        ramp(
            (0, floor),
            (0, stage.height),
            [(shade(rock, 0.14), 0.0), shade(rock, 0.1), shade(rock, -0.3)],
            [0, 0.25, 1],
        ),
    )
    for _ in range(9):
        x, size = dice.random() * stage.width, stage.reach * dice.uniform(0.05, 0.16)
        stage.canvas.drawPath(
            shape([(x - size * 0.25, -5), (x + size * 0.25, -5), (x, size)]), fill(shade(rock, -0.5))
        )
