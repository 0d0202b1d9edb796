"""Everything behind the figures: sky, land, and the things that stand far off or hang in the air."""

from __future__ import annotations

from typing import Final

from services.image.engines.local import sky, weather
from services.image.engines.local.brush import WHITE, hexc, mix, shade
from services.image.engines.local.country import Lay
from services.image.engines.local.palette import HOURS
from services.image.engines.local.places import INDOORS, draw_place
from services.image.engines.local.props import Prop, Spot, dye, height_factor, prop_of
from services.image.engines.local.stage import Stage
from storyreel.reading import Reading, Thing

CLOUDS: Final = {"clear": 4, "wind": 6, "cloud": 11, "rain": 0, "storm": 0, "snow": 0, "fog": 0}
PRESENT: Final = {
    "village": frozenset({"house", "church"}),
    "castle": frozenset({"castle"}),
    "farm": frozenset({"barn", "windmill"}),
}
"""What a place shows already."""
SKY_SPOTS: Final = ((0.30, 0.42), (0.62, 0.30), (0.46, 0.55))


def draw_backdrop(
    stage: Stage, reading: Reading, place: str, time: str, weather_now: str, *, mirrored: bool, swimming: bool
) -> None:
    """The sky with what is in it, the place, and the things on its land."""
    names = {thing.name for thing in reading.things if not thing.quoted}
    if place not in INDOORS:
        _draw_heaven(stage, reading, time, weather_now)
    draw_place(stage, place, _lay(names, mirrored=mirrored, swimming=swimming))
    if place not in INDOORS and place != "cave":
        _draw_far_things(stage, reading, place, mirrored=mirrored)
        _draw_airborne(stage, reading)


def _lay(names: set[str], *, mirrored: bool, swimming: bool) -> Lay:
    return Lay(
        river="river" in names or "bridge" in names,
        bridge="bridge" in names,
        furnished=frozenset(names & {"bed", "table"}),
        road="road" in names,
        lake="lake" in names,
        hill="hill" in names,
        mountain="mountain" in names,
        afloat="boat" in names or "ship" in names or swimming,
        flooded=swimming,
        to_right=not mirrored,
    )


def _draw_heaven(stage: Stage, reading: Reading, time: str, weather_now: str) -> None:
    sky.draw_sky(stage)
    names = {thing.name for thing in reading.things if not thing.quoted}
    open_sky = weather_now in ("clear", "wind", "cloud")
    wanted = "moon" if time == "night" else "sun"
    if open_sky:
        if time == "night":
            sky.draw_stars(stage, 1.7 if "star" in names else 1.0)
        if wanted not in reading.absent:
            _draw_light(stage, time)
    _draw_cloud_cover(stage, names, time, weather_now)
    if not open_sky and names & {wanted, "star"}:
        with sky.gap_in_clouds(stage, HOURS[time].sky, 0.25 if weather_now == "fog" else 1.0):
            _draw_lights(stage, names, time, wanted)
    if "rainbow" in names:
        sky.draw_rainbow(stage)


def _draw_lights(stage: Stage, names: set[str], time: str, wanted: str) -> None:
    """What the text sees in a covered sky."""
    if "star" in names:
        sky.draw_stars(stage, 7.0)
    if wanted in names:
        _draw_light(stage, time)


def _draw_light(stage: Stage, time: str) -> None:
    if time == "night":
        sky.draw_moon(stage)
    else:
        sky.draw_sun(stage, low=time in ("dawn", "dusk"))


def _draw_cloud_cover(stage: Stage, names: set[str], time: str, weather_now: str) -> None:
    cloud = mix(stage.tint(WHITE), stage.palette.sky[2], 0.25)
    if weather_now in ("rain", "storm", "snow"):
        sky.draw_overcast(stage, shade(stage.palette.sky[1], -0.12), 0.85)
        if weather_now == "storm":
            weather.draw_lightning(stage)
        return
    count = CLOUDS[weather_now] + (3 if "cloud" in names else 0)
    if count:
        sky.draw_clouds(stage, count, cloud, 0.45 if time == "night" else 0.92)
    if time != "night":
        sky.draw_birds(stage, 4)


def _draw_far_things(stage: Stage, reading: Reading, place: str, *, mirrored: bool) -> None:
    """Houses, castles and the like on the land behind the figures, from the outside in."""
    shown = PRESENT.get(place, frozenset())
    far: list[tuple[Thing, Prop]] = []
    for thing in reading.things:
        prop = prop_of(thing)
        if (
            prop is not None
            and prop.spot is Spot.BACK
            and not thing.quoted
            and (thing.name not in shown or thing.colour)
        ):
            far += [(thing, prop)] * min(thing.count, 3)
    spots = (0.78, 0.22, 0.52, 0.92) if mirrored else (0.22, 0.78, 0.48, 0.08)
    for (thing, prop), share in zip(far[:4], spots, strict=False):
        if thing.name == "bridge":
            _draw_bridge(stage, thing, prop, mirrored=mirrored)
            continue
        y = stage.horizon + (stage.ground - stage.horizon) * 0.22
        near = stage.scale_at(y) * min(1.3, stage.camera.zoom)
        size = prop.height * height_factor(thing) * stage.reach * 0.40 * near
        prop.draw(stage, stage.width * share, y, size, dye(thing))


def _draw_bridge(stage: Stage, thing: Thing, prop: Prop, *, mirrored: bool) -> None:
    """The bridge, from bank to bank of the river that runs towards the viewer."""
    x, y, size = _bridge_spot(stage, mirrored=mirrored)
    prop.draw(stage, x, y, size, dye(thing))


def _bridge_spot(stage: Stage, *, mirrored: bool) -> tuple[float, float, float]:
    y = stage.horizon + (stage.height - stage.horizon) * 0.34
    span = min(stage.width, stage.reach * 1.6)
    share = 0.145 if stage.width > stage.height else 0.21
    return stage.width * 0.5 + (-1 if mirrored else 1) * span * 0.085, y, span * share


def bridge_top(stage: Stage, *, mirrored: bool) -> tuple[float, float]:
    """The highest point of the bridge, where somebody can stand."""
    x, y, size = _bridge_spot(stage, mirrored=mirrored)
    return x, y - size * 0.66


def _draw_airborne(stage: Stage, reading: Reading) -> None:
    aloft = [(thing, prop) for thing in reading.things if (prop := prop_of(thing)) and prop.spot is Spot.SKY]
    for (thing, prop), (across, down) in zip(aloft, SKY_SPOTS, strict=False):
        size = prop.height * stage.reach * 0.36 * height_factor(thing)
        prop.draw(
            stage, stage.width * across, stage.horizon * down + size / 2, size, dye(thing) or hexc("#d8392f")
        )
