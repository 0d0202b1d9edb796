"""The HTTP application and the server that runs it inside the service's life."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable, Iterator

import uvicorn
from fastapi import FastAPI
from fastapi.responses import PlainTextResponse
from fastapi_offline import FastAPIOffline
from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor

from services.gateway.api.limits import BodyLimit
from services.gateway.api.problems import add_problem_handlers
from services.gateway.api.routes import Deps, make_router
from storyreel.errors import StoryreelError

STOP_SECONDS = 5

DESCRIPTION = """A story in, a narrated film out.

`POST /v1/stories` answers with a job; `GET /v1/jobs/{id}/events` says what happens to it; when it has
succeeded, the job holds links to the film, its poster and its subtitles. Errors are
`application/problem+json`.
"""


def make_app(deps: Deps, *, unready: Callable[[], str]) -> FastAPI:
    """The application; `unready` says what the service still waits for."""
    app = FastAPIOffline(title="Storyreel", version="1.0.0", description=DESCRIPTION)
    app.include_router(make_router(deps))
    add_problem_handlers(app)

    @app.get("/livez", include_in_schema=False)
    async def live() -> PlainTextResponse:
        return PlainTextResponse("ok\n")

    @app.get("/readyz", include_in_schema=False)
    async def ready() -> PlainTextResponse:
        waiting = unready()
        return PlainTextResponse(f"{waiting or 'ok'}\n", status_code=503 if waiting else 200)

    app.add_middleware(BodyLimit)
    FastAPIInstrumentor.instrument_app(
        app, excluded_urls="livez,readyz,events", exclude_spans=["receive", "send"]
    )
    return app


class HttpServer:
    """Serves the application until told to stop."""

    def __init__(self, app: FastAPI, host: str, port: int) -> None:
        self._address = (host, port)
        config = uvicorn.Config(
            app, log_config=None, access_log=False, timeout_graceful_shutdown=STOP_SECONDS, lifespan="off"
        )
        self._server = _Server(config)

    def ready(self) -> bool:
        """Whether it answers."""
        return bool(self._server.started)

    async def run(self, stopping: asyncio.Event) -> None:
        """Serves until `stopping` is set. Raises StoryreelError where the address is taken."""
        serving = asyncio.create_task(self._server.serve(sockets=[self._listen()]))
        waiting = asyncio.create_task(stopping.wait())
        await asyncio.wait({serving, waiting}, return_when=asyncio.FIRST_COMPLETED)
        self._server.should_exit = True
        waiting.cancel()
        await serving

    def _listen(self) -> socket.socket:
        host, port = self._address
        try:
            return socket.create_server(self._address)
        except OSError as error:
            raise StoryreelError(
                f"cannot listen on {host}:{port}: {error.strerror}; set STORYREEL_HTTP_PORT to a free port"
            ) from error


class _Server(uvicorn.Server):
    """uvicorn, which leaves the signals to the service."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
