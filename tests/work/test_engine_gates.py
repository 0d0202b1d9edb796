"""Engines that are away or limited, as whole workers and a whole worker service meet them."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from storyreel import topics
from storyreel.assets import Assets
from storyreel.board.gates import Gates
from storyreel.board.ingest import Ingest, Posting
from storyreel.board.leases import Leases
from storyreel.board.rows import Requester, Row, State
from storyreel.bus.consumer import Consumer
from storyreel.bus.kafka import Subscription
from storyreel.bus.publisher import Publisher
from storyreel.contracts.events.v1.asset_pb2 import Sheet
from storyreel.contracts.events.v1.engine_pb2 import EngineResumed, EngineStopped
from storyreel.documents import Documents
from storyreel.engine import Capabilities, EngineRequest, Made, MadeFile, SynchronousEngine
from storyreel.errors import EngineUnavailableError
from storyreel.events import Event
from storyreel.recipes import Recipe, SheetRecipe
from storyreel.settings import Settings
from storyreel.work.worker import Worker

PATIENCE: Final = 120.0
REPOSITORY: Final = Path(__file__).parents[2]


@dataclass
class FlakyEngine(SynchronousEngine):
    """Takes nothing the first `refusals` times, and notes how many it is asked for at once."""

    slots: int = 6
    refusals: int = 0
    refused: int = 0
    at_once: list[int] = field(default_factory=list)
    busy: int = 0
    pictures: int = 0

    def capabilities(self) -> Capabilities:
        return Capabilities(name="flaky", kinds=("sheet",), model="1", slots=self.slots)

    def estimate(self, recipe: Recipe) -> float:
        return 1.0

    async def submit(self, request: EngineRequest) -> Made:
        self.busy += 1
        self.at_once.append(self.busy)
        try:
            await asyncio.sleep(0.1)
            if self.refused < self.refusals:
                self.refused += 1
                raise EngineUnavailableError("502 Bad Gateway", after_seconds=1.0)
            self.pictures += 1
        finally:
            self.busy -= 1
        return Made(Sheet(width_px=1, height_px=1), {"image": MadeFile(request.key.encode(), "image/png")})


class Studio:
    """A board with sheets to make, and two workers that share an engine's gate."""

    def __init__(self, documents: Documents, assets: Assets, **limits: int) -> None:
        self._documents = documents
        self._assets = assets
        self._limits = limits
        self.ingest = Ingest(documents)

    async def post(self, count: int) -> None:
        for number in range(count):
            await self.ingest.post(posting(f"local:{number}", "flaky"))

    @asynccontextmanager
    async def working(self, engine: FlakyEngine) -> AsyncIterator[None]:
        stopping = asyncio.Event()
        workers = [asyncio.create_task(self._worker(name, engine).run(stopping)) for name in ("one", "two")]
        try:
            yield
        finally:
            stopping.set()
            await asyncio.gather(*workers)

    def _worker(self, name: str, engine: FlakyEngine) -> Worker:
        gates = Gates(self._documents, limits=self._limits)
        leases = Leases(self._documents, worker=name, lease_seconds=30, gates=gates)
        return Worker(leases, self._assets, [engine], lease_seconds=30, grace_seconds=30)

    async def all_done(self, count: int) -> list[Row]:
        async with asyncio.timeout(PATIENCE):
            while True:
                rows = [await self.ingest.rows.get(f"local:{number}") for number in range(count)]
                done = [row for row in rows if row is not None and row.state is State.DONE]
                if len(done) == count:
                    return done
                await asyncio.sleep(0.1)


def posting(key: str, engine: str) -> Posting:
    recipe = SheetRecipe(engine=engine, model="1", tier="low", style="plain", name="fox", description="red")
    requester = Requester(job_id=f"job-of-{key}", line_id="sheet-001")
    return Posting(key, "local", "sheet", engine, recipe.model_dump(mode="json"), (), requester)


async def test_an_engine_that_comes_back_makes_everything_at_one_attempt_each(
    documents: Documents, assets: Assets
) -> None:
    studio = Studio(documents, assets)
    await studio.post(8)
    engine = FlakyEngine(refusals=3, slots=1)
    async with studio.working(engine):
        rows = await studio.all_done(8)
    assert [row.attempts for row in rows] == [1] * 8
    assert (engine.refused, engine.pictures) == (3, 8)


async def test_workers_together_never_exceed_an_engines_limit(documents: Documents, assets: Assets) -> None:
    studio = Studio(documents, assets, flaky=2)
    await studio.post(10)
    engine = FlakyEngine()
    async with studio.working(engine):
        rows = await studio.all_done(10)
    assert max(engine.at_once) <= 2
    assert (engine.pictures, [row.attempts for row in rows]) == (10, [1] * 10)


async def test_a_service_says_on_the_bus_that_an_engine_is_away_and_that_it_is_back(
    settings: Settings, environment: dict[str, str], publisher: Publisher, tmp_path: Path
) -> None:
    engine, service, back = f"engine-{uuid.uuid4().hex}", f"absent_{uuid.uuid4().hex[:10]}", tmp_path / "back"
    documents = Documents(settings.mongo_url, settings.database(service))
    ingest = Ingest(documents)
    for number in range(4):
        await ingest.post(posting(f"local:{number}", engine))
    heard: list[Any] = []

    async def hear(event: Event) -> None:
        if event.key == engine:
            heard.append(event.message())

    variables = {"ABSENT_SERVICE": service, "ABSENT_ENGINE": engine, "ABSENT_UNTIL": str(back)}
    async with listening(settings, publisher, hear), running(environment, variables, tmp_path / "log"):
        await until(lambda: any(isinstance(fact, EngineStopped) for fact in heard))
        back.touch()
        await until(lambda: any(isinstance(fact, EngineResumed) for fact in heard))
        await until_done(ingest, [f"local:{number}" for number in range(4)])
    documents.close()
    first = heard[0]
    assert (first.service, [*first.kinds], first.reason) == (service, ["sheet"], "connection refused")
    versions = [fact.version for fact in heard]
    assert versions == sorted(versions)


@asynccontextmanager
async def listening(settings: Settings, publisher: Publisher, hear: Any) -> AsyncIterator[None]:
    subscription = Subscription(
        settings.kafka_bootstrap,
        f"test-{uuid.uuid4().hex}",
        [topics.ENGINES_STOPPED, topics.ENGINES_RESUMED],
    )
    stopping = asyncio.Event()
    consuming = asyncio.create_task(Consumer(subscription, publisher, hear).run(stopping))
    try:
        yield
    finally:
        stopping.set()
        await consuming


@asynccontextmanager
async def running(environment: dict[str, str], variables: dict[str, str], log: Path) -> AsyncIterator[None]:
    """The service in a process of its own, in both roles."""
    process = start({**environment, **variables}, log)
    try:
        yield
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            await asyncio.to_thread(process.wait, PATIENCE)
        process.kill()
        process.wait()


def start(variables: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    own = {"STORYREEL_METRICS_PORT": "0", "STORYREEL_WORK_PROCESSES": "1"}
    with log.open("wb") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.work.absent_engine"],
            cwd=REPOSITORY,
            env={**os.environ, **own, **variables},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )


async def until(holds: Any) -> None:
    async with asyncio.timeout(PATIENCE):
        while not holds():
            await asyncio.sleep(0.1)


async def until_done(ingest: Ingest, keys: list[str]) -> None:
    async with asyncio.timeout(PATIENCE):
        for key in keys:
            while (row := await ingest.rows.get(key)) is None or row.state is not State.DONE:
                await asyncio.sleep(0.1)
