"""The one set of encoder parameters, seen from the files it makes."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc

from storyreel.media.encoder import GOP_FRAMES, TIMESCALE, ClipEncoder, frame_ticks
from storyreel.media.probe import count_decoded_frames, probe


def encode(out: Path, frames: int, *, width: int = 160, height: int = 90, fps: int = 30) -> None:
    levels = np.random.default_rng(7).integers(16, 235, (height * 3 // 2, width), np.uint8)
    with ClipEncoder(out, width=width, height=height, fps=fps) as encoder:
        for number in range(frames):
            shifted = np.ascontiguousarray(np.roll(levels, number, axis=1))
            encoder.write(av.VideoFrame.from_ndarray(shifted, format="yuv420p"))


def test_a_clip_has_exactly_the_frames_written_and_lasts_exactly_as_long(tmp_path: Path) -> None:
    encode(tmp_path / "clip.mp4", 37)
    facts = probe(tmp_path / "clip.mp4")
    assert facts.video is not None
    assert (facts.video.frames, facts.video.fps, facts.video.seconds) == (37, 30, Fraction(37, 30))
    assert (facts.video.codec, facts.video.pixel_format) == ("h264", "yuv420p")
    assert facts.faststart
    assert count_decoded_frames(tmp_path / "clip.mp4") == 37


def test_a_keyframe_comes_first_and_then_at_least_every_gop(tmp_path: Path) -> None:
    encode(tmp_path / "clip.mp4", 2 * GOP_FRAMES + 5, width=32, height=32)
    with av.open(str(tmp_path / "clip.mp4")) as container:
        keys = [packet.pts for packet in container.demux(video=0) if packet.is_keyframe]
    assert keys == [0, GOP_FRAMES * 512, 2 * GOP_FRAMES * 512]


def test_a_clip_says_that_it_is_limited_range_bt709_on_the_common_timescale(tmp_path: Path) -> None:
    encode(tmp_path / "clip.mp4", 3)
    with av.open(str(tmp_path / "clip.mp4")) as container:
        stream = container.streams.video[0]
        context = stream.codec_context
        assert stream.time_base == Fraction(1, TIMESCALE)
        assert context.color_range == ColorRange.MPEG
        assert context.colorspace == Colorspace.ITU709
        assert context.color_primaries == ColorPrimaries.BT709
        assert context.color_trc == ColorTrc.BT709


def test_two_clips_of_one_size_have_the_same_parameter_sets(tmp_path: Path) -> None:
    sets = []
    for frames in (5, 40):
        encode(tmp_path / f"{frames}.mp4", frames)
        with av.open(str(tmp_path / f"{frames}.mp4")) as container:
            sets.append(container.streams.video[0].codec_context.extradata)
    assert sets[0] and sets[0] == sets[1]


@pytest.mark.parametrize(("fps", "ticks"), [(15, 1024), (24, 640), (30, 512), (60, 256)])
def test_a_frame_lasts_whole_ticks(fps: int, ticks: int) -> None:
    assert frame_ticks(fps) == ticks


@pytest.mark.parametrize("fps", [0, -30, 29, 25])
def test_a_rate_without_whole_ticks_is_refused_by_name(fps: int) -> None:
    with pytest.raises(ValueError, match=f"{fps} fps"):
        frame_ticks(fps)


def test_an_odd_size_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="161x90"):
        ClipEncoder(tmp_path / "clip.mp4", width=161, height=90, fps=30)
