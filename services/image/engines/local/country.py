"""Places in the country: forest, meadow, river, lake, road, and the hills and trees they share."""

from __future__ import annotations

from dataclasses import dataclass

from services.image.engines.local import land, sky, trees, water
from services.image.engines.local.brush import box, fill, hexc, line, mix, ramp, shade
from services.image.engines.local.stage import Stage


@dataclass(frozen=True)
class Lay:
    """What the text adds to a place, and which way things lean, so that shots differ."""

    river: bool = False
    road: bool = False
    lake: bool = False
    hill: bool = False
    mountain: bool = False
    afloat: bool = False
    flooded: bool = False
    bridge: bool = False
    furnished: frozenset[str] = frozenset()
    to_right: bool = True


def draw_far_hills(stage: Stage) -> None:
    """The land's edge: rolling or steep, with mountains or a wooded hill behind it in some shots."""
    dice = stage.dice("distance")
    kind, steep = dice.choice(("rolling", "rolling", "peaks", "knoll")), dice.uniform(0.6, 1.7)
    grass = stage.palette.grass
    if kind == "peaks":
        land.draw_peaks(stage, stage.horizon, stage.reach * 0.2 * dice.uniform(0.7, 1.2), 0.97, "far peaks")
    land.draw_ridge(
        stage,
        stage.horizon - stage.reach * 0.07,
        stage.reach * 0.045 * steep,
        mix(grass, hexc("#5d7d8f"), 0.55),
        0.95,
        "hills 1",
        1100,
    )
    if kind == "knoll":
        _draw_knoll(stage, stage.width * dice.choice((0.16, 0.3, 0.72, 0.86)))
    land.draw_ridge(
        stage,
        stage.horizon - stage.reach * 0.025,
        stage.reach * 0.035,
        mix(grass, hexc("#5d7d8f"), 0.25),
        0.75,
        "hills 2",
        800,
    )
    sky.draw_haze(stage, stage.horizon, stage.reach * 0.07, 0.45 * stage.palette.thickness)


def _draw_knoll(stage: Stage, x: float) -> None:
    """A round hill far off with a few trees on top."""
    size = stage.reach * 0.22
    top = stage.horizon - size * 0.62
    tone = stage.tint(mix(stage.palette.grass, hexc("#5d7d8f"), 0.3), 0.85)
    stage.canvas.drawOval(box(x - size * 1.5, top, size * 3, size * 1.7), fill(tone))
    dice = stage.dice("knoll")
    for number in range(4):
        aside = (number - 1.5) * size * 0.22
        trees.draw_tree(
            stage, "broadleaf", x + aside, top + size * 0.05, size * dice.uniform(0.24, 0.36), 0.82, dice
        )


def draw_forest(stage: Stage, lay: Lay) -> None:
    kind = "pine" if stage.palette.snowy or stage.dice("kind of wood").random() < 0.3 else "mixed"
    trees.draw_wood(stage, kind, stage.horizon + 4, stage.unit * 190, 1.0, "wood far", 0.24)
    land.draw_ridge(
        stage,
        stage.horizon - stage.reach * 0.03,
        stage.reach * 0.012,
        stage.palette.leaves[2],
        0.95,
        "thicket",
        260,
    )
    sky.draw_haze(stage, stage.horizon, stage.reach * 0.12, 0.55 * stage.palette.thickness)
    trees.draw_wood(
        stage, kind, stage.horizon + stage.reach * 0.012, stage.unit * 270, 0.78, "wood middle", 0.36
    )
    sky.draw_haze(
        stage, stage.horizon + stage.reach * 0.01, stage.reach * 0.09, 0.42 * stage.palette.thickness
    )
    land.draw_ground(stage, mix(stage.palette.grass, hexc("#4f7a44"), 0.0 if stage.palette.snowy else 0.55))
    _tree_sides(stage, kind)
    land.draw_grass(stage, stage.palette.grass)
    land.draw_flowers(stage, 22)


def _tree_sides(stage: Stage, kind: str) -> None:
    """Nearer trees that leave the middle open."""
    dice = stage.dice("tree sides")
    span = stage.width * 0.5
    for number in range(12):
        share = number / 12
        side = 1 if number % 2 else -1
        away = span * (0.40 + 0.68 * dice.random())
        y = stage.horizon + (stage.ground - stage.horizon) * (0.08 + 0.42 * share)
        size = stage.unit * (290 + 270 * share) * dice.uniform(0.9, 1.15)
        chosen = dice.choice(("pine", "broadleaf")) if kind == "mixed" else kind
        x = _clear_of_light(stage, span + side * away, y - size, size * 0.36, side)
        trees.draw_tree(stage, chosen, x, y, size, 0.55 * (1 - share), dice)


def _clear_of_light(stage: Stage, x: float, top: float, half: float, side: int) -> float:
    """Where a tree about `x` may stand so that its crown leaves the sun or the moon in sight."""
    light, reach = stage.sun, stage.reach * 0.06 + half
    if top > light[1] + stage.reach * 0.05 or abs(x - light[0]) > reach:
        return x
    return light[0] + reach * side


def draw_meadow(stage: Stage, lay: Lay) -> None:
    draw_far_hills(stage)
    trees.draw_wood(stage, "mixed", stage.horizon + 3, stage.unit * 70, 0.8, "hedgerow", 0.6)
    land.draw_ground(stage, stage.palette.grass, rise=0.02)
    scatter_trees(stage, 4)
    if lay.hill:
        _near_hill(stage, lay)
    land.draw_grass(stage, stage.palette.grass, 1.2)
    land.draw_flowers(stage, 70)


def _near_hill(stage: Stage, lay: Lay) -> None:
    x = stage.width * (0.74 if lay.to_right else 0.26)
    size = stage.reach * 0.30
    tone = stage.tint(stage.palette.grass, 0.25)
    top = stage.horizon - size * 0.55
    stage.canvas.drawOval(
        box(x - size * 1.7, top, size * 3.4, size * 2.1),
        ramp(
            (0, top),
            (0, top + size * 1.1),
            [(shade(tone, 0.18), 1.0), (tone, 1.0), (tone, 0.0)],
            [0, 0.45, 1],
        ),
    )
    trees.draw_tree(
        stage, "broadleaf", x + size * 0.2, top + size * 0.05, size * 0.5, 0.3, stage.dice("hill tree")
    )


def scatter_trees(stage: Stage, count: int, kind: str = "mixed", size: float = 210) -> None:
    dice = stage.dice("scattered")
    for number in range(count):
        side = 1 if number % 2 else -1
        x = stage.width * 0.5 + side * stage.width * dice.uniform(0.2, 0.5)
        y = stage.horizon + (stage.ground - stage.horizon) * (0.06 + 0.3 * number / count)
        chosen = dice.choice(("pine", "broadleaf", "broadleaf")) if kind == "mixed" else kind
        trees.draw_tree(
            stage, chosen, x, y, stage.unit * size * stage.scale_at(y) * 1.9, stage.depth_at(y) * 0.7, dice
        )


def draw_river_land(stage: Stage, lay: Lay) -> None:
    draw_far_hills(stage)
    trees.draw_wood(stage, "mixed", stage.horizon + 4, stage.unit * 120, 0.78, "bank wood", 0.45)
    land.draw_ground(stage, stage.palette.grass)
    water.draw_river(stage, to_right=lay.to_right)
    scatter_trees(stage, 4)
    land.draw_stones(stage, 16, hexc("#9c9a98"))
    land.draw_flowers(stage, 20)


def draw_lake_land(stage: Stage, lay: Lay) -> None:
    draw_far_hills(stage)
    trees.draw_wood(stage, "pine", stage.horizon + 3, stage.unit * 100, 0.8, "far shore", 0.4)
    land.draw_ground(stage, stage.palette.grass, rise=0.0)
    water.draw_lake(stage, stage.horizon + (stage.height - stage.horizon) * 0.55)
    _reeds(stage)
    land.draw_grass(stage, stage.palette.grass, 0.6)
    land.draw_stones(stage, 10, hexc("#9c9a98"))


def _reeds(stage: Stage) -> None:
    dice = stage.dice("reeds")
    stem, head = stage.tint(hexc("#6f8a45")), stage.tint(hexc("#6b4126"))
    for side in (0.04, 0.93):
        for _ in range(16):
            x = stage.width * side + dice.gauss(0, 0.025) * stage.width
            y = stage.horizon + (stage.height - stage.horizon) * dice.uniform(0.52, 0.66)
            tall = stage.unit * dice.uniform(80, 150)
            tip = x + dice.uniform(-14, 14)
            stage.canvas.drawLine(x, y, tip, y - tall, line(stem, 3.4 * stage.unit))
            if dice.random() < 0.5:
                stage.canvas.drawLine(tip, y - tall, tip, y - tall * 0.82, line(head, 9 * stage.unit))


def draw_road_land(stage: Stage, lay: Lay) -> None:
    draw_far_hills(stage)
    trees.draw_wood(stage, "mixed", stage.horizon + 3, stage.unit * 75, 0.8, "hedgerow", 0.55)
    land.draw_ground(stage, stage.palette.grass, rise=0.02)
    water.draw_road(stage, to_right=lay.to_right)
    scatter_trees(stage, 5)
    land.draw_flowers(stage, 30)
