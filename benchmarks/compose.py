"""Composing films of one, four and twenty minutes: the share of the playing time that it takes."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path

from benchmarks.clips import CLIP, PANEL
from benchmarks.report import figure, publish, seconds_of
from services.composer.film import ClipSource, NarrationSource, SubtitleWord, compose_film
from services.image.engines.local.panel import draw_panel
from services.narration.engines.local.engine import make_narration
from services.video.engines.local import draw_clip
from storyreel.recipes import FilmRecipe, NarrationRecipe
from storyreel.storyboard import Speech

FRAMES = 180
MICROSECONDS = 1_000_000
RUNS = 3
SHOTS = (10, 40, 200)

TEXT = "A fox sat by the river in the forest at night, and waited for the moon to tell him where it went."
NARRATION = NarrationRecipe(engine="local", model="benchmark", speech=(Speech(text=TEXT),))
FILM = FilmRecipe(model="benchmark", title="Benchmark", clips=(), narrations=(), width=1920, height=1080)


def main() -> None:
    """Runs it."""
    figures = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "panel.png").write_bytes(draw_panel(PANEL, {}))
        draw_clip(CLIP, folder / "panel.png", FRAMES, folder / "clip.mp4")
        clip, narration = ClipSource(folder / "clip.mp4", FRAMES), _spoken(folder / "narration.flac")
        for shots in SHOTS:
            minutes = shots * FRAMES / 30 / 60
            compose = partial(compose_film, FILM, [clip] * shots, [narration] * shots, folder)
            took = [seconds_of(compose) for _ in range(RUNS)]
            figures.append(figure(f"{minutes:g} min film", "s", took))
            shares = [100 * seconds / (60 * minutes) for seconds in took]
            figures.append(figure(f"{minutes:g} min film, of its playing time", "%", shares))
    publish("compose", "Composing, 1920x1080", figures)


def _spoken(path: Path) -> NarrationSource:
    audio, narration = make_narration(NARRATION)
    path.write_bytes(audio)
    words = tuple(
        SubtitleWord(word.text, word.start_us / MICROSECONDS, word.end_us / MICROSECONDS)
        for word in narration.words
    )
    return NarrationSource(path, narration.duration_us / MICROSECONDS, words)
