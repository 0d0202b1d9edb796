"""The film's sound: narrations placed to the sample, in a gentle room, made in blocks as it is needed."""

from __future__ import annotations

import statistics
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from services.composer.levels import RATE, mono_loudness
from services.composer.timeline import NarrationSource, Timeline
from storyreel.media.audio import Samples, decode_mono

BLOCK: Final = round(2.4 * RATE)
"""Samples at a time: with the room's tail they just fill a power of two."""

QUIETEST_LUFS: Final = -50.0
"""A narration below this is taken for noise, and is never made louder to match the others."""
MOST_LEVELLING_DB: Final = 4.0
"""How far one narration is brought to the others: voices may differ, but no one reaches for the knob."""

ROOM_SECONDS: Final = 0.28
"""How long the room takes to fall by 60 dB: a furnished room, not a hall."""
ROOM_DELAY_SECONDS: Final = 0.011
ROOM_DB: Final = -20.0
"""The room's power below the voice's, where voices are: between `VOICE_HERTZ`."""
VOICE_HERTZ: Final = (200, 4000)


@dataclass(frozen=True)
class Voice:
    """A narration in the film: the sample it starts at, and the factor that levels it with the others."""

    path: Path
    start: int
    factor: float


@dataclass(frozen=True)
class Mix:
    """All voices, in order of their starts, in one stereo sound of `samples` samples at `RATE`.

    It is made again each time it is asked for, which costs less than keeping it.
    """

    samples: int
    voices: tuple[Voice, ...]

    def blocks(self, size: int = BLOCK) -> Iterator[Samples]:
        """The mix in blocks of `size` samples but the last, each of shape (samples, 2)."""
        return _in_room(self._dry_blocks(size), size)

    def _dry_blocks(self, size: int) -> Iterator[Samples]:
        waiting = deque(self.voices)
        sounding: list[tuple[int, Samples]] = []
        for start in range(0, self.samples, size):
            dry = np.zeros(min(size, self.samples - start), np.float32)
            end = start + len(dry)
            while waiting and waiting[0].start < end:
                voice = waiting.popleft()
                sounding.append((voice.start, decode_mono(voice.path, RATE) * np.float32(voice.factor)))
            for at, heard in sounding:
                first, last = max(at, start), min(at + len(heard), end)
                dry[first - start : last - start] += heard[first - at : last - at]
            sounding = [(at, heard) for at, heard in sounding if at + len(heard) > end]
            yield dry


def mix_narrations(timeline: Timeline, narrations: Sequence[NarrationSource]) -> Mix:
    """All narrations at their starts in one mix, exactly as long as the film, their levels brought together.

    Raises MediaError where a narration does not decode.
    """
    loudness = [mono_loudness(decode_mono(narration.path, RATE)) for narration in narrations]
    voices = (
        Voice(narration.path, round(shot.narration_start_seconds * RATE), factor(gain_db))
        for shot, narration, gain_db in zip(timeline.shots, narrations, _levelling_db(loudness), strict=True)
    )
    return Mix(round(timeline.seconds * RATE), tuple(voices))


def factor(decibels: float) -> float:
    """What samples are multiplied by to be `decibels` louder."""
    return float(10 ** (decibels / 20))


def _levelling_db(loudness: Sequence[float]) -> list[float]:
    """The gain that brings each voice, of its `loudness` in LUFS, towards their median."""
    spoken = [level for level in loudness if level > QUIETEST_LUFS]
    if not spoken:
        return [0.0] * len(loudness)
    middle = statistics.median(spoken)
    return [
        max(-MOST_LEVELLING_DB, min(MOST_LEVELLING_DB, middle - level)) if level > QUIETEST_LUFS else 0.0
        for level in loudness
    ]


def _in_room(dry_blocks: Iterable[Samples], size: int) -> Iterator[Samples]:
    """The voice in the middle, and around it the sound of a small room: mono blocks in, stereo blocks out.

    Each block of at most `size` samples is convolved by itself; what rings on is added to the next ones.
    """
    room = _room()
    ringing = room.shape[1] - 1
    transform = 1 << (size + ringing - 1).bit_length()
    spectrum = np.fft.rfft(room, transform)
    tail = np.zeros((2, ringing), np.float32)
    for dry in dry_blocks:
        wet = np.fft.irfft(np.fft.rfft(dry, transform) * spectrum, transform).astype(np.float32, copy=False)
        wet[:, :ringing] += tail
        tail = wet[:, len(dry) : len(dry) + ringing]
        yield (wet[:, : len(dry)] + dry).T


@cache
def _room() -> npt.NDArray[np.float32]:
    """The room's impulse response: decaying noise, other on the left than on the right, shape (2, samples).

    The high half of the spectrum is softened, as furniture and air do, by averaging neighbours.
    """
    delay, length = round(ROOM_DELAY_SECONDS * RATE), round(ROOM_SECONDS * RATE)
    noise = np.random.default_rng(1770).standard_normal((length + 4, 2)).T
    soft = sum(noise[:, shift : shift + length] for shift in range(5))
    tail = soft * 10 ** (-3 * np.arange(length) / length)
    response = np.abs(np.fft.rfft(tail, RATE))[:, slice(*VOICE_HERTZ)]
    tail *= factor(ROOM_DB) / np.sqrt(np.square(response).mean(axis=1, keepdims=True))
    return np.pad(tail, ((0, 0), (delay, 0))).astype(np.float32)
