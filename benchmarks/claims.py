"""Claiming tasks from a board of 50,000 ready ones and from one of 500, on the embedded database.

200 owners, half of the tasks for an engine that is stopped, every fifth in the interactive lane. Both boards
are made first and then measured in turn, claim by claim, on one server: its plain updates slow down with
what was written before, so that one board after the other would measure history.
"""

from __future__ import annotations

import asyncio
import itertools
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.report import Figure, figure, publish
from storyreel.board.gates import Gates
from storyreel.board.ingest import Ingest
from storyreel.board.leases import Leases
from storyreel.board.rows import Requester, Row, State, Turn
from storyreel.board.store import to_document
from storyreel.board.turns import turn_after
from storyreel.contracts.events.v1.asset_pb2 import Panel
from storyreel.documents import Document, Documents
from storyreel.errors import EngineUnavailableError
from storyreel.lanes import Lane
from storyreel.local.servers import EmbeddedServers

FEW, MANY = 500, 50_000
OWNERS = 200
ENGINES = ("working", "stopped")
INTERACTIVE_EVERY = 5
CLAIMS = 100
"""Per run and board: the small one still has ready rows of most owners at the end."""
RUNS = 3
LOAD = 1_000


@dataclass(frozen=True)
class Timed:
    """Milliseconds of each claim, and of a plain update of the claimed row by its id after it."""

    claims: list[float]
    updates: list[float]


class Board:
    """A board in a database of its own."""

    def __init__(self, url: str, name: str) -> None:
        self._documents = Documents(url, name)
        gates = Gates(self._documents)
        self._gates = gates
        self._leases = Leases(self._documents, worker="bench", lease_seconds=600, gates=gates)
        self._tasks = self._documents.collection("tasks")

    async def fill(self, size: int) -> None:
        """Makes `size` ready rows as ingest makes them, put in by the thousand, and stops an engine."""
        await Ingest(self._documents).ensure_indexes()
        turns: dict[tuple[str, Lane, str], int] = {}
        rows = _rows(size, turns)
        while batch := [to_document(row) | {"rev": 1} for row in itertools.islice(rows, LOAD)]:
            await self._tasks.insert_many(batch)
        await self._documents.collection("turns").insert_many(_turns(turns))
        stopped = replace(next(_rows(2, {})), engine="stopped")
        error = EngineUnavailableError("connection refused", after_seconds=3600)
        while (await self._gates.get("stopped")).stop is None:
            await self._gates.failed(stopped, error)

    async def claim(self, timed: Timed) -> None:
        """Claims a row, finishes it, and changes it once more."""
        started = time.perf_counter()
        claimed = await self._leases.claim("working")
        timed.claims.append(1000 * (time.perf_counter() - started))
        assert claimed is not None
        await self._leases.finish(claimed, Panel())
        started = time.perf_counter()
        await self._tasks.update({"_id": claimed.row.key}, {"$set": {"reason": "measured"}})
        timed.updates.append(1000 * (time.perf_counter() - started))

    async def check_stop(self) -> None:
        """Nothing may be claimed for the stopped engine."""
        assert await self._leases.claim("stopped") is None

    def close(self) -> None:
        """Closes the connections."""
        self._documents.close()


def _rows(size: int, turns: dict[tuple[str, Lane, str], int]) -> Iterator[Row]:
    for number in range(size):
        owner = f"owner{number % OWNERS}"
        engine = ENGINES[number // OWNERS % 2]
        lane = Lane.INTERACTIVE if number % INTERACTIVE_EVERY == 0 else Lane.BULK
        queue = (engine, lane, owner)
        turns[queue] = turn_after(turns.get(queue, 0), owner)
        yield Row(
            key=f"{owner}:{number:064d}",
            owner=owner,
            kind="panel",
            engine=engine,
            recipe={"text": "A fox walks through the forest on a hot day. " * 8},
            inputs=(),
            state=State.READY,
            requesters=(Requester(f"job{number // 20}", f"panel-{number % 20:03d}", lane=lane),),
            turn=Turn(lane, turns[queue]),
            posted_at=time.time(),
        )


def _turns(turns: dict[tuple[str, Lane, str], int]) -> list[Document]:
    clocks = {engine: {"_id": f"clock/{engine}"} for engine in ENGINES}
    for lane in Lane:
        for engine in ENGINES:
            tops = [last for (of, its, _), last in turns.items() if (of, its) == (engine, lane)]
            clocks[engine][str(lane)] = {"now": 0, "top": max(tops, default=0)}  # type: ignore[assignment]
    owners = [{"_id": f"owner/{e}/{lane}/{owner}", "last": last} for (e, lane, owner), last in turns.items()]
    return [*clocks.values(), *owners]


async def _measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        async with EmbeddedServers(Path(folder) / "state") as servers:
            url = servers.environment["STORYREEL_MONGO_URL"]
            few = [Board(url, f"few_{run}") for run in range(RUNS)]
            many = Board(url, "many")
            started = time.perf_counter()
            await many.fill(MANY)
            print(f"{MANY} rows loaded in {time.perf_counter() - started:.0f} s")
            for board in few:
                await board.fill(FEW)
            runs = [await _run(board, many) for board in few]
            for board in (*few, many):
                board.close()
    return _figures(runs)


async def _run(few: Board, many: Board) -> tuple[Timed, Timed]:
    timed = (Timed([], []), Timed([], []))
    for _ in range(CLAIMS):
        await few.claim(timed[0])
        await many.claim(timed[1])
    await few.check_stop()
    await many.check_stop()
    return timed


def _figures(runs: list[tuple[Timed, Timed]]) -> list[Figure]:
    median = statistics.median
    figures = [
        figure(f"{what}, {size} rows", "ms", [median(getattr(run[board], field)) for run in runs])
        for board, size in enumerate((FEW, MANY))
        for what, field in (("claim", "claims"), ("plain update", "updates"))
    ]
    ratios = [median(run[1].claims) / median(run[0].claims) for run in runs]
    return [*figures, figure(f"claim, {MANY} rows / {FEW} rows", "x", ratios)]


def main() -> None:
    """Runs it."""
    publish("claims", "One worker claiming from a board", asyncio.run(_measure()))
