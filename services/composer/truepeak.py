"""True peaks: how far a sound reaches between its samples, by 4x oversampling (ITU-R BS.1770-4, annex 2)."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from storyreel.media.audio import Samples

OVERSAMPLING: Final = 4
TAPS: Final = 12
"""Taps of each of the phases that interpolate between samples."""
BEFORE: Final = TAPS // 2 - 1
AFTER: Final = TAPS // 2
"""How many samples before and after a sample bear on the wave between it and the next."""

RUN: Final = 16
"""Samples interpolated by one row of a matrix product, which is several times as fast as a convolution."""


def _interpolators() -> npt.NDArray[np.float32]:
    """The windowed-sinc filters for 0/4 to 3/4 of a sample later, shape (4, TAPS), each of sum 1."""
    distance = np.arange(TAPS) - BEFORE - np.arange(OVERSAMPLING)[:, np.newaxis] / OVERSAMPLING
    phases = np.sinc(distance) * np.cos(np.pi * distance / (TAPS + 1)) ** 2
    return np.asarray(phases / phases.sum(axis=1, keepdims=True), np.float32)


def _run_matrix() -> npt.NDArray[np.float32]:
    """From `RUN` samples and their neighbours to all that lies between them."""
    matrix = np.zeros((RUN + TAPS - 1, RUN, OVERSAMPLING), np.float32)
    for sample in range(RUN):
        matrix[sample : sample + TAPS, sample] = INTERPOLATORS.T
    return matrix.reshape(len(matrix), -1)


INTERPOLATORS: Final = _interpolators()
RUN_MATRIX: Final = _run_matrix()


class TruePeakMeter:
    """Takes a sound in blocks of any length and keeps the highest true peak of every `step` samples."""

    def __init__(self, channels: int, step: int) -> None:
        if step % RUN:
            raise ValueError(f"a step of {step} samples is not whole runs: use a multiple of {RUN}")
        self._step = step
        self._rest = np.zeros((channels, BEFORE), np.float32)
        self._peaks: list[npt.NDArray[np.float32]] = []

    def add(self, block: Samples) -> None:
        """The next block, shape (samples, channels)."""
        known = np.concatenate((self._rest, block.T), axis=1)
        whole = max(0, known.shape[1] - TAPS + 1) // self._step * self._step
        self._peaks.append(self._of(known[:, : whole + TAPS - 1]))
        self._rest = known[:, whole:]

    def peaks(self) -> npt.NDArray[np.float32]:
        """Those of all blocks so far, followed by silence, over all channels; full scale is 1.0."""
        missing = -(self._rest.shape[1] - BEFORE) % self._step
        ended = np.pad(self._rest, ((0, 0), (0, missing + AFTER)))
        return np.concatenate([*self._peaks, self._of(ended)])

    def _of(self, known: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        if known.shape[1] < TAPS:
            return np.zeros(0, np.float32)
        runs = np.ascontiguousarray(sliding_window_view(known, RUN + TAPS - 1, axis=1)[:, ::RUN])
        between = runs @ RUN_MATRIX
        np.abs(between, out=between)
        peaks: npt.NDArray[np.float32] = between.reshape(len(known), -1, self._step * OVERSAMPLING).max(
            axis=(0, 2)
        )
        return peaks
