"""What a broken promise of the board is raised as."""

from __future__ import annotations


class ViolationError(AssertionError):
    """The board broke a promise."""


def require(holds: bool, promise: str) -> None:
    """Raises ViolationError, naming the promise that was broken."""
    if not holds:
        raise ViolationError(promise)
