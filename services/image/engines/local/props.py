"""The things a text can name: how each is drawn, how large it is, and where in a panel it belongs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import skia

from services.image.engines.local import fixtures, growth, landmarks, town, wares
from services.image.engines.local.art import draw_art, has_art
from services.image.engines.local.brush import Colour, hexc
from services.image.engines.local.stage import Stage
from storyreel.reading import Thing

Draw = Callable[[Stage, float, float, float, Colour | None], None]


class Spot(StrEnum):
    """Where a thing belongs: among the figures, at their feet, on the land behind them, or in the sky."""

    ROW = "row"
    SMALL = "small"
    BACK = "back"
    SKY = "sky"


@dataclass(frozen=True)
class Prop:
    """A drawable thing. `height` is in grown people, `width` in heights.

    `perch` is where a figure sits on it: beside the foot (negative: to its left) and above, in heights.
    """

    spot: Spot
    height: float
    width: float
    draw: Draw
    perch: tuple[float, float] | None = None


def _piece(name: str) -> Draw:
    def draw(stage: Stage, x: float, y: float, size: float, colour: Colour | None) -> None:
        stage.shadow(x, y - size * 0.03, size * 0.42, size * 0.07, 0.26)
        draw_art(stage.canvas, name, x, y, size, filter_paint(stage, colour))

    return draw


def _floating(name: str) -> Draw:
    def draw(stage: Stage, x: float, y: float, size: float, colour: Colour | None) -> None:
        draw_art(stage.canvas, name, x, y, size, filter_paint(stage, colour))

    return draw


def filter_paint(stage: Stage, colour: Colour | None) -> skia.Paint:
    """A paint that puts art in the light of the stage, and dyes it `colour` if there is one."""
    red, green, blue = stage.palette.ambient
    if colour is None:
        matrix = [red, 0, 0, 0, 0, 0, green, 0, 0, 0, 0, 0, blue, 0, 0, 0, 0, 0, 1, 0]
    else:
        matrix = []
        for factor, part in zip((red, green, blue), colour, strict=True):
            tint = factor * (0.25 + part / 255)
            matrix += [0.45 * tint, 0.6 * tint, 0.2 * tint, 0, 0.02]
        matrix += [0, 0, 0, 1, 0]
    return skia.Paint(ColorFilter=skia.ColorFilters.Matrix(matrix))


def _cottage(stage: Stage, x: float, y: float, size: float, colour: Colour | None) -> None:
    town.draw_cottage(stage, x, y, size / 0.84, stage.depth_at(y), stage.dice("cottage"), wall=colour)


def _castle(stage: Stage, x: float, y: float, size: float, colour: Colour | None) -> None:
    landmarks.draw_castle(stage, x, y, size, stage.depth_at(y) * 0.7)


def _barn(stage: Stage, x: float, y: float, size: float, colour: Colour | None) -> None:
    landmarks.draw_barn(stage, x, y, size / 0.76, stage.depth_at(y))


def _church(stage: Stage, x: float, y: float, size: float, colour: Colour | None) -> None:
    landmarks.draw_church(stage, x, y, size / 1.25, stage.depth_at(y))


def _windmill(stage: Stage, x: float, y: float, size: float, colour: Colour | None) -> None:
    landmarks.draw_windmill(stage, x, y, size, stage.depth_at(y))


def _dandelion(stage: Stage, x: float, y: float, size: float, colour: Colour | None) -> None:
    growth.draw_flower_clump(stage, x, y, size, colour or hexc("#f2c62e"))


ROW, SMALL, BACK, SKY = Spot.ROW, Spot.SMALL, Spot.BACK, Spot.SKY

PROPS: Final[dict[str, Prop]] = {
    "tree": Prop(ROW, 1.9, 0.48, growth.draw_big_tree, growth.BRANCH),
    "pine": Prop(ROW, 1.9, 0.5, growth.draw_pine_tree),
    "palm": Prop(ROW, 1.9, 0.6, growth.draw_palm_tree),
    "vine": Prop(ROW, 1.45, 0.2, growth.draw_trellis, (0.0, 1.02)),
    "bush": Prop(ROW, 0.5, 1.3, growth.draw_hedge),
    "rock": Prop(ROW, 0.34, 2.2, growth.draw_boulder, (0.0, 0.85)),
    "log": Prop(ROW, 0.26, 3.1, growth.draw_log, (-0.3, 0.92)),
    "stump": Prop(ROW, 0.34, 1.7, growth.draw_stump, (0.0, 0.82)),
    "wheat": Prop(ROW, 0.75, 1.4, growth.draw_haystack, (0.0, 0.95)),
    "flower": Prop(SMALL, 0.34, 1.0, growth.draw_flower_clump),
    "dandelion": Prop(SMALL, 0.26, 1.0, _dandelion),
    "cart": Prop(ROW, 0.72, 2.1, wares.draw_cart, (-0.2, 0.80)),
    "well": Prop(ROW, 1.15, 0.9, fixtures.draw_well, (-0.2, 0.36)),
    "table": Prop(ROW, 0.42, 2.2, fixtures.draw_table, (-0.5, 0.98)),
    "chair": Prop(ROW, 0.62, 0.7, fixtures.draw_stool, (0.05, 0.5)),
    "door": Prop(ROW, 1.35, 0.64, fixtures.draw_door),
    "fence": Prop(ROW, 0.46, 2.4, fixtures.draw_fence, (0.0, 1.0)),
    "wall": Prop(ROW, 0.52, 2.6, fixtures.draw_wall, (0.0, 1.02)),
    "fountain": Prop(ROW, 0.95, 1.1, fixtures.draw_fountain),
    "bed": Prop(ROW, 0.55, 2.1, fixtures.draw_bed, (0.1, 0.5)),
    "boat": Prop(ROW, 0.55, 2.1, wares.draw_boat, (0.0, 0.42)),
    "car": Prop(ROW, 1.1, 1.0, _piece("car")),
    "train": Prop(ROW, 1.3, 1.0, _piece("train")),
    "bicycle": Prop(ROW, 0.8, 1.0, _piece("bicycle")),
    "cactus": Prop(ROW, 0.95, 0.9, _piece("cactus")),
    "clock": Prop(ROW, 0.6, 0.9, _piece("clock")),
    "tent": Prop(ROW, 1.05, 1.0, _piece("tent")),
    "ladder": Prop(ROW, 1.1, 0.7, _piece("ladder")),
    "house": Prop(BACK, 1.5, 1.25, _cottage),
    "castle": Prop(BACK, 2.6, 1.0, _castle),
    "barn": Prop(BACK, 1.5, 1.35, _barn),
    "church": Prop(BACK, 1.9, 0.85, _church),
    "windmill": Prop(BACK, 2.0, 0.75, _windmill),
    "lighthouse": Prop(BACK, 2.2, 0.5, landmarks.draw_lighthouse),
    "bridge": Prop(BACK, 0.6, 3.4, fixtures.draw_bridge),
    "ship": Prop(BACK, 1.5, 1.0, _floating("ship")),
    "net": Prop(SMALL, 0.62, 2.1, wares.draw_net),
    "rope": Prop(SMALL, 0.2, 1.5, wares.draw_rope),
    "sack": Prop(SMALL, 0.34, 1.0, wares.draw_sack),
    "chest": Prop(SMALL, 0.34, 1.5, wares.draw_chest),
    "lantern": Prop(SMALL, 0.36, 0.6, wares.draw_lantern),
    "ball": Prop(SMALL, 0.22, 1.0, wares.draw_ball),
    "beehive": Prop(SMALL, 0.42, 0.9, wares.draw_hive),
    "fire": Prop(SMALL, 0.36, 1.0, wares.draw_campfire),
    "torch": Prop(SMALL, 0.3, 1.0, wares.draw_campfire),
    "balloon": Prop(SKY, 0.42, 1.0, _floating("balloon")),
    "kite": Prop(SKY, 0.42, 1.0, _floating("kite")),
    "rocket": Prop(SKY, 0.6, 1.0, _floating("rocket")),
    "golden egg": Prop(
        SMALL, 0.24, 1.0, lambda stage, x, y, size, _: _piece("egg")(stage, x, y, size, hexc("#ffc52e"))
    ),
    "grapes": Prop(SMALL, 0.26, 1.0, _piece("grapes")),
}
"""The things with a drawing of their own; every other piece of art is a small thing."""

SMALL_HEIGHTS: Final = {
    "acorn": 0.14,
    "ring": 0.13,
    "key": 0.18,
    "coin": 0.15,
    "cheese": 0.22,
    "bucket": 0.3,
    "basket": 0.3,
    "jug": 0.4,
    "crown": 0.22,
    "mushroom": 0.26,
    "sunflower": 0.6,
    "umbrella": 0.5,
    "broom": 0.6,
}
SMALL_HEIGHT: Final = 0.24

DYES: Final = {
    "red": hexc("#d8392f"),
    "blue": hexc("#2f6fd0"),
    "green": hexc("#3f9a4a"),
    "yellow": hexc("#f2c62e"),
    "orange": hexc("#ee8a2c"),
    "purple": hexc("#8549b0"),
    "pink": hexc("#ef7fa8"),
    "white": hexc("#f5f3ee"),
    "black": hexc("#2e2c31"),
    "brown": hexc("#86552f"),
    "gray": hexc("#8d9096"),
    "golden": hexc("#f0b92e"),
    "silver": hexc("#c3cad2"),
    "russet": hexc("#a4502c"),
    "tawny": hexc("#c88a45"),
    "turquoise": hexc("#35b5b0"),
}


def prop_of(thing: Thing) -> Prop | None:
    """How to draw `thing`, None where it is part of the land or the sky."""
    if thing.name in PROPS:
        return PROPS[thing.name]
    if has_art(thing.name) and thing.name not in ("star",):
        return Prop(Spot.SMALL, SMALL_HEIGHTS.get(thing.name, SMALL_HEIGHT), 1.0, _piece(thing.name))
    return None


def dye(thing: Thing) -> Colour | None:
    """The colour the text gives `thing`, None where it gives none."""
    return DYES.get(thing.colour) if thing.colour else None


def height_factor(thing: Thing) -> float:
    """How much larger or smaller the text makes `thing`."""
    return {"large": 1.3, "small": 0.78, None: 1.0}[thing.size]
