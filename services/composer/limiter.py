"""The limiter: keeps true peaks down without being heard, from the peaks of every millisecond alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np

from services.composer.levels import STEP, PerMillisecond
from storyreel.media.audio import Samples

SMOOTHING: Final = 6
"""Milliseconds to each side over which the gain is smoothed, twice."""
REACH: Final = 2 * SMOOTHING + 1
"""Milliseconds to each side that a peak turns down in full: what is smoothed and drawn between milliseconds
never passes it."""


def limiting_gains(peaks: PerMillisecond, ceiling: float) -> PerMillisecond:
    """The gain of every millisecond that keeps `peaks` under `ceiling` (1.0 is full scale).

    It is the least that any peak within reach needs, smoothed twice: so it is never more than a peak allows,
    turns smoothly from 25 ms before a peak to 25 ms after it, and is 1 where nothing is near the ceiling.
    """
    needed = np.asarray(ceiling / np.maximum(peaks, ceiling), np.float32)
    return _moving_average(_moving_average(_sliding_minimum(needed, REACH), SMOOTHING), SMOOTHING)


def turned(blocks: Iterable[Samples], gains: PerMillisecond) -> Iterator[Samples]:
    """`blocks` of a sound, each of shape (samples, channels), turned by the gains of its milliseconds.

    Between the middles of two milliseconds the gain goes straight from one to the other.
    """
    start = 0
    for block in blocks:
        first = max(0, start // STEP - 1)
        near = gains[first : (start + len(block)) // STEP + 2]
        middles = (first + np.arange(len(near)) + 0.5) * STEP - 0.5
        gain = np.interp(np.arange(start, start + len(block)), middles, near)
        yield block * gain.astype(np.float32)[:, np.newaxis]
        start += len(block)


def _sliding_minimum(values: PerMillisecond, reach: int) -> PerMillisecond:
    """The minimum over `reach` values on each side, by doubling windows."""
    window = 2 * reach + 1
    padded = np.pad(values, reach, constant_values=1.0)
    span = 1
    while span < window:
        step = min(span, window - span)
        padded = np.minimum(padded[:-step], padded[step:])
        span += step
    return padded


def _moving_average(values: PerMillisecond, reach: int) -> PerMillisecond:
    """The mean over `reach` values on each side; the ends are taken to go on as they are."""
    window = 2 * reach + 1
    total = np.cumsum(np.pad(values, (reach + 1, reach), mode="edge"), dtype=np.float64)
    return ((total[window:] - total[:-window]) / window).astype(np.float32)
