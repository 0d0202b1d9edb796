"""A board with one sheet to make, and an engine that keeps a bill of everything it was asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from storyreel.assets import Assets, StoreAddress, StoreFullError
from storyreel.board.ingest import Ingest, Posting
from storyreel.board.leases import Leases
from storyreel.board.rows import Requester, Row, State
from storyreel.board.sweep import Sweeper
from storyreel.contracts.events.v1.asset_pb2 import Sheet, StoredObject
from storyreel.documents import Documents
from storyreel.engine import Accepted, Capabilities, EngineRequest, Made, MadeFile, Ready, Running
from storyreel.errors import (
    UnavailableError,
)
from storyreel.recipes import Recipe, SheetRecipe
from storyreel.work.worker import Worker

PATIENCE = 20.0
RECIPE = SheetRecipe(
    engine="billed", model="1", tier="low", style="plain", name="fox", description="a red fox"
)


@dataclass
class BilledEngine:
    """An engine whose behaviour the test sets, and which writes every submit on its bill."""

    looks_up: bool = False
    own_tasks: bool = False
    seconds: float = 0.0
    failures: list[Exception] = field(default_factory=list)
    lose_answers: int = 0
    unseen_look_ups: int = 0
    polls_needed: int = 1
    repeatable: bool = False
    poll_failures: list[Exception] = field(default_factory=list)
    fetch_failures: list[Exception] = field(default_factory=list)
    can_cancel: bool = True
    bill: list[str] = field(default_factory=list)
    polls: dict[str, int] = field(default_factory=dict)

    def capabilities(self) -> Capabilities:
        return Capabilities(
            name="billed",
            kinds=("sheet",),
            model="1",
            looks_up=self.looks_up,
            repeatable=self.repeatable,
        )

    def estimate(self, recipe: Recipe) -> float:
        return 1.0

    async def submit(self, request: EngineRequest) -> Made | Accepted:
        request.ensure_sendable()
        if self.failures:
            raise self.failures.pop(0)
        self.bill.append(request.key)
        await asyncio.sleep(self.seconds)
        if self.lose_answers:
            self.lose_answers -= 1
            # What a killed worker looks like from the board: no word, and the lease runs out.
            await asyncio.sleep(3600)
        return Accepted(request.key, poll_after_seconds=0.01) if self.own_tasks else made()

    async def poll(self, engine_task: str) -> Running | Ready:
        if self.poll_failures:
            raise self.poll_failures.pop(0)
        self.polls[engine_task] = self.polls.get(engine_task, 0) + 1
        return Ready() if self.polls[engine_task] >= self.polls_needed else Running(0.01)

    async def look_up(self, key: str) -> str | None:
        self.unseen_look_ups -= 1
        if self.unseen_look_ups >= 0:
            return None
        return key if key in self.bill else None

    async def cancel(self, engine_task: str) -> bool:
        return self.can_cancel

    async def fetch(self, engine_task: str, request: EngineRequest) -> Made:
        if self.fetch_failures:
            raise self.fetch_failures.pop(0)
        return made()


class AbsentStore(Assets):
    """The store, which is away or full the first times that something is put into it."""

    def __init__(self, address: StoreAddress, *, absences: int = 0, fullness: int = 0) -> None:
        super().__init__(address)
        self._absences = absences
        self._fullness = fullness

    async def put(self, owner: str, kind: str, content: bytes | Path, media_type: str) -> StoredObject:
        self._absences -= 1
        self._fullness -= 1
        if self._absences >= 0:
            raise UnavailableError("the store does not answer")
        if self._fullness >= 0:
            raise StoreFullError("the store is full")
        return await super().put(owner, kind, content, media_type)


def made() -> Made:
    return Made(Sheet(width_px=1, height_px=1), {"image": MadeFile(b"a picture", "image/png")})


class Bench:
    """A board with one sheet to make, and workers to make it."""

    def __init__(self, documents: Documents, assets: Assets) -> None:
        self.documents = documents
        self.assets = assets
        self.ingest = Ingest(documents)
        self.sweeper = Sweeper(documents, ("sheet",))

    async def post(self, job: str = "job1") -> None:
        requester = Requester(job_id=job, line_id="sheet-001")
        recipe = RECIPE.model_dump(mode="json")
        await self.ingest.post(Posting("local:sheet", "local", "sheet", "billed", recipe, (), requester))

    async def row(self) -> Row:
        row = await self.ingest.rows.get("local:sheet")
        assert row is not None
        return row

    @asynccontextmanager
    async def working(
        self, engine: BilledEngine, *, lease_seconds: float = 30.0, grace_seconds: float = 0.1
    ) -> AsyncIterator[None]:
        leases = Leases(self.documents, worker="test", lease_seconds=lease_seconds)
        worker = Worker(
            leases, self.assets, [engine], lease_seconds=lease_seconds, grace_seconds=grace_seconds
        )
        stopping = asyncio.Event()
        running = asyncio.create_task(worker.run(stopping))
        try:
            yield
        finally:
            stopping.set()
            await running

    async def until(self, state: State) -> Row:
        async with asyncio.timeout(PATIENCE):
            while (row := await self.row()).state is not state:
                await asyncio.sleep(0.02)
        return row


async def lose_the_answer(bench: Bench, engine: BilledEngine) -> None:
    """Submits with a worker that is gone before the answer, and lets its lease run out."""
    worker = Worker(
        Leases(bench.documents, worker="doomed", lease_seconds=0.3),
        bench.assets,
        [engine],
        lease_seconds=3600,
        grace_seconds=0.1,
    )
    stopping = asyncio.Event()
    running = asyncio.create_task(worker.run(stopping))
    async with asyncio.timeout(PATIENCE):
        while not engine.bill:
            await asyncio.sleep(0.02)
        while not await bench.sweeper.expire_leases():
            await asyncio.sleep(0.05)
    stopping.set()
    await running
