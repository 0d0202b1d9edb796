"""How often something costly is done: at a set pace, and more rarely where it takes long."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

SHARE: Final = 0.05
"""The greatest part of the time that it may take."""


class Pace:
    """A pace of at most once in `shortest_seconds`, and no more than `SHARE` of the time in all."""

    def __init__(self, shortest_seconds: float) -> None:
        self._shortest = shortest_seconds
        self._next = 0.0

    def due(self) -> bool:
        """Whether it is time again."""
        return time.monotonic() >= self._next

    @contextmanager
    def spending(self) -> Iterator[None]:
        """Around the work itself; what it costs decides when it is due again."""
        started = time.monotonic()
        try:
            yield
        finally:
            ended = time.monotonic()
            self._next = ended + max(self._shortest, (ended - started) / SHARE)
