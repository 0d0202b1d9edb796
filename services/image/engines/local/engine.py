"""The local image engine: the illustrator, drawing sheets and panels, each on a core of its own."""

from __future__ import annotations

import struct
from typing import Final

from services.image.engines.local.figures import draw_sheet
from services.image.engines.local.panel import draw_panel
from storyreel.contracts.events.v1.asset_pb2 import Panel, Sheet
from storyreel.engine import Capabilities, EngineRequest, Made, MadeFile, SynchronousEngine
from storyreel.formats import TIERS
from storyreel.models import LOCAL, LOCAL_MODELS
from storyreel.recipes import PanelRecipe, Recipe, SheetRecipe
from storyreel.work.processes import Processes

SECONDS_PER_PICTURE: Final = 3.0
PNG: Final = "image/png"


class LocalIllustrator(SynchronousEngine):
    """Draws sheets and panels."""

    def __init__(self, processes: Processes) -> None:
        self._processes = processes

    def capabilities(self) -> Capabilities:
        """What it can do: as many pictures at once as there are processes."""
        return Capabilities(
            name=LOCAL,
            kinds=("sheet", "panel"),
            model=LOCAL_MODELS["panel"],
            tiers=TIERS,
            slots=self._processes.count,
            repeatable=True,
        )

    def estimate(self, recipe: Recipe) -> float:
        """The same for every picture."""
        return SECONDS_PER_PICTURE

    async def submit(self, request: EngineRequest) -> Made:
        """Draws a sheet, or a panel from the sheets of its cast."""
        recipe = request.recipe
        if isinstance(recipe, SheetRecipe):
            picture = await self._processes.run(draw_sheet, recipe)
            width, height = png_size(picture)
            return Made(Sheet(width_px=width, height_px=height), {"image": MadeFile(picture, PNG)})
        assert isinstance(recipe, PanelRecipe)
        sheets = {member.name: await _sheet(request, member.sheet) for member in recipe.cast}
        picture = await self._processes.run(draw_panel, recipe, sheets)
        panel = Panel(width_px=recipe.width, height_px=recipe.height)
        return Made(panel, {"image": MadeFile(picture, PNG)})


async def _sheet(request: EngineRequest, key: str) -> bytes:
    sheet = request.inputs[key]
    assert isinstance(sheet, Sheet)
    return (await request.file(sheet.image)).read_bytes()


def png_size(png: bytes) -> tuple[int, int]:
    """Width and height in pixels, from the header chunk of a PNG."""
    width, height = struct.unpack(">II", png[16:24])
    return width, height
