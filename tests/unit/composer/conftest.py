"""Small real clips and narrations for the composer's tests."""

from __future__ import annotations

import wave
from collections.abc import Callable

import av
import numpy as np
import pytest

from services.composer.timeline import ClipSource, NarrationSource, SubtitleWord
from storyreel.media.audio import Samples
from storyreel.media.encoder import ClipEncoder

RATE = 24_000


@pytest.fixture(scope="module")
def make_clip(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., ClipSource]:
    """A clip of moving noise; `frames`, `seed`, `size` and the `light` it is around."""

    folder = tmp_path_factory.mktemp("clips")

    def make(
        frames: int, seed: int = 0, size: tuple[int, int] = (96, 64), light: int = 120, spread: int = 60
    ) -> ClipSource:
        path = folder / f"clip-{frames}-{seed}-{size[0]}x{size[1]}-{light}.mp4"
        width, height = size
        noise = np.random.default_rng(seed).integers(-spread, spread + 1, (height, width)) + light
        chroma = np.full((height // 2, width), 128, np.uint8)
        with ClipEncoder(path, width=width, height=height, fps=30) as encoder:
            for number in range(frames):
                luma = np.roll(noise, number, axis=1).clip(16, 235).astype(np.uint8)
                encoder.write(av.VideoFrame.from_ndarray(np.concatenate((luma, chroma)), format="yuv420p"))
        return ClipSource(path, frames)

    return make


@pytest.fixture(scope="module")
def make_narration(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., NarrationSource]:
    """A narration of the given samples (24 kHz, mono) or of a voice-like buzz that says `text`."""

    folder = tmp_path_factory.mktemp("narrations")

    def make(
        name: str, seconds: float = 2.0, *, samples: Samples | None = None, text: str = "Once upon a time."
    ) -> NarrationSource:
        heard = buzz(seconds) if samples is None else samples
        path = folder / f"{name}.wav"
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes((heard * 32767).astype("<i2").tobytes())
        return NarrationSource(path, len(heard) / RATE, spread_words(text, len(heard) / RATE))

    return make


def buzz(seconds: float) -> Samples:
    """A pitch of 130 Hz with harmonics, in syllables: the crest and the pauses of a voice, roughly."""
    time = np.arange(round(seconds * RATE)) / RATE
    harmonics = sum(np.sin(2 * np.pi * 130 * n * time + n * n) / n for n in range(1, 25))
    syllables = np.clip(np.sin(2 * np.pi * 4 * time), 0, None)
    return (0.12 * harmonics * syllables).astype(np.float32)


def spread_words(text: str, seconds: float) -> tuple[SubtitleWord, ...]:
    words = text.split()
    step = seconds / max(1, len(words))
    return tuple(
        SubtitleWord(word, number * step, (number + 0.9) * step) for number, word in enumerate(words)
    )
