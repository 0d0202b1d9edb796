"""Footage becomes a clip of exactly its shot's frames, in the film's format, uncropped where it can be."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from services.video.conform import MOST_SPEED, conform_footage, playing_speed
from storyreel.media.encoder import ClipEncoder
from storyreel.media.errors import MediaError
from storyreel.media.probe import count_decoded_frames, probe
from storyreel.recipes import ClipRecipe

RECIPE = ClipRecipe(
    engine="kling-3",
    model="v3",
    tier="high",
    move="drift",
    panel="panel",
    narration="narration",
    width=160,
    height=90,
)


def write_footage(path: Path, frames: int, rate: int = 24, size: tuple[int, int] = (192, 108)) -> Path:
    """Footage as an engine delivers it: x264's own defaults, each frame lighter than the one before."""
    width, height = size
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=rate, options={"crf": "8"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for number in range(frames):
            planes = np.full((height * 3 // 2, width), 128, np.uint8)
            planes[:height] = 40 + number
            container.mux(stream.encode(av.VideoFrame.from_ndarray(planes, format="yuv420p")))
        container.mux(stream.encode(None))
    return path


def lights(path: Path) -> list[float]:
    with av.open(str(path)) as container:
        return [float(frame.to_ndarray()[: frame.height].mean()) for frame in container.decode(video=0)]


@pytest.mark.parametrize("frames", [1, 60, 90, 200])
def test_a_clip_has_exactly_its_frames_however_long_the_footage_is(tmp_path: Path, frames: int) -> None:
    conform_footage(RECIPE, write_footage(tmp_path / "f.mp4", 72), frames, tmp_path / "clip.mp4")
    facts = probe(tmp_path / "clip.mp4")
    assert facts.video is not None
    assert (facts.video.width, facts.video.height) == (160, 90)
    assert (facts.video.frames, facts.video.fps) == (frames, 30)
    assert count_decoded_frames(tmp_path / "clip.mp4") == frames


def test_a_conformed_clip_joins_with_one_drawn_here(tmp_path: Path) -> None:
    conform_footage(RECIPE, write_footage(tmp_path / "f.mp4", 24), 30, tmp_path / "clip.mp4")
    with ClipEncoder(tmp_path / "own.mp4", width=160, height=90, fps=30) as encoder:
        encoder.write(av.VideoFrame.from_ndarray(np.full((135, 160), 100, np.uint8), format="yuv420p"))
    sets = []
    for name in ("clip.mp4", "own.mp4"):
        with av.open(str(tmp_path / name)) as container:
            sets.append(container.streams.video[0].codec_context.extradata)
    assert sets[0] == sets[1]


def test_footage_a_little_too_long_plays_a_little_faster_to_its_end(tmp_path: Path) -> None:
    conform_footage(RECIPE, write_footage(tmp_path / "f.mp4", 75), 86, tmp_path / "clip.mp4")
    light = lights(tmp_path / "clip.mp4")
    assert light[0] == pytest.approx(40, abs=1.5)
    assert light[-1] == pytest.approx(114, abs=2.5)


def test_footage_much_too_long_is_trimmed(tmp_path: Path) -> None:
    conform_footage(RECIPE, write_footage(tmp_path / "f.mp4", 120), 30, tmp_path / "clip.mp4")
    assert lights(tmp_path / "clip.mp4")[-1] == pytest.approx(40 + 24 * 1.1, abs=2.5)


def test_footage_too_short_holds_its_last_frame(tmp_path: Path) -> None:
    conform_footage(RECIPE, write_footage(tmp_path / "f.mp4", 48), 90, tmp_path / "clip.mp4")
    light = lights(tmp_path / "clip.mp4")
    assert max(light) - light[-1] < 1
    assert light[-1] == pytest.approx(87, abs=1.5)
    assert light[-1] - light[-20] < 0.5
    assert light[40] < 80


def test_footage_of_another_shape_keeps_its_middle(tmp_path: Path) -> None:
    levels = np.full((150, 100), 128, np.uint8)
    levels[:100] = 30
    levels[30:70] = 200
    with av.open(str(tmp_path / "f.mp4"), "w") as container:
        stream = container.add_stream("libx264", rate=30, options={"crf": "4"})
        stream.width, stream.height, stream.pix_fmt = 100, 100, "yuv420p"
        container.mux(stream.encode(av.VideoFrame.from_ndarray(levels, format="yuv420p")))
        container.mux(stream.encode(None))
    conform_footage(RECIPE, tmp_path / "f.mp4", 2, tmp_path / "clip.mp4")
    with av.open(str(tmp_path / "clip.mp4")) as container:
        column = next(container.decode(video=0)).to_ndarray()[:90, 80]
    bright = np.flatnonzero(column > 115)
    assert (bright[0], bright[-1]) == (pytest.approx(13, abs=1), pytest.approx(76, abs=1))


@pytest.mark.parametrize(
    ("footage", "shot", "speed"),
    [
        (5, 5, Fraction(1)),
        (11, 10, MOST_SPEED),
        (20, 10, MOST_SPEED),
        (5, 10, 1 / MOST_SPEED),
        (0, 3, Fraction(1)),
    ],
)
def test_speed_stays_within_a_tenth(footage: int, shot: int, speed: Fraction) -> None:
    assert playing_speed(Fraction(footage), Fraction(shot)) == speed


def test_footage_that_is_no_video_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "f.mp4").write_bytes(b"\0" * 99)
    with pytest.raises(MediaError, match=r"f\.mp4"):
        conform_footage(RECIPE, tmp_path / "f.mp4", 30, tmp_path / "clip.mp4")
    assert not (tmp_path / "clip.mp4").exists()
