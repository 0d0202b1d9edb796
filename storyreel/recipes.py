"""Recipes: everything that decides an asset, and the asset keys that follow from them.

`storyreel.plan.plan_lines` builds them; no other code does, so that the same request always asks for the
same assets.
"""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Final, Literal

from pydantic import Field

from storyreel.formats import FPS
from storyreel.storyboard import Frozen, Setting, Speech

LOUDNESS_LUFS: Final = -14.0
"""Integrated loudness of a film, as the large video platforms normalise to."""


class _Recipe(Frozen):
    """A recipe knows which assets it is made from."""

    def input_kinds(self) -> dict[str, str]:
        """Asset keys that it names, each with the kind of asset behind it."""
        return {}


class SheetRecipe(_Recipe):
    """A character's sheet: the art that every panel of it is drawn from."""

    kind: Literal["sheet"] = "sheet"
    engine: str
    model: str
    tier: str
    style: str
    name: str
    description: str
    take: int = 1


class CastMember(Frozen):
    """A character in a panel, what else the text calls it, and the asset key of its sheet."""

    name: str
    sheet: str
    aliases: tuple[str, ...] = ()


class PanelRecipe(_Recipe):
    """A shot's still. `text` is what the shot says; `width` and `height` are pixels."""

    kind: Literal["panel"] = "panel"
    engine: str
    model: str
    tier: str
    style: str
    text: str
    setting: Setting
    cast: tuple[CastMember, ...]
    width: int
    height: int
    take: int = 1

    def input_kinds(self) -> dict[str, str]:
        """The sheets of its cast."""
        return {member.sheet: "sheet" for member in self.cast}


class NarrationRecipe(_Recipe):
    """A shot's spoken audio: runs of words, each with its voice."""

    kind: Literal["narration"] = "narration"
    engine: str
    model: str
    speech: tuple[Speech, ...]
    take: int = 1


class ClipRecipe(_Recipe):
    """A shot's moving picture from its panel, as long as its narration needs."""

    kind: Literal["clip"] = "clip"
    engine: str
    model: str
    tier: str
    move: str
    panel: str
    narration: str
    width: int
    height: int
    fps: int = FPS
    take: int = 1

    def input_kinds(self) -> dict[str, str]:
        """Its panel and its narration."""
        return {self.panel: "panel", self.narration: "narration"}


class FilmRecipe(_Recipe):
    """The film: clips and narrations in order."""

    kind: Literal["film"] = "film"
    model: str
    title: str
    clips: tuple[str, ...]
    narrations: tuple[str, ...]
    width: int
    height: int
    fps: int = FPS
    loudness_lufs: float = LOUDNESS_LUFS

    def input_kinds(self) -> dict[str, str]:
        """Its clips and narrations."""
        return dict.fromkeys(self.clips, "clip") | dict.fromkeys(self.narrations, "narration")


Recipe = Annotated[
    SheetRecipe | PanelRecipe | NarrationRecipe | ClipRecipe | FilmRecipe, Field(discriminator="kind")
]


def asset_key(owner: str, recipe: Recipe) -> str:
    """The key of the asset that `recipe` makes for `owner`: the owner and the recipe's SHA-256."""
    canonical = json.dumps(
        recipe.model_dump(mode="json"), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    return f"{owner}:{hashlib.sha256(canonical.encode()).hexdigest()}"
