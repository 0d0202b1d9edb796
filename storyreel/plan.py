"""A job's plan: what it will make, line by line. All recipes and keys are known when it is quoted.

`plan_lines` (a film) and `plan_images` (stills alone) are the only ways from a storyboard to what must be
made: quote, boards and composer all read their result.
"""

from __future__ import annotations

import math
from typing import Final

from pydantic import Field

from storyreel.formats import TIERS, FrameFormat, frame_format
from storyreel.lanes import Lane
from storyreel.models import COMPOSER, COMPOSER_MODEL, LOCAL
from storyreel.offers import Offer, Offers
from storyreel.recipes import (
    CastMember,
    ClipRecipe,
    FilmRecipe,
    NarrationRecipe,
    PanelRecipe,
    Recipe,
    SheetRecipe,
    asset_key,
)
from storyreel.storyboard import Frozen, Shot, Storyboard
from storyreel.timing import estimate_shot_seconds

FILM_LINE: Final = "film"


class RenderOptions(Frozen):
    """How a story or an image is to be rendered."""

    aspect: str = "16:9"
    resolution: str = "1080p"
    tier: str = "low"
    engine: str = LOCAL

    def frame(self) -> FrameFormat:
        """The format of the film or image. Raises ValueError naming what is offered."""
        return frame_format(self.aspect, self.resolution)


class PlanLine(Frozen):
    """An asset to be made.

    `units`: 1 for a still, whole seconds for a clip, characters for a narration. `pixels`: width times
    height; 0 where the engine decides or there is no picture.
    """

    line_id: str
    kind: str
    shot: int = 0
    engine: str
    tier: str = ""
    asset_key: str
    inputs: tuple[str, ...] = ()
    recipe: Recipe
    units: int = Field(ge=1)
    pixels: int = Field(default=0, ge=0)
    credits: int = Field(default=0, ge=0)


class Plan(Frozen):
    """What a job will make, with the prices it was quoted. Stored once, never changed."""

    job_id: str
    owner: str
    quote_id: str
    options: RenderOptions
    storyboard: Storyboard
    lines: tuple[PlanLine, ...]
    lane: Lane = Lane.BULK


def plan_lines(
    owner: str, storyboard: Storyboard, options: RenderOptions, offers: Offers
) -> tuple[PlanLine, ...]:
    """Every asset of the story's film, each once, inputs before what is made from them.

    Raises ValueError (unknown aspect, resolution, tier or engine) naming what is offered.
    """
    planner = _Planner(owner, storyboard, options, offers)
    for shot in storyboard.shots:
        planner.add_shot(shot)
    planner.add_film()
    return tuple(planner.lines.values())


def plan_images(
    owner: str, storyboard: Storyboard, options: RenderOptions, offers: Offers
) -> tuple[PlanLine, ...]:
    """A panel of every shot, which is no film's, and the sheets of their casts. Raises as `plan_lines`."""
    planner = _Planner(owner, storyboard, options, offers)
    for shot in storyboard.shots:
        planner.add_image(shot)
    return tuple(planner.lines.values())


class _Planner:
    def __init__(self, owner: str, storyboard: Storyboard, options: RenderOptions, offers: Offers) -> None:
        if options.tier not in TIERS:
            raise ValueError(f"unknown tier {options.tier!r}: choose one of {', '.join(TIERS)}")
        self.lines: dict[str, PlanLine] = {}
        self._owner = owner
        self._storyboard = storyboard
        self._options = options
        self._offers = offers
        self._frame = options.frame()
        self._clips: list[str] = []
        self._narrations: list[str] = []

    def add_shot(self, shot: Shot) -> None:
        panel = self._panel(shot)
        narration = self._narration(shot)
        self._narrations.append(narration)
        self._clips.append(self._clip(shot, panel, narration))

    def add_image(self, shot: Shot) -> None:
        recipe = self._panel_recipe(shot)
        inputs = tuple(recipe.input_kinds())
        self._add(
            f"{recipe.kind}-{shot.number:03d}",
            recipe,
            engine=recipe.engine,
            tier=recipe.tier,
            inputs=inputs,
            pixels=self._pixels,
        )

    def add_film(self) -> None:
        recipe = FilmRecipe(
            model=COMPOSER_MODEL,
            title=self._storyboard.title,
            clips=tuple(self._clips),
            narrations=tuple(self._narrations),
            width=self._frame.width,
            height=self._frame.height,
            fps=self._frame.fps,
        )
        inputs = tuple(dict.fromkeys([*self._clips, *self._narrations]))
        self._add(FILM_LINE, recipe, engine=COMPOSER, inputs=inputs)

    def _sheet(self, name: str) -> str:
        character = self._storyboard.character(name)
        number = [known.name for known in self._storyboard.characters].index(name) + 1
        recipe = SheetRecipe(
            engine=self._options.engine,
            model=self._offer("sheet").model,
            tier=self._options.tier,
            style=self._storyboard.style,
            name=name,
            description=character.description,
        )
        return self._add(f"sheet-{number:03d}", recipe, engine=recipe.engine, tier=recipe.tier)

    def _panel(self, shot: Shot) -> str:
        recipe = self._panel_recipe(shot)
        inputs = tuple(recipe.input_kinds())
        return self._add_for(
            shot, recipe, engine=recipe.engine, tier=recipe.tier, inputs=inputs, pixels=self._pixels
        )

    def _panel_recipe(self, shot: Shot) -> PanelRecipe:
        cast = tuple(
            CastMember(name=name, sheet=self._sheet(name), aliases=self._storyboard.character(name).aliases)
            for name in shot.cast
        )
        return PanelRecipe(
            engine=self._options.engine,
            model=self._offer("panel").model,
            tier=self._options.tier,
            style=self._storyboard.style,
            text=shot.text,
            setting=shot.setting,
            cast=cast,
            width=self._frame.width,
            height=self._frame.height,
        )

    def _narration(self, shot: Shot) -> str:
        recipe = NarrationRecipe(
            engine=self._options.engine,
            model=self._offers.choose(self._options.engine, "narration").model,
            speech=shot.speech,
        )
        return self._add_for(shot, recipe, engine=recipe.engine, units=len(shot.text))

    def _clip(self, shot: Shot, panel: str, narration: str) -> str:
        offer = self._offer("clip")
        recipe = ClipRecipe(
            engine=self._options.engine,
            model=offer.model,
            tier=self._options.tier,
            move=shot.move,
            panel=panel,
            narration=narration,
            width=self._frame.width,
            height=self._frame.height,
            fps=self._frame.fps,
        )
        return self._add_for(
            shot,
            recipe,
            engine=recipe.engine,
            tier=recipe.tier,
            inputs=(panel, narration),
            units=offer.legal_seconds(math.ceil(estimate_shot_seconds(shot.text))),
            pixels=self._pixels,
        )

    def _offer(self, kind: str) -> Offer:
        return self._offers.choose(
            self._options.engine, kind, tier=self._options.tier, aspect=self._options.aspect
        )

    @property
    def _pixels(self) -> int:
        return self._frame.width * self._frame.height

    def _add_for(
        self,
        shot: Shot,
        recipe: Recipe,
        *,
        engine: str,
        tier: str = "",
        inputs: tuple[str, ...] = (),
        units: int = 1,
        pixels: int = 0,
    ) -> str:
        return self._add(
            f"{recipe.kind}-{shot.number:03d}",
            recipe,
            engine=engine,
            tier=tier,
            inputs=inputs,
            units=units,
            pixels=pixels,
            shot=shot.number,
        )

    def _add(
        self,
        line_id: str,
        recipe: Recipe,
        *,
        engine: str,
        tier: str = "",
        inputs: tuple[str, ...] = (),
        units: int = 1,
        pixels: int = 0,
        shot: int = 0,
    ) -> str:
        """Adds a line unless the same asset has one already; the asset key."""
        key = asset_key(self._owner, recipe)
        if key not in self.lines:
            self.lines[key] = PlanLine(
                line_id=line_id,
                kind=recipe.kind,
                shot=shot,
                engine=engine,
                tier=tier,
                asset_key=key,
                inputs=inputs,
                recipe=recipe,
                units=units,
                pixels=pixels,
            )
        return key
