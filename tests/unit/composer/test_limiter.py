"""The limiter holds its ceiling, leaves alone what is below it, and does not click."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.composer.levels import RATE, measure
from services.composer.limiter import limiting_gains, turned
from storyreel.media.audio import Samples


def limit(samples: Samples, ceiling: float, *cuts: int) -> Samples:
    gains = limiting_gains(measure([samples]).peaks, ceiling)
    return np.concatenate(list(turned(np.split(samples, sorted(cuts)), gains)))


def tone(level: float) -> Samples:
    wave = level * np.sin(2 * np.pi * 300 * np.arange(RATE) / RATE)
    return np.repeat(wave.astype(np.float32)[:, np.newaxis], 2, axis=1)


def loud(seed: int, drive: float) -> Samples:
    random = np.random.default_rng(seed)
    bursts = np.repeat(random.uniform(0, 1, 40) ** 3, 600)[:, np.newaxis]
    return (random.normal(0, 0.2, (24_000, 2)) * bursts * drive).astype(np.float32)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.1, 0.9), st.floats(0.5, 8.0))
def test_the_limiter_holds_its_ceiling(seed: int, ceiling: float, drive: float) -> None:
    limited = limit(loud(seed, drive), ceiling)
    assert np.abs(limited).max() <= ceiling * 1.0001
    assert measure([limited]).true_peak_dbtp() <= 20 * np.log10(ceiling) + 0.1


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 24_000), max_size=9))
def test_what_it_does_does_not_depend_on_where_blocks_end(cuts: list[int]) -> None:
    samples = loud(7, 6.0)
    assert np.allclose(limit(samples, 0.4, *cuts), limit(samples, 0.4), atol=1e-6)


def test_the_limiter_leaves_alone_what_is_below_its_ceiling() -> None:
    assert np.array_equal(limit(tone(0.4), 0.5, 1_000), tone(0.4))


def test_a_peak_in_the_first_and_the_last_sample_is_held_too() -> None:
    samples = tone(0.2)
    samples[0], samples[-1] = 0.9, -0.9
    assert np.abs(limit(samples, 0.5)).max() <= 0.5 * 1.0001


def test_the_limiter_turns_down_and_up_too_slowly_to_click() -> None:
    samples = tone(0.2)
    samples[RATE // 2 : RATE // 2 + 200] *= 5
    gain = limit(samples, 0.5)[:, 0] / np.where(samples[:, 0] == 0, 1, samples[:, 0])
    steady = gain[np.abs(samples[:, 0]) > 0.02]
    assert steady.min() < 0.55
    assert np.abs(np.diff(steady)).max() < 0.01
    assert gain[100] == pytest.approx(1.0) and gain[-100] == pytest.approx(1.0)
