"""Footage made into a clip: the film's size, rate and encoder parameters, as long as its shot.

Footage is fitted by at most `MOST_SPEED` of speed, then by trimming or by holding its last frame.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Final

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace, Interpolation

from storyreel.media.encoder import PIXEL_FORMAT, ClipEncoder
from storyreel.media.errors import MediaError
from storyreel.media.files import replacing
from storyreel.recipes import ClipRecipe

MOST_SPEED: Final = Fraction(11, 10)
"""How much faster, or its inverse slower, footage may play: no one notices this much."""

UNSPECIFIED_COLORSPACE: Final = 2
"""FFmpeg's number for footage that does not say how its colours are coded."""


def conform_footage(recipe: ClipRecipe, footage: Path, frames: int, out: Path) -> None:
    """Write a clip of exactly `frames` frames in the recipe's format from the video at `footage`.

    The picture covers the frame, centred; the footage's sound is left out. Raises ValueError for no frames
    and MediaError for footage that does not decode or has no video.
    """
    if frames < 1:
        raise ValueError(f"a clip of {frames} frames cannot be made: ask for 1 or more")
    try:
        with av.open(str(footage), "r") as source:
            if not source.streams.video:
                raise MediaError(f"the footage {footage.name} has no video track: make it again")
            _encode(recipe, source, footage.name, frames, out)
    except av.FFmpegError as error:
        raise MediaError(f"the footage {footage.name} does not decode: {error}") from error


def _encode(
    recipe: ClipRecipe, source: av.container.InputContainer, name: str, frames: int, out: Path
) -> None:
    stream = source.streams.video[0]
    stream.thread_type = "AUTO"
    speed = playing_speed(_seconds(source, stream), Fraction(frames, recipe.fps))
    with (
        replacing(out) as temporary,
        ClipEncoder(temporary, width=recipe.width, height=recipe.height, fps=recipe.fps) as encoder,
    ):
        for frame in _shown(source, name, frames, speed / recipe.fps):
            encoder.write(cover(frame, recipe.width, recipe.height))


def playing_speed(footage_seconds: Fraction, shot_seconds: Fraction) -> Fraction:
    """How fast footage plays to last as long as its shot, within `MOST_SPEED` either way; 1 where unknown."""
    if footage_seconds <= 0:
        return Fraction(1)
    return max(1 / MOST_SPEED, min(MOST_SPEED, footage_seconds / shot_seconds))


def cover(frame: av.VideoFrame, width: int, height: int) -> av.VideoFrame:
    """The frame scaled to cover `width` x `height` pixels, its middle kept, in BT.709 limited range."""
    scale = max(Fraction(width, frame.width), Fraction(height, frame.height))
    wide, high = (
        max(least, 2 * round(edge * scale / 2))
        for least, edge in ((width, frame.width), (height, frame.height))
    )
    scaled = frame.reformat(
        wide,
        high,
        PIXEL_FORMAT,
        src_colorspace=_colorspace(frame),
        dst_colorspace=Colorspace.ITU709,
        dst_color_range=ColorRange.MPEG,
        interpolation=Interpolation.LANCZOS,
    )
    left, top = (wide - width) // 4 * 2, (high - height) // 4 * 2
    covered = av.VideoFrame(width, height, PIXEL_FORMAT)
    for plane, (origin, target) in enumerate(zip(scaled.planes, covered.planes, strict=True)):
        x, y = (left, top) if plane == 0 else (left // 2, top // 2)
        _rows(target)[:] = _rows(origin)[y : y + target.height, x : x + target.width]
    return covered


def _rows(plane: av.video.plane.VideoPlane) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    """A view of a plane's samples, shape (height, width), without the padding of its rows."""
    return np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width]


def _colorspace(frame: av.VideoFrame) -> int:
    """The matrix of the frame's colours; footage that does not say is HD, as engines deliver it."""
    return Colorspace.ITU709 if frame.colorspace == UNSPECIFIED_COLORSPACE else frame.colorspace


def _shown(
    source: av.container.InputContainer, name: str, frames: int, step: Fraction
) -> Iterator[av.VideoFrame]:
    """The frame that footage shows at each of `frames` times, `step` seconds apart; at last its last one."""
    decoded = source.decode(video=0)
    current = next(decoded, None)
    if current is None:
        raise MediaError(f"the footage {name} has no frames: make it again")
    start = _time(current)
    following = next(decoded, None)
    for number in range(frames):
        while following is not None and _time(following) - start <= number * step:
            current, following = following, next(decoded, None)
        yield current


def _time(frame: av.VideoFrame) -> Fraction:
    return Fraction(frame.pts or 0) * Fraction(frame.time_base or 0)


def _seconds(source: av.container.InputContainer, stream: av.VideoStream) -> Fraction:
    if stream.duration is not None and stream.time_base is not None:
        return stream.duration * stream.time_base
    return Fraction(source.duration or 0, av.time_base)
