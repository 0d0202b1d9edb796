"""A small HTTP server that speaks the gateway's REST interface from a script, and breaks when told to.

The real gateway cannot be made to drop a stream or cut a download short; this one does, over real sockets.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

FILES = {"film.mp4": b"film" * 50_000, "film.srt": b"srt", "film.vtt": b"vtt", "film.jpg": b"jpg"}


def job(state: str, seq: int = 0, done: int = 0, **more: Any) -> dict[str, Any]:
    """A job of two shots as the gateway shows it; `done` of its assets are made."""
    made = ["done" if number < done else "waiting" for number in range(6)]
    return {
        "id": "job-1",
        "owner": "o",
        "kind": "story",
        "state": state,
        "title": "The Fox",
        "seq": seq,
        "quote": {"id": "q", "credits": 14},
        "charged_credits": None,
        "stages": [
            {"stage": "panel", "total": 2, "done": min(done, 2), "failed": 0},
            {"stage": "film", "total": 1, "done": int(state == "succeeded"), "failed": 0},
        ],
        "shots": [
            {"number": 1, "text": "A fox.", "panel": made[0], "narration": made[2], "clip": made[4]},
            {"number": 2, "text": "A river.", "panel": made[1], "narration": made[3], "clip": made[5]},
        ],
        "failures": [],
        "notice": None,
        "film": None,
        "created_at": "2026-01-01T00:00:00Z",
        "ended_at": None,
        "settled": False,
    } | more


def film(path: str = "files") -> dict[str, Any]:
    """Where a made film is."""
    names = {"url": "film.mp4", "srt_url": "film.srt", "vtt_url": "film.vtt", "poster_url": "film.jpg"}
    urls = {field: f"/{path}/{name}" for field, name in names.items()}
    size = {"duration_seconds": 12.5, "frames": 375, "width": 1280, "height": 720, "fps": 30}
    return urls | size | {"expires_at": "2026-01-01T01:00:00Z"}


SUCCEEDED = job("succeeded", 9, 6, film=film(), settled=True, charged_credits=14)


@dataclass
class Script:
    """What the gateway will say, and what it was asked.

    Each event shows the next of `states`; the last stays. `events_per_stream` events end a stream.
    """

    states: Sequence[dict[str, Any]]
    events_per_stream: int = 1_000
    seconds_between_events: float = 0.02
    refuse_story: str | None = None
    shown: int = 0
    submitted: list[dict[str, Any]] = field(default_factory=list)
    resumed_after: list[str | None] = field(default_factory=list)
    cancelled: asyncio.Event = field(default_factory=asyncio.Event)
    looks: int = 0
    breaks: int = 0
    renewed: dict[str, Any] | None = None
    """What the job shows once one of its links was found expired."""


@asynccontextmanager
async def scripted(script: Script) -> AsyncIterator[str]:
    """The URL of a gateway that follows `script`."""
    config = uvicorn.Config(_app(script), log_level="error", lifespan="off")
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        await server.startup([listener])
        serving = asyncio.create_task(server.main_loop())
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = server.force_exit = True
            await serving
            await server.shutdown([listener])


def _app(script: Script) -> FastAPI:
    app = FastAPI()

    @app.post("/v1/stories")
    async def submit(request: Request) -> Response:
        script.submitted.append(await request.json())
        if script.refuse_story is not None:
            problem = {"type": "about:blank", "title": "No", "status": 422, "detail": script.refuse_story}
            return JSONResponse(problem, 422, media_type="application/problem+json")
        return JSONResponse(script.states[0], 202)

    @app.get("/v1/jobs/job-1")
    async def show() -> dict[str, Any]:
        script.looks += 1
        return script.states[script.shown]

    @app.post("/v1/jobs/job-1/cancel")
    async def cancel() -> Response:
        script.cancelled.set()
        return Response(status_code=202)

    @app.get("/v1/jobs/job-1/events")
    async def events(request: Request) -> Response:
        script.resumed_after.append(request.headers.get("last-event-id"))
        return StreamingResponse(_events(script), media_type="text/event-stream")

    @app.get("/files/{name}")
    async def file(name: str) -> Response:
        return Response(FILES[name])

    @app.get("/expired/{name}")
    async def expired(name: str) -> Response:
        script.states = [*script.states[:-1], script.renewed or script.states[-1]]
        return Response(status_code=403)

    @app.get("/cut/{name}")
    async def cut(name: str) -> Response:
        script.breaks += 1
        return StreamingResponse(_half(name), headers={"Content-Length": str(len(FILES[name]))})

    return app


async def _half(name: str) -> AsyncIterator[bytes]:
    yield FILES[name][: len(FILES[name]) // 2]
    raise ConnectionError("cut short on purpose")


async def _events(script: Script) -> AsyncIterator[str]:
    for _ in range(script.events_per_stream):
        if script.shown + 1 == len(script.states):
            return
        await asyncio.sleep(script.seconds_between_events)
        script.shown += 1
        yield f"id: {script.shown}\nevent: panels.rendered\ndata: {{}}\n\n"
