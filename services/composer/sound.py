"""The film's sound as a listener gets it: mixed, brought to one loudness, encoded, and measured once more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from services.composer.levels import RATE, SILENCE_LUFS, Levels, PerMillisecond, gated_loudness, measure
from services.composer.limiter import limiting_gains, turned
from services.composer.mix import BLOCK, factor, mix_narrations
from services.composer.timeline import NarrationSource, Timeline
from storyreel.media.audio import encode_aac, stereo_blocks

MOST_PEAK_DBTP: Final = -1.0
"""No true peak of a delivered film passes this."""
CEILING_DBTP: Final = -1.7
"""What the limiter aims at. AAC raises the peaks of a voice by 0.1 dB and of sharp clicks by 0.2: this leaves
room for more, so that a film is encoded only once."""
PEAK_MARGIN_DB: Final = 0.05
ENCODINGS: Final = 4

MOST_GAIN_DB: Final = 24.0
"""How far a whole mix is made louder: a film of whispers stays one, and its noise stays down."""
LOUDNESS_TOLERANCE_LU: Final = 0.02
ROUNDS: Final = 12
LEAST_YIELD: Final = 0.25
"""Loudness gained for a decibel of gain, at the least: less would mean crushing the voice."""


@dataclass(frozen=True)
class Sound:
    """A film's sound as an M4A file, and what was measured of it, decoded."""

    path: Path
    lufs: float
    true_peak_dbtp: float


def make_sound(
    timeline: Timeline, narrations: Sequence[NarrationSource], target_lufs: float, out: Path
) -> Sound:
    """Mix, master and encode to `out`, and measure that; limit lower where AAC has raised a peak too far.

    Memory does not grow with the film but for two numbers a millisecond. Raises MediaError where a narration
    does not decode.
    """
    mix = mix_narrations(timeline, narrations)
    levels = measure(mix.blocks())
    ceiling_dbtp = CEILING_DBTP
    for _ in range(ENCODINGS):
        gains = mastering_gains(levels, target_lufs, ceiling_dbtp)
        encode_aac(turned(mix.blocks(), gains), RATE, out)
        heard = measure(stereo_blocks(out, RATE, BLOCK))
        excess_db = heard.true_peak_dbtp() - MOST_PEAK_DBTP
        if excess_db <= 0:
            break
        ceiling_dbtp -= excess_db + PEAK_MARGIN_DB
    return Sound(out, heard.lufs(), heard.true_peak_dbtp())


def mastering_gains(levels: Levels, target_lufs: float, ceiling_dbtp: float) -> PerMillisecond:
    """The gains that bring a mix of `levels` to `target_lufs` with its true peaks under `ceiling_dbtp`.

    Limiting takes loudness away, so the gain is corrected until both hold. A mix that would need more than
    `MOST_GAIN_DB` stays quieter than the target; silence stays silence.
    """
    loudness = levels.lufs()
    if loudness <= SILENCE_LUFS:
        return np.ones_like(levels.peaks)
    before_db, before_lufs = 0.0, loudness
    gain_db = min(MOST_GAIN_DB, target_lufs - loudness)
    for _ in range(ROUNDS):
        gain = np.float32(factor(gain_db))
        gains = gain * limiting_gains(gain * levels.peaks, factor(ceiling_dbtp))
        reached = gated_loudness(np.square(gains) * levels.energies, levels.samples)
        missing = target_lufs - reached
        if abs(missing) < LOUDNESS_TOLERANCE_LU or gain_db in (before_db, MOST_GAIN_DB):
            break
        yielding = (reached - before_lufs) / (gain_db - before_db)
        before_db, before_lufs = gain_db, reached
        gain_db = min(MOST_GAIN_DB, gain_db + missing / min(1.0, max(LEAST_YIELD, yielding)))
    return gains
