"""Composing films of one and of four minutes: the share of the playing time that it takes."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.clips import CLIP, PANEL
from benchmarks.report import figure, publish, seconds_of
from services.composer.film import ClipSource, NarrationSource, SubtitleWord, compose_film
from services.image.engines.local.panel import draw_panel
from services.narration.engines.local.audio_file import encode_flac
from services.video.engines.local import draw_clip
from storyreel.recipes import FilmRecipe

FRAMES = 180
RATE = 24_000
RUNS = 3
SHOTS = (10, 40)


FILM = FilmRecipe(model="benchmark", title="Benchmark", clips=(), narrations=(), width=1920, height=1080)


def main() -> None:
    """Runs it."""
    figures = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "panel.png").write_bytes(draw_panel(PANEL, {}))
        draw_clip(CLIP, folder / "panel.png", FRAMES, folder / "clip.mp4")
        tone = 0.2 * np.sin(2 * np.pi * 220 * np.arange(5 * RATE) / RATE)
        (folder / "tone.flac").write_bytes(encode_flac(tone.astype(np.float32), RATE))
        clip = ClipSource(folder / "clip.mp4", FRAMES)
        words = tuple(SubtitleWord(f"word{n}", n / 2, n / 2 + 0.4) for n in range(10))
        narration = NarrationSource(folder / "tone.flac", 5.0, words)
        for shots in SHOTS:
            minutes = shots * FRAMES / 30 / 60
            compose = partial(compose_film, FILM, [clip] * shots, [narration] * shots, folder)
            took = [seconds_of(compose) for _ in range(RUNS)]
            figures.append(figure(f"{minutes:g} min film", "s", took))
            shares = [100 * seconds / (60 * minutes) for seconds in took]
            figures.append(figure(f"{minutes:g} min film, of its playing time", "%", shares))
    publish("compose", "Composing, 1920x1080", figures)
