"""`draw_panel`: a shot's recipe read, staged and drawn as a picture-book panel."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import skia

from services.image.engines.local import interior, sky, weather
from services.image.engines.local.acting import draw_crossing, draw_row
from services.image.engines.local.backdrop import bridge_top, draw_backdrop
from services.image.engines.local.carried import draw_small_things
from services.image.engines.local.casting import Actor, cast_actors
from services.image.engines.local.composition import (
    choose_camera,
    compose_row,
    row_things,
    text_seed,
    vary_camera,
)
from services.image.engines.local.figures import Pose
from services.image.engines.local.frames import draw_frame
from services.image.engines.local.lettering import plan_sign
from services.image.engines.local.palette import dry, lamplit, make_palette
from services.image.engines.local.places import INDOORS
from services.image.engines.local.placing import Placed
from services.image.engines.local.png import encode_png
from services.image.engines.local.props import DYES
from services.image.engines.local.stage import SHORT_EDGE, Stage
from services.image.engines.local.treatment import apply_treatment, treatment_of
from storyreel.formats import TIERS
from storyreel.reading import Reading, read
from storyreel.recipes import PanelRecipe

DEFAULT_PLACE: Final = "field"
GREEN: Final = frozenset(
    {"forest", "field", "garden", "vineyard", "river", "lake", "road", "savanna", "village", "farm"}
)
"""Places with leaves before the viewer."""
DRY_PLACES: Final = frozenset({"desert", "savanna"})


@dataclass(frozen=True)
class Scene:
    """What a panel shows: its text read, the setting settled and the figures cast."""

    reading: Reading
    place: str
    time: str
    weather: str
    season: str | None
    actors: list[Actor]
    seed: int


def draw_panel(recipe: PanelRecipe, sheets: Mapping[str, bytes]) -> bytes:
    """The panel of `recipe` as PNG bytes, exactly its width x height pixels; the same recipe, the same bytes.

    `sheets` maps the name of each member of the cast to its sheet. Raises ValueError for a tier that does
    not exist, a size that cannot be drawn, and a member of the cast without a sheet.
    """
    if recipe.tier not in TIERS:
        raise ValueError(f"unknown tier {recipe.tier!r}: choose one of {', '.join(TIERS)}")
    if min(recipe.width, recipe.height) < 16:
        raise ValueError(
            f"a panel of {recipe.width} x {recipe.height} pixels is too small to draw: at least 16 x 16"
        )
    surface = skia.Surface(recipe.width, recipe.height)
    detail = TIERS.index(recipe.tier)
    scene = read_scene(recipe, sheets)
    stage = _set_stage(surface.getCanvas(), recipe, scene, detail)
    _draw_scene(stage, scene)
    apply_treatment(surface, treatment_of(recipe.style), detail)
    pixels = surface.makeImageSnapshot().toarray(colorType=skia.kRGBA_8888_ColorType)
    return encode_png(np.ascontiguousarray(pixels[:, :, :3]))


def read_scene(recipe: PanelRecipe, sheets: Mapping[str, bytes]) -> Scene:
    """What the panel of `recipe` shows: what its own text says, else the setting carried over to it."""
    reading = read(recipe.text, {member.name: member.aliases for member in recipe.cast})
    return Scene(
        reading=reading,
        place=reading.place or recipe.setting.place or DEFAULT_PLACE,
        time=reading.time or recipe.setting.time or "day",
        weather=reading.weather or recipe.setting.weather or "clear",
        season=reading.season or recipe.setting.season,
        actors=cast_actors(recipe, reading, sheets),
        seed=text_seed(recipe.text, recipe.take, recipe.style),
    )


def _set_stage(canvas: skia.Canvas, recipe: PanelRecipe, scene: Scene, detail: int) -> Stage:
    scale = min(recipe.width, recipe.height) / SHORT_EDGE
    canvas.scale(scale, scale)
    palette = make_palette(scene.time, scene.weather, scene.season)
    if scene.place in DRY_PLACES and not palette.snowy:
        palette = dry(palette)
    if scene.place in INDOORS:
        palette = lamplit(palette)
    home = int.from_bytes(hashlib.sha256(f"{scene.place}:{scene.seed}".encode()).digest()[:4])
    stage = Stage(
        canvas=canvas,
        width=recipe.width / scale,
        height=recipe.height / scale,
        camera=vary_camera(
            choose_camera(scene.reading, scene.place, scene.actors, len(recipe.text.split()), scene.seed),
            scene.seed,
        ),
        palette=palette,
        detail=detail,
        seed=home,
    )
    sky.place_sun(stage, scene.time, right=scene.seed % 2 == 0)
    return stage


def _draw_scene(stage: Stage, scene: Scene) -> None:
    mirrored = scene.seed % 2 == 1
    crossing = [actor for actor in scene.actors if _is_on_bridge(actor)]
    row = _compose(stage, scene, [actor for actor in scene.actors if actor not in crossing])
    draw_backdrop(
        stage,
        scene.reading,
        scene.place,
        scene.time,
        scene.weather,
        mirrored=mirrored,
        swimming=any(actor.pose is Pose.SWIM for actor in scene.actors),
    )
    if crossing:
        draw_crossing(stage, crossing, *bridge_top(stage, mirrored=mirrored))
    draw_row(stage, row, DYES.get(scene.reading.sign_colour or ""))
    draw_small_things(stage, scene.reading, row)
    if scene.place not in INDOORS:
        _draw_air(stage, scene)
        weather.draw_light_wash(stage)
        if scene.place in GREEN and not stage.palette.snowy:
            draw_frame(stage, scene.place)
    weather.draw_lamplight(stage)
    weather.draw_vignette(stage)


def _is_on_bridge(actor: Actor) -> bool:
    return actor.at is not None and actor.at.thing == "bridge" and actor.at.word == "on"


def _compose(stage: Stage, scene: Scene, actors: list[Actor]) -> list[Placed]:
    return compose_row(
        actors,
        row_things(scene.reading, scene.place, narrow=stage.width < stage.height),
        [plan_sign(stage, words) for words in scene.reading.signs[:2]],
        width=stage.width,
        adult=stage.reach * stage.camera.adult,
        mirrored=scene.seed % 4 >= 2,
        middle_taken=len(actors) < len(scene.actors),
        spots=interior.spots(right=scene.seed % 2 == 0) if scene.place in INDOORS else None,
    )


def _draw_air(stage: Stage, scene: Scene) -> None:
    weather.draw_weather(stage, scene.weather)
    calm = scene.weather in ("clear", "wind", "cloud")
    if (
        scene.time == "night"
        and calm
        and not stage.palette.snowy
        and scene.place in ("forest", "field", "garden", "river", "village")
    ):
        weather.draw_fireflies(stage)
    if stage.detail == 2 and calm and scene.time == "day":
        weather.draw_sunbeams(stage)
    if stage.palette.snowy and scene.weather == "clear":
        sky.draw_haze(stage, stage.horizon, stage.reach * 0.08, 0.3)


__all__ = ["Scene", "draw_panel", "read_scene"]
