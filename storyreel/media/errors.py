"""The one error of the media primitives: a file that is not what it should be."""

from __future__ import annotations

from storyreel.errors import InvalidError


class MediaError(InvalidError):
    """A media file lacks a track, is damaged, or differs from what it must match."""
