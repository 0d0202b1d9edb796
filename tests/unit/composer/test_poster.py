"""The poster is the first opening frame worth looking at."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from services.composer.poster import write_poster
from services.composer.timeline import ClipSource
from storyreel.media.errors import MediaError
from storyreel.media.images import read_picture

MakeClip = Callable[..., ClipSource]


def test_a_black_opening_is_passed_over_for_the_first_strong_one(tmp_path: Path, make_clip: MakeClip) -> None:
    clips = [make_clip(3, 1, light=16, spread=0), make_clip(3, 2, spread=90), make_clip(3, 3, spread=100)]
    write_poster(clips, tmp_path / "poster.jpg")
    write_poster(clips[1:2], tmp_path / "second.jpg")
    assert (tmp_path / "poster.jpg").read_bytes() == (tmp_path / "second.jpg").read_bytes()
    assert read_picture(tmp_path / "poster.jpg").shape == (64, 96, 3)


def test_where_none_is_strong_the_strongest_has_to_do(tmp_path: Path, make_clip: MakeClip) -> None:
    clips = [make_clip(3, 1, spread=0), make_clip(3, 2, spread=12), make_clip(3, 3, light=90, spread=3)]
    write_poster(clips, tmp_path / "poster.jpg")
    write_poster(clips[1:2], tmp_path / "second.jpg")
    assert (tmp_path / "poster.jpg").read_bytes() == (tmp_path / "second.jpg").read_bytes()


def test_a_clip_that_does_not_decode_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "broken.mp4").write_bytes(b"\0" * 64)
    with pytest.raises(MediaError, match=r"broken\.mp4"):
        write_poster([ClipSource(tmp_path / "broken.mp4", 3)], tmp_path / "poster.jpg")
