"""The demo from start to film: wall seconds, and seconds for a minute of film, on a fresh stack."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.report import figure, publish, seconds_of
from storyreel.media.probe import probe

STORY = Path(__file__).parents[1] / "examples" / "the-fox-and-the-grapes.md"
RUNS = 3


def main() -> None:
    """Runs it."""
    took, per_minute = [], []
    command = Path(sys.executable).with_name("storyreel")
    for _ in range(RUNS):
        with tempfile.TemporaryDirectory() as folder:
            film = Path(folder) / "film.mp4"
            arguments = [command, "render", STORY, "-o", film, "--state", Path(folder) / "state"]
            seconds = seconds_of(lambda: subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL))  # noqa: B023
            took.append(seconds)
            per_minute.append(seconds / float(probe(film).seconds) * 60)
    figures = [figure("demo, servers and services started too", "s", took)]
    publish("film", "A story becomes a film", [*figures, figure("a minute of film", "s", per_minute)])
