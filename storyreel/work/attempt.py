"""One attempt at one task, from its claim to what the board is told: a result, a failure, or a hand-back."""

from __future__ import annotations

import asyncio
import errno
import time

from google.protobuf.message import Message
from opentelemetry.trace import Span

from storyreel.assets import Assets, StoreFullError
from storyreel.board.leases import Claimed, Leases
from storyreel.board.rows import Row
from storyreel.engine import Engine, Made
from storyreel.errors import (
    LeaseLostError,
    NoRoomError,
    NotFoundError,
    OutcomeUnknownError,
    RetryableError,
    StoryreelError,
    TaskError,
    UnavailableError,
)
from storyreel.telemetry import metrics
from storyreel.telemetry.logs import get_logger
from storyreel.telemetry.traces import mark_failed, span
from storyreel.work.asking import Asking
from storyreel.work.calls import DISK_FULL, EngineCalls
from storyreel.work.insist import insist
from storyreel.work.scratch import scratch_folder

log = get_logger(__name__)


class Attempts:
    """Carries out claimed tasks of one engine."""

    def __init__(self, leases: Leases, assets: Assets, engine: Engine, *, renew_seconds: float) -> None:
        self._leases = leases
        self._assets = assets
        self._calls = EngineCalls(engine)
        self._asking = Asking(leases, assets, self._calls)
        self._renew_seconds = renew_seconds

    async def perform(self, claimed: Claimed) -> None:
        """Takes a task as far as it goes now. Raises only what cancels this worker."""
        row = claimed.row
        started = time.monotonic()
        first, *others = [r.traceparent for r in row.waiting_for_it if r.traceparent] or [""]
        with (
            metrics.IN_FLIGHT.labels(row.kind).track_inprogress(),
            span(
                f"make {row.kind}",
                parent=first,
                links=tuple(others),
                attributes={
                    "storyreel.task": row.key,
                    "storyreel.engine": row.engine,
                    "attempt": row.attempts,
                },
            ) as current,
        ):
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
            await self.hand_back(claimed)
            raise
        finally:
            renewal.cancel()
            work.cancel()
            results = await asyncio.gather(work, renewal, return_exceptions=True)
        for result in results:
            if isinstance(result, Exception):
                raise result

    async def _make_and_finish(self, claimed: Claimed, current: Span) -> None:
        try:
            await self._try(claimed)
        except LeaseLostError as error:
            log.warning("lease lost", task=claimed.row.key, error=str(error))
        except TaskError as error:
            mark_failed(current, str(error))
            await self._fail(claimed, error)
        except (UnavailableError, NotFoundError) as error:
            await self._fail(claimed, RetryableError(str(error)))
        except Exception as error:  # a fault of our own must not stop the worker
            log.exception("attempt failed", task=claimed.row.key)
            mark_failed(current, repr(error))
            await self._fail(claimed, RetryableError(f"unexpected {type(error).__name__}: {error}"))

    async def _try(self, claimed: Claimed) -> None:
        with scratch_folder() as scratch:
            made = await self._asking.make(claimed, scratch)
            if made is not None:
                await self._keep(claimed, made)

    async def _keep(self, claimed: Claimed, made: Made) -> None:
        """Stores what was made and finishes the row, however long the servers take.

        Raises LeaseLostError, NoRoomError; OutcomeUnknownError where what was paid for is lost.
        """
        try:
            asset = await insist(lambda: self._store(claimed.row, made))
            await insist(lambda: self._leases.finish(claimed, asset))
        except LeaseLostError:
            raise
        except StoreFullError as error:
            raise NoRoomError(str(error)) from error
        except Exception as error:
            if isinstance(error, OSError) and error.errno == errno.ENOSPC:
                raise NoRoomError(DISK_FULL) from error
            lost = RetryableError if self._calls.can.repeatable else OutcomeUnknownError
            raise lost(f"it was made, and could not be kept: {error}") from error

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
            await insist(lambda: self._leases.fail(claimed, error))
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

    async def hand_back(self, claimed: Claimed) -> None:
        """Gives a task back at a stop, for another worker to take up at once."""
        try:
            await self._leases.hand_back(claimed)
        except StoryreelError as error:
            log.warning("could not hand back", task=claimed.row.key, error=str(error))
