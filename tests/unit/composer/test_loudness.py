"""Loudness and true peak are measured right, and the limiter holds its ceiling without clicks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.composer.loudness import (
    SILENCE_LUFS,
    integrated_loudness,
    limit,
    true_peak_dbtp,
    true_peaks,
)
from storyreel.media.audio import Samples

RATE = 48_000


def sine(hertz: float, level: float, seconds: float = 1.0, phase: float = 0.0) -> Samples:
    wave = level * np.sin(2 * np.pi * hertz * np.arange(round(RATE * seconds)) / RATE + phase)
    return np.repeat(wave.astype(np.float32)[:, np.newaxis], 2, axis=1)


def test_a_stereo_sine_of_997_hz_at_full_scale_measures_zero_lufs() -> None:
    """ITU-R BS.1770-4: 0 dBFS of 997 Hz in one channel is -3.01 LKFS; in both 0."""
    assert integrated_loudness(sine(997, 1.0, 3.0), RATE) == pytest.approx(0.0, abs=0.1)
    assert integrated_loudness(sine(997, 0.1, 3.0), RATE) == pytest.approx(-20.0, abs=0.1)


def test_silence_and_very_short_sound_measure_as_silence() -> None:
    assert integrated_loudness(np.zeros((RATE, 2), np.float32), RATE) == SILENCE_LUFS
    assert integrated_loudness(sine(997, 1.0, 0.1), RATE) == SILENCE_LUFS


def test_a_peak_between_samples_is_seen() -> None:
    """A quarter of the rate at 45 degrees: samples reach 0.707, the wave 1.0 (BS.1770-4, annex 2)."""
    wave = sine(RATE / 4, 1.0, 0.2, np.pi / 4)
    ramp = np.clip(np.minimum(np.arange(len(wave)), np.arange(len(wave))[::-1]) / 2000, 0, 1)
    faded = wave * ramp[:, np.newaxis].astype(np.float32)
    assert np.abs(faded).max() == pytest.approx(0.7071, abs=1e-3)
    assert true_peak_dbtp(faded) == pytest.approx(0.0, abs=0.2)


def test_peaks_do_not_depend_on_where_blocks_end() -> None:
    samples = np.random.default_rng(2).uniform(-1, 1, (150_001, 2)).astype(np.float32)
    whole = true_peaks(samples)
    assert np.allclose(whole[60_000:80_000][10:-10], true_peaks(samples[60_000:80_000])[10:-10], atol=1e-5)
    assert (whole >= np.abs(samples).max(axis=1) - 1e-6).all()


def test_the_highest_peak_is_found_wherever_it_is() -> None:
    samples = np.random.default_rng(8).normal(0, 0.02, (60_000, 2)).astype(np.float32)
    samples[4090:4100, 1] = 0.9 * (-1.0) ** (np.arange(10) // 2)
    assert true_peak_dbtp(samples) == pytest.approx(20 * np.log10(true_peaks(samples).max()), abs=1e-4)


def test_silence_has_no_peak() -> None:
    assert true_peak_dbtp(np.zeros((100, 2), np.float32)) == -np.inf


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.1, 0.9), st.floats(0.5, 8.0))
def test_the_limiter_holds_its_ceiling(seed: int, ceiling: float, drive: float) -> None:
    random = np.random.default_rng(seed)
    bursts = np.repeat(random.uniform(0, 1, 40) ** 3, 600)[:, np.newaxis]
    samples = (random.normal(0, 0.2, (24_000, 2)) * bursts * drive).astype(np.float32)
    limited = limit(samples, true_peaks(samples), ceiling, RATE)
    assert np.abs(limited).max() <= ceiling * 1.0001
    assert true_peak_dbtp(limited) <= 20 * np.log10(ceiling) + 0.1


def test_the_limiter_leaves_alone_what_is_below_its_ceiling() -> None:
    samples = sine(440, 0.4)
    assert np.array_equal(limit(samples, true_peaks(samples), 0.5, RATE), samples)


def test_the_limiter_turns_down_and_up_too_slowly_to_click() -> None:
    samples = sine(300, 0.2, 1.0)
    samples[RATE // 2 : RATE // 2 + 200] *= 5
    gain = limit(samples, true_peaks(samples), 0.5, RATE)[:, 0] / np.where(
        samples[:, 0] == 0, 1, samples[:, 0]
    )
    steady = gain[np.abs(samples[:, 0]) > 0.02]
    assert steady.min() < 0.55
    assert np.abs(np.diff(steady)).max() < 0.01
    assert gain[100] == pytest.approx(1.0) and gain[-100] == pytest.approx(1.0)
