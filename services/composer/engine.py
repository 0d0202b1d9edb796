"""The composer's place on the board: a film is a task like any other, made from clips and narrations."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from services.composer.film import ClipSource, FilmFiles, NarrationSource, SubtitleWord, compose_film
from storyreel.contracts.events.v1.asset_pb2 import Clip, Film, Narration
from storyreel.engine import Capabilities, EngineRequest, Made, MadeFile, SynchronousEngine
from storyreel.models import COMPOSER, COMPOSER_MODEL
from storyreel.recipes import FilmRecipe, Recipe
from storyreel.work.processes import Processes

MICROSECONDS: Final = 1_000_000
SECONDS_PER_SHOT: Final = 2.0


class Composer(SynchronousEngine):
    """Composes films."""

    def __init__(self, processes: Processes) -> None:
        self._processes = processes

    def capabilities(self) -> Capabilities:
        """What it can do: as many films at once as there are processes."""
        return Capabilities(
            name=COMPOSER,
            kinds=("film",),
            model=COMPOSER_MODEL,
            slots=self._processes.count,
            repeatable=True,
        )

    def estimate(self, recipe: Recipe) -> float:
        """Grows with the shots, to be safe."""
        assert isinstance(recipe, FilmRecipe)
        return SECONDS_PER_SHOT * len(recipe.clips)

    async def submit(self, request: EngineRequest) -> Made:
        """Composes the film."""
        recipe = request.recipe
        assert isinstance(recipe, FilmRecipe)
        clips = [await _clip(request, key) for key in recipe.clips]
        narrations = [await _narration(request, key) for key in recipe.narrations]
        files = await self._processes.run(_compose, recipe, clips, narrations, request.scratch)
        film = Film(
            frames=files.frames,
            fps=recipe.fps,
            width_px=recipe.width,
            height_px=recipe.height,
            loudness_lufs=files.lufs,
            true_peak_dbtp=files.true_peak_dbtp,
        )
        return Made(
            film,
            {
                "video": MadeFile(files.video, "video/mp4"),
                "poster": MadeFile(files.poster, "image/jpeg"),
                "srt": MadeFile(files.srt, "application/x-subrip"),
                "vtt": MadeFile(files.vtt, "text/vtt"),
            },
        )


async def _clip(request: EngineRequest, key: str) -> ClipSource:
    clip = request.inputs[key]
    assert isinstance(clip, Clip)
    return ClipSource(await request.file(clip.video), clip.frames)


async def _narration(request: EngineRequest, key: str) -> NarrationSource:
    narration = request.inputs[key]
    assert isinstance(narration, Narration)
    words = tuple(
        SubtitleWord(word.text, word.start_us / MICROSECONDS, word.end_us / MICROSECONDS)
        for word in narration.words
    )
    path = await request.file(narration.audio)
    return NarrationSource(path, narration.duration_us / MICROSECONDS, words)


def _compose(
    recipe: FilmRecipe, clips: list[ClipSource], narrations: list[NarrationSource], out: Path
) -> FilmFiles:
    return compose_film(recipe, clips, narrations, out)
