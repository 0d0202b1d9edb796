"""What the suite's engines deliver: small, valid media, different bytes for every request.

Different bytes make it visible, as an object that nothing names, when two results of one asset are stored.
"""

from __future__ import annotations

import hashlib
import io
import struct
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import av
import numpy as np

from services.image.engines.local.png import encode_png
from storyreel.media.encoder import PIXEL_FORMAT, ClipEncoder

RATE: Final = 16_000
"""Samples per second of a narration."""
TONE_HZ: Final = 220.0
TONE_LEVEL: Final = 0.1


def make(request: dict[str, Any], number: int) -> bytes:
    """The file that a request asks for; `number` is the request's, and makes its bytes its own."""
    kind = request["kind"]
    if kind in ("sheet", "panel"):
        return picture(request["width"], request["height"], number)
    if kind == "narration":
        return speech(speech_seconds(request["key"]), number)
    return clip(request["width"], request["height"], request["fps"], request["frames"], number)


def speech_seconds(key: str) -> float:
    """How long the narration of an asset key turns out: one of a few lengths, always the same."""
    return 2.25 + 0.5 * (hashlib.sha256(key.encode()).digest()[0] % 3)


def picture(width: int, height: int, number: int) -> bytes:
    """A PNG: stripes in a colour of the request."""
    colour = np.frombuffer(hashlib.sha256(str(number).encode()).digest()[:3], np.uint8)
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[:, :: 8 + number % 8] = colour
    return encode_png(pixels, ("request", str(number)))


def speech(seconds: float, number: int) -> bytes:
    """A FLAC file: a quiet tone, with the request's number in its comment."""
    times = np.arange(round(seconds * RATE)) / RATE
    samples = (TONE_LEVEL * 32767 * np.sin(2 * np.pi * TONE_HZ * times)).astype(np.int16)
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="flac") as container:
        container.metadata["comment"] = str(number)
        stream = container.add_stream("flac", rate=RATE, layout="mono")
        stream.codec_context.format = "s16"
        frame = av.AudioFrame.from_ndarray(samples[None, :], format="s16", layout="mono")
        frame.sample_rate = RATE
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return buffer.getvalue()


def clip(width: int, height: int, fps: int, frames: int, number: int) -> bytes:
    """An MP4 as every clip is encoded, with the request's number in a box that players skip."""
    note = str(number).encode()
    return _encoded_clip(width, height, fps, frames) + struct.pack(">I", 8 + len(note)) + b"free" + note


@lru_cache(maxsize=32)
def _encoded_clip(width: int, height: int, fps: int, frames: int) -> bytes:
    with TemporaryDirectory() as folder:
        out = Path(folder) / "clip.mp4"
        with ClipEncoder(out, width=width, height=height, fps=fps) as encoder:
            for number in range(frames):
                encoder.write(_frame(width, height, number))
        return out.read_bytes()


def _frame(width: int, height: int, number: int) -> av.VideoFrame:
    """A ramp of greys that moves."""
    frame = av.VideoFrame(width, height, PIXEL_FORMAT)
    ramp = ((np.arange(width) + 4 * number) % 200 + 20).astype(np.uint8)
    for plane, level in zip(frame.planes, (None, 128, 128), strict=True):
        rows = np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)
        rows[:] = 128
        if level is None:
            rows[:, :width] = ramp
    return frame
