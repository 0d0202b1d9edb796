"""How each voice is made from the model's one voice: by moving its pitch and the resonances of its throat."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from services.narration.engines.local.acoustics import FRAMES_PER_SECOND, VOICED_HZ, Floats, Frames
from storyreel.voices import VOICES

TREMOR_HZ: Final = 5.2
WHISPER_BELOW_VOICE: Final = 1.1
"""How much softer than a voice its whisper is, in nepers."""
BINS_BELOW_ROUGHNESS: Final = 160
"""Roughness is put below 3.2 kHz, where a rough throat has it; hiss above would sound like a fault."""


@dataclass(frozen=True)
class Voice:
    """A way to speak. `pitch`, `formant` and `speed` multiply the model's own.

    `intonation` scales how far the pitch wanders from its middle (0 is one note), `tremor` is the depth of
    a tremble as a share of the pitch, `breath` adds breath to the voice, 0 to 1, and `whispered` leaves
    nothing but breath.
    """

    pitch: float = 1.0
    formant: float = 1.0
    speed: float = 1.0
    intonation: float = 1.0
    tremor: float = 0.0
    breath: float = 0.0
    whispered: bool = False


TABLE: Final[dict[str, Voice]] = {
    "narrator": Voice(),
    "woman": Voice(pitch=1.12, formant=1.05, speed=1.03, intonation=1.1),
    "man": Voice(pitch=0.58, formant=0.86),
    "young_man": Voice(pitch=0.70, formant=0.91, speed=1.05, intonation=1.1),
    "boy": Voice(pitch=1.24, formant=1.17, speed=1.05, intonation=1.15),
    "girl": Voice(pitch=1.46, formant=1.13, speed=1.04, intonation=1.15),
    "child": Voice(pitch=1.36, formant=1.21, speed=0.97, intonation=1.2),
    "old_man": Voice(pitch=0.64, formant=0.89, speed=0.87, tremor=0.035, breath=0.2),
    "old_woman": Voice(pitch=0.91, formant=0.96, speed=0.86, tremor=0.035, breath=0.2),
    "deep": Voice(pitch=0.50, formant=0.83, speed=0.94, intonation=0.8),
    "giant": Voice(pitch=0.45, formant=0.77, speed=0.88),
    "small": Voice(pitch=1.72, formant=1.28, speed=1.08, intonation=1.1),
    "gruff": Voice(pitch=0.54, formant=0.81, speed=0.95, breath=0.5),
    "whisper": Voice(formant=0.98, speed=0.94, whispered=True),
    "robot": Voice(pitch=0.78, formant=0.95, speed=0.97, intonation=0.0),
}


def voice_named(name: str) -> Voice:
    """The voice of that name. Raises ValueError naming the voices there are."""
    if name not in TABLE:
        raise ValueError(f"unknown voice {name!r}: choose one of {', '.join(VOICES)}")
    return TABLE[name]


def shape(frames: Frames, voice: Voice) -> Frames:
    """`frames`, which the model's own voice speaks, as `voice` speaks them."""
    harmonic, noise, residual = (
        _warp(part, voice.formant) for part in (frames.harmonic, frames.noise, frames.residual)
    )
    if voice.whispered:
        # Turbulence takes the place of the vocal cords and is filtered by the same throat.
        noise = np.logaddexp(noise, harmonic - WHISPER_BELOW_VOICE)
        harmonic = harmonic - 12.0
    elif voice.breath:
        low = slice(None, BINS_BELOW_ROUGHNESS)
        noise[low] = np.logaddexp(noise[low], harmonic[low] - 3.0 + np.log(voice.breath))
    return replace(
        frames, harmonic=harmonic, noise=noise, residual=residual, pitch=_pitch(frames.pitch, voice)
    )


def _warp(envelope: Floats, factor: float) -> Floats:
    """A log envelope (bins, frames) stretched along frequency: resonances at f move to f x factor."""
    last = len(envelope) - 1
    source = np.clip(np.arange(last + 1) / factor, 0, last)
    below = np.floor(source).astype(int)
    above = np.minimum(below + 1, last)
    share = (source - below).astype(np.float32)[:, None]
    return np.asarray(envelope[below] * (1 - share) + envelope[above] * share, np.float32)


def _pitch(pitch: Floats, voice: Voice) -> Floats:
    """The pitch curve of `voice` in Hz, 0 where nothing is voiced."""
    voiced = pitch >= VOICED_HZ
    if voice.whispered or not voiced.any():
        return np.zeros_like(pitch)
    middle = float(np.median(pitch[voiced]))
    wander = np.where(voiced, pitch, middle) / middle
    seconds = np.arange(len(pitch)) / FRAMES_PER_SECOND
    tremble = 1.0 + voice.tremor * np.sin(2 * np.pi * TREMOR_HZ * seconds)
    moved = middle * voice.pitch * wander**voice.intonation * tremble
    return np.where(voiced, np.maximum(moved, VOICED_HZ + 5), 0.0).astype(np.float32)
