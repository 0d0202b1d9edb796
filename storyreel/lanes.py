"""Lanes: what a person sits and waits for goes before what runs by itself."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

INTERACTIVE_LINES: Final = 8
"""A job with at most so many assets to be made is waited for: an image, a shot done again."""


class Lane(StrEnum):
    """The lane of a job, and of the rows that it wants."""

    INTERACTIVE = "interactive"
    BULK = "bulk"


def lane_of(missing_lines: int) -> Lane:
    """The lane of a plan of which so many lines are not there yet."""
    return Lane.INTERACTIVE if missing_lines <= INTERACTIVE_LINES else Lane.BULK
