"""The one error that the local stack and the command line raise on purpose."""

from __future__ import annotations

from storyreel.errors import StoryreelError


class LocalError(StoryreelError):
    """Something a person at a terminal can act on. Its message is one clear sentence, shown as it is."""
