"""What is checked before a story is sent."""

from __future__ import annotations

from collections import namedtuple
from pathlib import Path

import pytest

from storyreel.local import script
from storyreel.local.errors import LocalError
from storyreel.local.script import check_format, check_output, read_script

Usage = namedtuple("Usage", "total used free")


def test_a_story_is_read_without_its_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "fox.txt"
    path.write_bytes(b"\xef\xbb\xbfThe caf\xc3\xa9.")
    assert read_script(path) == "The café."


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (b"", "is empty"),
        (b" \n\t", "is empty"),
        (b"caf\xe9", r"not UTF-8 text \(byte 3\)"),
        (b"\x00\x01", "binary"),
        (b"a" * 1_000_001, "1,000,001 bytes"),
    ],
)
def test_a_file_that_is_no_story_is_refused(tmp_path: Path, content: bytes, match: str) -> None:
    path = tmp_path / "story.txt"
    path.write_bytes(content)
    with pytest.raises(LocalError, match=match):
        read_script(path)


def test_a_missing_story_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(LocalError, match=r"no story at .*gone\.txt"):
        read_script(tmp_path / "gone.txt")
    with pytest.raises(LocalError, match="Is a directory"):
        read_script(tmp_path)


def test_a_good_place_for_the_film_is_left_untouched(tmp_path: Path) -> None:
    check_output(tmp_path / "film.mp4")
    assert list(tmp_path.iterdir()) == []


def test_bad_places_for_the_film_are_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.mp4").mkdir()
    with pytest.raises(LocalError, match=r"call it .*film\.mp4, not .*film\.avi"):
        check_output(tmp_path / "film.avi")
    with pytest.raises(LocalError, match="is a folder"):
        check_output(tmp_path / "folder.mp4")
    with pytest.raises(LocalError, match=r"no folder .*gone"):
        check_output(tmp_path / "gone" / "film.mp4")
    with pytest.raises(LocalError, match="Nothing can be written to /proc"):
        check_output(Path("/proc/film.mp4"))


def test_a_full_disk_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(script.shutil, "disk_usage", lambda folder: Usage(10**9, 10**9, 40_000_000))
    with pytest.raises(LocalError, match=r"nearly full \(40 MB free, 500 MB needed\)"):
        check_output(tmp_path / "film.mp4")


def test_unknown_formats_name_what_is_offered() -> None:
    check_format(None, "1080p", "low")
    check_format("9:16", "720p", "high")
    with pytest.raises(LocalError, match="Unknown aspect '3:2': choose one of 16:9"):
        check_format("3:2", "1080p", "low")
    with pytest.raises(LocalError, match="Unknown resolution '4k': choose one of 720p"):
        check_format(None, "4k", "low")
    with pytest.raises(LocalError, match="Unknown tier 'ultra': choose one of low"):
        check_format(None, "1080p", "ultra")
