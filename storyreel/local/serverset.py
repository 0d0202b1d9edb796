"""A set of servers as children of this process: started in order, kept on one state folder, and stopped."""

from __future__ import annotations

import asyncio
import os
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Final, Self

from storyreel.local.child import Child, Program, kill_leftovers, started_at, together
from storyreel.local.choice import ServerChoice, keep_choice
from storyreel.local.errors import LocalError
from storyreel.local.ports import GRPC_OFFSET, choose_port, holder, is_free
from storyreel.local.state import StackRecord, StateFolder

DEFAULT_ORIGINS: Final = ("http://127.0.0.1:8080", "http://localhost:8080")


class ServerSet(ABC):
    """Servers on one state folder, as an async context. They die with this process.

    `ports` fixes ports by name; the others are those of the last run where still free, else free ones.
    `origins` are the web pages whose scripts may read from the store. Start it from the main thread: the
    kernel ends the servers when the thread that started them does.
    """

    paired_ports: ClassVar[Sequence[str]] = ()
    """Names of ports that need their port + 10000 as well."""

    def __init__(
        self,
        state: Path,
        choice: ServerChoice,
        *,
        ports: Mapping[str, int] | None = None,
        origins: Sequence[str] = DEFAULT_ORIGINS,
    ) -> None:
        self.state = StateFolder(state)
        self.choice = choice
        self.origins = tuple(origins)
        self.children: dict[str, Child] = {}
        self.ports: dict[str, int] = {}
        unknown = set(ports or {}) - set(self.port_names)
        if unknown:
            raise ValueError(f"no server port is called {sorted(unknown)}: choose from {self.port_names}")
        self._fixed = dict(ports or {})
        self._waves: list[list[str]] = []
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    @property
    @abstractmethod
    def described(self) -> str:
        """What the servers are, in a few words."""

    @property
    @abstractmethod
    def port_names(self) -> Sequence[str]:
        """The names, in `ports.json`, of the ports that the servers need."""

    @property
    @abstractmethod
    def environment(self) -> dict[str, str]:
        """The settings by which services and tests reach the servers, once they are started."""

    @abstractmethod
    def require_programs(self) -> None:
        """Raises LocalError, saying how to get it, where something that is to be run is missing."""

    @abstractmethod
    def waves(self) -> Sequence[Sequence[Program]]:
        """The servers' programs in the order of their start; those of one wave start together."""

    async def prepare(self) -> None:  # noqa: B027 - most sets need nothing here
        """What has to be done in the folder before the first server starts."""

    async def start(self) -> None:
        """Start all of them and wait until each answers in its protocol.

        Raises LocalError if a program is missing, the folder is in use or was made on other servers, a fixed
        port is taken, or a server does not come up.
        """
        self.require_programs()
        self.state.acquire()
        try:
            keep_choice(self.state, self.choice)
            await self._clear_leftovers()
            self.ports = self._choose_ports()
            self.state.remember_ports(self.ports)
            await self.prepare()
            waves = self.waves()
            self._waves = [[program.name for program in wave] for wave in waves]
            self.children = {program.name: Child(program) for wave in waves for program in wave}
            for wave in self._waves:
                await together(*(self._start(name) for name in wave))
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Stop the servers, those that were started last first, and give the folder back."""
        for wave in reversed(self._waves):
            await asyncio.gather(*(self.children[name].stop() for name in wave))
        self.state.forget_record()
        self.state.release()

    def kill(self, name: str) -> None:
        """kill -9 one server, as a crash would. Raises ValueError for a name that is not among `children`."""
        self._child(name).kill()

    async def restart(self, name: str) -> None:
        """Stop one server if it runs, start it again on its ports, and wait until it answers."""
        child = self._child(name)
        async with self._locks[name]:
            await child.stop()
            await self._start(name)

    async def revive(self, name: str) -> None:
        """Start one server that has died, unless that was done already, and wait until it answers."""
        child = self._child(name)
        async with self._locks[name]:
            if not child.running:
                await child.stop()  # what it had started itself
                await self._start(name)

    @asynccontextmanager
    async def outage(self, *names: str) -> AsyncIterator[None]:
        """kill -9 servers and keep them away, whoever tries to revive them, until the context ends.

        Then they are started again, together: brokers of a cluster wait for each other.
        """
        children = [self._child(name) for name in names]
        async with AsyncExitStack() as locks:
            for name in sorted(names):
                await locks.enter_async_context(self._locks[name])
            for child in children:
                child.kill()
            await asyncio.gather(*(child.wait() for child in children))
            yield
            await together(*(self._start(name) for name in names))

    def record(self, gateway_url: str | None = None, others: Sequence[Child] = ()) -> None:
        """Write `stack.json`: this process, where the servers are, and the children that run."""
        running = [child for child in (*self.children.values(), *others) if child.running]
        self.state.write_record(
            StackRecord(
                pid=os.getpid(),
                started=started_at(os.getpid()) or "",
                gateway_url=gateway_url,
                servers=self.described,
                environment=self.environment,
                processes=tuple(child.record() for child in running),
            )
        )

    async def _clear_leftovers(self) -> None:
        record = self.state.read_record()
        await kill_leftovers(record.processes if record else (), str(self.state.root))

    def _choose_ports(self) -> dict[str, int]:
        remembered = self.state.remembered_ports()
        chosen: dict[str, int] = {}
        for name in self.port_names:
            pair = name in self.paired_ports
            if name in self._fixed:
                chosen[name] = self._fixed[name]
                _require_free(name, self._fixed[name], pair=pair)
                continue
            taken = {*self._fixed.values(), *chosen.values()}
            chosen[name] = choose_port(avoid=taken, wanted=remembered.get(name), pair=pair)
        return chosen

    async def _start(self, name: str) -> None:
        child = self.children[name]
        child.spawn()
        self.record()
        await child.wait_ready()

    def _child(self, name: str) -> Child:
        if name not in self.children:
            raise ValueError(
                f"no running server is called {name!r}: choose one of {', '.join(self.children)}"
            )
        return self.children[name]


def _require_free(name: str, port: int, *, pair: bool) -> None:
    for one in (port, port + GRPC_OFFSET) if pair else (port,):
        if not is_free(one):
            raise LocalError(
                f"Port {one}, wanted for {name}, is taken by {holder(one) or 'another program'}: "
                "stop it or choose another port."
            )
