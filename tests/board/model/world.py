"""The world around one board: its database, the calls that events make, and the programs that run or hang."""

from __future__ import annotations

import asyncio
import contextvars
import uuid
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from typing import Any

from storyreel.board.rows import Row
from storyreel.board.store import Rows, from_document
from storyreel.documents import Documents
from storyreel.errors import UnavailableError
from storyreel.events import Event
from storyreel.outcomes import FAILED, MADE
from tests.board.model.checks import Checks
from tests.board.model.crashes import FATE, Crash, CrashingDocuments, Fate, RecordingPublisher, Stop
from tests.board.model.jobs import JOBS, posting
from tests.board.model.parts import Build, Clock
from tests.board.model.promises import ViolationError, require
from tests.board.model.worker import Attempt, Holds, Outcome, Worker

ROUNDS_TO_REST = 40
LONG_SECONDS = 1000.0
"""Longer than any lease and any delay between attempts."""

Call = Callable[[], Coroutine[Any, Any, object]]


@dataclass
class Program:
    """A process at its work; `then` is what its end brings about in the world."""

    task: asyncio.Task[object]
    fate: Fate
    then: Callable[[], None]


class World:
    """One board in a database of its own. One step at a time happens, so that a run can be repeated."""

    def __init__(self, mongo_url: str, build: Build) -> None:
        self._loop = asyncio.new_event_loop()
        self.clock = Clock()
        self.publisher = RecordingPublisher()
        self.holds = Holds()
        self.checks = Checks(self.publisher, self.holds)
        self.pending: list[Call] = []
        self.delivered: list[Call] = []
        self.paused: list[Program] = []
        self.submitted: set[str] = set()
        self.cancelled: set[str] = set()
        self._heard: set[str] = set()
        self._loop.run_until_complete(self._open(mongo_url, build))

    async def _open(self, mongo_url: str, build: Build) -> None:
        self._name = f"model_{uuid.uuid4().hex[:12]}"
        self._documents = Documents(mongo_url, self._name)
        self._crashing = CrashingDocuments(mongo_url, self._name)
        self._rows = Rows(self._documents)
        self._tombstones = self._documents.collection("tombstones")
        self.board = build(self._crashing, self.publisher, self.clock)
        await self.board.ingest.ensure_indexes()

    def close(self) -> None:
        """Kills what still runs and drops the database."""
        self._loop.run_until_complete(self._close())
        self._documents.close()
        self._crashing.close()
        self._loop.close()

    async def _close(self) -> None:
        for program in self.paused:
            program.task.cancel()
        await asyncio.gather(*(program.task for program in self.paused), return_exceptions=True)
        await self._documents._client.drop_database(self._name)

    def submit(self, job_id: str) -> None:
        """A job is approved: its posts are on their way."""
        self.submitted.add(job_id)
        self.pending += [partial(self.board.ingest.post, posting(job_id, asked)) for asked in JOBS[job_id]]

    def cancel(self, job_id: str) -> None:
        """A job is cancelled: the call is on its way, and may be there before the job's posts."""
        self.cancelled.add(job_id)
        self.pending.append(lambda: self.board.ingest.cancel(job_id))

    def deliver(self, number: int, stop: Stop | None) -> None:
        """Makes one call that is on its way; it stays there unless it is known to have come through."""
        call = self.pending[number % len(self.pending)]
        self.run(call, stop, then=lambda: self._came_through(call))

    def repeat(self, number: int, stop: Stop | None) -> None:
        """Makes a call once more that has come through before."""
        self.run(self.delivered[number % len(self.delivered)], stop)

    def work(self, worker: int, attempt: Attempt, stop: Stop | None) -> None:
        """One attempt of one worker at whatever it can claim."""
        at_work = Worker(self.board.leases[worker], self.holds, self.clock, self._asking)
        self.run(lambda: at_work.attempt(attempt), stop)

    def relay(self, stop: Stop | None, *, slow_bus: bool = False) -> None:
        """Publishes the outbox of one row."""
        self._run(self.board.relay.relay_once, Fate(stop, slow_bus=slow_bus))

    def run(self, call: Call, stop: Stop | None, then: Callable[[], None] = lambda: None) -> None:
        """Runs a program until it ends or stops."""
        self._run(call, Fate(stop), then)

    def _run(self, call: Call, fate: Fate, then: Callable[[], None] = lambda: None) -> None:
        context = contextvars.copy_context()
        context.run(FATE.set, fate)
        self._proceed(Program(self._loop.create_task(call(), context=context), fate, then))

    def resume(self, number: int, stop: Stop | None) -> None:
        """Lets a paused program go on."""
        program = self.paused.pop(number % len(self.paused))
        program.fate.resume(stop)
        self._proceed(program)

    def look(self) -> None:
        """Checks the board as it stands. Raises ViolationError."""
        self.checks.look(self.rows(), self.clock())

    def rows(self) -> dict[str, Row]:
        """Every row, as it is stored."""
        documents = self._loop.run_until_complete(self._rows.collection.find({}))
        return {document["_id"]: from_document(document) for document in documents}

    def come_to_rest(self) -> None:
        """Lets everything go on undisturbed until nothing moves. Raises ViolationError."""
        while self.paused:
            self.resume(0, None)
            self.look()
        for _ in range(ROUNDS_TO_REST):
            if self._everything_once() == 0:
                break
        self.checks.rest(
            self.rows(),
            [(job_id, asked.line_id) for job_id in self.submitted for asked in JOBS[job_id]],
        )
        self._repeating_everything_changes_nothing()

    def _everything_once(self) -> int:
        before, said = self.rows(), len(self.publisher.said)
        # First of all, so that what waits for a time counts as something that moves.
        self.clock.now += LONG_SECONDS
        self.run(self.board.sweeper.expire_leases, None)
        for _ in range(len(self.pending)):
            self.deliver(0, None)
        self.work(0, Attempt(Outcome.MADE), None)
        self.relay(None)
        self.look()
        return len(self.pending) + len(self.publisher.said) - said + (self.rows() != before)

    def _repeating_everything_changes_nothing(self) -> None:
        before = self.rows()
        for number in range(len(self.delivered)):
            self.repeat(number, None)
        require(self.rows() == before, "a call that came again changed the board")

    def _came_through(self, call: Call) -> None:
        if call in self.pending:
            self.pending.remove(call)
            self.delivered.append(call)

    def _proceed(self, program: Program) -> None:
        self._loop.run_until_complete(_until_it_ends_or_pauses(program))
        if not program.task.done():
            self.paused.append(program)
            return
        error = program.task.exception()
        if error is None and not program.fate.crashes_at_its_end:
            program.then()
        if error is not None and not isinstance(error, Crash | UnavailableError):
            raise error
        self._hear()

    def _hear(self) -> None:
        """What the board said about sheets comes back to it, sooner or later."""
        for event in self.publisher.said:
            if event.id not in self._heard and event.topic.startswith("sheets."):
                self._heard.add(event.id)
                self.pending.append(self._call_of(event))

    def _call_of(self, event: Event) -> Call:
        message: Any = event.message()
        ingest, line = self.board.ingest, message.line
        if event.topic in MADE:
            return lambda: ingest.supply(line.asset_key, MADE[event.topic].asset_of(message))
        require(event.topic in FAILED, f"{event.topic} says nothing about an asset")
        return lambda: ingest.supply_failure(line.asset_key, line.job_id, message.failure)

    async def _asking(self, key: str) -> Callable[[], Awaitable[None]]:
        """Looks before a worker makes sure that a row is wanted; what it returns looks after the intent."""
        known, wanted = await self._who_asks(key)

        async def look_again() -> None:
            asking, _ = await self._who_asks(key)
            if not wanted and asking <= known:
                raise ViolationError(
                    f"{key} is begun, though every job that asked for it was cancelled before"
                )

        return look_again

    async def _who_asks(self, key: str) -> tuple[set[str], set[str]]:
        """Jobs that ever asked for a row, and those of them that wait for it and are not cancelled."""
        row = await self._rows.get(key)
        assert row is not None
        waiting = {requester.job_id for requester in row.waiting_for_it}
        wanted = {job for job in waiting if await self._tombstones.find_one({"_id": job}) is None}
        return {requester.job_id for requester in row.requesters}, wanted


async def _until_it_ends_or_pauses(program: Program) -> None:
    paused = asyncio.create_task(program.fate.paused.wait())
    await asyncio.wait({program.task, paused}, return_when=asyncio.FIRST_COMPLETED)
    paused.cancel()
    await asyncio.gather(paused, return_exceptions=True)
