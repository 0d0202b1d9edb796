"""When a task is tried or polled again, and when an engine that took it is given up. Times are in seconds."""

from __future__ import annotations

import random
from typing import Final

from storyreel.board.gate import Gate
from storyreel.board.rows import Row

BASE_SECONDS: Final = 2.0
RETRY_CAP_SECONDS: Final = 120.0
POLL_CAP_SECONDS: Final = 60.0
LONGEST_WISH_SECONDS: Final = 86_400.0
"""An engine's wish to be left alone is granted up to a day."""
SILENCE_SECONDS: Final = 6 * 3600.0
SILENT_POLLS: Final = 10
"""An engine that took a request is given up when it has not answered for 6 h, and at least for 10 polls in a
row: time alone would give up what was made while our own workers slept."""
WORKING_SECONDS: Final = 24 * 3600.0
"""An engine that says for a day that it is at work is given up too, so that every task ends."""
UNAVAILABLE_CAP_SECONDS: Final = 15.0
UNAVAILABLE_SECONDS: Final = 24 * 3600.0
"""A task waits for an engine that takes nothing until a day after it was posted."""


def delay(wish: float | None, tries: int, cap: float) -> float:
    """Until the next try: as the engine wished, or exponential with full jitter above half of it."""
    if wish is not None:
        return min(max(0.0, wish), LONGEST_WISH_SECONDS)
    ceiling = min(cap, BASE_SECONDS * 2.0 ** min(max(tries, 1) - 1, 30))
    return random.uniform(ceiling / 2, ceiling)


def is_silent(row: Row, now: float) -> bool:
    """Whether the engine has not answered for so long that it is given up."""
    return row.failed_polls >= SILENT_POLLS and now - _asked_at(row) >= SILENCE_SECONDS


def works_too_long(row: Row, now: float) -> bool:
    """Whether the engine has been at work for so long that it is given up."""
    return now - _asked_at(row) >= WORKING_SECONDS


def is_overdue(row: Row, now: float) -> bool:
    """Whether a row was posted so long ago that an engine that takes nothing is no longer waited for."""
    return now - row.posted_at >= UNAVAILABLE_SECONDS


def unavailable_reason(row: Row, reason: str) -> str:
    """Why an overdue row fails, as a person can act on."""
    hours = f"{UNAVAILABLE_SECONDS / 3600:.0f} h"
    return f"{row.engine} took nothing for {hours}: {reason}; render again later, or with another engine"


def until_available(gate: Gate, now: float, *, wish: float | None) -> float:
    """When a task whose engine could not be asked is tried again, in seconds since 1970.

    A little after the end of a stop, so that another task, if there is one, is the trial.
    """
    if gate.stop is not None:
        return max(now, gate.stop.until) + random.uniform(1.0, 5.0)
    return now + delay(wish, gate.failures, UNAVAILABLE_CAP_SECONDS)


def _asked_at(row: Row) -> float:
    """When the engine was asked, or the row was armed again after that; seconds since 1970."""
    return max(row.intent.at if row.intent else 0.0, row.posted_at)
