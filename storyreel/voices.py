"""The voices a character can be given: their names, which a script may use, and what each sounds like.

The names are part of the contract between the gateway, which checks them, and every narration engine,
which turns each into a voice of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

DEFAULT_VOICE: Final = "narrator"
"""Who speaks when nothing else is said."""

VOICE_DESCRIPTIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "narrator": "a warm, clear storyteller",
        "woman": "a grown woman, bright and friendly",
        "man": "a grown man, calm",
        "young_man": "a young man, light and quick",
        "boy": "a boy, eager",
        "girl": "a girl, high and lively",
        "child": "a small child, slower and careful",
        "old_man": "an old man, slow, with a slight tremor",
        "old_woman": "an old woman, slow, with a slight tremor",
        "deep": "a very low, even voice",
        "giant": "something huge: very low and slow",
        "small": "something tiny: very high and quick",
        "gruff": "a low, rough voice: a bear, a pirate",
        "whisper": "breath alone: a ghost, a secret",
        "robot": "a machine: every word on one note",
    }
)
"""Each voice's name, and what it sounds like in one line."""

VOICES: Final[tuple[str, ...]] = tuple(VOICE_DESCRIPTIONS)
"""The names of all voices."""
