"""Worker processes of the tests' own service, and the board that they share."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable
from pathlib import Path

from storyreel.board.ingest import Ingest, Posting
from storyreel.board.rows import Requester, Row
from storyreel.board.sweep import Sweeper
from storyreel.documents import Documents
from storyreel.recipes import SheetRecipe
from storyreel.settings import Settings

PATIENCE = 100.0
REPOSITORY = Path(__file__).parents[2]


class Errands:
    """A board with sheets to make, and processes that make them."""

    def __init__(self, settings: Settings, environment: dict[str, str], logs: Path) -> None:
        self.service = f"errands_{uuid.uuid4().hex[:10]}"
        self.documents = Documents(settings.mongo_url, settings.database(self.service))
        self.ingest = Ingest(self.documents)
        self.sweeper = Sweeper(self.documents, ("sheet",))
        self._environment = environment
        self._logs = logs
        self._workers: list[subprocess.Popen[bytes]] = []

    async def post(self, key: str, *, engine: str, description: str = "a fox") -> None:
        recipe = SheetRecipe(
            engine=engine, model="1", tier="low", style="plain", name="fox", description=description
        )
        requester = Requester(job_id=f"job-of-{key}", line_id="sheet-001")
        await self.ingest.post(
            Posting(key, "local", "sheet", engine, recipe.model_dump(mode="json"), (), requester)
        )

    def start(self, **settings: str) -> subprocess.Popen[bytes]:
        """A worker process; `settings` are more of its variables."""
        log = self._log_of(len(self._workers)).open("wb")
        worker = subprocess.Popen(
            [sys.executable, "-m", "tests.work.engines_service"],
            cwd=REPOSITORY,
            env={
                **os.environ,
                **self._environment,
                "ERRAND_SERVICE": self.service,
                "PAID_ENGINE_URL": "http://127.0.0.1:9",
                "PAID_ENGINE_MODE": "tasks",
                "STORYREEL_ROLES": "work",
                "STORYREEL_METRICS_PORT": "0",
                "STORYREEL_WORK_PROCESSES": "1",
                **settings,
            },
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        self._workers.append(worker)
        return worker

    async def has_started(self, number: int) -> None:
        """Waits until the worker that was started as the n-th claims tasks."""
        await self.has_logged(number, '"event": "started"')

    async def has_logged(self, number: int, words: str) -> None:
        """Waits until the worker that was started as the n-th says these words."""
        async with asyncio.timeout(PATIENCE):
            while words not in self._log_of(number).read_text():
                await asyncio.sleep(0.05)

    def _log_of(self, number: int) -> Path:
        return self._logs / f"worker-{number}.log"

    async def row(self, key: str) -> Row:
        row = await self.ingest.rows.get(key)
        assert row is not None
        return row

    async def until(self, key: str, holds: Callable[[Row], bool], *, within: float = PATIENCE) -> Row:
        """The row once it is as wanted."""
        async with asyncio.timeout(within):
            while not holds(row := await self.row(key)):
                await asyncio.sleep(0.05)
        return row

    async def give_back_expired(self) -> None:
        """What the front role of a service does: waits for a lease to run out, and gives the row back."""
        async with asyncio.timeout(PATIENCE):
            while not await self.sweeper.expire_leases():
                await asyncio.sleep(0.1)

    def close(self) -> None:
        for worker in self._workers:
            if worker.poll() is None:
                worker.kill()
            worker.wait()
        self.documents.close()


async def terminate(worker: subprocess.Popen[bytes]) -> int:
    """SIGTERM; the exit code."""
    worker.send_signal(signal.SIGTERM)
    return await asyncio.to_thread(worker.wait, PATIENCE)


async def kill(worker: subprocess.Popen[bytes]) -> None:
    """SIGKILL."""
    worker.kill()
    await asyncio.to_thread(worker.wait, PATIENCE)
