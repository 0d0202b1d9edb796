"""Still pictures between files and RGB arrays, by PyAV, which every service has that touches pictures."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Final, cast

import av
import numpy as np
import numpy.typing as npt
from av.video.codeccontext import VideoCodecContext
from av.video.reformatter import ColorRange, Colorspace

from storyreel.media.errors import MediaError
from storyreel.media.files import replacing

Picture = npt.NDArray[np.uint8]
"""RGB levels, shape (height, width, 3)."""

JPEG_QSCALE: Final = 3
"""FFmpeg's scale for JPEG: 2 is the finest, 31 the coarsest."""


def read_picture(path: Path) -> Picture:
    """Decode a PNG, JPEG or WebP to RGB. Transparency is dropped. Raises MediaError naming the file."""
    try:
        with av.open(str(path), "r") as container:
            if not container.streams.video:
                raise MediaError(f"{path.name} holds no picture: use a PNG, JPEG or WebP file")
            frame = next(container.decode(video=0))
    except (av.FFmpegError, StopIteration) as error:
        raise MediaError(f"{path.name} does not decode as a picture: {error or 'it is empty'}") from error
    return rgb_array(frame)


def rgb_array(frame: av.VideoFrame) -> Picture:
    """A decoded frame as RGB, by its own colour tags; untagged YUV is taken as BT.601, as JPEG is."""
    return cast(Picture, frame.to_ndarray(format="rgb24"))


def write_jpeg(picture: Picture, out: Path) -> None:
    """Encode RGB to a JPEG as JFIF has it: BT.601 matrix, full range."""
    height, width = picture.shape[:2]
    frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24").reformat(
        format="yuvj420p", dst_colorspace=Colorspace.ITU601, dst_color_range=ColorRange.JPEG
    )
    encoder = VideoCodecContext.create("mjpeg", "w")
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuvj420p"
    encoder.time_base = Fraction(1, 1)
    encoder.color_range = ColorRange.JPEG
    encoder.options = {"qmin": str(JPEG_QSCALE), "qmax": str(JPEG_QSCALE), "huffman": "optimal"}
    with replacing(out) as temporary:
        temporary.write_bytes(
            b"".join(bytes(packet) for packet in (*encoder.encode(frame), *encoder.encode(None)))
        )
