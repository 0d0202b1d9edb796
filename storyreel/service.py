"""A service's life: settings, servers it waits for, parts in order of start, readiness, a graceful stop.

A part is a coroutine that runs until its `stopping` event is set. One that ends before, or raises, ends
the process with an error: whoever runs it starts it again, and the board and the bus lose nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, Final

from storyreel.assets import Assets, StoreAddress
from storyreel.bus.consumer import Consumer, Handler, PausedTopics, nothing_paused
from storyreel.bus.kafka import Producer, Subscription
from storyreel.bus.publisher import Publisher
from storyreel.documents import Documents
from storyreel.errors import StoryreelError, UnavailableError
from storyreel.settings import Settings, load_settings
from storyreel.sweeps import Sweep, Sweeps
from storyreel.telemetry.endpoint import Endpoint
from storyreel.telemetry.logs import configure_logs, get_logger
from storyreel.telemetry.traces import configure_traces

log = get_logger(__name__)

WATCH_SECONDS: Final = 5.0
SERVER_WAIT_SECONDS: Final = 120.0
STOP_MARGIN_SECONDS: Final = 10.0


@dataclass(frozen=True)
class Part:
    """Something that runs for as long as the service does. `last` parts stop after all others.

    `why` says what keeps it from being ready, where that is more than that it is starting.
    """

    name: str
    run: Callable[[asyncio.Event], Coroutine[Any, Any, None]]
    ready: Callable[[], bool]
    alive: Callable[[], bool]
    why: Callable[[], str]
    last: bool

    def waiting(self) -> str:
        """Its name, and what keeps it."""
        why = self.why()
        return f"{self.name}: {why}" if why else self.name


class Service:
    """What a service is built from: the clients of the three servers, and the parts that it adds."""

    def __init__(self, name: str, settings: Settings) -> None:
        self.name = name
        self.settings = settings
        self.documents = Documents(settings.mongo_url, settings.database(name))
        self.assets = Assets(StoreAddress.of(settings), fresh_seconds=settings.sweep_age_seconds / 2)
        self.publisher = Publisher(Producer(settings.kafka_bootstrap, idempotence=settings.kafka_idempotence))
        self._parts: list[Part] = []
        self._sweeps: list[Sweep] = []
        self._started = False

    def add(
        self,
        name: str,
        run: Callable[[asyncio.Event], Coroutine[Any, Any, None]],
        *,
        ready: Callable[[], bool] = lambda: True,
        alive: Callable[[], bool] = lambda: True,
        why: Callable[[], str] = lambda: "",
        last: bool = False,
    ) -> None:
        """Adds a part; parts start in the order in which they were added."""
        self._parts.append(Part(name, run, ready, alive, why, last))

    def consume(
        self, topics: list[str], handler: Handler, *, paused_topics: PausedTopics = nothing_paused
    ) -> None:
        """Adds a consumer of `topics` in this service's group; it leaves out those that are paused."""
        subscription = Subscription(self.settings.kafka_bootstrap, f"storyreel-{self.name}", topics)
        consumer = Consumer(
            subscription,
            self.publisher,
            handler,
            dead_letter_share=self.settings.dead_letter_share,
            paused_topics=paused_topics,
        )
        self.add("consumer", consumer.run, ready=consumer.ready, alive=consumer.alive, why=consumer.why)

    def sweep(self, sweeps: Sequence[Sweep]) -> None:
        """Adds sweeps, run by the clock with the age of the settings, and at once by `sweep_once`."""
        self._sweeps += sweeps
        self.add("sweeps", Sweeps(sweeps, age_seconds=self.settings.sweep_age_seconds).run)

    async def sweep_once(self, age_seconds: float) -> dict[str, int]:
        """Runs every sweep now instead of the parts; how many things each swept. Raises UnavailableError."""
        try:
            return await Sweeps(self._sweeps, age_seconds=age_seconds).once(age_seconds)
        finally:
            await self._close()

    def unready(self) -> str:
        """What the service still waits for; empty when it is ready."""
        if not self._started:
            return "starting"
        return ", ".join(part.waiting() for part in self._parts if not part.ready())

    def alive(self) -> bool:
        """Whether every part still does its work."""
        return all(part.alive() for part in self._parts)

    async def wait_for_servers(self, stopping: asyncio.Event) -> None:
        """Waits until the database and the store answer, or `stopping` is set.

        Raises UnavailableError after two minutes.
        """
        deadline = asyncio.get_running_loop().time() + SERVER_WAIT_SECONDS
        for ping in (self.documents.ping, self.assets.ping):
            while not stopping.is_set():
                try:
                    await ping()
                    break
                except UnavailableError as error:
                    if asyncio.get_running_loop().time() > deadline:
                        raise
                    log.info("waiting", reason=str(error))
                    await asyncio.sleep(0.5)

    async def run_parts(self, stopping: asyncio.Event) -> None:
        """Runs every part until `stopping` is set or one of them ends. Raises StoryreelError in that case."""
        stopping_last = asyncio.Event()
        tasks = {
            asyncio.create_task(part.run(stopping_last if part.last else stopping), name=part.name): part
            for part in self._parts
        }
        watch = asyncio.create_task(self._watch(stopping), name="watch")
        self._started = True
        try:
            done, _ = await asyncio.wait([*tasks, watch], return_when=asyncio.FIRST_COMPLETED)
            if not stopping.is_set():
                raise _reason(done)
        finally:
            stopping.set()
            patience = self.settings.stop_grace_seconds + STOP_MARGIN_SECONDS
            await asyncio.wait([task for task, part in tasks.items() if not part.last], timeout=patience)
            stopping_last.set()
            await asyncio.wait(tasks, timeout=STOP_MARGIN_SECONDS)
            watch.cancel()
            await self._close()

    async def _watch(self, stopping: asyncio.Event) -> None:
        """Ends when a part is stuck; its clients have no watchdog of their own."""
        while not stopping.is_set():
            try:
                async with asyncio.timeout(WATCH_SECONDS):
                    await stopping.wait()
            except TimeoutError:
                stuck = [part.name for part in self._parts if not part.alive()]
                if stuck:
                    raise StoryreelError(f"stuck: {', '.join(stuck)}") from None

    async def _close(self) -> None:
        await self.publisher.stop()
        self.documents.close()


def _reason(done: set[asyncio.Task[None]]) -> StoryreelError:
    task = next(iter(done))
    error = task.exception()
    ended = StoryreelError(f"{task.get_name()} ended: {error or 'without a reason'}")
    ended.__cause__ = error
    return ended


def run_service(name: str, build: Callable[[Service], Awaitable[None]]) -> None:
    """Runs a service until SIGTERM or Ctrl-C: the whole of each service's `__main__`.

    `build` is the composition root: it adds the parts. Exits 1 with one sentence where a part ends. With
    the arguments `sweep --age SECONDS` it runs the service's sweeps once, and prints how many things each
    swept as one line of JSON.
    """
    arguments = _arguments(name)
    settings = load_settings()
    configure_logs(name, log_format=settings.log_format, level=settings.log_level)
    provider = configure_traces(name, settings.traces_file)
    try:
        if arguments.command == "sweep":
            print(json.dumps(asyncio.run(_sweep(name, settings, build, arguments.age))))
        else:
            asyncio.run(_live(name, settings, build))
    except StoryreelError as error:
        log.critical("stopped", reason=str(error), exc_info=error.__cause__)
        sys.exit(1)
    finally:
        provider.shutdown()


def _arguments(name: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog=f"python -m services.{name}")
    commands = parser.add_subparsers(dest="command")
    sweep = commands.add_parser("sweep", help="run the service's sweeps once, then end")
    sweep.add_argument("--age", type=float, required=True, help="seconds; what is younger is left alone")
    return parser.parse_args()


async def _sweep(
    name: str, settings: Settings, build: Callable[[Service], Awaitable[None]], age_seconds: float
) -> dict[str, int]:
    service = Service(name, settings)
    await service.wait_for_servers(asyncio.Event())
    await build(service)
    return await service.sweep_once(age_seconds)


async def _live(name: str, settings: Settings, build: Callable[[Service], Awaitable[None]]) -> None:
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    service = Service(name, settings)
    endpoint = Endpoint(
        settings.metrics_host, settings.metrics_port, alive=service.alive, unready=service.unready
    )
    endpoint.start()
    try:
        await service.wait_for_servers(stopping)
        if stopping.is_set():
            return
        await build(service)
        log.info("started", roles=settings.roles)
        await service.run_parts(stopping)
        log.info("stopped")
    finally:
        endpoint.stop()
