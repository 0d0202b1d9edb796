"""The doctor's checks: what they see, and the commands they give."""

from __future__ import annotations

import socket
import sys
from collections import namedtuple
from pathlib import Path

import pytest

from storyreel.local import doctor
from storyreel.local.choice import ServerChoice
from storyreel.local.errors import LocalError
from storyreel.local.packages import install_command
from storyreel.local.server_checks import run_check, servers_present

EMBEDDED = ServerChoice()
Usage = namedtuple("Usage", "total used free")
DEBIAN = 'PRETTY_NAME="Debian GNU/Linux 12"\nID=debian\n'
UBUNTU_LIKE = 'ID=linuxmint\nID_LIKE="ubuntu debian"\n'
FEDORA = "ID=fedora\n"
ROCKY = 'ID="rocky"\nID_LIKE="rhel centos fedora"\n'
OTHER = "ID=arch\n"


@pytest.mark.parametrize(
    ("release", "command"),
    [
        (DEBIAN, "sudo apt-get install -y libgl1"),
        (UBUNTU_LIKE, "sudo apt-get install -y libgl1"),
        (FEDORA, "sudo dnf install -y libglvnd-glx"),
        (ROCKY, "sudo dnf install -y libglvnd-glx"),
        (OTHER, "Install the package that brings libGL.so.1 (Mesa or libglvnd)."),
    ],
)
def test_the_command_is_that_of_the_system(tmp_path: Path, release: str, command: str) -> None:
    path = tmp_path / "os-release"
    path.write_text(release)
    assert install_command("libGL.so.1", path) == command


def test_a_machine_that_runs_these_tests_passes_the_quick_checks(tmp_path: Path) -> None:
    assert [check for check in doctor.basics(tmp_path / "state", EMBEDDED) if not check.ok] == []
    doctor.require_basics(tmp_path / "state", EMBEDDED)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_stops_a_start_with_the_numbers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda folder: Usage(10**10, 10**10, 1_200_000_000))
    with pytest.raises(LocalError, match=r"disk space: 1\.2 GB free, 2 GB needed for .*Free some space"):
        doctor.require_basics(tmp_path, EMBEDDED)


def test_a_folder_that_cannot_be_written_is_named() -> None:
    with pytest.raises(LocalError, match=r"state folder: /proc/storyreel: .*STORYREEL_STATE"):
        doctor.require_basics(Path("/proc/storyreel"), EMBEDDED)


def test_a_missing_library_comes_with_its_command() -> None:
    check = doctor._library("libGL.so.1")
    assert check.ok, check
    with pytest.raises(KeyError):
        doctor._library("libnever.so.9")


def test_a_module_that_cannot_be_imported_is_told_with_its_error() -> None:
    check = doctor._importable("no_such_module")
    assert not check.ok
    assert check.detail == "ModuleNotFoundError: No module named 'no_such_module'"
    assert "pip install -e '.[local]'" in check.remedy


def test_a_program_that_crashes_is_told() -> None:
    check = run_check("crash", [sys.executable, "-c", "import os; os.abort()"], "reinstall")
    assert (check.ok, check.detail) == (False, "ended with exit code -6")


def test_a_taken_port_is_a_warning_that_names_its_holder_and_a_way_out() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        check = doctor._port(listener.getsockname()[1])
    assert not check.ok and not check.required
    assert "taken by" in check.detail and "--port" in check.remedy


def test_real_servers_that_were_not_fetched_are_missing_with_the_command_that_fetches_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STORYREEL_SERVERS_CACHE", str(tmp_path))
    checks = {check.name: check for check in servers_present(ServerChoice(kind="real"))}
    assert set(checks) == {"MinIO", "Apache Kafka", "database"}
    assert not checks["MinIO"].ok and not checks["Apache Kafka"].ok
    assert f"is not in {tmp_path}" in checks["MinIO"].detail
    assert list(servers_present(ServerChoice(kind="given"))) == []
