"""A shot's clip, drawn from its panel: a camera moves over the still, smoothly to a fraction of a pixel.

Never FFmpeg's zoompan: it rounds to whole pixels and shakes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import av
import cv2
import numpy as np
import numpy.typing as npt

from services.video.engines.local.camera import View, plan_move
from services.video.engines.local.planes import OVERSAMPLING, PanelPlanes, Plane, lay_panel
from storyreel.media.encoder import PIXEL_FORMAT, ClipEncoder
from storyreel.media.files import replacing
from storyreel.media.images import read_picture
from storyreel.recipes import ClipRecipe

LUMA_SITE: Final = (0.0, 0.0)
CHROMA_SITE: Final = (0.0, 0.5)
"""Where the first sample of a plane lies, in frame pixels (x, y): H.264's default puts chroma at the left."""


def draw_clip(recipe: ClipRecipe, panel: Path, frames: int, out: Path) -> None:
    """Draw a clip of exactly `frames` frames from the still at `panel` to an MP4 without audio at `out`.

    The clip has the recipe's size, rate and move. Raises ValueError for a move that is none of
    `storyreel.moves.MOVES` or for no frames, MediaError for a panel that is no picture.
    """
    if frames < 1:
        raise ValueError(f"a clip of {frames} frames cannot be drawn: ask for 1 or more")
    planes = lay_panel(read_picture(panel), recipe.width, recipe.height)
    move = plan_move(recipe.move, planes.scene, frames / recipe.fps)
    with (
        replacing(out) as temporary,
        ClipEncoder(temporary, width=recipe.width, height=recipe.height, fps=recipe.fps) as encoder,
    ):
        for number in range(frames):
            view = move.view(number / max(1, frames - 1))
            encoder.write(see(planes, view, recipe.width, recipe.height))


def see(planes: PanelPlanes, view: View, width: int, height: int) -> av.VideoFrame:
    """The frame of `width` x `height` pixels that the camera sees, ready to be encoded."""
    frame = av.VideoFrame(width, height, PIXEL_FORMAT)
    sources = ((planes.luma, 1, LUMA_SITE), (planes.blue, 2, CHROMA_SITE), (planes.red, 2, CHROMA_SITE))
    for target, (source, subsampling, site) in zip(frame.planes, sources, strict=True):
        rows = np.frombuffer(memoryview(target), np.uint8).reshape(target.height, target.line_size)
        cv2.warpAffine(
            source,
            _to_source(source, view, (width, height), subsampling, site),
            (target.width, target.height),
            dst=rows[:, : target.width],
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
    return frame


def _to_source(
    source: Plane, view: View, frame_size: tuple[int, int], subsampling: int, site: tuple[float, float]
) -> npt.NDArray[np.float64]:
    """The 2x3 matrix from a sample's index in the frame's plane to its index in the panel's.

    Index i of a frame plane lies i * subsampling + site pixels from the middle of the frame's first.
    A panel's plane is sampled in the middle of its samples, `density` of them to a frame pixel.
    """
    density = OVERSAMPLING / subsampling
    matrix = np.zeros((2, 3))
    for axis, offset in enumerate((view.x, view.y)):
        edge = source.shape[1 - axis]
        centre = edge / 2 + offset * frame_size[axis] * density
        matrix[axis, axis] = subsampling * density / view.zoom
        matrix[axis, 2] = centre + (site[axis] + 0.5 - frame_size[axis] / 2) * density / view.zoom - 0.5
    return matrix
