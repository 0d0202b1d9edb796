"""Looks after the gates of a service's engines: what dead workers left, tasks that waited too long, metrics.

Whatever it does may be done again, and by several fronts at once.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Final

from storyreel.board import transitions
from storyreel.board.gate import Gate, occupies
from storyreel.board.gates import Gates
from storyreel.board.rows import State
from storyreel.board.schedule import UNAVAILABLE_SECONDS
from storyreel.board.store import Rows, from_document
from storyreel.documents import Documents
from storyreel.errors import UnavailableError
from storyreel.telemetry import metrics
from storyreel.telemetry.logs import get_logger

log = get_logger(__name__)

EVERY_SECONDS: Final = 1.0
GIVE_UP_EVERY_SECONDS: Final = 60.0
"""Looking for tasks that waited too long reads all that wait for the engine."""


class Gatekeeper:
    """Looks after every gate of a service's database."""

    def __init__(self, documents: Documents, gates: Gates, *, clock: Callable[[], float] = time.time) -> None:
        self._rows = Rows(documents)
        self._gates = gates
        self._clock = clock
        self._gave_up_at: dict[str, float] = {}

    async def run(self, stopping: asyncio.Event) -> None:
        """Looks every second until `stopping` is set."""
        while not stopping.is_set():
            try:
                await self.look()
            except UnavailableError as error:
                log.warning("gates not looked after", error=str(error))
            try:
                async with asyncio.timeout(EVERY_SECONDS):
                    await stopping.wait()
            except TimeoutError:
                continue

    async def look(self) -> None:
        """Looks after every gate once. Raises UnavailableError."""
        for gate in await self._gates.all():
            metrics.ENGINE_STOPPED.labels(gate.engine).set(gate.stop is not None)
            metrics.ENGINE_HOLDERS.labels(gate.engine).set(len(gate.holders))
            await self._forget_holders(gate)
            await self._give_up(gate)

    async def _forget_holders(self, gate: Gate) -> None:
        """A holder whose row occupies the engine no more belongs to a worker that died before it said so."""
        if not gate.holders:
            return
        keys = [holder.key for holder in gate.holders]
        found = await self._rows.collection.find({"_id": {"$in": keys}})
        at_work = {row.key for row in map(from_document, found) if occupies(row)}
        gone = [holder for holder in gate.holders if holder.key not in at_work]
        if gone:
            await self._gates.forget(gate.engine, gone)
            log.warning("places of dead workers freed", engine=gate.engine, places=len(gone))

    async def _give_up(self, gate: Gate) -> None:
        """Fails the tasks that were posted a day ago for an engine that has taken nothing for as long."""
        now = self._clock()
        overdue = now - UNAVAILABLE_SECONDS
        last = self._gave_up_at.get(gate.engine, 0.0)
        if gate.stop is None or gate.since > overdue or now - last < GIVE_UP_EVERY_SECONDS:
            return
        self._gave_up_at[gate.engine] = now
        for state in (State.READY, State.DELAYED):
            waiting = {"state": str(state), "engine": gate.engine, "posted_at": {"$lte": overdue}}
            for document in await self._rows.collection.find(waiting, fields=["_id"]):
                await self._rows.change(
                    document["_id"], lambda row: transitions.give_up_waiting(row, gate.reason, now)
                )
