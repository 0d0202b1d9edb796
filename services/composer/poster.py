"""The film's poster: the first frame that is strong enough to stand for it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import av
import numpy as np

from services.composer.timeline import ClipSource
from storyreel.media.errors import MediaError
from storyreel.media.images import Picture, rgb_array, write_jpeg

STRONG: Final = 32.0
"""The spread of levels that makes a frame strong: a dark or even one has less."""
MOST_SHOTS: Final = 8
"""How many shots are looked at before the best of them has to do."""


def write_poster(clips: Sequence[ClipSource], out: Path) -> None:
    """Write a JPEG of the first strong opening frame among the first shots, or of the strongest there.

    Raises MediaError where a clip does not decode.
    """
    best: Picture | None = None
    for clip in clips[:MOST_SHOTS]:
        frame = _opening(clip.path)
        if best is None or _strength(frame) > _strength(best):
            best = frame
        if _strength(best) >= STRONG:
            break
    if best is None:
        raise MediaError("a poster needs at least one clip")
    write_jpeg(best, out)


def _opening(path: Path) -> Picture:
    try:
        with av.open(str(path), "r") as container:
            return rgb_array(next(container.decode(video=0)))
    except (av.FFmpegError, StopIteration) as error:
        raise MediaError(f"the clip {path.name} does not decode: {error or 'it is empty'}") from error


def _strength(picture: Picture) -> float:
    """How much there is to see: the spread of light and of colour, on a grid of samples."""
    sampled = picture[::8, ::8].astype(np.float32)
    light = sampled.mean(axis=2)
    colour = sampled.max(axis=2) - sampled.min(axis=2)
    return float(light.std() + colour.std() / 2)
