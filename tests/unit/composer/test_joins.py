"""Joining copies: the packets are the clips' own, bit for bit, on one even timeline."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from services.composer.joins import add_joined_track, joined_packets
from services.composer.timeline import ClipSource
from storyreel.media.encoder import ClipEncoder
from storyreel.media.errors import MediaError
from storyreel.media.probe import count_decoded_frames

MakeClip = Callable[..., ClipSource]


def join(clips: list[ClipSource], out: Path, size: tuple[int, int] = (96, 64)) -> None:
    with av.open(str(out), "w", options={"movflags": "+faststart"}) as film:
        track = add_joined_track(film, clips[0].path, *size)
        for packet in joined_packets(clips, track, 30):
            film.mux(packet)


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def bodies(path: Path) -> list[bytes]:
    with av.open(str(path)) as container:
        return [bytes(packet) for packet in container.demux(video=0) if packet.size]


def levels(path: Path) -> list[np.ndarray]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray() for frame in container.decode(video=0)]


def test_the_films_packets_are_those_of_its_clips_bit_for_bit(tmp_path: Path, make_clip: MakeClip) -> None:
    clips = [make_clip(41, 1), make_clip(7, 2), make_clip(160, 3)]
    join(clips, tmp_path / "film.mp4")
    assert bodies(tmp_path / "film.mp4") == [body for clip in clips for body in bodies(clip.path)]


def test_every_frame_is_one_frame_after_the_one_before(tmp_path: Path, make_clip: MakeClip) -> None:
    join([make_clip(41, 1), make_clip(1, 2), make_clip(160, 3)], tmp_path / "film.mp4")
    with av.open(str(tmp_path / "film.mp4")) as container:
        packets = [packet for packet in container.demux(video=0) if packet.size]
        assert container.streams.video[0].time_base.denominator == 15360
    assert sorted(packet.pts for packet in packets) == [512 * number for number in range(202)]
    assert {after.dts - before.dts for before, after in pairwise(packets)} == {512}
    assert all(packet.dts <= packet.pts for packet in packets)
    assert {packet.duration for packet in packets} == {512}


def test_the_film_decodes_to_the_frames_of_its_clips(tmp_path: Path, make_clip: MakeClip) -> None:
    clips = [make_clip(20, 1), make_clip(33, 2)]
    join(clips, tmp_path / "film.mp4")
    assert count_decoded_frames(tmp_path / "film.mp4") == 53
    wanted = [frame for clip in clips for frame in levels(clip.path)]
    assert all(np.array_equal(a, b) for a, b in zip(levels(tmp_path / "film.mp4"), wanted, strict=True))


def test_two_hundred_clips_are_open_one_at_a_time_and_read_as_they_are_needed(
    tmp_path: Path, make_clip: MakeClip
) -> None:
    clips = [make_clip(5, 1)] * 200
    opened = []
    with av.open(str(tmp_path / "film.mp4"), "w") as film:
        track = add_joined_track(film, clips[0].path, 96, 64)
        for packet in joined_packets(clips, track, 30):
            film.mux(packet)
            opened.append(open_files())
    assert len(opened) == 1000
    assert len(set(opened)) == 1


def test_a_clip_is_not_looked_at_before_its_turn(tmp_path: Path, make_clip: MakeClip) -> None:
    with av.open(str(tmp_path / "film.mp4"), "w") as film:
        first = make_clip(5, 1)
        track = add_joined_track(film, first.path, 96, 64)
        packets = joined_packets([first, ClipSource(tmp_path / "not-yet.mp4", 5)], track, 30)
        assert len([next(packets) for _ in range(5)]) == 5
        with pytest.raises(MediaError, match="not-yet"):
            next(packets)


def test_a_clip_with_other_frames_than_promised_is_refused(tmp_path: Path, make_clip: MakeClip) -> None:
    clip = make_clip(20, 1)
    with pytest.raises(MediaError, match="has 20 frames where 21 were promised"):
        join([ClipSource(clip.path, 21)], tmp_path / "film.mp4")


def test_a_clip_of_another_size_is_refused_with_both_names(tmp_path: Path, make_clip: MakeClip) -> None:
    first, other = make_clip(5, 1), make_clip(5, 2, (64, 64))
    with pytest.raises(MediaError, match=rf"{other.path.name} \(64x64\).*{first.path.name}"):
        join([first, other], tmp_path / "film.mp4")


def test_a_film_of_another_size_than_its_clips_is_refused(tmp_path: Path, make_clip: MakeClip) -> None:
    with pytest.raises(MediaError, match="96x64 pixels and the film 192x108"):
        join([make_clip(5, 1)], tmp_path / "film.mp4", (192, 108))


def test_a_clip_of_other_encoder_parameters_is_refused(
    tmp_path: Path, make_clip: MakeClip, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = make_clip(5, 1)
    monkeypatch.setattr("storyreel.media.encoder.OPTIONS", {"preset": "ultrafast", "crf": "20"})
    with pytest.raises(MediaError, match="encoded with other parameters"):
        join([first, make_clip(5, 2)], tmp_path / "film.mp4")


def test_a_file_that_is_no_clip_is_refused_by_name(tmp_path: Path, make_clip: MakeClip) -> None:
    (tmp_path / "broken.mp4").write_bytes(b"\0" * 100)
    with pytest.raises(MediaError, match=r"broken\.mp4"):
        join([make_clip(5, 1), ClipSource(tmp_path / "broken.mp4", 5)], tmp_path / "film.mp4")


def test_a_clip_at_another_rate_is_refused(tmp_path: Path, make_clip: MakeClip) -> None:
    with ClipEncoder(tmp_path / "fast.mp4", width=96, height=64, fps=60) as encoder:
        for _ in range(3):
            encoder.write(av.VideoFrame.from_ndarray(np.full((96, 96), 99, np.uint8), format="yuv420p"))
    with pytest.raises(MediaError, match=r"fast\.mp4"):
        join([make_clip(5, 1), ClipSource(tmp_path / "fast.mp4", 3)], tmp_path / "film.mp4")
