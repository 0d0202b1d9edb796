"""Calls of an engine, each with a deadline and a metric, whose errors are all TaskErrors: what an engine does
wrong must never look like an answer that it gave.
"""

from __future__ import annotations

import asyncio
import errno
import time
from collections.abc import Awaitable
from typing import Final, TypeVar

from storyreel.engine import Accepted, Engine, EngineRequest, Made, Ready, Running
from storyreel.errors import (
    InvalidError,
    NoRoomError,
    NotFoundError,
    OutcomeUnknownError,
    RefusedError,
    RetryableError,
    TaskError,
    UnavailableError,
)
from storyreel.recipes import Recipe
from storyreel.telemetry import metrics
from storyreel.telemetry.logs import get_logger

log = get_logger(__name__)

T = TypeVar("T")

DISK_FULL: Final = "the disk is full: free some space and render again"

SHORTEST_DEADLINE_SECONDS: Final = 60.0
DEADLINE_FACTOR: Final = 10.0
"""A call ends within ten times the estimate of the whole task."""


class EngineCalls:
    """One engine, called with deadlines. Every method raises TaskErrors alone."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.can = engine.capabilities()

    async def submit(self, request: EngineRequest) -> Made | Accepted:
        """Asks for an asset. Raises OutcomeUnknownError where a paid engine may have taken the request."""
        lost = RetryableError if self.can.repeatable else OutcomeUnknownError
        return await self._call("submit", self._engine.submit(request), request.recipe, lost)

    async def poll(self, engine_task: str, recipe: Recipe) -> Running | Ready:
        """How the engine's task is doing."""
        return await self._call("poll", self._engine.poll(engine_task), recipe)

    async def fetch(self, engine_task: str, request: EngineRequest) -> Made:
        """What the engine's task made."""
        return await self._call("fetch", self._engine.fetch(engine_task, request), request.recipe)

    async def cancel(self, engine_task: str, recipe: Recipe) -> bool:
        """Whether the engine's task could be stopped."""
        return await self._call("cancel", self._engine.cancel(engine_task), recipe)

    async def look_up(self, key: str, recipe: Recipe) -> str | None:
        """The engine's task with our key. Whatever goes wrong here is no answer about the task."""
        try:
            return await self._call("look_up", self._engine.look_up(key), recipe)
        except (RefusedError, InvalidError) as error:
            raise RetryableError(f"{self.can.name} could not look it up: {error}") from error

    async def _call(
        self,
        operation: str,
        call: Awaitable[T],
        recipe: Recipe,
        lost: type[RetryableError] = RetryableError,
    ) -> T:
        within = max(SHORTEST_DEADLINE_SECONDS, DEADLINE_FACTOR * self._engine.estimate(recipe))
        began = time.monotonic()
        result = "stopped"
        try:
            async with asyncio.timeout(within):
                answer = await call
            result = "ok"
            return answer
        except Exception as error:
            known = self._explain(error, operation, within, lost)
            result = _name(known)
            raise known from error
        finally:
            seconds = time.monotonic() - began
            metrics.ENGINE_SECONDS.labels(self.can.name, operation, result).observe(seconds)

    def _explain(
        self, error: Exception, operation: str, within: float, lost: type[RetryableError]
    ) -> TaskError:
        match error:
            case TaskError():
                return error
            case TimeoutError():
                return lost(f"{self.can.name} did not answer within {within:.0f} s ({operation})")
            case UnavailableError() | NotFoundError():
                return RetryableError(str(error))
            case OSError(errno=errno.ENOSPC):
                return NoRoomError(DISK_FULL)
            case OSError():
                return lost(f"the system answered: {error}")
        log.exception("engine failed unexpectedly", engine=self.can.name, operation=operation)
        return lost(f"unexpected {type(error).__name__}: {error}")


def _name(error: TaskError) -> str:
    match error:
        case RefusedError():
            return "refused"
        case InvalidError():
            return "invalid"
        case OutcomeUnknownError():
            return "unknown"
    return "failed"
