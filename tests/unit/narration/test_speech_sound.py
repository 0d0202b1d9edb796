"""How local speech sounds: the same each time, equally loud, clean at its ends, and each voice itself."""

from __future__ import annotations

import io
import pickle
from itertools import pairwise

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from services.narration.engines.local.audio_file import encode_flac
from services.narration.engines.local.level import PEAK_CEILING, SPEECH_LUFS, loudness_lufs
from services.narration.engines.local.speech import Spoken, speak
from services.narration.engines.local.voices import TABLE
from storyreel.recipes import NarrationRecipe
from storyreel.storyboard import Speech
from storyreel.timing import estimate_speech_seconds
from storyreel.voices import VOICES

LINE = "The old lantern swung above the door, and the wind carried the smell of rain."


def say(*speech: tuple[str, str], take: int = 1) -> Spoken:
    parts = tuple(Speech(text=text, voice=voice) for text, voice in speech)
    return speak(NarrationRecipe(engine="local", model="hibari-0.2.1", speech=parts, take=take))


def median_pitch(samples: NDArray[np.float32], rate: int) -> float:
    """The middle of the pitches in Hz, by autocorrelation of 60 ms windows that are clearly voiced."""
    size, pitches = rate * 60 // 1000, []
    shortest, longest = rate // 480, rate // 60
    for start in range(0, len(samples) - size, size // 2):
        window = samples[start : start + size] * np.hanning(size)
        spectrum = np.abs(np.fft.rfft(window, 2 * size)) ** 2
        similarity = np.fft.irfft(spectrum)[:size] / np.correlate(np.hanning(size), np.hanning(size), "full")[
            size - 1 :
        ].clip(1)
        if np.sqrt(np.mean(window**2)) < 0.02:
            continue
        lag = shortest + int(np.argmax(similarity[shortest:longest]))
        if similarity[lag] > 0.6 * similarity[0]:
            pitches.append(rate / lag)
    return float(np.median(pitches))


@pytest.fixture(scope="module")
def lines() -> dict[str, Spoken]:
    return {voice: say((LINE, voice)) for voice in VOICES}


def test_every_voice_that_is_offered_is_spoken() -> None:
    assert set(TABLE) == set(VOICES)


def test_an_unknown_voice_is_refused_with_the_voices_there_are() -> None:
    with pytest.raises(ValueError, match=r"unknown voice 'dragon'.*narrator, woman.*robot"):
        say(("Hello.", "dragon"))


def test_the_same_recipe_gives_the_same_bytes() -> None:
    speech = ((LINE, "narrator"), ("“Run!”", "boy"))
    first, second = say(*speech), say(*speech)
    assert encode_flac(first.samples, first.sample_rate) == encode_flac(second.samples, second.sample_rate)
    assert first.words == second.words


def test_another_take_is_another_reading() -> None:
    assert say((LINE, "man"), take=2).duration_seconds != say((LINE, "man"), take=3).duration_seconds


def test_voices_differ_in_pitch(lines: dict[str, Spoken]) -> None:
    pitch = {v: median_pitch(s.samples, s.sample_rate) for v, s in lines.items() if v != "whisper"}
    order = ["giant", "man", "young_man", "narrator", "woman", "boy", "girl", "small"]
    assert all(pitch[higher] > 1.08 * pitch[lower] for lower, higher in pairwise(order)), pitch


def test_voices_are_equally_loud_and_never_clip(lines: dict[str, Spoken]) -> None:
    for voice, spoken in lines.items():
        assert loudness_lufs(spoken.samples) == pytest.approx(SPEECH_LUFS, abs=0.6), voice
        assert np.abs(spoken.samples).max() <= PEAK_CEILING + 1e-6, voice


def test_narration_starts_and_ends_with_sound(lines: dict[str, Spoken]) -> None:
    for voice, spoken in lines.items():
        heard = np.flatnonzero(np.abs(spoken.samples) > 0.01 * np.abs(spoken.samples).max())
        assert heard[0] < 0.06 * spoken.sample_rate, voice
        assert len(spoken.samples) - heard[-1] < 0.06 * spoken.sample_rate, voice


def test_a_change_of_voice_does_not_click() -> None:
    spoken = say(("Ah", "giant"), ("oh", "small"), ("ah", "robot"))
    assert abs(spoken.samples[0]) < 1e-3
    assert abs(spoken.samples[-1]) < 1e-3
    silent = np.flatnonzero(spoken.samples == 0)
    edges = [i for i in silent if i + 1 < len(spoken.samples)]
    assert np.abs(spoken.samples[np.asarray(edges) + 1]).max() < 1e-3


def test_punctuation_makes_pauses() -> None:
    def pause(text: str) -> float:
        words = say((text, "narrator")).words
        return words[2].start_seconds - words[1].end_seconds

    assert pause("She left, and nobody knew.") >= 0.1
    assert pause("She left — and nobody knew.") == 0.0  # the dash itself is the third word
    assert pause("She left; then nobody knew.") >= 0.2
    assert pause("She left… and nobody knew.") >= 0.35
    assert pause("She left. Then nobody knew.") >= 0.35


def test_a_narration_crosses_processes() -> None:
    spoken = say(("Hello there.", "child"))
    copy = pickle.loads(pickle.dumps(spoken))
    assert copy.words == spoken.words
    assert np.array_equal(copy.samples, spoken.samples)


def test_a_flac_file_holds_the_samples() -> None:
    spoken = say(("Hello there.", "narrator"))
    with av.open(io.BytesIO(encode_flac(spoken.samples, spoken.sample_rate)), "r") as container:
        stream = container.streams.audio[0]
        assert (stream.rate, stream.channels, stream.codec_context.name) == (24000, 1, "flac")
        decoded = np.concatenate([frame.to_ndarray()[0] for frame in container.decode(stream)])
    assert decoded.shape == spoken.samples.shape
    assert np.abs(decoded / 32767 - spoken.samples).max() <= 0.51 / 32767


@pytest.mark.parametrize("samples", [np.zeros(0), np.zeros((2, 9)), np.full(9, 1.5), np.full(9, np.nan)])
def test_samples_that_are_not_speech_are_refused(samples: NDArray[np.float64]) -> None:
    with pytest.raises(ValueError, match="speech must be"):
        encode_flac(samples.astype(np.float32), 24000)


def test_the_estimate_is_near_what_the_narrator_takes(lines: dict[str, Spoken]) -> None:
    story = f"{LINE} “Who is there?” asked Mira; nobody answered. It was 3:30 in the morning!"
    for text in (LINE, story):
        assert 0.8 < say((text, "narrator")).duration_seconds / estimate_speech_seconds(text) < 1.2
    for voice, spoken in lines.items():
        assert spoken.duration_seconds < 1.3 * estimate_speech_seconds(LINE), voice
