"""The mix: narrations in their places to the sample, at the film's loudness; noise and silence left down."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from services.composer.loudness import integrated_loudness, true_peak_dbtp, true_peaks
from services.composer.mix import CEILING_DBTP, MOST_GAIN_DB, MOST_LEVELLING_DB, RATE, master, mix_narrations
from services.composer.timeline import ClipSource, NarrationSource, build_timeline
from storyreel.media.audio import Samples
from storyreel.timing import LEAD_SECONDS, shot_frames

MakeNarration = Callable[..., NarrationSource]
SOURCE_RATE = 24_000


def mix(narrations: Sequence[NarrationSource]) -> Samples:
    clips = [ClipSource(n.path, shot_frames(n.duration_seconds, 30)) for n in narrations]
    return mix_narrations(build_timeline(clips, narrations, 30), narrations)


def mastered_at_14(mixed: Samples) -> Samples:
    return master(mixed, true_peaks(mixed), -14.0, CEILING_DBTP)


def shot_of(samples: Samples, number: int) -> Samples:
    """The samples of a shot of 3 s, its narration alone."""
    start = number * 3 * RATE
    return samples[start : start + 3 * RATE]


def click(at: int, length: int = SOURCE_RATE) -> Samples:
    samples = np.zeros(length, np.float32)
    samples[at] = 0.9
    return samples


def test_narrations_stand_at_their_shots_start_plus_the_lead_to_the_sample(
    make_narration: MakeNarration,
) -> None:
    narrations = [make_narration(f"n{k}", samples=click(1000 * k + 500)) for k in range(3)]
    mixed = mix(narrations)
    assert mixed.shape == (9 * RATE, 2)
    for number in range(3):
        loudest = np.abs(shot_of(mixed, number)).max(axis=1).argmax()
        assert loudest == round(LEAD_SECONDS * RATE) + 2 * (1000 * number + 500)


def test_the_room_is_wide_soft_and_soon_over(make_narration: MakeNarration) -> None:
    mixed = mix([make_narration("n", samples=click(12_000))])
    dry_at = round(LEAD_SECONDS * RATE) + 24_000
    voice, room = mixed[dry_at - 200 : dry_at + 200], mixed[dry_at + 200 :]
    assert not np.array_equal(room[:, 0], room[:, 1])
    powers = [np.square(np.abs(np.fft.rfft(part, RATE, axis=0)[200:4000])).mean() for part in (room, voice)]
    assert 10 * np.log10(powers[0] / powers[1]) == pytest.approx(-20, abs=0.5)
    assert np.abs(room[RATE // 3 :]).max() < 1e-4


def test_a_master_has_the_loudness_asked_for_and_its_peaks_under_the_ceiling(
    make_narration: MakeNarration,
) -> None:
    mixed = mix([make_narration(f"n{k}", 2.2) for k in range(2)])
    assert integrated_loudness(mixed, RATE) < -16
    mastered = mastered_at_14(mixed)
    assert integrated_loudness(mastered, RATE) == pytest.approx(-14.0, abs=0.1)
    assert true_peak_dbtp(mastered) <= CEILING_DBTP + 0.05
    assert mastered.shape == mixed.shape


def test_a_loud_mix_is_turned_down(make_narration: MakeNarration) -> None:
    mixed = mix([make_narration("n", 2.2)])
    loud = mastered_at_14(mixed) * np.float32(3)
    assert integrated_loudness(mastered_at_14(loud), RATE) == pytest.approx(-14.0, abs=0.1)


def test_silence_stays_silence(make_narration: MakeNarration) -> None:
    mixed = mix([make_narration("n", samples=np.zeros(SOURCE_RATE, np.float32))])
    assert not mastered_at_14(mixed).any()


def test_noise_without_a_voice_is_not_blown_up(make_narration: MakeNarration) -> None:
    hiss = np.random.default_rng(4).normal(0, 0.0005, 2 * SOURCE_RATE).astype(np.float32)
    mixed = mix([make_narration("n", samples=hiss)])
    gained = integrated_loudness(mastered_at_14(mixed), RATE) - integrated_loudness(mixed, RATE)
    assert 0 < gained <= MOST_GAIN_DB + 0.1


def test_a_quieter_voice_is_brought_towards_the_others_but_not_all_the_way(
    make_narration: MakeNarration,
) -> None:
    voice = make_narration("loud", 2.2)
    narrations = [voice, make_narration("quiet", samples=0.1 * buzz_like(2.2)), make_narration("also", 2.2)]
    mixed = mix(narrations)
    levels = [integrated_loudness(shot_of(mixed, number), RATE) for number in range(3)]
    assert levels[0] == pytest.approx(levels[2], abs=0.1)
    assert levels[0] - levels[1] == pytest.approx(20 - MOST_LEVELLING_DB, abs=0.5)


def test_a_narration_that_is_only_noise_is_left_where_it_is(make_narration: MakeNarration) -> None:
    hiss = np.random.default_rng(4).normal(0, 0.0005, 2 * SOURCE_RATE).astype(np.float32)
    mixed = mix([make_narration("voice", 2.2), make_narration("hiss", samples=hiss)])
    alone = mix([make_narration("hiss-alone", samples=hiss)])
    assert integrated_loudness(shot_of(mixed, 1), RATE) == pytest.approx(
        integrated_loudness(alone, RATE), abs=0.1
    )


def buzz_like(seconds: float) -> Samples:
    """The voice that `make_narration` makes by itself."""
    time = np.arange(round(seconds * SOURCE_RATE)) / SOURCE_RATE
    harmonics = sum(np.sin(2 * np.pi * 130 * n * time + n * n) / n for n in range(1, 25))
    return (0.12 * harmonics * np.clip(np.sin(2 * np.pi * 4 * time), 0, None)).astype(np.float32)
