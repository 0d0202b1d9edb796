"""The all-in-one runner: the servers, then topics, buckets and indexes, then the six services.

Everything is a child of this process; whatever dies is started again; everything stops in order.
"""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from storyreel.local.child import Child, together
from storyreel.local.choice import ServerChoice
from storyreel.local.errors import LocalError
from storyreel.local.ports import choose_port, holder, is_free
from storyreel.local.servers import servers_of
from storyreel.local.services import (
    MIGRATE_MODULE,
    SERVICES,
    Service,
    child_environment,
    service_program,
)
from storyreel.local.state import StateFolder
from storyreel.local.supervisor import Patience, keep_running

DEFAULT_PORT: Final = 8080
_LOOPBACK: Final = ("127.0.0.1", "localhost")
_LITTLE_SPACE: Final = 500 * 10**6
_DISK_SECONDS: Final = 10.0


@dataclass(frozen=True)
class StackOptions:
    """Where a stack lives. `port` is the gateway's: None takes 8080, or a free one if that is taken."""

    state: Path
    host: str = "127.0.0.1"
    port: int | None = DEFAULT_PORT
    services: Sequence[Service] = SERVICES
    migrate_module: str = MIGRATE_MODULE
    patience: Patience = field(default_factory=Patience)
    servers: ServerChoice = field(default_factory=ServerChoice)


class Stack:
    """A running Storyreel, as an async context. `say` is given one line for each thing worth knowing."""

    def __init__(self, options: StackOptions, say: Callable[[str], None]) -> None:
        self.options = options
        self.state = StateFolder(options.state)
        self.services: dict[str, Child] = {}
        self._say = say
        self._port = _gateway_port(options.host, options.port)
        reached_as = "127.0.0.1" if options.host == "0.0.0.0" else options.host
        self.gateway_url = f"http://{reached_as}:{self._port}"
        self.servers = servers_of(
            options.servers,
            options.state,
            origins=sorted({self.gateway_url, f"http://localhost:{self._port}"}),
        )

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Start everything and wait until every service is ready.

        Raises LocalError with one sentence about what did not come up; nothing is left running then.
        """
        self._say(f"starting the servers ({self.servers.described})")
        await self.servers.start()
        try:
            self._say("creating topics, buckets and indexes")
            await self._migrate()
            self._say(f"starting the services: {', '.join(one.name for one in self.options.services)}")
            self._define_services()
            await together(*(self._start_service(child) for child in self.services.values()))
            self.record(ready=True)
            if self.options.host not in _LOOPBACK:
                self._say("links to films point to 127.0.0.1: only this machine can open them")
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Stop the services (they may take 20 s to hand work back), then the servers."""
        await asyncio.gather(*(child.stop() for child in self.services.values()))
        await self.servers.stop()

    async def supervise(self) -> None:
        """Start again whatever dies, until cancelled. Raises LocalError when something keeps dying."""
        await together(
            self._watch_disk(),
            *(self._keep_server(name) for name in self.servers.children),
            *(self._keep_service(child) for child in self.services.values()),
        )

    def record(self, *, ready: bool) -> None:
        """Write `stack.json`. Other commands use the gateway once its URL is there."""
        self.servers.record(self.gateway_url if ready else None, tuple(self.services.values()))

    async def _watch_disk(self) -> None:
        """Say so, once each time, when the disk of the state folder is nearly full."""
        told = False
        while True:
            free = shutil.disk_usage(self.state.root).free
            if free < _LITTLE_SPACE and not told:
                self._say(
                    f"the disk of {self.state.root} is nearly full ({free // 10**6} MB): free some space"
                )
            told = free < _LITTLE_SPACE
            await asyncio.sleep(_DISK_SECONDS)

    async def _keep_server(self, name: str) -> None:
        async def restart() -> None:
            await self.servers.revive(name)
            self.record(ready=True)

        await keep_running(self.servers.children[name], restart, self._say, self.options.patience)

    async def _keep_service(self, child: Child) -> None:
        async def restart() -> None:
            child.spawn()
            self.record(ready=True)
            await child.wait_ready()

        await keep_running(child, restart, self._say, self.options.patience)

    async def _start_service(self, child: Child) -> None:
        child.spawn()
        self.record(ready=False)
        await child.wait_ready()

    async def _migrate(self) -> None:
        log = self.state.logs / "migrate.log"
        with log.open("wb") as output:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                self.options.migrate_module,
                env=child_environment(self.state, self.servers.environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
            try:
                code = await process.wait()
            except asyncio.CancelledError:
                process.kill()
                raise
        if code != 0:
            said = log.read_text(errors="replace").strip().splitlines() or ["it said nothing"]
            raise LocalError(f"Topics and buckets could not be created: {said[-1][:300]} (see {log})")

    def _define_services(self) -> None:
        ports = {"gateway": self._port}
        remembered = self.state.remembered_ports()
        for name in (name for service in self.options.services for name in service.port_names):
            taken = {*ports.values(), *self.servers.ports.values()}
            ports[name] = choose_port(avoid=taken, wanted=remembered.get(name))
        self.state.remember_ports({name: port for name, port in ports.items() if name != "gateway"})
        environment = self.servers.environment
        self.services = {
            service.name: Child(service_program(service, self.state, ports, environment, self.options.host))
            for service in self.options.services
        }


def _gateway_port(host: str, port: int | None) -> int:
    if port is None:
        return choose_port(wanted=DEFAULT_PORT)
    try:
        free = is_free(port, host)
    except OSError as error:
        raise LocalError(
            f"Cannot listen on {host}: {error.strerror}; choose an address with --host."
        ) from error
    if not free:
        raise LocalError(
            f"Port {port} is taken by {holder(port) or 'another program'}: "
            "stop it, or choose another port with --port."
        )
    return port
