"""A panel as the YUV planes a camera samples: BT.709, limited range, laid over the frame and oversampled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, cast

import cv2
import numpy as np
import numpy.typing as npt

from services.video.engines.local.camera import Scene
from storyreel.media.images import Picture

Plane = npt.NDArray[np.uint8]

OVERSAMPLING: Final = 2
"""Luma samples per frame pixel, each way. Bilinear sampling of a plane at the frame's own size blurs more
between pixels than on them, so that a slow move pulses (16% of sharpness, measured); at twice it does not."""

MOST_SCENE: Final = 1.25
"""In frames: what of a panel lies further out than any move goes is cut off, to spare memory."""

BT709_LIMITED: Final = np.array(
    [
        [46.5594, 156.6288, 15.8118, 16 * 255],
        [-25.6642, -86.3358, 112.0, 128 * 255],
        [112.0, -101.7303, -10.2697, 128 * 255],
    ],
    dtype=np.float32,
) / np.float32(255)
"""Rows Y, Cb, Cr; columns R, G, B, constant, for 8 bits (ITU-R BT.709-6, 3.4 and 3.5; Kr .2126, Kb .0722)."""


@dataclass(frozen=True)
class PanelPlanes:
    """Luma at `OVERSAMPLING` times the frame's size, blue and red chroma at half of that."""

    luma: Plane
    blue: Plane
    red: Plane
    scene: Scene


def lay_panel(panel: Picture, width: int, height: int) -> PanelPlanes:
    """Scale a panel of any size to cover a frame of `width` x `height` pixels, centred, as YUV planes."""
    covering = _cover(panel, width * OVERSAMPLING, height * OVERSAMPLING)
    yuv = cv2.transform(covering, BT709_LIMITED)
    rows, columns = yuv.shape[:2]
    chroma = [
        cv2.resize(yuv[..., channel], (columns // 2, rows // 2), interpolation=cv2.INTER_AREA)
        for channel in (1, 2)
    ]
    return PanelPlanes(
        luma=np.ascontiguousarray(yuv[..., 0]),
        blue=_soften(chroma[0]),
        red=_soften(chroma[1]),
        scene=Scene(columns / (width * OVERSAMPLING), rows / (height * OVERSAMPLING)),
    )


def _cover(panel: Picture, width: int, height: int) -> Picture:
    """The middle, resized to cover `width` x `height`, at most `MOST_SCENE` times that, edges even."""
    rows, columns = panel.shape[:2]
    scale = max(width / columns, height / rows)
    keep_columns = min(columns, round(width * MOST_SCENE / scale))
    keep_rows = min(rows, round(height * MOST_SCENE / scale))
    left, top = (columns - keep_columns) // 2, (rows - keep_rows) // 2
    kept = np.ascontiguousarray(panel[top : top + keep_rows, left : left + keep_columns])
    size = (max(width, 2 * round(keep_columns * scale / 2)), max(height, 2 * round(keep_rows * scale / 2)))
    return cast(
        Picture, cv2.resize(kept, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LANCZOS4)
    )


def _soften(chroma: npt.NDArray[Any]) -> Plane:
    """Take out what half as many samples cannot carry, lest colour edges shimmer when the camera moves."""
    return cast(Plane, cv2.sepFilter2D(chroma, -1, np.array([0.25, 0.5, 0.25]), np.array([0.25, 0.5, 0.25])))
