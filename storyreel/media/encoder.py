"""The one fixed set of H.264 parameters that every clip of every film is encoded with.

Clips are joined by copying packets, which is only right while all of them come from these parameters:
change one and the clips made before can no longer stand beside those made after.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import av
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc

TIMESCALE: Final = 15360
"""Ticks per second of every video track: whole ticks per frame at 15, 24, 30, 48 and 60 fps."""

PIXEL_FORMAT: Final = "yuv420p"

GOP_FRAMES: Final = 150
"""The most frames between two keyframes: 5 s at 30 fps, so that seeking stays quick."""

OPTIONS: Final = {
    "preset": "veryfast",
    "crf": "20",
    # Closed GOPs make every keyframe a place to cut; aq-mode 3 spares dark gradients from banding.
    "x264-params": f"keyint={GOP_FRAMES}:min-keyint=1:scenecut=0:open-gop=0:aq-mode=3",
}
"""At 1080p on two cores veryfast encodes as fast as superfast here and needs a third of the bits."""

THREADS: Final = 2
"""Fixed, because the bits x264 writes depend on it."""


def frame_ticks(fps: int) -> int:
    """Ticks of `TIMESCALE` that one frame lasts. Raises ValueError where that is not a whole number."""
    if fps <= 0 or TIMESCALE % fps:
        raise ValueError(f"{fps} fps does not divide {TIMESCALE} ticks a second: use 15, 24, 30, 48 or 60")
    return TIMESCALE // fps


class ClipEncoder:
    """Encodes frames, in order, to an MP4 of one H.264 track. Use as a context manager.

    `width` and `height` are pixels and even; `fps` divides `TIMESCALE`.
    """

    def __init__(self, out: Path, *, width: int, height: int, fps: int) -> None:
        if width % 2 or height % 2:
            raise ValueError(
                f"a clip of {width}x{height} pixels has an odd edge: 4:2:0 chroma needs even ones"
            )
        self._frame_ticks = frame_ticks(fps)
        self._frames = 0
        self._container = av.open(str(out), "w", format="mp4", options={"movflags": "+faststart"})
        self._stream = self._container.add_stream("libx264", rate=fps, options=dict(OPTIONS))
        context = self._stream.codec_context
        context.width, context.height, context.pix_fmt = width, height, PIXEL_FORMAT
        context.time_base = Fraction(1, TIMESCALE)
        context.thread_count = THREADS
        context.color_range = ColorRange.MPEG
        context.colorspace = Colorspace.ITU709
        context.color_primaries = ColorPrimaries.BT709
        context.color_trc = ColorTrc.BT709
        self._stream.time_base = Fraction(1, TIMESCALE)

    def write(self, frame: av.VideoFrame) -> None:
        """Encode one frame, already in `PIXEL_FORMAT`, BT.709, limited range, at the clip's size."""
        frame.pts = self._frames * self._frame_ticks
        frame.time_base = Fraction(1, TIMESCALE)
        self._container.mux(self._stream.encode(frame))
        self._frames += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self._container.mux(self._stream.encode(None))
        self._container.close()
