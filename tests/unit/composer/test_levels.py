"""Loudness and true peak are measured right, and the same wherever a sound is cut into blocks."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyloudnorm
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.composer.levels import RATE, SILENCE_LUFS, STEP, measure, mono_loudness
from services.composer.truepeak import INTERPOLATORS, TAPS
from storyreel.media.audio import Samples


def sine(hertz: float, level: float, seconds: float = 1.0, phase: float = 0.0) -> Samples:
    wave = level * np.sin(2 * np.pi * hertz * np.arange(round(RATE * seconds)) / RATE + phase)
    return np.repeat(wave.astype(np.float32)[:, np.newaxis], 2, axis=1)


def bursts(seconds: float, seed: int = 5) -> Samples:
    """Noise in syllables and pauses of very different levels, so that both gates have work to do."""
    random = np.random.default_rng(seed)
    level = np.repeat(random.uniform(0, 1, round(seconds * 4)) ** 6, RATE // 4)
    return (random.normal(0, 0.2, (len(level), 2)) * level[:, np.newaxis]).astype(np.float32)


def cut(samples: Samples, *places: int) -> Iterator[Samples]:
    yield from np.split(samples, sorted(places))


def lufs(samples: Samples) -> float:
    return measure([samples]).lufs()


def true_peak_dbtp(samples: Samples) -> float:
    return measure([samples]).true_peak_dbtp()


def test_a_stereo_sine_of_997_hz_at_full_scale_measures_zero_lufs() -> None:
    """ITU-R BS.1770-4: 0 dBFS of 997 Hz in one channel is -3.01 LKFS; in both 0."""
    assert lufs(sine(997, 1.0, 3.0)) == pytest.approx(0.0, abs=0.1)
    assert lufs(sine(997, 0.1, 3.0)) == pytest.approx(-20.0, abs=0.1)
    assert mono_loudness(sine(997, 1.0, 3.0)[:, 0]) == pytest.approx(-3.01, abs=0.1)


def test_silence_and_very_short_sound_measure_as_silence() -> None:
    assert lufs(np.zeros((RATE, 2), np.float32)) == SILENCE_LUFS
    assert lufs(sine(997, 1.0, 0.1)) == SILENCE_LUFS
    assert measure([]).lufs() == SILENCE_LUFS


@pytest.mark.parametrize("samples", [20 * RATE, 7 * RATE + 3_001, 4 * RATE + 1_777, RATE // 2 + 5])
def test_loudness_is_what_pyloudnorm_measures_of_the_whole(samples: int) -> None:
    sound = bursts(20.0)[:samples]
    wanted = pyloudnorm.Meter(RATE).integrated_loudness(sound)
    assert measure(cut(sound, 5_000, 5_001, samples // 2)).lufs() == pytest.approx(wanted, abs=0.02)
    assert mono_loudness(sound[:, 0]) == pytest.approx(
        pyloudnorm.Meter(RATE).integrated_loudness(sound[:, 0]), abs=0.02
    )


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 3 * RATE), max_size=12), st.integers(0, STEP))
def test_levels_do_not_depend_on_where_blocks_end(places: list[int], missing: int) -> None:
    sound = bursts(3.0)[: 3 * RATE - missing]
    whole, parts = measure([sound]), measure(cut(sound, *places))
    assert parts.samples == whole.samples == len(sound)
    assert len(whole.energies) == len(whole.peaks) == -(-len(sound) // STEP)
    assert np.allclose(parts.energies, whole.energies, rtol=1e-4, atol=1e-9)
    assert np.allclose(parts.peaks, whole.peaks, atol=1e-6)


def test_a_peak_between_samples_is_seen() -> None:
    """A quarter of the rate at 45 degrees: samples reach 0.707, the wave 1.0 (BS.1770-4, annex 2)."""
    wave = sine(RATE / 4, 1.0, 0.2, np.pi / 4)
    ramp = np.clip(np.minimum(np.arange(len(wave)), np.arange(len(wave))[::-1]) / 2000, 0, 1)
    faded = wave * ramp[:, np.newaxis].astype(np.float32)
    assert np.abs(faded).max() == pytest.approx(0.7071, abs=1e-3)
    assert true_peak_dbtp(faded) == pytest.approx(0.0, abs=0.2)


def test_the_peak_of_every_millisecond_is_that_of_the_wave_drawn_through_it() -> None:
    sound = bursts(0.5)[: 400 * STEP]
    drawn = [np.convolve(channel, phase[::-1]) for channel in sound.T for phase in INTERPOLATORS]
    wave = np.abs(drawn).max(axis=0)[TAPS // 2 :][: len(sound)]
    assert np.allclose(measure([sound]).peaks, wave.reshape(-1, STEP).max(axis=1), atol=1e-5)


def test_the_highest_peak_is_found_wherever_it_is() -> None:
    for at in (0, 47, 48, 9_595, 59_990):
        samples = np.random.default_rng(8).normal(0, 0.02, (60_000, 2)).astype(np.float32)
        samples[at : at + 10, 1] = 0.9 * (-1.0) ** (np.arange(10) // 2)
        levels = measure(cut(samples, 9_600))
        assert levels.peaks.argmax() in range((at - 1) // STEP, (at + 10) // STEP + 1)
        assert levels.peaks.max() >= 0.9


def test_silence_has_no_peak() -> None:
    assert true_peak_dbtp(np.zeros((100, 2), np.float32)) == -np.inf
