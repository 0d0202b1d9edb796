"""The engine server: two engines behind HTTP, in a process that outlives everything that the monkey kills.

`chaos-keyed` gives a task id to be polled and can be asked by our own key; `chaos-sync` answers with the
result and knows nothing afterwards. Neither recognises a request that it was sent before.

Run as `python -m tests.chaos.engines.server PORT BILL SEED`.
"""

from __future__ import annotations

import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from tests.chaos.engines import goods
from tests.chaos.engines.bill import KEYED, SYNC, Bill, Task
from tests.chaos.engines.temper import Fate, Temper

FORBIDDEN: Final = "dragon"
REFUSAL: Final = "this engine draws no dragons: change the text of the shot"
BUSY_SECONDS: Final = 1
"""What a throttled client is told to wait."""
POLL_SECONDS: Final = 0.5


class DroppedError(Exception):
    """The connection is closed without an answer."""


class Refusal(Exception):  # noqa: N818 - an answer, not a fault of this server
    """An answer that is no success: its status, and seconds to wait where it names them."""

    def __init__(self, status: int, reason: str, *, wait: int | None = None) -> None:
        super().__init__(reason)
        self.status = status
        self.wait = wait


class Engines:
    """What both engines do, whoever asks."""

    def __init__(self, bill: Bill, temper: Temper) -> None:
        self._bill = bill
        self._temper = temper

    def submit_keyed(self, request: dict[str, Any]) -> dict[str, Any]:
        """Accepts a task."""
        task = self._accept(KEYED, request)
        return {"task": task.id, "poll_after": POLL_SECONDS}

    def submit_sync(self, request: dict[str, Any]) -> bytes:
        """Makes it at once."""
        task = self._accept(SYNC, request)
        time.sleep(max(0.0, task.ready_at - time.time()))
        if task.fails:
            self._bill.note_fault(SYNC, "ends_without_result")
            raise Refusal(500, "nothing came out: not billed")
        return goods.make(request, task.id)

    def state(self, number: int) -> dict[str, Any]:
        """How a task is doing."""
        task = self._task("poll", number)
        if task.cancelled:
            return {"state": "cancelled"}
        if time.time() < task.ready_at:
            return {"state": "running", "poll_after": POLL_SECONDS}
        if task.fails:
            self._bill.note_fault(KEYED, "ends_without_result")
            return {"state": "failed"}
        return {"state": "ready"}

    def look_up(self, key: str) -> dict[str, Any]:
        """The newest task of a key that runs or has a result."""
        self._fail_sometimes("look-up", key)
        task = self._bill.last_task(KEYED, key)
        over = task is None or task.cancelled or (task.fails and time.time() >= task.ready_at)
        return {"task": None if over or task is None else task.id}

    def cancel(self, number: int) -> dict[str, Any]:
        """Stops a task, where that can be done: it is then not billed."""
        task = self._task("cancel", number)
        stopped = task.cancelled or (time.time() < task.ready_at and self._temper.can_cancel(KEYED, task.key))
        if stopped:
            self._bill.cancel(number)
        return {"cancelled": stopped}

    def fetch(self, number: int) -> bytes:
        """The result of a task that is ready."""
        task = self._task("fetch", number)
        if task.cancelled or task.fails or time.time() < task.ready_at:
            raise Refusal(409, f"task {number} has no result")
        return goods.make(json.loads(task.request), task.id)

    def _accept(self, engine: str, request: dict[str, Any]) -> Task:
        fate = self._temper.of_submit(engine, request["key"])
        time.sleep(fate.latency)
        if FORBIDDEN in request["text"]:
            raise Refusal(422, REFUSAL)
        self._deal(engine, fate)
        now = time.time()
        task = self._bill.accept(
            engine,
            request["key"],
            json.dumps(request),
            at=now,
            ready_at=now + fate.seconds,
            fails=fate.fails,
        )
        if fate.fault == "dropped_after":
            self._bill.note_fault(engine, fate.fault)
            if engine == SYNC:
                time.sleep(fate.seconds)
            raise DroppedError
        return task

    def _deal(self, engine: str, fate: Fate) -> None:
        """The faults in which nothing was accepted."""
        if fate.fault in ("", "dropped_after"):
            return
        self._bill.note_fault(engine, fate.fault)
        if fate.fault == "dropped_before":
            raise DroppedError
        if fate.fault == "throttled":
            raise Refusal(429, "too many requests", wait=BUSY_SECONDS)
        if fate.fault == "overloaded":
            raise Refusal(503, "overloaded")
        raise Refusal(500, "something broke before your request was accepted")

    def _task(self, operation: str, number: int) -> Task:
        task = self._bill.task(number)
        if task is None:
            raise Refusal(404, f"no task {number}")
        self._fail_sometimes(operation, task.key)
        return task

    def _fail_sometimes(self, operation: str, key: str) -> None:
        if self._temper.read_fails(KEYED, operation, key):
            self._bill.note_fault(KEYED, f"{operation} failed")
            raise Refusal(500, f"the {operation} failed")


class Handler(BaseHTTPRequestHandler):
    """HTTP/1.0: every request has a connection of its own, so that a dropped one is one request's."""

    engines: Engines

    def do_POST(self) -> None:
        """Submits and cancels."""
        self._answer(self._post)

    def do_GET(self) -> None:
        """Polls, look-ups and fetches."""
        self._answer(self._get)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the base class's
        """The bill says enough."""

    def _post(self) -> bytes | dict[str, Any]:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])) or b"{}")
        match urlsplit(self.path).path.strip("/").split("/"):
            case ["sync"]:
                return self.engines.submit_sync(body)
            case ["tasks"]:
                return self.engines.submit_keyed(body)
            case ["tasks", number, "cancel"]:
                return self.engines.cancel(int(number))
        raise Refusal(404, self.path)

    def _get(self) -> bytes | dict[str, Any]:
        url = urlsplit(self.path)
        match url.path.strip("/").split("/"):
            case ["readyz"]:
                return {}
            case ["tasks"]:
                return self.engines.look_up(parse_qs(url.query)["key"][0])
            case ["tasks", number]:
                return self.engines.state(int(number))
            case ["tasks", number, "result"]:
                return self.engines.fetch(int(number))
        raise Refusal(404, self.path)

    def _answer(self, work: Any) -> None:
        try:
            answer = work()
            body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self._send(200, body)
        except Refusal as refusal:
            wait = {} if refusal.wait is None else {"Retry-After": str(refusal.wait)}
            self._send(refusal.status, json.dumps({"reason": str(refusal)}).encode(), wait)
        except DroppedError:
            self.close_connection = True

    def _send(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        try:
            self.send_response(status)
            for name, value in {**(headers or {}), "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            # The client was killed meanwhile: what it asked for stays on the bill.
            self.close_connection = True


def main() -> None:
    """Serves until it is ended."""
    port, bill, seed = int(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    engines = Engines(Bill(bill), Temper(seed))
    handler = type("BoundHandler", (Handler,), {"engines": engines})
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    server.daemon_threads = True
    server.serve_forever()


if __name__ == "__main__":
    main()
