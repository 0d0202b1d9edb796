"""Scratch folders do not outlive their process for long."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from storyreel.work.scratch import remove_leftovers, scratch_folder


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return tmp_path


def test_a_folder_is_gone_after_its_block(temporary: Path) -> None:
    with scratch_folder() as folder:
        (folder / "file").write_text("x")
        assert folder.parent == temporary
    assert list(temporary.iterdir()) == []


def test_what_a_killed_process_left_goes_and_what_a_running_one_has_stays(temporary: Path) -> None:
    script = "import os\nfrom storyreel.work.scratch import *\nwith scratch_folder():\n    os._exit(9)"
    subprocess.run([sys.executable, "-c", script], check=False)
    assert len(list(temporary.iterdir())) == 1
    with scratch_folder() as ours:
        remove_leftovers()
        assert list(temporary.iterdir()) == [ours]
