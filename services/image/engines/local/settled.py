"""Places that people have built: village, city, farm, vineyard, garden, castle."""

from __future__ import annotations

from services.image.engines.local import (
    fixtures,
    growth,
    land,
    landmarks,
    sky,
    town,
    trees,
    water,
)
from services.image.engines.local.brush import box, fill, hexc, mix, oval, shade
from services.image.engines.local.country import Lay, draw_far_hills, scatter_trees
from services.image.engines.local.stage import Stage


def draw_village(stage: Stage, lay: Lay) -> None:
    draw_far_hills(stage)
    trees.draw_wood(stage, "mixed", stage.horizon + 4, stage.unit * 110, 0.75, "village wood", 0.5)
    landmarks.draw_church(
        stage,
        stage.width * (0.66 if lay.to_right else 0.34),
        stage.horizon + stage.reach * 0.02,
        stage.unit * 120,
        0.6,
    )
    land.draw_ground(stage, stage.palette.grass)
    water.draw_road(stage, to_right=lay.to_right)
    dice = stage.dice("cottages")
    span = stage.reach * 0.9
    for share, far in (
        (-0.22, 0.05),
        (0.2, 0.07),
        (-0.42, 0.16),
        (0.40, 0.18),
        (-0.68, 0.34),
        (0.66, 0.36),
        (-0.98, 0.42),
        (0.98, 0.44),
    ):
        y = stage.horizon + (stage.ground - stage.horizon) * far
        size = stage.unit * (120 + 520 * far) * 0.95
        x = stage.width * 0.5 + share * span * 0.92 + dice.uniform(-10, 10)
        town.draw_cottage(stage, x, y + stage.reach * 0.015, size, 0.55 * (1 - far * 2), dice)
    land.draw_flowers(stage, 26)


def draw_city(stage: Stage, lay: Lay) -> None:
    town.draw_skyline(stage, stage.horizon + 10, stage.reach * 0.40, 1.0, "towers far")
    sky.draw_haze(
        stage, stage.horizon - stage.reach * 0.04, stage.reach * 0.16, 0.5 * stage.palette.thickness
    )
    town.draw_skyline(stage, stage.horizon + 10, stage.reach * 0.24, 0.7, "towers near")
    stone = hexc("#dfe4ea") if stage.palette.snowy else hexc("#a39c97")
    land.draw_ground(stage, stone, rise=0.0)
    _cobbles(stage)
    town.draw_street(stage)
    for side in (0.10, 0.90):
        y = stage.horizon + (stage.ground - stage.horizon) * 0.62
        town.draw_lamp_post(stage, stage.width * side, y, stage.unit * 330)


def _cobbles(stage: Stage) -> None:
    tone = stage.tint(hexc("#8d8782"))
    dice = stage.dice("cobbles")
    rows = 16
    for row in range(rows):
        share = (row / rows) ** 1.6
        y = stage.horizon + (stage.height - stage.horizon) * (0.2 + 0.8 * share)
        size = stage.unit * (10 + 44 * share)
        x = -size * dice.random()
        while x < stage.width:
            stage.canvas.drawOval(
                oval(x, y, size * 0.46, size * 0.15), fill(shade(tone, dice.uniform(-0.14, 0.16)), 0.55)
            )
            x += size


def draw_farm(stage: Stage, lay: Lay) -> None:
    draw_far_hills(stage)
    land.draw_ground(stage, mix(stage.palette.grass, hexc("#c9b36a"), 0.0 if stage.palette.snowy else 0.3))
    land.draw_furrows(stage, stage.palette.earth)
    side = 0.78 if lay.to_right else 0.22
    y = stage.horizon + (stage.ground - stage.horizon) * 0.28
    landmarks.draw_windmill(stage, stage.width * (1 - side), y - stage.reach * 0.03, stage.unit * 240, 0.5)
    landmarks.draw_barn(stage, stage.width * side, y, stage.unit * 330, 0.25)
    for number in range(3):
        growth.draw_haystack(
            stage, stage.width * (0.3 + 0.17 * number), y + stage.reach * 0.02, stage.unit * 60, None
        )
    for number in range(8):
        size = stage.unit * 62
        fixtures.draw_fence(stage, number * size * 2.4, y + stage.reach * 0.075, size, None)
    land.draw_grass(stage, stage.palette.grass, 0.9)


def draw_vineyard(stage: Stage, lay: Lay) -> None:
    draw_far_hills(stage)
    town.draw_cottage(
        stage,
        stage.width * (0.7 if lay.to_right else 0.3),
        stage.horizon + stage.reach * 0.012,
        stage.unit * 95,
        0.6,
        stage.dice("villa"),
    )
    land.draw_ground(stage, mix(stage.palette.grass, stage.palette.earth, 0.3))
    dice = stage.dice("rows")
    leaf = stage.palette.leaves
    for row in range(7):
        share = row / 7
        y = stage.horizon + (stage.ground - stage.horizon) * (0.06 + 0.62 * share**1.4)
        size = stage.unit * (26 + 95 * share)
        depth = 0.75 * (1 - share)
        x = -size * dice.random()
        while x < stage.width + size:
            if abs(x - stage.width * 0.5) > stage.reach * (0.05 + 0.3 * share):
                tone = stage.tint(shade(dice.choice(leaf), dice.uniform(-0.1, 0.1)), depth)
                stage.canvas.drawRect(
                    box(x - size * 0.03, y - size * 0.3, size * 0.07, size * 0.34),
                    fill(stage.tint(hexc("#6b4e2e"), depth)),
                )
                for dx, dy in ((-0.22, 0.5), (0.22, 0.52), (0.0, 0.66), (-0.1, 0.38), (0.14, 0.4)):
                    stage.canvas.drawCircle(
                        x + dx * size, y - dy * size, size * 0.24, fill(shade(tone, dy - 0.5))
                    )
                for dx in (-0.16, 0.12):
                    stage.canvas.drawOval(
                        box(x + dx * size - size * 0.05, y - size * 0.42, size * 0.1, size * 0.17),
                        fill(stage.tint(hexc("#7b4fa6"), depth)),
                    )
            x += size * 0.72
    land.draw_grass(stage, stage.palette.grass, 0.6)
    land.draw_flowers(stage, 18)


def draw_garden(stage: Stage, lay: Lay) -> None:
    draw_far_hills(stage)
    trees.draw_wood(stage, "broadleaf", stage.horizon + 6, stage.unit * 150, 0.6, "orchard", 0.5)
    land.draw_ground(stage, shade(stage.palette.grass, 0.05))
    water.draw_road(stage, to_right=lay.to_right)
    dice = stage.dice("beds")
    for number in range(18):
        y = stage.horizon + (stage.ground - stage.horizon) * (0.1 + 0.5 * (number // 2) / 9)
        side = 1 if number % 2 else -1
        x = stage.width * 0.5 + side * stage.width * dice.uniform(0.22, 0.52)
        trees.draw_bush(stage, x, y, stage.unit * 95 * stage.scale_at(y) * 1.5, stage.depth_at(y) * 0.5, dice)
    land.draw_flowers(stage, 150)
    land.draw_grass(stage, stage.palette.grass, 0.6)


def draw_castle_land(stage: Stage, lay: Lay) -> None:
    draw_far_hills(stage)
    x = stage.width * (0.64 if lay.to_right else 0.36)
    size = stage.reach * 0.5
    hill = stage.tint(mix(stage.palette.grass, hexc("#6f8a6a"), 0.3), 0.55)
    stage.canvas.drawOval(
        box(x - size * 1.1, stage.horizon - size * 0.16, size * 2.2, size * 0.6), fill(hill)
    )
    landmarks.draw_castle(stage, x, stage.horizon - size * 0.1, size * 0.9, 0.5)
    land.draw_ground(stage, stage.palette.grass, rise=0.02)
    water.draw_road(stage, to_right=lay.to_right)
    scatter_trees(stage, 5)
    land.draw_grass(stage, stage.palette.grass, 0.6)
    land.draw_flowers(stage, 30)
