"""Wild places: sea, beach, desert, savanna, mountains, snow, caves, space."""

from __future__ import annotations

from services.image.engines.local import land, sky, trees, water
from services.image.engines.local.art import draw_art
from services.image.engines.local.brush import box, fill, glow, hexc, line, mix, ramp, shade, shape
from services.image.engines.local.cave import draw_cave
from services.image.engines.local.country import Lay, draw_far_hills, scatter_trees
from services.image.engines.local.props import filter_paint
from services.image.engines.local.stage import Stage


def draw_sea_land(stage: Stage, lay: Lay) -> None:
    water.draw_sea(stage, stage.height)
    if lay.afloat:
        return
    low = stage.ground - stage.reach * 0.02
    rock = stage.tint(hexc("#77736f"))
    path = shape(
        [
            (stage.width * share, low + stage.reach * drop)
            for share, drop in (
                (-0.02, 0.02),
                (0.1, -0.01),
                (0.3, 0.0),
                (0.55, -0.012),
                (0.8, 0.004),
                (1.02, -0.01),
                (1.02, 0.5),
                (-0.02, 0.5),
            )
        ]
    )
    stage.canvas.drawPath(path, ramp((0, low), (0, stage.height), [shade(rock, 0.18), shade(rock, -0.35)]))


def draw_beach(stage: Stage, lay: Lay) -> None:
    shore = stage.horizon + (stage.height - stage.horizon) * 0.34
    sand = stage.tint(hexc("#e9cf94"))
    stage.canvas.drawRect(box(0, stage.horizon, stage.width, stage.height), fill(sand))
    water.draw_sea(stage, shore)
    points = land.ridge_line(stage, shore, stage.reach * 0.012, "shore", 500)
    path = shape([*points, (stage.width + 20, stage.height + 20), (-20, stage.height + 20)])
    stage.canvas.drawPath(path, line(stage.tint(hexc("#fdfdf8")), 13 * stage.unit, 0.85))
    stage.canvas.drawPath(
        path, ramp((0, shore), (0, stage.height), [shade(sand, -0.14), sand, shade(sand, -0.12)], [0, 0.2, 1])
    )
    dice = stage.dice("palms")
    for side in (0.06, 0.95):
        y = shore + stage.reach * 0.06
        trees.draw_tree(stage, "palm", stage.width * side, y, stage.unit * dice.uniform(380, 480), 0.1, dice)
    land.draw_stones(stage, 14, hexc("#c9b48a"))


def draw_desert(stage: Stage, lay: Lay) -> None:
    sand = hexc("#e3b76e")
    for number, (drop, rise, depth) in enumerate(
        ((-0.06, 0.05, 0.9), (-0.02, 0.04, 0.7), (0.03, 0.035, 0.4))
    ):
        land.draw_ridge(
            stage,
            stage.horizon + stage.reach * drop,
            stage.reach * rise,
            shade(sand, 0.08 - 0.06 * number),
            depth,
            f"dune {number}",
            1300,
        )
    land.draw_ground(stage, sand, rise=0.03)
    land.draw_stones(stage, 14, hexc("#b98d5a"))
    dice = stage.dice("cacti")
    for number in range(5):
        side = 1 if number % 2 else -1
        x = stage.width * (0.5 + side * dice.uniform(0.22, 0.48))
        y = stage.horizon + (stage.ground - stage.horizon) * (0.2 + 0.5 * number / 5)
        size = stage.unit * 150 * stage.scale_at(y) * 1.3
        stage.shadow(x, y, size * 0.3, size * 0.05)
        draw_art(stage.canvas, "cactus", x, y, size, filter_paint(stage, hexc("#5f9a4e")))


def draw_savanna(stage: Stage, lay: Lay) -> None:
    gold = hexc("#d9b152")
    land.draw_ridge(
        stage, stage.horizon - stage.reach * 0.03, stage.reach * 0.03, hexc("#9a8f72"), 0.9, "far ridge", 1500
    )
    land.draw_ground(stage, gold, rise=0.01)
    scatter_trees(stage, 4, "acacia", 190)
    land.draw_grass(stage, gold, 1.6)
    land.draw_stones(stage, 8, hexc("#a98a62"))


def draw_mountains(stage: Stage, lay: Lay) -> None:
    land.draw_peaks(stage, stage.horizon + 20, stage.reach * 0.46, 0.8, "peaks far")
    sky.draw_haze(stage, stage.horizon, stage.reach * 0.12, 0.5 * stage.palette.thickness)
    land.draw_peaks(stage, stage.horizon + 25, stage.reach * 0.26, 0.45, "peaks near")
    trees.draw_wood(stage, "pine", stage.horizon + 14, stage.unit * 120, 0.55, "slope wood", 0.35)
    land.draw_ground(stage, mix(stage.palette.grass, hexc("#8b8a7a"), 0.35), rise=0.035)
    scatter_trees(stage, 4, "pine")
    land.draw_stones(stage, 30, hexc("#8f8c90"))
    land.draw_grass(stage, stage.palette.grass, 0.5)


def draw_cave_land(stage: Stage, lay: Lay) -> None:
    draw_far_hills(stage)
    land.draw_ground(stage, stage.palette.grass)
    draw_cave(stage)
    land.draw_stones(stage, 22, hexc("#6d6670"))


def draw_snowfield(stage: Stage, lay: Lay) -> None:
    land.draw_peaks(stage, stage.horizon + 10, stage.reach * 0.22, 0.9, "ice peaks")
    land.draw_ground(stage, hexc("#e8f0f6"), rise=0.03)
    scatter_trees(stage, 3, "pine")
    land.draw_stones(stage, 8, hexc("#b9cbd8"))


def draw_space(stage: Stage, lay: Lay) -> None:
    stage.canvas.drawRect(
        box(0, 0, stage.width, stage.height),
        ramp((0, 0), (stage.width, stage.height), [hexc("#0a0a24"), hexc("#2a1a55"), hexc("#0d1436")]),
    )
    sky.draw_stars(stage, 1.8)
    x, y, size = stage.width * (0.75 if lay.to_right else 0.25), stage.height * 0.25, stage.reach * 0.13
    stage.canvas.drawCircle(
        x,
        y,
        size,
        glow(
            (x - size * 0.4, y - size * 0.4), size * 1.6, [hexc("#ffcf8a"), hexc("#d9695c"), hexc("#56265a")]
        ),
    )
    land.draw_ground(stage, hexc("#b9b4c4"), rise=0.03)
    land.draw_stones(stage, 26, hexc("#8d8898"))
