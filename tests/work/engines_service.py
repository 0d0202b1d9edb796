"""A worker service with engines of the tests' own: one draws in processes, one is paid for and far away.

Its name comes from ERRAND_SERVICE, so that every test has a board of its own; the paid engine's address and
how it answers (tasks, keyed or synchronous) from PAID_ENGINE_URL and PAID_ENGINE_MODE.
"""

from __future__ import annotations

import os
import time

import httpx

from storyreel.contracts.events.v1.asset_pb2 import Sheet
from storyreel.engine import Accepted, Capabilities, EngineRequest, Made, MadeFile, Ready, Running
from storyreel.errors import OutcomeUnknownError, RetryableError
from storyreel.recipes import Recipe, SheetRecipe
from storyreel.work.processes import Processes
from storyreel.worker_service import WorkerService

POLL_SECONDS = 0.5


class DrawingEngine:
    """Draws for as many seconds as the description says."""

    def __init__(self, processes: Processes) -> None:
        self._processes = processes

    def capabilities(self) -> Capabilities:
        return Capabilities(name="drawing", kinds=("sheet",), model="1", slots=1, repeatable=True)

    def estimate(self, recipe: Recipe) -> float:
        return 1.0

    async def submit(self, request: EngineRequest) -> Made:
        assert isinstance(request.recipe, SheetRecipe)
        await self._processes.run(time.sleep, float(request.recipe.description))
        return made(request.key)

    async def poll(self, engine_task: str) -> Running | Ready:
        raise AssertionError(engine_task)

    async def look_up(self, key: str) -> str | None:
        raise AssertionError(key)

    async def cancel(self, engine_task: str) -> bool:
        raise AssertionError(engine_task)

    async def fetch(self, engine_task: str, request: EngineRequest) -> Made:
        raise AssertionError(engine_task)


class PaidEngine:
    """An engine behind HTTP, one slot, that can be asked by key in mode `keyed` alone."""

    def __init__(self, url: str, mode: str) -> None:
        self._http = httpx.AsyncClient(base_url=url, timeout=httpx.Timeout(3600, connect=4))
        self._mode = mode

    def capabilities(self) -> Capabilities:
        return Capabilities(name="paid", kinds=("sheet",), model="1", slots=1, looks_up=self._mode == "keyed")

    def estimate(self, recipe: Recipe) -> float:
        return 60.0

    async def submit(self, request: EngineRequest) -> Made | Accepted:
        request.ensure_sendable()
        try:
            answer = await self._http.post("/tasks", json={"key": request.key})
        except httpx.ConnectError as error:
            raise RetryableError(f"not reached: {error}") from error
        except httpx.TransportError as error:
            raise OutcomeUnknownError(f"no answer: {error!r}") from error
        if answer.status_code != 200:
            raise RetryableError(f"it answered {answer.status_code}", after_seconds=0.2)
        if self._mode == "synchronous":
            return made(request.key)
        return Accepted(answer.json()["id"], poll_after_seconds=POLL_SECONDS)

    async def poll(self, engine_task: str) -> Running | Ready:
        ready = (await self._get(f"/tasks/{engine_task}"))["ready"]
        return Ready() if ready else Running(POLL_SECONDS)

    async def look_up(self, key: str) -> str | None:
        found: str | None = (await self._get("/tasks", key=key))["id"]
        return found

    async def cancel(self, engine_task: str) -> bool:
        return False

    async def fetch(self, engine_task: str, request: EngineRequest) -> Made:
        return made(request.key)

    async def _get(self, path: str, **parameters: str) -> dict[str, str]:
        try:
            answer = await self._http.get(path, params=parameters)
            body: dict[str, str] = answer.raise_for_status().json()
        except httpx.HTTPError as error:
            raise RetryableError(f"no answer: {error!r}") from error
        return body


def made(key: str) -> Made:
    return Made(Sheet(width_px=1, height_px=1), {"image": MadeFile(key.encode(), "image/png")})


def make_service() -> WorkerService:
    return WorkerService(
        name=os.environ["ERRAND_SERVICE"],
        makes=("sheet",),
        needs=(),
        engines=lambda processes: [
            DrawingEngine(processes),
            PaidEngine(os.environ["PAID_ENGINE_URL"], os.environ["PAID_ENGINE_MODE"]),
        ],
        serves_engines=False,
    )


if __name__ == "__main__":
    make_service().run()
