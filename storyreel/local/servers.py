"""The embedded servers: an S3 store, a Kafka-protocol broker on it, and a MongoDB-protocol database.

They are children of this process, keep their data in one state folder and die with this process.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from storyreel.local.child import Child, kill_leftovers, started_at, together
from storyreel.local.errors import LocalError
from storyreel.local.ports import GRPC_OFFSET, choose_port, holder, is_free
from storyreel.local.programs import (
    BUCKET,
    S3_PORTS,
    broker_program,
    database_program,
    find_binaries,
    s3_endpoint,
    s3_program,
)
from storyreel.local.state import StackRecord, StateFolder

SERVERS: Final = ("s3", "broker", "database")
_PORT_NAMES: Final = (*S3_PORTS, "broker", "database")


class EmbeddedServers:
    """Three real servers on one state folder, as an async context.

    `ports` fixes ports by name (`s3`, `broker`, `database`, `s3-master`, `s3-volume`, `s3-filer`,
    `s3-admin`); the others are those of the last run where still free, else free ones. `origins` are the web
    pages whose scripts may read from the store. Start it from the main thread: the kernel ends the servers
    when the thread that started them does.
    """

    def __init__(
        self,
        state: Path,
        *,
        ports: Mapping[str, int] | None = None,
        origins: Sequence[str] = ("http://127.0.0.1:8080", "http://localhost:8080"),
    ) -> None:
        unknown = set(ports or {}) - set(_PORT_NAMES)
        if unknown:
            raise ValueError(f"no server port is called {sorted(unknown)}: choose from {_PORT_NAMES}")
        self.state = StateFolder(state)
        self.children: dict[str, Child] = {}
        self.ports: dict[str, int] = {}
        self._fixed = dict(ports or {})
        self._origins = tuple(origins)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    @property
    def environment(self) -> dict[str, str]:
        """The settings by which services and tests reach the servers."""
        credentials = self.state.credentials()
        endpoint = s3_endpoint(self.ports)
        return {
            "STORYREEL_KAFKA_BOOTSTRAP": f"127.0.0.1:{self.ports['broker']}",
            "STORYREEL_KAFKA_IDEMPOTENCE": "false",
            "STORYREEL_MONGO_URL": f"mongodb://127.0.0.1:{self.ports['database']}/?directConnection=true",
            "STORYREEL_S3_ENDPOINT": endpoint,
            "STORYREEL_S3_PUBLIC_URL": endpoint,
            "STORYREEL_S3_ACCESS_KEY": credentials.access_key,
            "STORYREEL_S3_SECRET_KEY": credentials.secret_key,
            "STORYREEL_S3_BUCKET": BUCKET,
        }

    async def start(self) -> None:
        """Start all three and wait until each answers in its protocol.

        Raises LocalError if the folder is in use, a fixed port is taken, or a server does not come up.
        """
        find_binaries()
        self.state.acquire()
        try:
            await self._clear_leftovers()
            self.ports = self._choose_ports()
            self.state.remember_ports(self.ports)
            self._define()
            await self._start("s3")
            await together(self._start("broker"), self._start("database"))
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Stop the broker and the database, then the store the broker writes to, and give the folder back."""
        await asyncio.gather(*(self.children[name].stop() for name in SERVERS[1:] if name in self.children))
        if "s3" in self.children:
            await self.children["s3"].stop()
        self.state.forget_record()
        self.state.release()

    def kill(self, name: str) -> None:
        """kill -9 one server, `s3`, `broker` or `database`, as a crash would."""
        self._child(name).kill()

    async def restart(self, name: str) -> None:
        """Stop one server if it runs, start it again on its ports, and wait until it answers."""
        child = self._child(name)
        await child.stop()
        await self._start(name)

    def record(self, gateway_url: str | None = None, others: Sequence[Child] = ()) -> None:
        """Write `stack.json`: this process, the servers and `others` that run."""
        running = [child for child in (*self.children.values(), *others) if child.running]
        self.state.write_record(
            StackRecord(
                pid=os.getpid(),
                started=started_at(os.getpid()) or "",
                gateway_url=gateway_url,
                processes=tuple(child.record() for child in running),
            )
        )

    async def _clear_leftovers(self) -> None:
        record = self.state.read_record()
        await kill_leftovers(record.processes if record else (), str(self.state.root))

    def _choose_ports(self) -> dict[str, int]:
        remembered = self.state.remembered_ports()
        chosen: dict[str, int] = {}
        for name in _PORT_NAMES:
            pair = name in S3_PORTS
            if name in self._fixed:
                chosen[name] = self._fixed[name]
                _require_free(name, self._fixed[name], pair=pair)
                continue
            taken = {*self._fixed.values(), *chosen.values()}
            chosen[name] = choose_port(avoid=taken, wanted=remembered.get(name), pair=pair)
        return chosen

    def _define(self) -> None:
        credentials = self.state.credentials()
        self.children = {
            "s3": Child(s3_program(self.state, self.ports, credentials, self._origins)),
            "broker": Child(broker_program(self.state, self.ports, credentials)),
            "database": Child(database_program(self.state, self.ports)),
        }

    async def _start(self, name: str) -> None:
        child = self.children[name]
        child.spawn()
        self.record()
        await child.wait_ready()

    def _child(self, name: str) -> Child:
        if name not in self.children:
            raise ValueError(f"no running server is called {name!r}: choose one of {', '.join(SERVERS)}")
        return self.children[name]


def _require_free(name: str, port: int, *, pair: bool) -> None:
    for one in (port, port + GRPC_OFFSET) if pair else (port,):
        if not is_free(one):
            raise LocalError(
                f"Port {one}, wanted for {name}, is taken by {holder(one) or 'another program'}: "
                "stop it or choose another port."
            )
