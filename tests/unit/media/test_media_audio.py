"""Audio keeps its place in time, its level and its length, through any codec and rate."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest

from storyreel.media.audio import Samples, decode_mono, encode_aac, stereo_blocks
from storyreel.media.errors import MediaError
from storyreel.media.probe import probe

RATE = 48_000
AAC_FRAME = 1024


def write_wav(path: Path, samples: Samples, rate: int) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1 if samples.ndim == 1 else samples.shape[1])
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((samples * 32767).astype("<i2").tobytes())


def decode_stereo(path: Path) -> Samples:
    return np.concatenate(list(stereo_blocks(path, RATE, RATE)))


def tone(rate: int, seconds: float, hertz: float = 440.0) -> Samples:
    return (0.5 * np.sin(2 * np.pi * hertz * np.arange(round(rate * seconds)) / rate)).astype(np.float32)


def test_decoding_at_the_files_own_rate_changes_nothing(tmp_path: Path) -> None:
    samples = tone(24_000, 0.5)
    write_wav(tmp_path / "a.wav", samples, 24_000)
    assert np.abs(decode_mono(tmp_path / "a.wav", 24_000) - samples).max() < 1e-4


def test_resampling_keeps_time_and_level(tmp_path: Path) -> None:
    write_wav(tmp_path / "a.wav", tone(24_000, 1.0), 24_000)
    decoded = decode_mono(tmp_path / "a.wav", RATE)
    assert len(decoded) == RATE
    middle = slice(RATE // 4, -RATE // 4)
    assert np.abs(decoded[middle] - tone(RATE, 1.0)[middle]).max() < 2e-3


def test_stereo_is_mixed_down_to_the_mean_of_its_sides(tmp_path: Path) -> None:
    left, right = tone(RATE, 0.3), tone(RATE, 0.3, 660.0)
    write_wav(tmp_path / "a.wav", np.stack((left, right), axis=1), RATE)
    assert np.abs(decode_mono(tmp_path / "a.wav", RATE) - (left + right) / 2).max() < 1e-3
    assert decode_stereo(tmp_path / "a.wav").shape == (len(left), 2)


def test_aac_is_heard_at_the_time_it_was_put_with_its_priming_hidden(tmp_path: Path) -> None:
    samples = np.stack((tone(RATE, 1.0, 330.0), tone(RATE, 1.0, 550.0)), axis=1)
    samples[: RATE // 2] = 0
    encode_aac([samples], RATE, tmp_path / "a.m4a")
    decoded = decode_stereo(tmp_path / "a.m4a")
    assert 0 <= len(decoded) - len(samples) < AAC_FRAME
    error = decoded[: len(samples)] - samples
    assert np.square(error).sum() < 0.001 * np.square(samples).sum()


def test_an_aac_file_lasts_as_long_as_its_samples(tmp_path: Path) -> None:
    encode_aac([np.zeros((12_345, 2), np.float32)], RATE, tmp_path / "a.m4a")
    facts = probe(tmp_path / "a.m4a")
    assert facts.audio is not None
    assert (facts.audio.codec, facts.audio.rate, facts.audio.channels) == ("aac", RATE, 2)
    assert abs(float(facts.audio.seconds) * RATE - 12_345) <= AAC_FRAME


def test_aac_is_the_same_however_its_samples_come_in_blocks(tmp_path: Path) -> None:
    samples = np.stack((tone(RATE, 1.0, 330.0), tone(RATE, 1.0, 550.0)), axis=1)
    encode_aac([samples], RATE, tmp_path / "whole.m4a")
    encode_aac(np.split(samples, [1, 1_000, 1_024, 30_001]), RATE, tmp_path / "parts.m4a")
    whole, parts = decode_stereo(tmp_path / "whole.m4a"), decode_stereo(tmp_path / "parts.m4a")
    assert np.array_equal(whole, parts)


def test_sound_is_decoded_in_blocks_of_about_the_size_asked_for(tmp_path: Path) -> None:
    write_wav(tmp_path / "a.wav", tone(24_000, 3.0), 24_000)
    blocks = list(stereo_blocks(tmp_path / "a.wav", RATE, 10_000))
    assert sum(map(len, blocks)) == 3 * RATE
    assert all(10_000 <= len(block) < 20_000 for block in blocks[:-1])
    mono = decode_mono(tmp_path / "a.wav", RATE)
    assert np.array_equal(np.concatenate(blocks), np.stack((mono, mono), axis=1))


def test_mono_samples_are_not_encoded_as_stereo(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"\(100,\)"):
        encode_aac([np.zeros(100, np.float32)], RATE, tmp_path / "a.m4a")


def test_a_file_that_is_no_audio_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "narration.mp3").write_bytes(b"not audio at all" * 50)
    with pytest.raises(MediaError, match=r"narration\.mp3"):
        decode_mono(tmp_path / "narration.mp3", RATE)


def test_a_mono_file_is_as_loud_on_both_sides_as_it_is(tmp_path: Path) -> None:
    write_wav(tmp_path / "a.wav", tone(RATE, 0.2), RATE)
    stereo = decode_stereo(tmp_path / "a.wav")
    assert np.abs(stereo - tone(RATE, 0.2)[:, np.newaxis]).max() < 1e-4
