"""Fetching the real servers: once, whole or not at all. Small scripts stand in for Maven and Go."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from storyreel.local import fetch
from storyreel.local.errors import LocalError

FETCH = "from storyreel.local.fetch import fetch_servers; fetch_servers(print)"
FOLDER = 'for word; do case "$word" in -DoutputDirectory=*) folder="${word#*=}";; esac; done\n'
MAVEN = f'{FOLDER}echo mvn >> "$CALLS"; touch "$folder/kafka_2.13-{fetch.KAFKA_VERSION}.jar"\n'
GO = 'echo "go $2" >> "$CALLS"; touch "$GOBIN/minio"\n'
JAVA = "echo 'openjdk version \"21.0.2\" 2024-01-16' >&2\n"


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is the whole of PATH, but for the shell's own tools, with java, mvn and go."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("sh", "touch", "echo", "kill", "sleep"):
        (folder / name).symlink_to(shutil.which(name) or f"/bin/{name}")
    for name, body in (("java", JAVA), ("mvn", MAVEN), ("go", GO)):
        put(folder, name, body)
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("CALLS", str(tmp_path / "calls"))
    monkeypatch.setenv("STORYREEL_SERVERS_CACHE", str(tmp_path / "cache"))
    return folder


def put(folder: Path, name: str, body: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{body}")
    path.chmod(0o755)


def calls(tmp_path: Path) -> list[str]:
    return (tmp_path / "calls").read_text().splitlines()


def test_both_are_fetched_once(tools: Path, tmp_path: Path) -> None:
    fetch.fetch_servers(print)
    fetch.fetch_servers(print)
    assert calls(tmp_path) == ["mvn", f"go github.com/minio/minio@{fetch.MINIO_VERSION}"]
    assert fetch.fetched_minio().exists()
    assert (fetch.fetched_kafka() / f"kafka_2.13-{fetch.KAFKA_VERSION}.jar").exists()


def test_a_fetch_that_was_killed_half_way_is_begun_again(tools: Path, tmp_path: Path) -> None:
    put(tools, "mvn", f'{FOLDER}touch "$folder/half.jar"\nkill -9 $PPID\n')
    killed = subprocess.run([sys.executable, "-c", FETCH])
    assert killed.returncode == -signal.SIGKILL
    with pytest.raises(LocalError, match="Apache Kafka is not in"):
        fetch.fetched_kafka()
    put(tools, "mvn", MAVEN)
    fetch.fetch_servers(print)
    assert sorted(path.name for path in fetch.fetched_kafka().glob("*.jar")) == [
        f"kafka_2.13-{fetch.KAFKA_VERSION}.jar"
    ]
    assert not list((tmp_path / "cache").glob("*.part"))


def test_a_fetch_that_fails_says_why_and_leaves_nothing_that_looks_whole(tools: Path) -> None:
    put(tools, "go", "echo 'no route to host' >&2; exit 1\n")
    with pytest.raises(LocalError, match=r"`go install` failed: no route to host"):
        fetch.fetch_servers(print)
    fetch.fetched_kafka()
    with pytest.raises(LocalError, match=r"MinIO is not in .*storyreel fetch-servers"):
        fetch.fetched_minio()


def test_what_is_missing_is_named_in_one_line(tools: Path) -> None:
    (tools / "mvn").unlink()
    (tools / "go").unlink()
    with pytest.raises(LocalError) as refused:
        fetch.fetch_servers(print)
    assert str(refused.value) == (
        "These are missing: Maven (mvn), which fetches Apache Kafka, and Go (go), which builds MinIO."
    )
    (tools / "java").unlink()
    assert fetch.why_not() == "Java (java) is missing: Apache Kafka needs a Java 17 or newer."


def test_what_was_fetched_needs_neither_maven_nor_go(tools: Path) -> None:
    fetch.fetch_servers(print)
    (tools / "mvn").unlink()
    (tools / "go").unlink()
    assert fetch.why_not() is None


def test_an_old_java_is_refused_with_its_version(tools: Path) -> None:
    put(tools, "java", "echo 'java version \"1.8.0_292\"' >&2\n")
    with pytest.raises(LocalError, match=r"too old \(java version \"1\.8\.0_292\"\)"):
        fetch.require_java()


def test_test_real_is_skipped_in_one_line_where_the_tools_are_missing(tools: Path) -> None:
    (tools / "java").unlink()
    command = [sys.executable, "-m", "tools.test_real"]
    run = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[3])
    assert run.returncode == 0
    assert run.stdout.count("\n") == 1 and "skipped" in run.stdout and "Java" in run.stdout
