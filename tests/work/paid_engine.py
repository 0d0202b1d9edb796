"""The far side of a paid engine: an HTTP server that writes every request it takes on a bill."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


@dataclass
class Bill:
    """What the engine was asked, and how it behaves. `answering` is cleared to hold every answer back."""

    keys: list[str] = field(default_factory=list)
    began: dict[str, float] = field(default_factory=dict)
    job_seconds: dict[str, float] = field(default_factory=dict)
    failing_polls: int = 0
    lost_answers: int = 0
    answering: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, key: str) -> bool:
        """Writes a request on the bill; whether its answer is given at all."""
        with self.lock:
            self.keys.append(key)
            self.began.setdefault(key, time.monotonic())
            self.lost_answers -= 1
            answered = self.lost_answers < 0
        self.answering.wait()
        return answered

    def is_ready(self, key: str) -> bool:
        return time.monotonic() - self.began[key] >= self.job_seconds.get(key, 0.0)

    def poll_fails(self) -> bool:
        with self.lock:
            self.failing_polls -= 1
            return self.failing_polls >= 0


class PaidEngineServer:
    """Serves one bill until stopped."""

    def __init__(self) -> None:
        self.bill = Bill()
        self.bill.answering.set()
        bill = self.bill

        class Handler(_Handler):
            def do_POST(self) -> None:
                key = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["key"]
                if bill.take(key):
                    self.answer(200, {"id": f"task-of-{key}"})
                else:
                    self.close_connection = True

            def do_GET(self) -> None:
                url = urlsplit(self.path)
                if wanted := parse_qs(url.query).get("key"):
                    known = wanted[0] in bill.keys
                    self.answer(200, {"id": f"task-of-{wanted[0]}" if known else None})
                elif bill.poll_fails():
                    self.answer(503, {})
                else:
                    key = url.path.rsplit("task-of-", 1)[1].replace("%3A", ":")
                    self.answer(200, {"ready": bill.is_ready(key)})

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.bill.answering.set()
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    def answer(self, status: int, body: dict[str, object]) -> None:
        content = json.dumps(body).encode()
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
        except ConnectionError:
            self.close_connection = True  # the worker that asked was killed

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """The tests read the bill, not a log."""
