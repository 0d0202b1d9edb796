"""Where a piece of the narrated text is. Everything that is found in a story is a span of that one string."""

from __future__ import annotations

from typing import NamedTuple


class Span(NamedTuple):
    """From the character at `start` up to, and without, the one at `end`."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The words of this span."""
        return text[self.start : self.end]

    def holds(self, position: int) -> bool:
        """Whether the character at `position` is in this span."""
        return self.start <= position < self.end

    def overlaps(self, other: Span) -> bool:
        """Whether the two share a character."""
        return self.start < other.end and other.start < self.end
