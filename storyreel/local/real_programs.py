"""The command lines of Apache Kafka and MinIO, on the loopback address alone and small in memory."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from storyreel.local.child import Program
from storyreel.local.choice import CLUSTER
from storyreel.local.errors import LocalError
from storyreel.local.fetch import fetched_kafka, fetched_minio, require_java
from storyreel.local.probes import kafka_ready, s3_bucket_ready
from storyreel.local.programs import s3_endpoint, server_environment, server_folder
from storyreel.local.state import Credentials, StateFolder, write_atomically

_PROBED_BUCKET: Final = "ready-check"
_FORMAT_SECONDS: Final = 120.0
_JAVA_OPTIONS: Final = (
    "-Xmx512m",
    "-XX:+UseSerialGC",  # fewer threads: up to three of these share one small machine
    "-XX:TieredStopAtLevel=1",
    "-Djava.net.preferIPv4Stack=true",
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
    "-Dorg.slf4j.simpleLogger.showDateTime=true",
    "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSZ",
)


@dataclass(frozen=True)
class Node:
    """A Kafka process that is broker and controller. `name` is its child's, its port's and its log's."""

    id: int
    name: str

    @property
    def folder(self) -> str:
        """The name of the folder of its data."""
        return f"kafka-{self.id}"

    @property
    def controller(self) -> str:
        """The name of the port where the controllers speak to each other."""
        return f"{self.name}-controller"


def minio_program(
    state: StateFolder, ports: Mapping[str, int], credentials: Credentials, origins: Sequence[str]
) -> Program:
    """MinIO on one folder, without its console; browsers of `origins` may read from it."""
    folder = server_folder(state, "minio")
    endpoint = s3_endpoint(ports)
    settings = {
        "MINIO_ROOT_USER": credentials.access_key,
        "MINIO_ROOT_PASSWORD": credentials.secret_key,
        "MINIO_REGION": "us-east-1",
        "MINIO_BROWSER": "off",
        "MINIO_UPDATE": "off",
        "MINIO_API_CORS_ALLOW_ORIGIN": ",".join(origins),
        "GOMEMLIMIT": "400MiB",
    }
    return Program(
        name="s3",
        command=[
            str(fetched_minio()),
            "server",
            str(folder / "data"),
            "--address",
            endpoint[len("http://") :],
        ],
        environment=server_environment(state) | settings,
        log=state.logs / "s3.log",
        ready=lambda: s3_bucket_ready(endpoint, _PROBED_BUCKET, credentials),
        health=f"{endpoint}/minio/health/live",
        folder=folder,
        ports={"s3": ports["s3"]},
    )


def kafka_program(state: StateFolder, ports: Mapping[str, int], nodes: Sequence[Node], node: Node) -> Program:
    """One node of the cluster `nodes`; its storage must have been made by `format_storage`."""
    folder = server_folder(state, node.folder)
    settings = folder / "server.properties"
    write_atomically(settings, _properties(ports, nodes, node, folder / "data"))
    return Program(
        name=node.name,
        command=[*_java(), "kafka.Kafka", str(settings)],
        environment=server_environment(state),
        log=state.logs / f"{node.name}.log",
        ready=lambda: kafka_ready(ports[node.name]),
        folder=folder,
        ports={name: ports[name] for name in (node.name, node.controller)},
        # Of three that stop at once the last wait in vain for a quorum to let them go.
        ready_within=120.0,
        stop_within=10.0 if len(nodes) == 1 else 5.0,
    )


async def format_storage(
    state: StateFolder, ports: Mapping[str, int], nodes: Sequence[Node], node: Node, cluster: str
) -> None:
    """Give a new node its storage, whole or not at all; one that has it keeps it. Raises LocalError."""
    folder = server_folder(state, node.folder)
    data, draft = folder / "data", folder / "data.new"
    if data.exists():
        return
    shutil.rmtree(draft, ignore_errors=True)  # of a format that was interrupted
    settings = folder / "format.properties"
    write_atomically(settings, _properties(ports, nodes, node, draft))
    process = await asyncio.create_subprocess_exec(
        *_java(),
        *("kafka.tools.StorageTool", "format", "--cluster-id", cluster, "--config", str(settings)),
        env=server_environment(state),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        async with asyncio.timeout(_FORMAT_SECONDS):
            said, _ = await process.communicate()
    except BaseException:
        process.kill()
        raise
    if process.returncode != 0:
        raise LocalError(f"Kafka could not prepare {folder}: {said.decode(errors='replace').strip()[-300:]}")
    draft.rename(data)


def _java() -> list[str]:
    return [str(require_java()), *_JAVA_OPTIONS, "-cp", str(fetched_kafka() / "*")]


def _properties(ports: Mapping[str, int], nodes: Sequence[Node], node: Node, data: Path) -> str:
    copies = len(nodes)
    acknowledging = 2 if copies == CLUSTER else 1
    broker, controller = (f"127.0.0.1:{ports[name]}" for name in (node.name, node.controller))
    settings = {
        "process.roles": "broker,controller",
        "node.id": node.id,
        "controller.quorum.voters": ",".join(f"{one.id}@127.0.0.1:{ports[one.controller]}" for one in nodes),
        "controller.listener.names": "CONTROLLER",
        "listeners": f"PLAINTEXT://{broker},CONTROLLER://{controller}",
        "advertised.listeners": f"PLAINTEXT://{broker}",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "log.dirs": data,
        "default.replication.factor": copies,
        "min.insync.replicas": acknowledging,
        "offsets.topic.replication.factor": copies,
        "offsets.topic.num.partitions": 10,
        "transaction.state.log.replication.factor": copies,
        "transaction.state.log.min.isr": acknowledging,
        "transaction.state.log.num.partitions": 3,
        "group.initial.rebalance.delay.ms": 0,
        "auto.create.topics.enable": "false",
        # A killed broker is let in again only when its old session has ended: 9 s unless set.
        "broker.session.timeout.ms": 5_000,
        "broker.heartbeat.interval.ms": 1_000,
    }
    return "".join(f"{name}={value}\n" for name, value in settings.items())
