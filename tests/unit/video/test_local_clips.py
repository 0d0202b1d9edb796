"""Clips drawn from a panel: their frames, colours, sharpness and steadiness, as measured."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import numpy.typing as npt
import pytest

from services.video.engines.local import draw_clip
from services.video.engines.local.camera import Scene, View, plan_move
from services.video.engines.local.clip import see
from services.video.engines.local.planes import BT709_LIMITED, lay_panel
from storyreel.formats import PIXELS
from storyreel.media.errors import MediaError
from storyreel.media.probe import count_decoded_frames, probe
from storyreel.recipes import ClipRecipe

COLOURS = ((255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0), (230, 120, 40), (20, 24, 60))


def recipe(move: str, width: int, height: int) -> ClipRecipe:
    return ClipRecipe(
        engine="local",
        model="camera-1",
        tier="low",
        move=move,
        panel="panel",
        narration="narration",
        width=width,
        height=height,
    )


def write_png(path: Path, picture: npt.NDArray[np.uint8]) -> Path:
    cv2.imwrite(str(path), picture[..., ::-1])
    return path


def noise(width: int, height: int) -> npt.NDArray[np.uint8]:
    small = np.random.default_rng(5).integers(0, 256, (height // 16 + 1, width // 16 + 1, 3), np.uint8)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC))


def luma_frames(path: Path) -> list[npt.NDArray[np.uint8]]:
    with av.open(str(path)) as container:
        return [np.asarray(frame.to_ndarray()[: frame.height]) for frame in container.decode(video=0)]


@pytest.mark.parametrize("size", [sizes["720p"] for sizes in PIXELS.values()] + [(1080, 1350), (2520, 1080)])
def test_a_clip_has_exactly_its_frames_and_size_in_every_aspect(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    panel = write_png(tmp_path / "panel.png", noise(600, 400))
    draw_clip(recipe("drift", *size), panel, 5, tmp_path / "clip.mp4")
    facts = probe(tmp_path / "clip.mp4")
    assert facts.video is not None and facts.audio is None
    assert (facts.video.width, facts.video.height) == size
    assert (facts.video.frames, facts.video.fps, facts.video.seconds) == (5, 30, Fraction(5, 30))
    assert facts.faststart
    assert count_decoded_frames(tmp_path / "clip.mp4") == 5


def test_a_clip_of_one_frame_can_be_drawn(tmp_path: Path) -> None:
    panel = write_png(tmp_path / "panel.png", noise(320, 180))
    draw_clip(recipe("pan_left", 320, 180), panel, 1, tmp_path / "clip.mp4")
    assert count_decoded_frames(tmp_path / "clip.mp4") == 1


def test_the_colours_of_the_panel_are_those_of_the_clip(tmp_path: Path) -> None:
    panel = np.repeat(np.repeat(np.array([COLOURS], np.uint8), 180, axis=0), 80, axis=1)
    draw_clip(recipe("push_in", 560, 180), write_png(tmp_path / "panel.png", panel), 2, tmp_path / "clip.mp4")
    with av.open(str(tmp_path / "clip.mp4")) as container:
        frame = next(container.decode(video=0))
    planes = [
        np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)
        for plane in frame.planes
    ]
    to_rgb = np.linalg.inv(BT709_LIMITED[:, :3].astype(np.float64))
    for number, colour in enumerate(COLOURS):
        x = number * 80 + 40
        yuv = np.array([planes[0][90, x], planes[1][45, x // 2], planes[2][45, x // 2]], np.float64)
        assert np.abs(to_rgb @ (yuv - (16, 128, 128)) - colour).max() <= 3


def test_the_matrix_is_that_of_bt709() -> None:
    black, white = BT709_LIMITED @ (0, 0, 0, 1), BT709_LIMITED @ (255, 255, 255, 1)
    blue = BT709_LIMITED @ (0, 0, 255, 1)
    assert black == pytest.approx((16, 128, 128), abs=1e-3)
    assert white == pytest.approx((235, 128, 128), abs=1e-3)
    assert blue == pytest.approx((16 + 219 * 0.0722, 240, 128 - 224 * 0.0722 / 1.5748), abs=1e-2)


def test_the_first_frame_of_a_push_in_is_the_panel_itself(tmp_path: Path) -> None:
    picture = noise(640, 360)
    draw_clip(
        recipe("push_in", 640, 360), write_png(tmp_path / "panel.png", picture), 2, tmp_path / "clip.mp4"
    )
    wanted = (np.concatenate((picture, np.ones_like(picture[..., :1])), axis=2) @ BT709_LIMITED.T)[..., 0]
    error = luma_frames(tmp_path / "clip.mp4")[0].astype(np.float64) - wanted
    assert 10 * np.log10(255**2 / np.square(error).mean()) > 42


@pytest.mark.parametrize("move", ["pan_right", "tilt_up", "push_in"])
def test_the_camera_is_steady_to_a_small_part_of_a_pixel(tmp_path: Path, move: str) -> None:
    width, height, frames = 640, 360, 120
    rows, columns = np.mgrid[0:height, 0:width]
    disc = np.clip(28.5 - np.hypot(columns - 0.6 * width, rows - 0.45 * height), 0, 1)
    panel = np.repeat((60 + 150 * disc)[..., np.newaxis], 3, axis=2).astype(np.uint8)
    draw_clip(
        recipe(move, width, height), write_png(tmp_path / "p.png", panel), frames, tmp_path / "clip.mp4"
    )

    seen = []
    for luma in luma_frames(tmp_path / "clip.mp4"):
        weight = np.clip(luma.astype(np.float64) - 100, 0, None)
        seen.append(
            (
                weight.sum(0) @ np.arange(width) / weight.sum(),
                weight.sum(1) @ np.arange(height) / weight.sum(),
            )
        )
    path = plan_move(move, Scene(1.0, 1.0), frames / 30)
    meant = []
    for number in range(frames):
        view = path.view(number / (frames - 1))
        x, y = 0.6 * width + 0.5, 0.45 * height + 0.5
        meant.append(
            (
                (x - (0.5 + view.x) * width) * view.zoom + width / 2 - 0.5,
                (y - (0.5 + view.y) * height) * view.zoom + height / 2 - 0.5,
            )
        )
    assert np.abs(np.array(seen) - np.array(meant)).max() < 0.06
    assert (np.array(seen) - np.array(meant)).std(axis=0).max() < 0.03


def test_a_slow_move_does_not_pulse_between_sharp_and_soft() -> None:
    fine = np.random.default_rng(9).integers(60, 200, (180, 320), np.uint8)
    picture = np.repeat(
        cv2.resize(fine, (640, 360), interpolation=cv2.INTER_CUBIC)[..., np.newaxis], 3, axis=2
    )
    planes = lay_panel(picture, 640, 360)
    sharpness = []
    for part in np.linspace(0, 1, 9):
        luma = see(planes, View(part / 640, 0.0, 1.0), 640, 360).to_ndarray()[:360]
        sharpness.append(cv2.Laplacian(luma, cv2.CV_32F).var())
    assert np.std(sharpness) / np.mean(sharpness) < 0.06


def test_an_unknown_move_leaves_no_file(tmp_path: Path) -> None:
    panel = write_png(tmp_path / "panel.png", noise(64, 64))
    with pytest.raises(ValueError, match="unknown camera move 'spin'"):
        draw_clip(recipe("spin", 64, 64), panel, 5, tmp_path / "clip.mp4")
    assert not (tmp_path / "clip.mp4").exists()


def test_no_frames_are_refused(tmp_path: Path) -> None:
    panel = write_png(tmp_path / "panel.png", noise(64, 64))
    with pytest.raises(ValueError, match="0 frames"):
        draw_clip(recipe("drift", 64, 64), panel, 0, tmp_path / "clip.mp4")


def test_a_panel_that_is_no_picture_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "panel.png").write_bytes(b"nothing to see")
    with pytest.raises(MediaError, match=r"panel\.png"):
        draw_clip(recipe("drift", 64, 64), tmp_path / "panel.png", 5, tmp_path / "clip.mp4")
    assert list(tmp_path.iterdir()) == [tmp_path / "panel.png"]
