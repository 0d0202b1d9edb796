"""One attempt at one task: remembers the intent, asks the engine, stores what it made, finishes the row."""

from __future__ import annotations

import asyncio
import errno
import time
from pathlib import Path
from typing import Final

from google.protobuf.message import Message
from opentelemetry.trace import Span
from pydantic import TypeAdapter

from storyreel.assets import Assets, StoreFullError
from storyreel.board.leases import Claimed, Leases
from storyreel.board.rows import Row
from storyreel.engine import Accepted, Engine, EngineRequest, Made, Running
from storyreel.errors import (
    InvalidError,
    LeaseLostError,
    NotFoundError,
    RetryableError,
    StoryreelError,
    TaskError,
    UnavailableError,
)
from storyreel.outcomes import KINDS
from storyreel.recipes import Recipe
from storyreel.telemetry import metrics
from storyreel.telemetry.logs import get_logger
from storyreel.telemetry.traces import mark_failed, span
from storyreel.work.scratch import scratch_folder

log = get_logger(__name__)

RECIPE: Final[TypeAdapter[Recipe]] = TypeAdapter(Recipe)
SHORTEST_DEADLINE_SECONDS: Final = 60.0
DEADLINE_FACTOR: Final = 10.0
"""A request is not sent once ten times its estimate has passed since the intent."""


class Attempts:
    """Carries out claimed tasks of one engine."""

    def __init__(self, leases: Leases, assets: Assets, engine: Engine, *, renew_seconds: float) -> None:
        self._leases = leases
        self._assets = assets
        self._engine = engine
        self._renew_seconds = renew_seconds

    async def perform(self, claimed: Claimed) -> None:
        """Takes a task as far as it goes now. Raises only what cancels this worker."""
        row = claimed.row
        started = time.monotonic()
        first, *others = [r.traceparent for r in row.waiting_for_it if r.traceparent] or [""]
        with span(
            f"make {row.kind}",
            parent=first,
            links=tuple(others),
            attributes={"storyreel.task": row.key, "storyreel.engine": row.engine, "attempt": row.attempts},
        ) as current:
            await self._while_leased(claimed, current)
        metrics.TASK_SECONDS.labels(row.kind).observe(time.monotonic() - started)

    async def _while_leased(self, claimed: Claimed, current: Span) -> None:
        """Works while another coroutine renews the lease; stops working when the lease is lost."""
        work = asyncio.create_task(self._make_and_finish(claimed, current))
        renewal = asyncio.create_task(self._renew_until_lost(claimed))
        try:
            await asyncio.wait({work, renewal}, return_when=asyncio.FIRST_COMPLETED)
            if not work.done():
                log.warning("lease lost, work dropped", task=claimed.row.key)
        except asyncio.CancelledError:
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)
            await self._hand_back(claimed)
            raise
        finally:
            renewal.cancel()
            work.cancel()
            await asyncio.gather(work, renewal, return_exceptions=True)

    async def _make_and_finish(self, claimed: Claimed, current: Span) -> None:
        try:
            await self._try(claimed)
        except LeaseLostError as error:
            log.warning("lease lost", task=claimed.row.key, error=str(error))
        except TaskError as error:
            mark_failed(current, str(error))
            await self._fail(claimed, error)
        except StoreFullError as error:
            await self._fail(claimed, InvalidError(str(error)))
        except OSError as error:
            await self._fail(claimed, _disk_error(error))
        except (UnavailableError, NotFoundError) as error:
            await self._fail(claimed, RetryableError(str(error)))
        except Exception as error:  # a fault in an engine must not stop the worker
            log.exception("attempt failed", task=claimed.row.key)
            mark_failed(current, repr(error))
            await self._fail(claimed, RetryableError(f"unexpected {type(error).__name__}: {error}"))

    async def _try(self, claimed: Claimed) -> None:
        with scratch_folder() as scratch:
            made = await self._make(claimed, scratch)
            if made is not None:
                await self._leases.finish(claimed, await self._store(claimed.row, made))

    async def _make(self, claimed: Claimed, scratch: Path) -> Made | None:
        """What the engine made, or None where the row waits for its next poll or nobody wants it any more."""
        row = claimed.row
        recipe = RECIPE.validate_python(row.recipe)
        if row.engine_task is not None:
            if not row.waiting_for_it and await self._engine.cancel(row.engine_task):
                await self._leases.drop(claimed)
                return None
            return await self._poll(claimed, row.engine_task, self._request(row, recipe, scratch, 0.0))
        if not await self._leases.still_wanted(claimed):
            return None
        if row.intent is not None and (known := await self._look_up(row)) is not None:
            await self._leases.accepted(claimed, known, poll_after_seconds=0.0)
            return None
        patience = max(SHORTEST_DEADLINE_SECONDS, DEADLINE_FACTOR * self._engine.estimate(recipe))
        intent = await self._leases.intend(claimed, within_seconds=patience)
        answer = await self._engine.submit(self._request(row, recipe, scratch, intent.deadline))
        if isinstance(answer, Accepted):
            await self._leases.accepted(
                claimed, answer.engine_task, poll_after_seconds=answer.poll_after_seconds
            )
            return None
        return answer

    async def _look_up(self, row: Row) -> str | None:
        """The engine's id of a request whose answer was lost; counts those that cannot be found out."""
        capabilities = self._engine.capabilities()
        if capabilities.looks_up:
            return await self._engine.look_up(row.key)
        if not capabilities.repeatable:
            metrics.AMBIGUOUS_OUTCOMES.labels(row.engine).inc()
            log.error("outcome unknown, asking again", task=row.key, engine=row.engine)
        return None

    async def _poll(self, claimed: Claimed, engine_task: str, request: EngineRequest) -> Made | None:
        status = await self._engine.poll(engine_task)
        if isinstance(status, Running):
            await self._leases.accepted(claimed, engine_task, poll_after_seconds=status.poll_after_seconds)
            return None
        return await self._engine.fetch(engine_task, request)

    def _request(self, row: Row, recipe: Recipe, scratch: Path, deadline: float) -> EngineRequest:
        inputs = {key: _input(recipe, key, fact) for key, fact in zip(row.inputs, row.facts, strict=True)}
        return EngineRequest(row.key, recipe, inputs, scratch, deadline, self._assets)

    async def _store(self, row: Row, made: Made) -> Message:
        asset = type(made.asset)()
        asset.CopyFrom(made.asset)
        for field, file in made.files.items():
            stored = await self._assets.put(row.owner, row.kind, file.content, file.media_type)
            getattr(asset, field).CopyFrom(stored)
        return asset

    async def _fail(self, claimed: Claimed, error: TaskError) -> None:
        log.warning("attempt failed", task=claimed.row.key, attempt=claimed.row.attempts, reason=str(error))
        try:
            await self._leases.fail(claimed, error)
        except StoryreelError as lost:
            # The lease runs out and another worker tries: nothing is lost but time.
            log.warning("could not say so", task=claimed.row.key, error=str(lost))

    async def _renew_until_lost(self, claimed: Claimed) -> None:
        while True:
            await asyncio.sleep(self._renew_seconds)
            try:
                await self._leases.renew(claimed)
            except LeaseLostError:
                return
            except UnavailableError as error:
                log.warning("lease not renewed", task=claimed.row.key, error=str(error))

    async def _hand_back(self, claimed: Claimed) -> None:
        try:
            await self._leases.hand_back(claimed)
        except StoryreelError as error:
            log.warning("could not hand back", task=claimed.row.key, error=str(error))


def _disk_error(error: OSError) -> TaskError:
    if error.errno == errno.ENOSPC:
        return InvalidError("the disk is full: free some space and render again")
    return RetryableError(f"the system answered: {error}")


def _input(recipe: Recipe, key: str, fact: bytes) -> Message:
    """The asset behind an input's key: its kind follows from where the recipe names the key."""
    return KINDS[recipe.input_kinds()[key]].asset.FromString(fact)
