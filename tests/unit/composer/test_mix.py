"""The mix: narrations in their places to the sample, in one room, at levels near each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from services.composer.levels import RATE, measure
from services.composer.mix import BLOCK, MOST_LEVELLING_DB, Mix, mix_narrations
from services.composer.timeline import ClipSource, NarrationSource, build_timeline
from storyreel.media.audio import Samples
from storyreel.timing import LEAD_SECONDS, shot_frames

MakeNarration = Callable[..., NarrationSource]
SOURCE_RATE = 24_000


def mix_of(narrations: Sequence[NarrationSource]) -> Mix:
    clips = [ClipSource(n.path, shot_frames(n.duration_seconds, 30)) for n in narrations]
    return mix_narrations(build_timeline(clips, narrations, 30), narrations)


def mix(narrations: Sequence[NarrationSource], size: int = BLOCK) -> Samples:
    return np.concatenate(list(mix_of(narrations).blocks(size)))


def loudness(samples: Samples) -> float:
    return measure([samples]).lufs()


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


@pytest.mark.parametrize("size", [5_000, 48_001, 1 << 20])
def test_the_mix_does_not_depend_on_the_size_of_its_blocks(make_narration: MakeNarration, size: int) -> None:
    narrations = [make_narration(f"n{k}", 2.2) for k in range(3)]
    assert np.abs(mix(narrations, size) - mix(narrations)).max() < 1e-6


def test_every_block_but_the_last_has_the_size_asked_for(make_narration: MakeNarration) -> None:
    lengths = [len(block) for block in mix_of([make_narration("n")]).blocks(10_000)]
    assert lengths == [10_000] * 14 + [4_000]


def test_an_empty_narration_is_silence(make_narration: MakeNarration) -> None:
    assert not mix([make_narration("empty", samples=np.zeros(0, np.float32), text="")]).any()


def test_the_same_mix_can_be_heard_twice(make_narration: MakeNarration) -> None:
    mixed = mix_of([make_narration("n")])
    assert all(np.array_equal(a, b) for a, b in zip(mixed.blocks(), mixed.blocks(), strict=True))


def test_a_quieter_voice_is_brought_towards_the_others_but_not_all_the_way(
    make_narration: MakeNarration,
) -> None:
    voice = make_narration("loud", 2.2)
    narrations = [voice, make_narration("quiet", samples=0.1 * buzz_like(2.2)), make_narration("also", 2.2)]
    mixed = mix(narrations)
    levels = [loudness(shot_of(mixed, number)) for number in range(3)]
    assert levels[0] == pytest.approx(levels[2], abs=0.1)
    assert levels[0] - levels[1] == pytest.approx(20 - MOST_LEVELLING_DB, abs=0.5)


def test_a_narration_that_is_only_noise_is_left_where_it_is(make_narration: MakeNarration) -> None:
    hiss = np.random.default_rng(4).normal(0, 0.0005, 2 * SOURCE_RATE).astype(np.float32)
    mixed = mix([make_narration("voice", 2.2), make_narration("hiss", samples=hiss)])
    alone = mix([make_narration("hiss-alone", samples=hiss)])
    assert loudness(shot_of(mixed, 1)) == pytest.approx(loudness(alone), abs=0.1)


def buzz_like(seconds: float) -> Samples:
    """The voice that `make_narration` makes by itself."""
    time = np.arange(round(seconds * SOURCE_RATE)) / SOURCE_RATE
    harmonics = sum(np.sin(2 * np.pi * 130 * n * time + n * n) / n for n in range(1, 25))
    return (0.12 * harmonics * np.clip(np.sin(2 * np.pi * 4 * time), 0, None)).astype(np.float32)
