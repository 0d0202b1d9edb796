"""A small HTTP endpoint on every service: /metrics, /livez and /readyz."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import make_wsgi_app

from storyreel.errors import StoryreelError


class _QuietHandler(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the base class's
        """Probes come every few seconds; they are not worth a log line."""


class Endpoint:
    """Serves metrics and health from a thread of its own, so that a busy event loop cannot hide it.

    `alive` says whether the process does its work at all, `unready` names what it still waits for
    (empty when it is ready).
    """

    def __init__(
        self, host: str, port: int, *, alive: Callable[[], bool], unready: Callable[[], str]
    ) -> None:
        self._alive = alive
        self._unready = unready
        self._metrics = make_wsgi_app()
        try:
            self._server: WSGIServer = make_server(host, port, self._answer, handler_class=_QuietHandler)
        except OSError as error:
            raise StoryreelError(
                f"cannot listen on {host}:{port} for metrics: {error.strerror}; "
                "set STORYREEL_METRICS_PORT to a free port"
            ) from error
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True, name="endpoint")

    @property
    def port(self) -> int:
        """The port it listens on."""
        return self._server.server_port

    def start(self) -> None:
        """Starts answering."""
        self._thread.start()

    def stop(self) -> None:
        """Stops answering."""
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == "/metrics":
            body: Iterable[bytes] = self._metrics(environ, start_response)
            return body
        if path == "/livez":
            return _plain(
                start_response, self._alive(), "ok" if self._alive() else "a part of it has stopped"
            )
        if path == "/readyz":
            waiting = self._unready()
            return _plain(start_response, not waiting, waiting or "ok")
        start_response("404 Not Found", [("Content-Type", "text/plain")])
        return [b"try /metrics, /livez or /readyz\n"]


def _plain(start_response: Any, good: bool, text: str) -> list[bytes]:
    start_response("200 OK" if good else "503 Service Unavailable", [("Content-Type", "text/plain")])
    return [text.encode() + b"\n"]
