"""Speaks a narration with the small model that ships with hibari-tts: samples, and the time of every word.

The same recipe always gives the same samples.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import hibari
import numpy as np
from numpy.typing import NDArray

from services.narration.engines.local.acoustics import (
    SAMPLE_RATE,
    SAMPLES_PER_FRAME,
    Floats,
    Frames,
    paced,
    quiet_frames,
    synthesise,
)
from services.narration.engines.local.level import faded, levelled, sounding
from services.narration.engines.local.phrasing import gap_seconds, sentences, with_pauses
from services.narration.engines.local.pronunciation import NOT_SOUNDED, Passage, Pronouncer
from services.narration.engines.local.voices import Voice, shape, voice_named
from services.narration.timing import Span, SpokenWord, place_words, words_of
from storyreel.recipes import NarrationRecipe
from storyreel.storyboard import Speech

DURATIONS: Final = b"/Cast_32_output_0"
"""The inner tensor of hibari 0.2.1's graph that says how long each phoneme lasts, in steps of 25 ms."""
FRAMES_PER_STEP: Final = 2
SHORTEST_WORD_FRAMES: Final = 4
"""A word that is audible for less than 50 ms is so soft that where it is audible says little."""
REACH: Final = 12
"""How far outside a word's own frames its sound is looked for: 150 ms."""


@dataclass(frozen=True, eq=False)
class Spoken:
    """A narration: mono samples in [-1, 1], and its words with their times from the first sample."""

    samples: Floats
    sample_rate: int
    duration_seconds: float
    words: tuple[SpokenWord, ...]


class LocalVoice:
    """The speech model in memory. Made once in a process, by `local_voice`."""

    def __init__(self) -> None:
        model = Path(hibari.__file__).with_name("assets") / "hibari.onnx"
        # Protobuf fields may be appended: ModelProto.graph (7) merges, and gains an output (12) by name (1).
        patched = model.read_bytes() + _field(7, _field(12, _field(1, DURATIONS)))
        self._model = hibari.Hibari(model=patched, threads=1)
        self.pronouncer = Pronouncer(self._model.g2p, self._model.vocab)

    def predict(self, phonemes: str) -> tuple[Frames, list[int]]:
        """The frames of `phonemes`, and `edges`: phoneme i lasts from frame edges[i] to edges[i + 1]."""
        inputs = {"ids": np.asarray([self._model.ids(phonemes)], np.int64), "speed": np.ones(1, np.float32)}
        *parts, durations = self._model.sess.run(None, inputs)
        frames = Frames(*(part[0] for part in parts))
        ends = np.cumsum(durations) * FRAMES_PER_STEP
        # The first and last of the durations are the silence before and after.
        if len(ends) != len(phonemes) + 2 or ends[-1] != len(frames):
            raise RuntimeError(
                f"hibari's phoneme durations give {ends[-1]} frames, its spectrum has {len(frames)}: "
                "word times would be wrong; install hibari-tts 0.2.1"
            )
        return frames, [int(end) for end in ends[:-1]]


@functools.cache
def local_voice() -> LocalVoice:
    """The process's speech model, loaded when it is first needed."""
    return LocalVoice()


def speak(recipe: NarrationRecipe) -> Spoken:
    """The narration that `recipe` describes.

    Raises ValueError if a voice is unknown, or if nothing in the text can be pronounced.
    """
    track = _Track()
    first = 0
    for number, part in enumerate(recipe.speech):
        voice = _varied(voice_named(part.voice), recipe.take)
        run = _say(part, first, voice, seed=(recipe.take, number))
        for passage, samples in zip(run, levelled([p.samples for p in run]) if run else [], strict=True):
            track.add(replace(passage, samples=faded(samples)), part.voice)
        first += len(part.text.split())
    words = words_of(recipe.speech)
    if not track.spans:
        raise ValueError(
            f"cannot speak {' '.join(words)!r}: no word in it can be pronounced; write it in Latin letters"
        )
    samples = np.concatenate(track.pieces)
    duration = len(samples) / SAMPLE_RATE
    return Spoken(samples, SAMPLE_RATE, duration, place_words(words, track.spans, duration))


@dataclass(frozen=True, eq=False)
class _Said:
    """A passage as sound: its words' times from its own start, and the words it opens and ends with."""

    samples: Floats
    spans: dict[int, Span]
    opening: str
    ending: str


@dataclass(eq=False)
class _Track:
    """Passages, one after another, with the silence between them."""

    pieces: list[Floats] = field(default_factory=list)
    spans: dict[int, Span] = field(default_factory=dict)
    length: int = 0
    ending: str = ""
    voice: str = ""

    def add(self, said: _Said, voice: str) -> None:
        if self.pieces:
            gap = gap_seconds(self.ending, said.opening, new_voice=voice != self.voice)
            self._append(np.zeros(round(gap * SAMPLE_RATE), np.float32))
        offset = self.length / SAMPLE_RATE
        for word, (start, end) in said.spans.items():
            # A word that a long passage is cut in goes on in the next one.
            self.spans[word] = (self.spans.get(word, (offset + start, 0.0))[0], offset + end)
        self._append(said.samples)
        self.ending, self.voice = said.ending, voice

    def _append(self, samples: Floats) -> None:
        self.pieces.append(samples)
        self.length += len(samples)


def _say(part: Speech, first: int, voice: Voice, seed: tuple[int, int]) -> list[_Said]:
    """One run of speech, passage by passage, before it is levelled; `first` is its first word's index."""
    words = part.text.split()
    pronouncer = local_voice().pronouncer
    said: list[_Said] = []
    for places in sentences(words):
        for passage in pronouncer.passages(words[places.start : places.stop], places.start):
            frames, edges = _performed(passage, voice)
            samples = synthesise(shape(frames, voice), (*seed, len(said)))
            heard = sounding(samples)
            spans = _spans(passage, frames, edges, heard)
            opening, ending = words[min(spans)], words[passage.owners[-1]]
            spans = {first + word: span for word, span in spans.items()}
            said.append(_Said(samples[heard], spans, opening, ending))
    return said


def _performed(passage: Passage, voice: Voice) -> tuple[Frames, list[int]]:
    """The frames of `passage` at the pace of `voice` and with its pauses, and its phonemes' edges in them."""
    frames, edges = local_voice().predict(passage.phonemes)
    moved = paced(frames, voice.speed)
    edges = [round(edge * len(moved) / len(frames)) for edge in edges]
    return with_pauses(moved, passage, edges)


def _spans(passage: Passage, frames: Frames, edges: Sequence[int], heard: slice) -> dict[int, Span]:
    """When each word of `passage` is heard, in seconds from the start of the part that is kept."""
    extents: dict[int, tuple[int, int]] = {}
    for place, (phoneme, word) in enumerate(zip(passage.phonemes, passage.owners, strict=True)):
        if phoneme not in NOT_SOUNDED:
            extents[word] = (extents.get(word, (edges[place], 0))[0], edges[place + 1])
    quiet = quiet_frames(frames)
    longest = (heard.stop - heard.start) / SAMPLE_RATE
    spans: dict[int, Span] = {}
    for word, (first, last) in extents.items():
        ends = _audible(quiet, first, last)
        start, end = ((frame * SAMPLES_PER_FRAME - heard.start) / SAMPLE_RATE for frame in ends)
        spans[word] = (min(max(start, 0.0), longest), min(max(end, 0.0), longest))
    return spans


def _audible(quiet: NDArray[np.bool_], first: int, last: int) -> tuple[int, int]:
    """Where the word that the model puts in frames [first, last) is heard.

    The model counts the silence after a phrase to its last phoneme, and starts a phrase's first consonant
    late; where words run into each other its edges are right.
    """
    before = np.flatnonzero(quiet[max(0, first - REACH) : first])
    start = first - min(REACH, first) + int(before[-1]) + 1 if len(before) else first
    sound = start + np.flatnonzero(~quiet[start:last])
    if len(sound) < SHORTEST_WORD_FRAMES:
        return first, last
    end = int(sound[-1]) + 1
    after = np.flatnonzero(quiet[end : end + REACH])
    return start, end + int(after[0]) if len(after) else end


def _varied(voice: Voice, take: int) -> Voice:
    """`voice` as another take has it: a little faster or slower, and livelier or calmer."""
    if take == 1:
        return voice
    chance = np.random.default_rng(take)
    return replace(
        voice,
        speed=voice.speed * chance.uniform(0.95, 1.05),
        intonation=voice.intonation * chance.uniform(0.85, 1.25),
    )


def _field(number: int, content: bytes) -> bytes:
    """A length-delimited protobuf field; `content` is shorter than 128 bytes."""
    return bytes([number << 3 | 2, len(content)]) + content
