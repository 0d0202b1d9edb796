"""A file appears whole or not at all, and a damaged one is told from a sound one."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from storyreel.media.encoder import ClipEncoder
from storyreel.media.errors import MediaError
from storyreel.media.files import replacing
from storyreel.media.probe import count_decoded_frames, probe


def write_clip(out: Path, frames: int) -> None:
    levels = np.random.default_rng(1).integers(16, 235, (96, 64), np.uint8)
    with ClipEncoder(out, width=64, height=64, fps=30) as encoder:
        for _ in range(frames):
            encoder.write(av.VideoFrame.from_ndarray(levels, format="yuv420p"))


def test_a_crash_leaves_what_was_there_before_and_nothing_else(tmp_path: Path) -> None:
    out = tmp_path / "clip.mp4"
    out.write_bytes(b"before")
    with pytest.raises(RuntimeError), replacing(out) as temporary:
        temporary.write_bytes(b"half")
        raise RuntimeError
    assert out.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [out]


def test_a_file_is_renamed_into_place_when_it_is_whole(tmp_path: Path) -> None:
    out = tmp_path / "clip.mp4"
    with replacing(out) as temporary:
        temporary.write_bytes(b"whole")
        assert not out.exists()
        assert temporary.suffix == ".mp4"
    assert list(tmp_path.iterdir()) == [out]


def test_media_that_stands_before_its_index_is_told(tmp_path: Path) -> None:
    write_clip(tmp_path / "fast.mp4", 4)
    with av.open(str(tmp_path / "fast.mp4")) as source, av.open(str(tmp_path / "slow.mp4"), "w") as copy:
        stream = copy.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                copy.mux(packet)
    assert probe(tmp_path / "fast.mp4").faststart
    assert not probe(tmp_path / "slow.mp4").faststart


def test_a_damaged_body_is_found_by_decoding_it(tmp_path: Path) -> None:
    write_clip(tmp_path / "clip.mp4", 12)
    damaged = bytearray((tmp_path / "clip.mp4").read_bytes())
    body = damaged.index(b"mdat") + 1500
    damaged[body : body + 600] = bytes(600)
    (tmp_path / "damaged.mp4").write_bytes(damaged)
    assert count_decoded_frames(tmp_path / "clip.mp4") == 12
    with pytest.raises(MediaError, match=r"damaged\.mp4"):
        count_decoded_frames(tmp_path / "damaged.mp4")


def test_what_is_no_media_file_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "notes.mp4").write_text("once upon a time")
    with pytest.raises(MediaError, match=r"notes\.mp4"):
        probe(tmp_path / "notes.mp4")
