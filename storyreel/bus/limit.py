"""The limit that stops a consumer: a bad deploy must not drain its topics into the dead letters."""

from __future__ import annotations

from collections import deque
from typing import Final

WINDOW: Final = 50
"""How many of the last messages are looked at."""
AT_LEAST: Final = 10
"""Fewer messages than these say nothing about a share."""


class DeadLetterLimit:
    """Remembers how the last messages ended, and says when one more dead letter would be too many.

    At most `max(AT_LEAST - 1, share * WINDOW)` messages become dead letters in a row.
    """

    def __init__(self, share: float) -> None:
        """`share` is the part of the recent messages, from 0 to 1, that may become dead letters."""
        self._share = share
        self._recent: deque[bool] = deque(maxlen=WINDOW)

    def note(self, *, dead: bool) -> None:
        """A message has ended, handled or as a dead letter."""
        self._recent.append(dead)

    def reached(self) -> bool:
        """Whether one more dead letter would exceed the share."""
        others = list(self._recent)[-(WINDOW - 1) :]
        seen, dead = len(others) + 1, sum(others) + 1
        return seen >= AT_LEAST and dead > self._share * seen
