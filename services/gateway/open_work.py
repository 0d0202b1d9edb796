"""The cap on the work that one owner may have open, so that nobody fills the boards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from storyreel.errors import StoryreelError

TRY_AGAIN_SECONDS: Final = 30


class TooMuchOpenWorkError(StoryreelError):
    """The owner has to wait until some of their jobs have ended."""


@dataclass(frozen=True)
class OpenWork:
    """An owner's jobs that have not ended, and the lines that they still wait for."""

    jobs: int
    lines: int


@dataclass(frozen=True)
class OpenWorkLimits:
    """How many jobs, and lines of these, an owner may have open at once."""

    jobs: int
    lines: int

    def check(self, now: OpenWork, *, lines: int) -> None:
        """Raises TooMuchOpenWorkError where one job more, of that many lines, is over a limit.

        Raises ValueError where that job is over it alone: waiting would not help.
        """
        if lines > self.lines:
            raise ValueError(
                f"this has {lines:,} assets to make and {self.lines:,} are allowed at once: make it shorter"
            )
        if now.jobs >= self.jobs or now.lines + lines > self.lines:
            raise TooMuchOpenWorkError(
                f"this has {lines:,} assets to make; you have {now.jobs:,} of {self.jobs:,} jobs open, with "
                f"{now.lines:,} of {self.lines:,} assets still to be made: wait until some have ended, or "
                "cancel one"
            )
