"""The level of speech: every voice equally loud, no sample near full scale, no silence at the ends."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from services.narration.engines.local.acoustics import SAMPLE_RATE, Floats

SPEECH_LUFS: Final = -20.0
"""Loudness of speech, K-weighted as in ITU-R BS.1770, its pauses left out: normal for a voice track."""
PEAK_CEILING: Final = 0.84
"""No sample is above this (-1.5 dBFS)."""

BLOCK: Final = SAMPLE_RATE // 20
"""50 ms, so that even a single short word fills a few blocks."""
GATE: Final = 0.1
"""A block counts when it has at least this share of the mean power (-10 dB), as in BS.1770."""
LIMITER_BLOCK: Final = SAMPLE_RATE // 200

EDGE_WINDOW: Final = SAMPLE_RATE // 200
EDGE_THRESHOLD: Final = 0.02
"""Sound starts and ends where its 5 ms level passes this share (-34 dB) of its highest."""
KEEP_BEFORE: Final = SAMPLE_RATE * 25 // 1000
KEEP_AFTER: Final = SAMPLE_RATE * 30 // 1000
FADE: Final = SAMPLE_RATE * 6 // 1000


def sounding(samples: Floats) -> slice:
    """The part of `samples` in which something is heard, with a few milliseconds around it."""
    power = np.convolve(samples.astype(np.float64) ** 2, np.full(EDGE_WINDOW, 1 / EDGE_WINDOW), "same")
    heard = np.flatnonzero(power > power.max(initial=0.0) * EDGE_THRESHOLD**2)
    if not len(heard):
        return slice(0, 0)
    return slice(max(0, int(heard[0]) - KEEP_BEFORE), min(len(samples), int(heard[-1]) + 1 + KEEP_AFTER))


def faded(samples: Floats) -> Floats:
    """`samples` with a short fade at both ends, so that joining them to silence does not click."""
    out = samples.copy()
    ramp = (0.5 - 0.5 * np.cos(np.pi * np.arange(min(FADE, len(out) // 2)) / FADE)).astype(np.float32)
    out[: len(ramp)] *= ramp
    out[len(out) - len(ramp) :] *= ramp[::-1]
    return out


def loudness_lufs(samples: Floats) -> float:
    """Loudness of the speech in `samples` in LUFS. -inf if it is silent."""
    weighted = np.fft.irfft(np.fft.rfft(samples) * _k_weighting(len(samples)), len(samples))
    edges = np.arange(0, len(weighted), BLOCK)
    power = np.add.reduceat(weighted**2, edges) / np.diff(edges, append=len(weighted))
    if power.max() <= 0:
        return -np.inf
    return float(-0.691 + 10 * np.log10(power[power >= power.mean() * GATE].mean()))


def levelled(parts: list[Floats]) -> list[Floats]:
    """The parts of one run of speech, all with the gain that brings the run to SPEECH_LUFS."""
    gain = 10 ** ((SPEECH_LUFS - loudness_lufs(np.concatenate(parts))) / 20)
    return [_limited((part * gain).astype(np.float32)) for part in parts]


def _limited(samples: Floats) -> Floats:
    """`samples` held under PEAK_CEILING by a gain that moves smoothly, 5 ms ahead of each peak."""
    edges = np.arange(0, len(samples), LIMITER_BLOCK)
    peaks = np.maximum.reduceat(np.abs(samples), edges)
    needed = np.minimum(1.0, PEAK_CEILING / np.maximum(peaks, 1e-9))
    padded = np.pad(needed, 1, mode="edge")
    lowest = np.minimum(np.minimum(padded[:-2], padded[1:-1]), padded[2:])
    gain = np.interp(np.arange(len(samples)), edges + LIMITER_BLOCK / 2, lowest)
    return np.asarray(samples * gain, np.float32)


def _k_weighting(length: int) -> NDArray[np.float64]:
    """|H| of BS.1770's shelf and high-pass at the bins of an rfft of `length` samples (RBJ's biquads)."""
    z = np.exp(-2j * np.pi * np.fft.rfftfreq(length))
    w, a = 2 * np.pi * 1500 / SAMPLE_RATE, 10 ** (4.0 / 40)
    cos, alpha, root = np.cos(w), np.sin(w) / np.sqrt(2), np.sqrt(a)
    shelf = (
        a
        * _quadratic(
            z,
            a + 1 + (a - 1) * cos + 2 * root * alpha,
            -2 * (a - 1 + (a + 1) * cos),
            a + 1 + (a - 1) * cos - 2 * root * alpha,
        )
        / _quadratic(
            z,
            a + 1 - (a - 1) * cos + 2 * root * alpha,
            2 * (a - 1 - (a + 1) * cos),
            a + 1 - (a - 1) * cos - 2 * root * alpha,
        )
    )
    w = 2 * np.pi * 38 / SAMPLE_RATE
    cos, alpha = np.cos(w), np.sin(w)
    high_pass = _quadratic(z, (1 + cos) / 2, -(1 + cos), (1 + cos) / 2) / _quadratic(
        z, 1 + alpha, -2 * cos, 1 - alpha
    )
    return np.asarray(np.abs(shelf * high_pass), np.float64)


def _quadratic(z: NDArray[np.complex128], c0: float, c1: float, c2: float) -> NDArray[np.complex128]:
    return c0 + c1 * z + c2 * z * z
