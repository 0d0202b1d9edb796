"""Places: the layers from the horizon to the figures that make a forest, a village, a beach or a room."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from services.image.engines.local import interior, land, water
from services.image.engines.local.country import (
    Lay,
    draw_forest,
    draw_lake_land,
    draw_meadow,
    draw_river_land,
    draw_road_land,
)
from services.image.engines.local.settled import (
    draw_castle_land,
    draw_city,
    draw_farm,
    draw_garden,
    draw_village,
    draw_vineyard,
)
from services.image.engines.local.stage import Stage
from services.image.engines.local.wilds import (
    draw_beach,
    draw_cave_land,
    draw_desert,
    draw_mountains,
    draw_savanna,
    draw_sea_land,
    draw_snowfield,
    draw_space,
)

INDOORS: Final = frozenset({"kitchen", "bedroom", "dining room", "library", "workshop", "house"})


WATERSIDE: Final = frozenset({"lake", "sea", "beach"})


def draw_place(stage: Stage, place: str, lay: Lay) -> None:
    """Everything of `place` behind the figures."""
    if place in INDOORS:
        interior.draw_room(stage, place, window_right=lay.to_right, furnished=lay.furnished)
        return
    if lay.mountain and place != "mountain":
        land.draw_peaks(stage, stage.horizon + 10, stage.reach * 0.34, 0.85, "far peaks")
    crossed = lay.bridge and place in ("road", "river")
    draw_land = draw_meadow if crossed else DRAWERS.get(place, draw_meadow)
    draw_land(stage, lay)
    if lay.bridge:
        water.draw_river(stage, to_right=lay.to_right, ahead=True)
        return
    if place == "cave":
        return
    if lay.lake and place not in WATERSIDE:
        water.draw_lake(stage, stage.horizon + (stage.height - stage.horizon) * 0.42)
    if lay.flooded and place not in ("sea", "beach"):
        water.draw_lake(stage, stage.height * 1.06)
        return
    if lay.river and place != "river":
        water.draw_river(stage, to_right=lay.to_right)
    if lay.road and place not in ("road", "city"):
        water.draw_road(stage, to_right=lay.to_right)


DRAWERS: Final[dict[str, Callable[[Stage, Lay], None]]] = {
    "forest": draw_forest,
    "city": draw_city,
    "village": draw_village,
    "field": draw_meadow,
    "farm": draw_farm,
    "vineyard": draw_vineyard,
    "garden": draw_garden,
    "river": draw_river_land,
    "lake": draw_lake_land,
    "sea": draw_sea_land,
    "beach": draw_beach,
    "desert": draw_desert,
    "savanna": draw_savanna,
    "mountain": draw_mountains,
    "road": draw_road_land,
    "castle": draw_castle_land,
    "cave": draw_cave_land,
    "snowfield": draw_snowfield,
    "space": draw_space,
}


"""How each place outdoors is drawn; a place without an entry is a meadow."""
