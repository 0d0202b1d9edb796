"""Processes that die, hang or lose an answer between any two operations on the database or the bus.

A program of the model runs under a Fate. Everything that it does outside its own memory passes a point; at
the point that its Stop names it crashes (for good), pauses (until the model lets it go on, as after SIGSTOP)
or is told UnavailableError. What was written stays written; what the program knew is lost with it.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from storyreel.documents import Collection, Documents
from storyreel.errors import UnavailableError
from storyreel.events import Event


class Crash(BaseException):
    """The process is dead: nothing may catch this, no `finally` of the product may write."""


class How(StrEnum):
    """What happens at a stop."""

    CRASH = "crash"
    PAUSE = "pause"
    LOST = "lost"


@dataclass(frozen=True)
class Stop:
    """A program stops at its `at`-th point, from 1: a write has one before and one after it, a read one."""

    how: How
    at: int


class Fate:
    """Where one program stops next, and how. One program may be resumed and stopped many times.

    `slow_bus`: the program lingers over the first event that it publishes, before it hears that it is said.
    """

    def __init__(self, stop: Stop | None, *, slow_bus: bool = False) -> None:
        self._stop = stop
        self._slow_bus = slow_bus
        self._passed = 0
        self.paused = asyncio.Event()
        self._go_on = asyncio.Event()

    @property
    def crashes_at_its_end(self) -> bool:
        """Whether the program was to crash further on than it went: then its last answer is lost."""
        return self._stop is not None and self._stop.how is How.CRASH

    def resume(self, stop: Stop | None) -> None:
        """Lets a paused program go on, to the next stop."""
        self._stop, self._passed = stop, 0
        self.paused.clear()
        self._go_on.set()

    async def pass_point(self) -> None:
        """Raises Crash or UnavailableError, or waits for `resume`, where the program was to stop here."""
        self._passed += 1
        if self._stop is None or self._passed != self._stop.at:
            return
        match self._stop.how:
            case How.CRASH:
                raise Crash
            case How.LOST:
                raise UnavailableError("the answer was lost on its way")
            case How.PAUSE:
                self._stop = None
                await self.linger()

    async def wait_for_the_bus(self) -> None:
        """The broker answers: late, the first time, where the bus is slow."""
        if self._slow_bus:
            self._slow_bus = False
            await self.linger()

    async def linger(self) -> None:
        """Pauses here, until `resume`."""
        self._go_on.clear()
        self.paused.set()
        await self._go_on.wait()


FATE: ContextVar[Fate | None] = ContextVar("fate", default=None)


async def pass_point() -> None:
    """A point of the running program; nothing outside one."""
    fate = FATE.get()
    if fate is not None:
        await fate.pass_point()


async def linger() -> None:
    """The running program waits for something slow, until the model lets it go on."""
    fate = FATE.get()
    assert fate is not None
    await fate.linger()


READS = ("find_one", "find", "count")
"""The operations that leave no mark; every other is taken to write."""


class CrashingCollection(Collection):
    """A real collection whose every operation is one or two points."""


def _with_points(name: str, operation: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    async def operation_with_points(self: Collection, *values: Any, **options: Any) -> Any:
        await pass_point()
        answer = await operation(self, *values, **options)
        if name not in READS:
            await pass_point()
        return answer

    return operation_with_points


for _name, _operation in vars(Collection).items():
    if inspect.iscoroutinefunction(_operation):
        setattr(CrashingCollection, _name, _with_points(_name, _operation))


class CrashingDocuments(Documents):
    """A real database whose collections are points of the program that uses them."""

    def collection(self, name: str) -> Collection:
        return CrashingCollection(self._database.get_collection(name))


class RecordingPublisher:
    """Keeps every event that it was given, each time, in order."""

    def __init__(self) -> None:
        self.said: list[Event] = []

    async def publish(self, event: Event) -> None:
        """Says the event: to be heard even where the program never learns that it was."""
        await pass_point()
        self.said.append(event)
        fate = FATE.get()
        assert fate is not None
        await fate.wait_for_the_bus()
        await fate.pass_point()
