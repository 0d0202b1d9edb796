"""Claiming: finds the rows of an engine that may be worked on now, and wins one.

A claim reads a small batch by one index and wins a row with one conditional write; there is no
find-and-modify, which the embedded database does by scanning.
"""

from __future__ import annotations

import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from storyreel.board import transitions
from storyreel.board.gate import Admission, Gate
from storyreel.board.gates import Gates
from storyreel.board.rows import Lease, Row, State
from storyreel.board.store import Rows
from storyreel.board.turns import Clock, Turns
from storyreel.documents import Document, Documents
from storyreel.errors import LeaseLostError
from storyreel.lanes import Lane
from storyreel.telemetry import metrics

BATCH: Final = 8
SHORTEST_REACH: Final = 16
REACH_GROWTH: Final = 8
BULK_EVERY: Final = 5
"""Of so many ready rows that a worker claims, one is taken from the bulk lane first."""


@dataclass(frozen=True)
class Claimed:
    """A row that this worker holds; `token` proves it in every write. `at`: seconds since 1970."""

    row: Row
    token: str
    at: float


class Claims:
    """How one worker claims."""

    def __init__(
        self,
        documents: Documents,
        gates: Gates,
        *,
        worker: str,
        lease_seconds: float,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._clock = clock
        self._rows = Rows(documents)
        self._turns = Turns(documents)
        self._gates = gates
        self._worker = worker
        self._lease_seconds = lease_seconds
        self._claimed: Counter[str] = Counter()
        self._owes_ready: set[str] = set()

    async def claim(self, engine: str) -> Claimed | None:
        """Wins a delayed row of the engine that is due, or its next ready one; None where there is none.

        While the engine is stopped, or has no place left, only what it has already is taken up.
        """
        gate = await self._gates.get(engine)
        match gate.admission(self._gates.limit(engine), self._clock()):
            case Admission.ALL:
                return await self._claim_any(gate)
            case Admission.HOLDERS:
                return await self._claim_poll(gate) or await self._claim_of_holders(gate)
        return await self._claim_poll(gate)

    async def _claim_any(self, gate: Gate) -> Claimed | None:
        """A poll, or a row that is tried again and a ready one by turns: many retries must starve nobody."""
        due = await self._find(self._due(gate), sort="not_before")
        polls = [document for document in due if document["engine_task"] is not None]
        retries = [document for document in due if document["engine_task"] is None]
        claimed = await self._win_one(gate, polls)
        if claimed is None and gate.engine in self._owes_ready:
            self._owes_ready.remove(gate.engine)
            claimed = await self._claim_ready(gate)
        if claimed is None and (claimed := await self._win_one(gate, retries)):
            self._owes_ready.add(gate.engine)
        return claimed or await self._claim_ready(gate)

    async def _claim_poll(self, gate: Gate) -> Claimed | None:
        polls = {**self._due(gate), "engine_task": {"$ne": None}}
        return await self._win_one(gate, await self._find(polls, sort="not_before"))

    def _due(self, gate: Gate) -> dict[str, Any]:
        return {
            "state": str(State.DELAYED),
            "engine": gate.engine,
            "not_before": {"$lte": self._clock()},
        }

    async def _claim_of_holders(self, gate: Gate) -> Claimed | None:
        """A row whose earlier worker died occupies the engine still: it needs no further place."""
        waiting = {
            "_id": {"$in": [holder.key for holder in gate.holders]},
            "state": {"$in": [str(State.READY), str(State.DELAYED)]},
            "not_before": {"$lte": self._clock()},
        }
        return await self._win_one(gate, await self._find(waiting, sort="not_before"))

    async def _claim_ready(self, gate: Gate) -> Claimed | None:
        """The next row of the lane whose turn it is, or else of the other."""
        clocks = await self._turns.clocks(gate.engine)
        for lane in self._lanes(gate.engine):
            claimed = await self._search(gate, lane, clocks[lane])
            if claimed is not None:
                self._claimed[gate.engine] += 1
                return claimed
        return None

    def _lanes(self, engine: str) -> tuple[Lane, Lane]:
        bulk_first = self._claimed[engine] % BULK_EVERY == BULK_EVERY - 1
        return (Lane.BULK, Lane.INTERACTIVE) if bulk_first else (Lane.INTERACTIVE, Lane.BULK)

    async def _search(self, gate: Gate, lane: Lane, clock: Clock) -> Claimed | None:
        """Searches a queue upwards from the clock in growing steps.

        The embedded database reads every match of a query before it sorts and cuts, so a query must not
        match the whole backlog: it asks for turns up to a bound. Rows that came back have old turns and are
        found by the first step.
        """
        reach = SHORTEST_REACH
        while True:
            bound = clock.now + reach
            ready = {
                "state": str(State.READY),
                "engine": gate.engine,
                "turn.lane": str(lane),
                "turn.number": {"$lte": bound},
            }
            claimed = await self._win_one(gate, await self._find(ready, sort="turn.number"))
            if claimed is not None or bound >= clock.top:
                return claimed
            reach *= REACH_GROWTH

    async def _find(self, query: Mapping[str, Any], *, sort: str) -> list[Document]:
        return await self._rows.collection.find(query, fields=["engine_task"], sort=sort, limit=BATCH)

    async def _win_one(self, gate: Gate, found: Iterable[Document]) -> Claimed | None:
        for document in found:
            claimed = await self._win(document["_id"])
            if claimed is None:
                continue
            return claimed if await self._may_pass(gate, claimed) else None
        return None

    async def _win(self, key: str) -> Claimed | None:
        token = str(uuid.uuid4())
        now = self._clock()
        lease = Lease(worker=self._worker, token=token, until=now + self._lease_seconds)
        row = await self._rows.change(key, lambda known: transitions.claim(known, lease, now))
        if row is None:
            return None
        metrics.CLAIMS.labels(row.kind).inc()
        if row.lease is not None and row.lease.attempt:
            metrics.ATTEMPTS.labels(row.kind).inc()
        if row.turn is not None:
            await self._turns.advance(row.engine, row.turn)
        return Claimed(row, token, now)

    async def _may_pass(self, gate: Gate, claimed: Claimed) -> bool:
        """Enters the gate where names are kept; a row that finds no place after all is handed back.

        The row is leased before its name stands there, so that whoever checks the names finds it so.
        """
        is_poll = claimed.row.engine_task is not None
        if is_poll or not gate.must_be_entered(self._gates.limit(gate.engine)):
            return True
        if await self._gates.enter(claimed.row):
            return True
        with suppress(LeaseLostError):
            await self._rows.change(claimed.row.key, lambda row: transitions.hand_back(row, claimed.token))
        return False
