"""Pictures come back from files as they went in."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from storyreel.media.errors import MediaError
from storyreel.media.images import Picture, read_picture, write_jpeg


def patches() -> Picture:
    colours = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0), (230, 120, 40)]
    return np.repeat(np.repeat(np.array([colours], np.uint8), 64, axis=0), 48, axis=1)


def test_a_png_is_read_exactly(tmp_path: Path) -> None:
    picture = np.random.default_rng(3).integers(0, 256, (37, 53, 3), np.uint8)
    cv2.imwrite(str(tmp_path / "panel.png"), picture[..., ::-1])
    assert np.array_equal(read_picture(tmp_path / "panel.png"), picture)


def test_a_jpeg_keeps_its_colours_for_us_and_for_others(tmp_path: Path) -> None:
    write_jpeg(patches(), tmp_path / "poster.jpg")
    ours = read_picture(tmp_path / "poster.jpg")
    others = cv2.imread(str(tmp_path / "poster.jpg"))[..., ::-1]
    for centre in range(24, 48 * 6, 48):
        wanted = patches()[32, centre].astype(int)
        assert np.abs(ours[32, centre] - wanted).max() <= 3
        assert np.abs(others[32, centre] - wanted).max() <= 3


def test_a_damaged_picture_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "panel.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 40)
    with pytest.raises(MediaError, match=r"panel\.png"):
        read_picture(tmp_path / "panel.png")
