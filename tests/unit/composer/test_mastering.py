"""Mastering: one loudness for every film, peaks under the ceiling, noise and silence left down."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from services.composer.levels import RATE, measure
from services.composer.limiter import turned
from services.composer.mix import mix_narrations
from services.composer.sound import CEILING_DBTP, MOST_GAIN_DB, MOST_PEAK_DBTP, make_sound, mastering_gains
from services.composer.timeline import ClipSource, NarrationSource, build_timeline
from storyreel.media.audio import Samples
from storyreel.timing import shot_frames

MakeNarration = Callable[..., NarrationSource]
SOURCE_RATE = 24_000


def mix(*narrations: NarrationSource) -> Samples:
    clips = [ClipSource(n.path, shot_frames(n.duration_seconds, 30)) for n in narrations]
    return np.concatenate(list(mix_narrations(build_timeline(clips, narrations, 30), narrations).blocks()))


def mastered_at_14(mixed: Samples) -> Samples:
    gains = mastering_gains(measure([mixed]), -14.0, CEILING_DBTP)
    return np.concatenate(list(turned([mixed], gains)))


def loudness(samples: Samples) -> float:
    return measure([samples]).lufs()


def test_a_master_has_the_loudness_asked_for_and_its_peaks_under_the_ceiling(
    make_narration: MakeNarration,
) -> None:
    mixed = mix(*(make_narration(f"n{k}", 2.2) for k in range(2)))
    assert loudness(mixed) < -16
    mastered = mastered_at_14(mixed)
    assert loudness(mastered) == pytest.approx(-14.0, abs=0.1)
    assert measure([mastered]).true_peak_dbtp() <= CEILING_DBTP + 0.05
    assert mastered.shape == mixed.shape


def test_a_sound_whose_peaks_pass_the_limit_is_encoded_again_as_loud_but_lower(
    tmp_path: Path,
    make_clip: Callable[..., ClipSource],
    make_narration: MakeNarration,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("services.composer.sound.CEILING_DBTP", -0.5)
    random = np.random.default_rng(1)
    voice = random.normal(0, 0.05, 2 * SOURCE_RATE) * np.repeat(random.uniform(0, 1, 40) ** 3, 1200)
    voice[::5000] = 1.0
    narrations = [make_narration("clicking", samples=voice)] * 2
    timeline = build_timeline([make_clip(90)] * 2, narrations, 30)
    sound = make_sound(timeline, narrations, -14.0, tmp_path / "sound.m4a")
    assert -1.6 < sound.true_peak_dbtp <= MOST_PEAK_DBTP
    assert sound.lufs == pytest.approx(-14.0, abs=0.3)


def test_a_loud_mix_is_turned_down(make_narration: MakeNarration) -> None:
    loud = mastered_at_14(mix(make_narration("n", 2.2))) * np.float32(3)
    assert loudness(mastered_at_14(loud)) == pytest.approx(-14.0, abs=0.1)


def test_silence_stays_silence(make_narration: MakeNarration) -> None:
    mixed = mix(make_narration("n", samples=np.zeros(SOURCE_RATE, np.float32)))
    assert not mastered_at_14(mixed).any()


def test_noise_without_a_voice_is_not_blown_up(make_narration: MakeNarration) -> None:
    hiss = np.random.default_rng(4).normal(0, 0.0005, 2 * SOURCE_RATE).astype(np.float32)
    mixed = mix(make_narration("n", samples=hiss))
    gained = loudness(mastered_at_14(mixed)) - loudness(mixed)
    assert 0 < gained <= MOST_GAIN_DB + 0.1


def test_the_loudness_planned_is_the_loudness_that_comes_of_it_even_under_hard_limiting() -> None:
    random = np.random.default_rng(9)
    level = np.repeat(random.uniform(0, 1, 160) ** 3, RATE // 20)[:, np.newaxis]
    mixed = (random.normal(0, 0.1, (len(level), 2)) * level).astype(np.float32)
    mixed[:: RATE // 7] *= 20
    assert loudness(mastered_at_14(mixed)) == pytest.approx(-14.0, abs=0.05)
