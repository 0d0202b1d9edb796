"""How long a shot lasts: estimated from its text when it is quoted, fixed by its speech when it is made."""

from __future__ import annotations

import math
import re
from typing import Final

LEAD_SECONDS: Final = 0.30
"""Silence before a shot's narration."""
TAIL_SECONDS: Final = 0.45
"""Silence after it."""
SHORTEST_SHOT_SECONDS: Final = 3.0
LONGEST_SHOT_SECONDS: Final = 15.0

SECONDS_PER_LETTER: Final = 0.070
SECONDS_PER_DIGIT: Final = 0.21
SECONDS_PER_CLAUSE: Final = 0.11
SECONDS_PER_SENTENCE: Final = 0.46
"""Of spoken English; fitted to the local narrator, and about 5% more than its middle. A clause or a
sentence counts where more text follows it."""

_CLAUSE: Final = re.compile(r"[,;:—–]\S*(?=\s)")
_SENTENCE: Final = re.compile(r"[.!?…]+[\"”’)]*(?=\s)")


def estimate_speech_seconds(text: str) -> float:
    """About how long `text` takes to say, in seconds."""
    return (
        SECONDS_PER_LETTER * sum(map(str.isalpha, text))
        + SECONDS_PER_DIGIT * sum(map(str.isdigit, text))
        + SECONDS_PER_CLAUSE * len(_CLAUSE.findall(text))
        + SECONDS_PER_SENTENCE * len(_SENTENCE.findall(text.rstrip()))
    )


def estimate_shot_seconds(text: str) -> float:
    """About how long a shot that says `text` lasts on screen, in seconds."""
    return max(SHORTEST_SHOT_SECONDS, LEAD_SECONDS + estimate_speech_seconds(text) + TAIL_SECONDS)


def shot_frames(speech_seconds: float, fps: int) -> int:
    """The frames a shot lasts, given how long its narration turned out: whole frames, rounded up."""
    seconds = max(SHORTEST_SHOT_SECONDS, LEAD_SECONDS + speech_seconds + TAIL_SECONDS)
    return math.ceil(round(seconds * fps, 6))
