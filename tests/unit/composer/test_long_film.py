"""A long film: its sound is at its loudness and in its place to the end, and memory does not grow with it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from services.composer.levels import RATE
from services.composer.mix import BLOCK
from services.composer.timeline import ClipSource, NarrationSource
from storyreel.media.audio import Samples, stereo_blocks
from storyreel.media.probe import probe
from storyreel.timing import LEAD_SECONDS

SHOTS = 16
SHOT_SECONDS = 12.5
MEBIBYTE = 1 << 20

COMPOSE = """
import json, sys
from pathlib import Path
from services.composer.film import ClipSource, NarrationSource, SubtitleWord, compose_film
from storyreel.recipes import FilmRecipe

def most_memory():
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(status["VmHWM"].split()[0]) * 1024

clip_path, frames, voice_path, seconds, shots, folder = sys.argv[1:]
clip = ClipSource(Path(clip_path), int(frames))
voice = NarrationSource(Path(voice_path), float(seconds), (SubtitleWord("Once.", 0.1, 0.9),))
recipe = FilmRecipe(model="composer-1", title="Long", clips=(), narrations=(), width=96, height=64)
memory = []
for count in (2, int(shots)):
    film = compose_film(recipe, [clip] * count, [voice] * count, Path(folder))
    memory.append(most_memory())
print(json.dumps([memory, str(film.video), film.lufs, film.true_peak_dbtp]))
"""
"""Composes a short and then a long film in a process of its own, whose memory no other test has used."""


def whisper() -> Samples:
    """Noise in syllables, 2.5 s long: a voice that is quick to encode."""
    time = np.arange(60_000) / 24_000
    noise = np.random.default_rng(3).normal(0, 0.1, len(time))
    return (noise * np.clip(np.sin(2 * np.pi * 4 * time), 0, None)).astype(np.float32)


@pytest.fixture(scope="module")
def composed(
    tmp_path_factory: pytest.TempPathFactory,
    make_clip: Callable[..., ClipSource],
    make_narration: Callable[..., NarrationSource],
) -> tuple[list[int], Path, float, float]:
    folder = tmp_path_factory.mktemp("long")
    clip, voice = make_clip(round(SHOT_SECONDS * 30)), make_narration("long", samples=whisper())
    arguments = (clip.path, clip.frames, voice.path, voice.duration_seconds, SHOTS, folder)
    done = subprocess.run(
        [sys.executable, "-c", COMPOSE, *map(str, arguments)], check=True, stdout=subprocess.PIPE, text=True
    )
    memory, video, lufs, true_peak_dbtp = json.loads(done.stdout)
    return memory, Path(video), lufs, true_peak_dbtp


def test_three_minutes_need_hardly_more_memory_than_half_a_minute(
    composed: tuple[list[int], Path, float, float],
) -> None:
    short, long = composed[0]
    assert long - short < 40 * MEBIBYTE
    assert long < 300 * MEBIBYTE


def test_a_long_film_has_the_loudness_it_says_and_every_voice_in_its_place(
    composed: tuple[list[int], Path, float, float],
) -> None:
    _, video, lufs, true_peak_dbtp = composed
    heard = np.concatenate(list(stereo_blocks(video, RATE, BLOCK)))
    assert lufs == pytest.approx(-14.0, abs=0.3)
    assert true_peak_dbtp <= -1.0
    assert np.abs(heard).max() <= 10 ** (true_peak_dbtp / 20) * 1.0001
    assert probe(video).seconds == SHOTS * SHOT_SECONDS
    shots = heard[: round(SHOTS * SHOT_SECONDS * RATE)].reshape(SHOTS, -1, 2)
    lead = round(LEAD_SECONDS * RATE)
    assert (
        np.abs(shots[:, : lead - 480]).max()
        < 1e-3
        < 0.1
        < np.abs(shots[:, lead : lead + RATE]).max(axis=(1, 2)).min()
    )
