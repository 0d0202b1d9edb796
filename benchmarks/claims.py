"""Claiming tasks from a board on the embedded database, few rows and many.

A claim reads by one index and wins by one conditional write, so it should cost a few plain updates, however
many rows there are. The embedded database's updates themselves slow down with what was written before, hence
the ratio.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path

from benchmarks.report import Figure, figure, publish
from storyreel.board.ingest import Ingest, Posting
from storyreel.board.leases import Leases
from storyreel.board.rows import Requester
from storyreel.contracts.events.v1.asset_pb2 import Panel
from storyreel.documents import Documents
from storyreel.local.servers import EmbeddedServers

SIZES = (200, 2000)
CLAIMS = 100
RUNS = 3


async def _board(documents: Documents, rows: int) -> None:
    ingest = Ingest(documents)
    await ingest.ensure_indexes()

    for number in range(rows):
        requester = Requester(job_id=f"job{number % 20}", line_id=f"panel-{number}")
        owner = f"owner{number % 10}"
        await ingest.post(Posting(f"{owner}:{number}", owner, "panel", "local", {}, (), requester))


async def _run(documents: Documents) -> tuple[float, float, float]:
    """Milliseconds of a claim, of claim and finish together, and of a plain update of one row by its id."""
    leases = Leases(documents, worker="bench", lease_seconds=60)
    tasks = documents.collection("tasks")
    claiming = both = updating = 0.0
    for _ in range(CLAIMS):
        started = time.perf_counter()
        claimed = await leases.claim("local")
        assert claimed is not None
        claiming += time.perf_counter() - started
        await leases.finish(claimed, Panel())
        both += time.perf_counter() - started
        started = time.perf_counter()
        await tasks.update({"_id": claimed.row.key}, {"$set": {"reason": "measured"}})
        updating += time.perf_counter() - started
    return 1000 * claiming / CLAIMS, 1000 * both / CLAIMS, 1000 * updating / CLAIMS


async def _measure() -> list[Figure]:
    figures = []
    with tempfile.TemporaryDirectory() as folder:
        async with EmbeddedServers(Path(folder) / "state") as servers:
            for size in SIZES:
                runs = []
                for run in range(RUNS):
                    documents = Documents(servers.environment["STORYREEL_MONGO_URL"], f"claims_{size}_{run}")
                    await _board(documents, size)
                    runs.append(await _run(documents))
                    documents.close()
                figures.append(figure(f"claim, {size} rows", "ms", [run[0] for run in runs]))
                figures.append(figure(f"claim and finish, {size} rows", "ms", [run[1] for run in runs]))
                figures.append(figure(f"plain update, {size} rows", "ms", [run[2] for run in runs]))
                ratios = [run[0] / run[2] for run in runs]
                figures.append(figure(f"claim / plain update, {size} rows", "x", ratios))
    return figures


def main() -> None:
    """Runs it."""
    publish("claims", "One worker claiming from a board", asyncio.run(_measure()))
