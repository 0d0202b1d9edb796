"""Claiming tasks from a board on the embedded database, few rows and many.

A claim must not slow down as the board grows: it reads by one index and wins by one conditional write.
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

    async def post(number: int) -> None:
        requester = Requester(job_id=f"job{number % 20}", line_id=f"panel-{number}")
        owner = f"owner{number % 10}"
        await ingest.post(Posting(f"{owner}:{number}", owner, "panel", "local", {}, (), requester))

    for start in range(0, rows, 50):
        await asyncio.gather(*(post(number) for number in range(start, min(rows, start + 50))))


async def _claim_and_finish(documents: Documents) -> tuple[float, float]:
    """Milliseconds of a claim, and of claim and finish together."""
    leases = Leases(documents, worker="bench", lease_seconds=60)
    claiming = both = 0.0
    for _ in range(CLAIMS):
        started = time.perf_counter()
        claimed = await leases.claim("local")
        assert claimed is not None
        claiming += time.perf_counter() - started
        await leases.finish(claimed, Panel())
        both += time.perf_counter() - started
    return 1000 * claiming / CLAIMS, 1000 * both / CLAIMS


async def _measure() -> list[Figure]:
    figures = []
    with tempfile.TemporaryDirectory() as folder:
        async with EmbeddedServers(Path(folder) / "state") as servers:
            for size in SIZES:
                runs = []
                for run in range(RUNS):
                    documents = Documents(servers.environment["STORYREEL_MONGO_URL"], f"claims_{size}_{run}")
                    await _board(documents, size)
                    runs.append(await _claim_and_finish(documents))
                    documents.close()
                figures.append(figure(f"claim, {size} rows", "ms", [run[0] for run in runs]))
                figures.append(figure(f"claim and finish, {size} rows", "ms", [run[1] for run in runs]))
    return figures


def main() -> None:
    """Runs it."""
    publish("claims", "One worker claiming from a board", asyncio.run(_measure()))
