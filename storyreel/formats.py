"""Frame sizes of a film: aspect x resolution to pixels. Every size is even, as 4:2:0 chroma needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

FPS: Final = 30
"""Frames per second of every film."""

DEFAULT_ASPECT: Final = "16:9"
DEFAULT_RESOLUTION: Final = "1080p"

PIXELS: Final[dict[str, dict[str, tuple[int, int]]]] = {
    "16:9": {"720p": (1280, 720), "1080p": (1920, 1080)},
    "9:16": {"720p": (720, 1280), "1080p": (1080, 1920)},
    "1:1": {"720p": (720, 720), "1080p": (1080, 1080)},
    "4:5": {"720p": (720, 900), "1080p": (1080, 1350)},
    "21:9": {"720p": (1680, 720), "1080p": (2520, 1080)},
}
"""`PIXELS[aspect][resolution]` is (width, height). The resolution names the shorter edge."""

TIERS: Final = ("low", "medium", "high")
"""The fidelity one pays for."""


@dataclass(frozen=True)
class FrameFormat:
    """The format every clip of one film is conformed to: pixels and frames per second."""

    width: int
    height: int
    fps: int = FPS


def frame_format(aspect: str, resolution: str) -> FrameFormat:
    """The frame format of a film. Raises ValueError naming what is offered."""
    if aspect not in PIXELS:
        raise ValueError(f"unknown aspect {aspect!r}: choose one of {', '.join(PIXELS)}")
    if resolution not in PIXELS[aspect]:
        raise ValueError(f"unknown resolution {resolution!r}: choose one of {', '.join(PIXELS[aspect])}")
    width, height = PIXELS[aspect][resolution]
    return FrameFormat(width, height)
