"""How loud a sound is and how far it peaks, millisecond by millisecond, measured as it streams by.

Two numbers a millisecond stand for the whole sound: enough to plan a film's mastering without holding it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from pyloudnorm.iirfilter import IIRfilter
from scipy.signal import sosfilt

from services.composer.truepeak import TruePeakMeter
from storyreel.media.audio import Samples

RATE: Final = 48_000
"""Hz of every film's sound."""
STEP: Final = RATE // 1000
"""Samples of a millisecond."""

SILENCE_LUFS: Final = -70.0
"""The absolute gate of ITU-R BS.1770-4: what is quieter counts as silence."""
OFFSET_LU: Final = -0.691
RELATIVE_GATE: Final = 0.1
"""Of the mean power: 10 LU below it."""
HOP_MILLISECONDS: Final = 100
HOPS: Final = 4
"""Of a gating block: 400 ms, three quarters of it shared with the next."""

PerMillisecond = npt.NDArray[np.float32]
"""One value for each millisecond of a sound, the last of which may be in part silence."""


def _k_weighting() -> npt.NDArray[np.float64]:
    """The two filters before every measurement of loudness, as second-order sections, shape (2, 6)."""
    shelf = IIRfilter(4.0, 1 / math.sqrt(2), 1500.0, RATE, "high_shelf")
    high_pass = IIRfilter(0.0, 0.5, 38.0, RATE, "high_pass")
    return np.array([np.concatenate((stage.b, stage.a)) for stage in (shelf, high_pass)])


K_WEIGHTING: Final = _k_weighting()


@dataclass(frozen=True)
class Levels:
    """A sound of `samples` samples: K-weighted energy, summed over its channels, and true peak."""

    samples: int
    energies: PerMillisecond
    peaks: PerMillisecond

    def lufs(self) -> float:
        """Integrated loudness."""
        return gated_loudness(self.energies, self.samples)

    def true_peak_dbtp(self) -> float:
        """The highest true peak; minus infinity for digital silence."""
        peak = float(self.peaks.max(initial=0.0))
        return 20 * math.log10(peak) if peak > 0 else -math.inf


class LoudnessMeter:
    """Takes a sound in blocks of any length and keeps the K-weighted energy of each of its milliseconds."""

    def __init__(self, channels: int) -> None:
        self._state = np.zeros((len(K_WEIGHTING), channels, 2))
        self._rest = np.zeros(0)
        self._energies: list[PerMillisecond] = []
        self.samples = 0

    def add(self, block: Samples) -> None:
        """The next block, shape (samples, channels)."""
        if not len(block):
            return
        weighted, self._state = sosfilt(K_WEIGHTING, block.T, zi=self._state)
        power = np.concatenate((self._rest, np.square(weighted).sum(axis=0)))
        whole = len(power) // STEP * STEP
        self._energies.append(_sums(power[:whole]))
        self._rest = power[whole:]
        self.samples += len(block)

    def energies(self) -> PerMillisecond:
        """Those of all blocks so far."""
        return np.concatenate([*self._energies, _sums(np.pad(self._rest, (0, -len(self._rest) % STEP)))])


def measure(blocks: Iterable[Samples]) -> Levels:
    """The levels of a stereo sound at `RATE`, block by block; where blocks end makes no difference."""
    loudness, peaks = LoudnessMeter(2), TruePeakMeter(2, STEP)
    for block in blocks:
        loudness.add(block)
        peaks.add(block)
    return Levels(loudness.samples, loudness.energies(), peaks.peaks())


def mono_loudness(samples: Samples) -> float:
    """Integrated loudness in LUFS of mono `samples` at `RATE`, shape (samples,)."""
    meter = LoudnessMeter(1)
    meter.add(samples[:, np.newaxis])
    return gated_loudness(meter.energies(), meter.samples)


def gated_loudness(energies: PerMillisecond, samples: int) -> float:
    """Integrated loudness in LUFS by ITU-R BS.1770-4 of a sound of `samples` samples.

    `SILENCE_LUFS` for silence and for less than one gating block. As in pyloudnorm, a last hop counts that is
    at least half there.
    """
    hops = round(samples / (HOP_MILLISECONDS * STEP))
    if samples < HOPS * HOP_MILLISECONDS * STEP:
        return SILENCE_LUFS
    whole = energies[: hops * HOP_MILLISECONDS]
    padded = np.pad(whole, (0, hops * HOP_MILLISECONDS - len(whole)))
    hop = padded.reshape(-1, HOP_MILLISECONDS).sum(axis=1, dtype=np.float64)
    blocks = np.convolve(hop, np.ones(HOPS), mode="valid") / (HOPS * HOP_MILLISECONDS * STEP)
    heard = blocks[blocks >= 10 ** ((SILENCE_LUFS - OFFSET_LU) / 10)]
    if not len(heard):
        return SILENCE_LUFS
    foreground = heard[heard > RELATIVE_GATE * heard.mean()]
    return OFFSET_LU + 10 * math.log10(foreground.mean())


def _sums(power: npt.NDArray[np.float64]) -> PerMillisecond:
    return np.asarray(power.reshape(-1, STEP).sum(axis=1), np.float32)
