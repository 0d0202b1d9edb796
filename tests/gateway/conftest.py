"""The REST API over HTTP, with a real database, store and pricing; the boards' part is played by events."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest_asyncio

from services.gateway.api.routes import Deps
from services.gateway.app import make_app
from services.gateway.engines import Engines
from services.gateway.open_work import OpenWorkLimits
from services.gateway.pricing_client import PricingClient
from services.gateway.repository import Jobs
from services.gateway.submission import Submissions
from services.pricing.availability import Availability
from services.pricing.books import Books
from services.pricing.prices import Prices, servicer
from services.pricing.shelf import Shelf
from storyreel.assets import Assets
from storyreel.contracts.events.v1.asset_pb2 import Film, Panel, StoredObject
from storyreel.contracts.events.v1.job_pb2 import JobSubmitted
from storyreel.contracts.events.v1.outcome_pb2 import Line
from storyreel.documents import Documents
from storyreel.events import Event
from storyreel.outbox import from_document
from storyreel.outcomes import KINDS
from storyreel.plan import Plan
from storyreel.plans import read_plan
from storyreel.rpc import RpcServer

STORY = (
    "A hungry fox walked through the forest on a hot day. She saw ripe grapes high on a vine. "
    "The fox jumped and jumped, but she could not reach the grapes. They are sour, she said, and went home."
)
LIMITS = OpenWorkLimits(jobs=3, lines=60)


@dataclass
class Gateway:
    """The API, and what its tests need to look behind it."""

    http: httpx.AsyncClient
    jobs: Jobs
    assets: Assets
    engines: Engines

    async def submit(self, **changes: Any) -> dict[str, Any]:
        answer = await self.http.post("/v1/stories", json={"script": STORY, "resolution": "720p", **changes})
        assert answer.status_code == 202, answer.text
        job: dict[str, Any] = answer.json()
        return job

    async def read(self, job: str) -> dict[str, Any]:
        answer = await self.http.get(f"/v1/jobs/{job}")
        body: dict[str, Any] = answer.json()
        return body

    async def plan(self, job: str) -> Plan:
        document = await self.jobs.collection.find_one({"_id": job})
        submitted = from_document((document or {})["outbox"][0]).message()
        assert isinstance(submitted, JobSubmitted)
        return await read_plan(self.assets, submitted.plan)

    async def say(self, topic: str, message: Any, job: str, *cause: str) -> None:
        event = Event.of(topic, message, key=job, source="/test", subject="", cause=[job, *cause])
        await self.jobs.merge(event)

    async def make_all(self, job: str, *, but: str = "") -> None:
        for line in (await self.plan(job)).lines:
            if line.line_id != but:
                await self.made(job, line.line_id, line.kind)

    async def made(self, job: str, line_id: str, kind: str) -> None:
        asset = KINDS[kind].asset()
        if isinstance(asset, Film):
            for part in ("video", "poster", "srt", "vtt"):
                getattr(asset, part).CopyFrom(StoredObject(object_key=f"local/film/{part}"))
            asset.frames, asset.fps, asset.width_px, asset.height_px = 90, 30, 1280, 720
        if isinstance(asset, Panel):
            asset.image.CopyFrom(StoredObject(object_key=f"local/panel/{line_id}.png"))
            asset.width_px, asset.height_px = 1280, 720
        shot = int(line_id.rpartition("-")[2]) if kind in ("panel", "narration", "clip") else 0
        message = KINDS[kind].made(
            Line(job_id=job, line_id=line_id, shot=shot), asset.SerializeToString(), reused=False
        )
        await self.say(KINDS[kind].made_topic, message, job, line_id)


@pytest_asyncio.fixture
async def gateway(documents: Documents, assets: Assets) -> AsyncIterator[Gateway]:
    shelf = Shelf()
    prices = Prices(shelf, Availability(()), Books.over(documents, shelf))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = RpcServer("127.0.0.1", port, [servicer(prices)])
    stopping = asyncio.Event()
    serving = asyncio.create_task(server.run(stopping))
    async with asyncio.timeout(60):
        while not server.ready():
            await asyncio.sleep(0.01)
    jobs = Jobs(documents, LIMITS)
    await jobs.ensure_indexes()
    pricing = PricingClient(f"127.0.0.1:{port}")
    engines = Engines(documents)
    app = make_app(
        Deps(jobs, Submissions(jobs, assets, pricing), assets, stopping, engines), unready=lambda: ""
    )
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as http:
        yield Gateway(http, jobs, assets, engines)
    stopping.set()
    await serving
    await pricing.close()
