"""The local video engine: draws clips straight from panels, each on a core of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from services.video.engines.local.clip import draw_clip
from storyreel.contracts.events.v1.asset_pb2 import Clip, Narration, Panel
from storyreel.engine import Capabilities, EngineRequest, Made, MadeFile, SynchronousEngine
from storyreel.errors import InvalidError
from storyreel.formats import TIERS
from storyreel.models import LOCAL, LOCAL_MODELS
from storyreel.recipes import ClipRecipe, Recipe
from storyreel.timing import LONGEST_SHOT_SECONDS, shot_frames
from storyreel.work.processes import Processes

MICROSECONDS: Final = 1_000_000


class LocalCamera(SynchronousEngine):
    """Moves a camera over panels."""

    def __init__(self, processes: Processes) -> None:
        self._processes = processes

    def capabilities(self) -> Capabilities:
        """What it can do: as many clips at once as there are processes."""
        return Capabilities(
            name=LOCAL,
            kinds=("clip",),
            model=LOCAL_MODELS["clip"],
            tiers=TIERS,
            slots=self._processes.count,
            repeatable=True,
        )

    def estimate(self, recipe: Recipe) -> float:
        """A long shot at three times its playing time, to be safe."""
        return 3 * LONGEST_SHOT_SECONDS

    async def submit(self, request: EngineRequest) -> Made:
        """Draws the clip, as long as its narration needs."""
        recipe = request.recipe
        assert isinstance(recipe, ClipRecipe)
        panel, narration = request.inputs[recipe.panel], request.inputs[recipe.narration]
        assert isinstance(panel, Panel)
        assert isinstance(narration, Narration)
        frames = shot_frames(narration.duration_us / MICROSECONDS, recipe.fps)
        still = await request.file(panel.image)
        out = request.scratch / "clip.mp4"
        await self._processes.run(_draw, recipe, still, frames, out)
        clip = Clip(frames=frames, fps=recipe.fps, width_px=recipe.width, height_px=recipe.height)
        return Made(clip, {"video": MadeFile(out, "video/mp4")})


def _draw(recipe: ClipRecipe, still: Path, frames: int, out: Path) -> None:
    try:
        draw_clip(recipe, still, frames, out)
    except ValueError as error:
        raise InvalidError(str(error)) from error
