"""The state folder keeps one stack at a time, its keys and its record."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from storyreel.local.errors import LocalError
from storyreel.local.state import ProcessRecord, StackRecord, StateFolder, write_atomically


def folder(tmp_path: Path) -> StateFolder:
    state = StateFolder(tmp_path / "state")
    state.prepare()
    return state


def test_the_record_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    child = ProcessRecord(name="s3", pid=12, started="345", ports={"s3": 15_001}, log="/x/s3.log")
    record = StackRecord(pid=11, started="344", gateway_url="http://127.0.0.1:8080", processes=(child,))
    state = folder(tmp_path)
    assert state.read_record() is None
    state.write_record(record)
    assert state.read_record() == record
    state.forget_record()
    assert state.read_record() is None


def test_a_damaged_record_is_named(tmp_path: Path) -> None:
    state = folder(tmp_path)
    state.record_path.write_text('{"pid": ')
    with pytest.raises(LocalError, match=r"stack\.json is damaged: delete it"):
        state.read_record()


def test_keys_are_made_once_at_random_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    state = folder(tmp_path)
    keys = state.credentials()
    assert state.credentials() == keys
    assert len(keys.secret_key) >= 32
    assert stat.S_IMODE((state.root / "credentials.json").stat().st_mode) == 0o600
    assert folder(tmp_path / "other").credentials() != keys


def test_ports_are_remembered_and_merged(tmp_path: Path) -> None:
    state = folder(tmp_path)
    state.remember_ports({"s3": 15_000, "broker": 15_001})
    state.remember_ports({"broker": 15_002})
    assert state.remembered_ports() == {"s3": 15_000, "broker": 15_002}


def test_the_folder_belongs_to_one_stack_until_it_is_released(tmp_path: Path) -> None:
    first, second = folder(tmp_path), folder(tmp_path)
    first.acquire()
    with pytest.raises(LocalError, match="already running"):
        second.acquire()
    first.release()
    second.acquire()
    second.release()


def test_a_killed_process_leaves_the_folder_free(tmp_path: Path) -> None:
    state = folder(tmp_path)
    code = (
        "import os, signal, sys; from pathlib import Path; from storyreel.local.state import StateFolder; "
        "StateFolder(Path(sys.argv[1])).acquire(); os.kill(os.getpid(), signal.SIGKILL)"
    )
    killed = subprocess.run([sys.executable, "-c", code, str(state.root)])
    assert killed.returncode < 0
    state.acquire()
    state.release()


def test_a_write_that_fails_leaves_the_old_file_and_no_draft(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "kept.json"
    write_atomically(path, "old")

    def full_disk(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(OSError, match="No space"):
        write_atomically(path, "new")
    assert path.read_text() == "old"
    assert [found.name for found in tmp_path.iterdir()] == ["kept.json"]


def test_the_default_folder_is_set_by_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STORYREEL_STATE", str(tmp_path / "elsewhere"))
    assert StateFolder.default().root == tmp_path / "elsewhere"
    monkeypatch.delenv("STORYREEL_STATE")
    monkeypatch.chdir(tmp_path)
    assert StateFolder.default().root == tmp_path / ".storyreel"
