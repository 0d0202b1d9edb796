"""Workers on a real board and store, with engines that keep a bill of everything they were asked."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from storyreel.assets import Assets
from storyreel.board.ingest import Ingest, Posting
from storyreel.board.leases import Leases
from storyreel.board.rows import Requester, Row, State
from storyreel.board.sweep import Sweeper
from storyreel.contracts.events.v1.asset_pb2 import Sheet
from storyreel.contracts.events.v1.outcome_pb2 import FailureKind, SheetFailed
from storyreel.documents import Documents
from storyreel.engine import Accepted, Capabilities, EngineRequest, Made, MadeFile, Ready, Running
from storyreel.errors import RefusedError, RetryableError
from storyreel.recipes import Recipe, SheetRecipe
from storyreel.telemetry import metrics
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
    polls_needed: int = 1
    can_cancel: bool = True
    bill: list[str] = field(default_factory=list)
    polls: dict[str, int] = field(default_factory=dict)

    def capabilities(self) -> Capabilities:
        return Capabilities(name="billed", kinds=("sheet",), model="1", looks_up=self.looks_up)

    def estimate(self, recipe: Recipe) -> float:
        return 1.0

    async def submit(self, request: EngineRequest) -> Made | Accepted:
        assert time.time() < request.deadline
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
        self.polls[engine_task] = self.polls.get(engine_task, 0) + 1
        return Ready() if self.polls[engine_task] >= self.polls_needed else Running(0.01)

    async def look_up(self, key: str) -> str | None:
        return key if key in self.bill else None

    async def cancel(self, engine_task: str) -> bool:
        return self.can_cancel

    async def fetch(self, engine_task: str, request: EngineRequest) -> Made:
        return made()


def made() -> Made:
    return Made(Sheet(width_px=1, height_px=1), {"image": MadeFile(b"a picture", "image/png")})


class Bench:
    """A board with one sheet to make, and workers to make it."""

    def __init__(self, documents: Documents, assets: Assets) -> None:
        self.documents = documents
        self.assets = assets
        self.ingest = Ingest(documents)
        self.sweeper = Sweeper(documents, ("sheet",))

    async def post(self) -> None:
        requester = Requester(job_id="job1", line_id="sheet-001")
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


@pytest.fixture
def bench(documents: Documents, assets: Assets) -> Bench:
    return Bench(documents, assets)


async def test_what_an_engine_makes_is_stored_under_its_digest_and_told(bench: Bench) -> None:
    await bench.post()
    async with bench.working(BilledEngine()):
        row = await bench.until(State.DONE)
    sheet = Sheet.FromString(row.asset or b"")
    assert await bench.assets.read(sheet.image.object_key) == b"a picture"
    assert sheet.image.object_key == f"local/sheet/{sheet.image.sha256}.png"
    assert [event.topic for event in row.outbox] == ["sheets.rendered"]


async def test_a_refusal_is_told_at_once_with_its_reason(bench: Bench) -> None:
    await bench.post()
    engine = BilledEngine(failures=[RefusedError("no knives in pictures: change the text")])
    async with bench.working(engine):
        row = await bench.until(State.FAILED)
    message = row.outbox[0].message()
    assert isinstance(message, SheetFailed)
    assert message.failure.kind == FailureKind.FAILURE_KIND_REFUSED
    assert message.failure.reason == "no knives in pictures: change the text"
    assert engine.bill == []


async def test_a_passing_fault_is_tried_again(bench: Bench) -> None:
    await bench.post()
    engine = BilledEngine(failures=[RetryableError("busy", after_seconds=0.0), KeyError("a bug")])
    engine.failures[1:] = [RetryableError("still busy", after_seconds=0.0)]
    async with bench.working(engine):
        row = await bench.until(State.DONE)
    assert row.attempts == 3
    assert len(engine.bill) == 1


async def test_a_slow_engine_keeps_its_lease(bench: Bench) -> None:
    await bench.post()
    engine = BilledEngine(seconds=1.5)
    async with bench.working(engine, lease_seconds=0.6):
        for _ in range(20):
            await bench.sweeper.expire_leases()
            await asyncio.sleep(0.05)
        row = await bench.until(State.DONE)
    assert row.attempts == 1
    assert len(engine.bill) == 1


async def test_an_engines_own_task_is_polled_to_its_end_even_by_another_worker(bench: Bench) -> None:
    await bench.post()
    engine = BilledEngine(own_tasks=True, polls_needed=10**9)
    async with bench.working(engine):
        await bench.until(State.DELAYED)
    engine.polls_needed = 1
    async with bench.working(engine):
        row = await bench.until(State.DONE)
    assert len(engine.bill) == 1
    assert row.attempts == 1


@pytest.mark.parametrize(
    ("can_cancel", "ends"), [(True, State.CANCELLED), (False, State.DONE)], ids=["it can", "it cannot"]
)
async def test_a_task_that_nobody_wants_is_stopped_where_the_engine_can_and_else_kept(
    bench: Bench, can_cancel: bool, ends: State
) -> None:
    await bench.post()
    engine = BilledEngine(own_tasks=True, polls_needed=10**9, can_cancel=can_cancel)
    async with bench.working(engine):
        await bench.until(State.DELAYED)
        await bench.ingest.cancel("job1")
        if not can_cancel:
            engine.polls_needed = 1
        row = await bench.until(ends)
    assert [event.topic for event in row.outbox] == ["sheets.failed"]


async def test_a_lost_answer_is_looked_up_and_not_paid_twice(bench: Bench) -> None:
    await bench.post()
    engine = BilledEngine(own_tasks=True, looks_up=True, lose_answers=1)
    await lose_the_answer(bench, engine)
    async with bench.working(engine):
        await bench.until(State.DONE)
    assert len(engine.bill) == 1


async def test_an_answer_that_cannot_be_looked_up_is_counted_before_asking_again(bench: Bench) -> None:
    await bench.post()
    counter = metrics.AMBIGUOUS_OUTCOMES.labels("billed")
    before = counter._value.get()
    engine = BilledEngine(lose_answers=1)
    await lose_the_answer(bench, engine)
    async with bench.working(engine):
        await bench.until(State.DONE)
    assert len(engine.bill) == 2
    assert counter._value.get() == before + 1


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


async def test_a_stop_hands_running_work_back_without_counting_it(bench: Bench) -> None:
    await bench.post()
    engine = BilledEngine(seconds=3600)
    async with bench.working(engine):
        async with asyncio.timeout(PATIENCE):
            while not engine.bill:
                await asyncio.sleep(0.02)
    row = await bench.row()
    assert row.state is State.READY
    assert row.attempts == 0
