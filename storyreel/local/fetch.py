"""Fetches Apache Kafka (with Maven) and MinIO (with Go) into a cache folder, once, in pinned versions.

Each is made under a temporary name and then renamed: what has its name is whole, whenever this was ended.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from storyreel.local.errors import LocalError
from storyreel.local.state import write_atomically

KAFKA_VERSION: Final = "4.1.0"
MINIO_VERSION: Final = "v0.0.0-20260212201848-7aac2a2c5b7c"
"""The newest that the Go module proxy has; MinIO tags its releases in a way that Go does not read."""

_SLF4J_VERSION: Final = "1.7.36"
_COPY_DEPENDENCIES: Final = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
_OLDEST_JAVA: Final = 17
_SECONDS: Final = 1_800
_FETCH: Final = "fetch them with `storyreel fetch-servers` (once, about five minutes)"

_POM: Final = f"""\
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>storyreel</groupId>
  <artifactId>servers</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId>
      <artifactId>kafka_2.13</artifactId>
      <version>{KAFKA_VERSION}</version>
    </dependency>
    <dependency>
      <groupId>org.slf4j</groupId>
      <artifactId>slf4j-simple</artifactId>
      <version>{_SLF4J_VERSION}</version>
    </dependency>
  </dependencies>
</project>
"""


def cache_folder() -> Path:
    """`STORYREEL_SERVERS_CACHE`, else `.servers` in this checkout, else a folder of the user's cache."""
    if given := os.environ.get("STORYREEL_SERVERS_CACHE"):
        return Path(given).expanduser().absolute()
    checkout = Path(__file__).parents[2]
    if (checkout / "pyproject.toml").exists():
        return checkout / ".servers"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "storyreel" / "servers"


def fetched_kafka() -> Path:
    """The folder with Kafka's jars. Raises LocalError where it was not fetched."""
    return _fetched("Apache Kafka", _kafka_folder())


def fetched_minio() -> Path:
    """MinIO's program. Raises LocalError where it was not fetched."""
    return _fetched("MinIO", _minio_folder()) / "minio"


def require_java() -> Path:
    """The Java that runs Kafka. Raises LocalError where there is none, or one older than 17."""
    found = shutil.which("java")
    if found is None:
        raise LocalError("Java (java) is missing: Apache Kafka needs a Java 17 or newer.")
    said = subprocess.run([found, "-version"], capture_output=True, text=True, timeout=60).stderr
    version = re.search(r'version "(?:1\.)?(\d+)', said)
    if version is None or int(version[1]) < _OLDEST_JAVA:
        raise LocalError(
            f"Java is too old ({said.strip().splitlines()[0]}): Apache Kafka needs Java 17 or newer."
        )
    return Path(found)


def why_not() -> str | None:
    """Why the real servers cannot be run or fetched here, in one line; None where they can."""
    try:
        require_java()
    except LocalError as error:
        return str(error)
    missing = []
    if not _kafka_folder().exists() and shutil.which("mvn") is None:
        missing.append("Maven (mvn), which fetches Apache Kafka")
    if not _minio_folder().exists() and shutil.which("go") is None:
        missing.append("Go (go), which builds MinIO")
    return f"These are missing: {', and '.join(missing)}." if missing else None


def fetch_servers(say: Callable[[str], None]) -> None:
    """Fetch what is not there yet. Raises LocalError with the reason where that cannot be done.

    Two processes may fetch at once: the second waits for the first and finds its work done.
    """
    if reason := why_not():
        raise LocalError(reason)
    cache = cache_folder()
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for draft in cache.glob("*.part"):  # of a fetch that was interrupted
            shutil.rmtree(draft)
        _fetch(_kafka_folder(), _get_kafka, f"fetching Apache Kafka {KAFKA_VERSION} (43 MB)", say)
        _fetch(_minio_folder(), _get_minio, "building MinIO (about four minutes the first time)", say)


def _fetch(folder: Path, get: Callable[[Path], None], doing: str, say: Callable[[str], None]) -> None:
    if folder.exists():
        return
    say(doing)
    draft = folder.with_name(f"{folder.name}.part")
    draft.mkdir()
    get(draft)
    draft.rename(folder)


def _get_kafka(folder: Path) -> None:
    """Every jar is checked against the digest that the repository gives for it (-C)."""
    project = folder / "pom.xml"
    write_atomically(project, _POM)
    options = ["-q", "-B", "-C", "-f", str(project), "-DincludeScope=runtime", f"-DoutputDirectory={folder}"]
    _run(["mvn", *options, _COPY_DEPENDENCIES], {})
    if not (folder / f"kafka_2.13-{KAFKA_VERSION}.jar").exists():
        raise LocalError(f"mvn ended well, but {folder} holds no kafka_2.13-{KAFKA_VERSION}.jar.")


def _get_minio(folder: Path) -> None:
    """Go checks the sources against its own checksum database."""
    _run(["go", "install", f"github.com/minio/minio@{MINIO_VERSION}"], {"GOBIN": str(folder)})


def _run(command: list[str], environment: Mapping[str, str]) -> None:
    try:
        done = subprocess.run(
            command, env={**os.environ, **environment}, capture_output=True, text=True, timeout=_SECONDS
        )
    except subprocess.TimeoutExpired as error:
        raise LocalError(f"`{command[0]}` did not end within {_SECONDS // 60} minutes.") from error
    if done.returncode != 0:
        lines = [line for line in (done.stderr + done.stdout).splitlines() if line.strip()]
        raise LocalError(f"`{' '.join(command[:2])}` failed: {(lines or ['it said nothing'])[-1][:300]}")


def _fetched(name: str, folder: Path) -> Path:
    if not folder.exists():
        raise LocalError(f"{name} is not in {folder.parent}: {_FETCH}.")
    return folder


def _kafka_folder() -> Path:
    return cache_folder() / f"kafka-{KAFKA_VERSION}"


def _minio_folder() -> Path:
    return cache_folder() / f"minio-{MINIO_VERSION.rsplit('-', 1)[1]}"
