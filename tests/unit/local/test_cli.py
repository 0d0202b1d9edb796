"""The command line as a person meets it: exit codes, stdout and stderr of real processes."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from storyreel.local.ports import choose_port


def storyreel(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "STORYREEL_STATE": str(folder / "state")}
    command = [sys.executable, "-m", "storyreel.local.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, env=environment, timeout=60)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["render", "gone.txt"], "There is no story at gone.txt."),
        (["render", "fox.txt", "-o", "fox.avi"], "The film is an MP4 file: call it fox.mp4, not fox.avi."),
        (["render", "fox.txt", "--tier", "ultra"], "Unknown tier 'ultra': choose one of low, medium, high."),
        (
            ["render", "fox.txt", "--url", "http://127.0.0.1:9"],
            "http://127.0.0.1:9/v1/stories does not answer: ",
        ),
        (["status"], "No stack is running on"),
    ],
)
def test_an_error_is_one_sentence_on_stderr_and_exit_1(
    tmp_path: Path, arguments: list[str], sentence: str
) -> None:
    (tmp_path / "fox.txt").write_text("A fox.")
    run = storyreel(*arguments, folder=tmp_path)
    assert run.returncode == 1
    assert run.stderr.startswith(f"storyreel: {sentence}")
    assert run.stderr.count("\n") == 1


def test_debug_shows_the_traceback(tmp_path: Path) -> None:
    run = storyreel("--debug", "render", "gone.txt", folder=tmp_path)
    assert run.returncode == 1
    assert "Traceback" in run.stderr and "There is no story at gone.txt." in run.stderr


def test_wrong_arguments_exit_with_2(tmp_path: Path) -> None:
    assert storyreel("render", folder=tmp_path).returncode == 2


def test_down_without_a_stack_says_so_and_succeeds(tmp_path: Path) -> None:
    run = storyreel("down", folder=tmp_path)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.startswith("no stack is running on")


def test_up_on_a_taken_port_names_its_holder_and_starts_nothing(tmp_path: Path) -> None:
    port = choose_port()
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", port))
        listener.listen()
        run = storyreel("up", "--port", str(port), folder=tmp_path)
    assert run.returncode == 1
    assert f"Port {port} is taken by" in run.stderr
    assert f"(process {os.getpid()})" in run.stderr and "--port" in run.stderr
    assert not (tmp_path / "state").exists()
