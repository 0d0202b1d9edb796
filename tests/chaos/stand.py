"""Where a run takes place: the engine server, and the product as nine processes that are started again."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from storyreel.local.child import Child, Program
from storyreel.local.ports import choose_port
from storyreel.local.probes import http_ready
from storyreel.local.services import SERVICES
from storyreel.local.stack import Stack, StackOptions
from storyreel.local.supervisor import Patience
from storyreel.settings import Settings
from tests.chaos.catalogue import write_catalogue
from tests.chaos.engines.bill import KEYED
from tests.chaos.engines.client import ADDRESS
from tests.chaos.options import CHAOS, ChaosOptions

OWN_SERVICES: Final = {name: f"tests.chaos.services.{name}" for name in ("image", "narration", "video")}
KEYED_AT_ONCE: Final = 10
"""Tasks that may occupy the keyed engine of a service at once, from the request to the result."""
PATIENCE: Final = Patience(deaths=10_000, window=60.0, pause=0.1, longest_pause=1.0)
"""The monkey kills more often than a broken product would die."""


@dataclass(frozen=True)
class Stand:
    """A running product and the bill of its engines."""

    stack: Stack
    settings: Settings
    bill: Path

    @property
    def processes(self) -> dict[str, Child]:
        """The nine processes (more with a cluster of brokers) by name."""
        return {**self.stack.services, **self.stack.servers.children}


@asynccontextmanager
async def set_up(options: ChaosOptions, say: Callable[[str], None]) -> AsyncIterator[Stand]:
    """Starts everything and keeps it running; stops everything at the end. Raises LocalError."""
    options.state.mkdir(parents=True, exist_ok=True)
    bill = options.state / "bill.sqlite"
    port = choose_port()
    engines = Child(_engine_program(options, port, bill))
    with _environment(
        {
            ADDRESS: f"http://127.0.0.1:{port}",
            "STORYREEL_CATALOGUE": str(write_catalogue(options.state / "catalogue.toml")),
            "STORYREEL_LEASE_SECONDS": str(options.lease_seconds),
            "STORYREEL_ENGINE_LIMITS": f"{KEYED}={KEYED_AT_ONCE}",
        }
    ):
        await engines.start()
        try:
            async with Stack(_stack_options(options), say) as stack:
                keeping = asyncio.create_task(stack.supervise())
                try:
                    with _environment(stack.servers.environment):
                        settings = Settings()
                    yield Stand(stack, settings, bill)
                finally:
                    keeping.cancel()
                    await asyncio.gather(keeping, return_exceptions=True)
        finally:
            await engines.stop()


def _stack_options(options: ChaosOptions) -> StackOptions:
    own = OWN_SERVICES if options.engines == CHAOS else {}
    services = [replace(one, module=own.get(one.name, one.module)) for one in SERVICES]
    return StackOptions(
        options.state / "stack",
        # A port of its own: others on this machine may want the usual one.
        port=choose_port(),
        services=services,
        patience=PATIENCE,
        servers=options.servers,
    )


def _engine_program(options: ChaosOptions, port: int, bill: Path) -> Program:
    module = "tests.chaos.engines.server"
    return Program(
        name="engines",
        command=[sys.executable, "-m", module, str(port), str(bill), str(options.seed)],
        environment=dict(os.environ),
        log=options.state / "engines.log",
        ready=lambda: http_ready(f"http://127.0.0.1:{port}/readyz"),
    )


class _environment:  # noqa: N801 - used as a context manager
    """Variables of this process, which its children inherit, for as long as the context lasts."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = dict(values)
        self._before: dict[str, str | None] = {}

    def __enter__(self) -> None:
        self._before = {name: os.environ.get(name) for name in self._values}
        os.environ.update(self._values)

    def __exit__(self, *_: object) -> None:
        for name, value in self._before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
