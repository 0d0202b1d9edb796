"""What the speech model predicts, 12.5 ms frame by frame, and what can be done to it before it is sound."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Final

import numpy as np
from hibari import dsp
from numpy.typing import NDArray

Floats = NDArray[np.float32]

SAMPLE_RATE: Final = int(dsp.SR)
"""Samples per second of all local speech."""
SAMPLES_PER_FRAME: Final = int(dsp.HOP)
FRAMES_PER_SECOND: Final = SAMPLE_RATE / SAMPLES_PER_FRAME

VOICED_HZ: Final = 40.0
"""A frame whose pitch is below this has none: the model writes noise around 0 there."""

QUIET_BELOW_PEAK: Final = 5.0
"""A frame is quiet when it is this far below the loudest, in nepers of amplitude (about 43 dB)."""
SILENCE: Final = -12.0
"""The log amplitude of a frame that is not heard."""
AMPLITUDES: Final = ("harmonic", "noise", "residual")
RAMP: Final = np.array([1 / 3, 2 / 3], np.float32)
"""How far towards silence the frames at either edge of a pause are: a pause never cuts a sound off."""


@dataclass(frozen=True)
class Frames:
    """A passage as spectra: five arrays of (601 bins, frames), and `pitch` of (frames,) in Hz.

    `harmonic`, `noise` and `residual` are log amplitudes, as AMPLITUDES lists them.
    """

    harmonic: Floats
    harmonic_phase: Floats
    noise: Floats
    residual: Floats
    residual_phase: Floats
    pitch: Floats

    def __len__(self) -> int:
        return len(self.pitch)


def synthesise(frames: Frames, seed: tuple[int, ...]) -> Floats:
    """The sound of `frames`, mono, at SAMPLE_RATE. `seed` decides the noise that is in all speech."""
    samples = dsp.synth(
        frames.harmonic,
        frames.harmonic_phase,
        frames.noise,
        frames.residual,
        frames.residual_phase,
        frames.pitch,
        np.random.default_rng(seed),
    )
    return np.asarray(samples, np.float32)


def loudness(frames: Frames) -> Floats:
    """Log amplitude of each frame over all its parts, of shape (frames,)."""
    parts = (getattr(frames, part) for part in AMPLITUDES)
    power = sum(np.exp(2 * np.minimum(part, 7.0)).sum(axis=0) for part in parts)
    return np.asarray(0.5 * np.log(power + 1e-12), np.float32)


def quiet_frames(frames: Frames) -> NDArray[np.bool_]:
    """Which frames are as good as silent, of shape (frames,)."""
    levels = loudness(frames)
    return np.asarray(levels < levels.max() - QUIET_BELOW_PEAK)


def quiet_run(frames: Frames, first: int, last: int) -> tuple[int, int]:
    """The quietest frame in [first, last), and how many quiet frames in a row it stands in (0 or more)."""
    at = first + int(np.argmin(loudness(frames)[first:last]))
    quiet = quiet_frames(frames)
    if not quiet[at]:
        return at, 0
    sounding = np.flatnonzero(~quiet)
    before = sounding[sounding < at].max(initial=-1)
    after = sounding[sounding > at].min(initial=len(quiet))
    return at, int(after - before - 1)


def paced(frames: Frames, speed: float) -> Frames:
    """`frames` spoken `speed` times as fast.

    The model's own speed input rounds each phoneme to 25 ms, so that it hardly moves the short ones.
    """
    count = max(1, round(len(frames) / speed))
    source = np.clip((np.arange(count) + 0.5) * len(frames) / count - 0.5, 0, len(frames) - 1)
    nearest = np.round(source).astype(int)
    below = np.floor(source).astype(int)
    above = np.minimum(below + 1, len(frames) - 1)
    share = (source - below).astype(np.float32)
    moved = {field.name: getattr(frames, field.name)[..., nearest] for field in fields(frames)}
    for part in AMPLITUDES:
        levels = getattr(frames, part)
        moved[part] = levels[:, below] * (1 - share) + levels[:, above] * share
    return replace(frames, **moved)


def hold(frames: Frames, at: int, count: int) -> Frames:
    """`frames` with `count` frames of silence after frame `at`, faded into and out of."""
    index = np.concatenate([np.arange(at + 1), np.full(count, at), np.arange(at + 1, len(frames))])
    depth = np.zeros(len(index), np.float32)
    depth[at + 1 : at + 1 + count] = 1.0
    ramp = min(len(RAMP), count // 2)
    if ramp:
        depth[at + 1 : at + 1 + ramp] = RAMP[:ramp]
        depth[at + 1 + count - ramp : at + 1 + count] = RAMP[:ramp][::-1]
    held = {field.name: getattr(frames, field.name)[..., index] for field in fields(frames)}
    for part in AMPLITUDES:
        held[part] = held[part] * (1 - depth) + SILENCE * depth
    return replace(frames, **held)
