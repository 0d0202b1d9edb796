"""The engine interface: everything that makes sheets, panels, footage, narrations or clips stands behind it.

A synchronous engine answers `submit` with what it made. Any other answers with its own task id, which is
stored before the first `poll`; when `poll` says it is ready, `fetch` gets the result.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from google.protobuf.message import Message

from storyreel.assets import Assets
from storyreel.contracts.events.v1.asset_pb2 import StoredObject
from storyreel.errors import RetryableError
from storyreel.recipes import Recipe


@dataclass(frozen=True)
class Capabilities:
    """What an engine can do.

    `slots`: how many tasks one worker runs at once. `looks_up`: whether a task can be found by our own key
    after a lost answer. `repeatable`: whether asking twice costs nothing, as with local engines.
    """

    name: str
    kinds: tuple[str, ...]
    model: str
    tiers: tuple[str, ...] = ()
    slots: int = 1
    looks_up: bool = False
    repeatable: bool = False


@dataclass(frozen=True)
class EngineRequest:
    """One task for an engine.

    `key` is the asset key, the same on every attempt. `inputs` maps the asset keys that the recipe names to
    the assets (messages of storyreel.events.v1). `scratch` is a folder that is gone after the attempt.
    After `deadline` (seconds since 1970) nothing may be sent any more: see `ensure_sendable`.
    """

    key: str
    recipe: Recipe
    inputs: Mapping[str, Message]
    scratch: Path
    deadline: float
    assets: Assets

    def ensure_sendable(self) -> None:
        """Whoever sends calls this right before the first byte of the request goes out, inputs at hand.

        A worker that was held up (paused, cut off, slow) may have lost its lease, and another one waits only
        until the deadline and a few seconds more before it asks in its place. Those seconds are for clocks
        that differ and for opening the connection: let that take no longer than five seconds. Raises
        RetryableError: the engine was not asked.
        """
        late = time.time() - self.deadline
        if late >= 0:
            raise RetryableError(f"not sent, {late:.1f} s too late: the worker was held up", after_seconds=0)

    async def file(self, stored: StoredObject) -> Path:
        """An object's bytes as a file in `scratch`. Raises UnavailableError, NotFoundError."""
        path = self.scratch / Path(stored.object_key).name
        if not path.exists():
            await self.assets.download(stored, path)
        return path


@dataclass(frozen=True)
class MadeFile:
    """Bytes that an engine made, or the file that holds them."""

    content: bytes | Path
    media_type: str


@dataclass(frozen=True)
class Made:
    """A finished asset: its message, and the file for each of its StoredObject fields, by field name."""

    asset: Message
    files: Mapping[str, MadeFile]


@dataclass(frozen=True)
class Accepted:
    """The engine took the task under its own id."""

    engine_task: str
    poll_after_seconds: float


@dataclass(frozen=True)
class Running:
    """Not ready yet."""

    poll_after_seconds: float


@dataclass(frozen=True)
class Ready:
    """Ready to be fetched."""


class Engine(Protocol):
    """An engine. Every method raises RetryableError, RefusedError or InvalidError and nothing else.

    A plain RetryableError of `submit` says that the engine certainly did not take the request. One that it
    may have taken, because the connection broke or went silent after sending, is an OutcomeUnknownError.
    `submit` reads its inputs (`EngineRequest.file`) before it sends anything. A RetryableError of the other
    methods says that the engine did not answer: its task stays known and is asked for again. Only
    EngineTaskFailedError says that it ended without a result, so that the engine is asked anew.
    """

    def capabilities(self) -> Capabilities:
        """What it can do."""

    def estimate(self, recipe: Recipe) -> float:
        """About how many seconds it will take, for the deadline of the request."""

    async def submit(self, request: EngineRequest) -> Made | Accepted:
        """Asks for an asset."""

    async def poll(self, engine_task: str) -> Running | Ready:
        """How a task is doing."""

    async def look_up(self, key: str) -> str | None:
        """The engine's id of the task with our key, where it knows one."""

    async def cancel(self, engine_task: str) -> bool:
        """Stops a task that nobody wants any more; False where it can no longer be stopped."""

    async def fetch(self, engine_task: str, request: EngineRequest) -> Made:
        """The result of a task that is ready."""


class SynchronousEngine:
    """The part of the interface that an engine without tasks of its own never uses.

    Calling it would mean that an id was stored which such an engine never gave.
    """

    async def poll(self, engine_task: str) -> Running | Ready:
        """Not for this engine."""
        raise AssertionError(f"a synchronous engine has no task {engine_task!r}")

    async def look_up(self, key: str) -> str | None:
        """Knows no tasks."""
        return None

    async def cancel(self, engine_task: str) -> bool:
        """Not for this engine."""
        raise AssertionError(f"a synchronous engine has no task {engine_task!r}")

    async def fetch(self, engine_task: str, request: EngineRequest) -> Made:
        """Not for this engine."""
        raise AssertionError(f"a synchronous engine has no task {engine_task!r}")
