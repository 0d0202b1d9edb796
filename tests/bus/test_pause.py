"""A full board takes no new jobs, and everything else goes on: on a real broker, through a rebalance."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import pytest

from storyreel import pace, topics
from storyreel.board import cap
from storyreel.board.cap import ReadyCap
from storyreel.board.ingest import Ingest, Posting
from storyreel.board.rows import Requester, State
from storyreel.bus.kafka import Subscription
from storyreel.bus.publisher import Publisher
from storyreel.contracts.events.v1.job_pb2 import JobApproved
from storyreel.contracts.events.v1.outcome_pb2 import Line, SheetFailed, SheetRendered
from storyreel.documents import Documents
from storyreel.events import Event
from storyreel.settings import Settings
from tests.bus.consuming import PATIENCE, cancelled, consuming, new_group, new_job, until

CONSUMED = (topics.JOBS_APPROVED, topics.JOBS_CANCELLED, topics.SHEETS_RENDERED, topics.SHEETS_FAILED)
CAP = 10


@pytest.fixture(autouse=True)
def look_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cap, "EVERY_SECONDS", 0.0)


@dataclass
class Front:
    """What a front has been told, by topic and job."""

    told: set[tuple[str, str]] = field(default_factory=set)

    async def handle(self, event: Event) -> None:
        self.told.add((event.topic, event.key))

    def knows(self, job: str, *names: str) -> bool:
        return {(name, job) for name in names} <= self.told


async def fill(documents: Documents, count: int) -> None:
    ingest = Ingest(documents)
    await ingest.ensure_indexes()
    for number in range(count):
        requester = Requester(job_id="job1", line_id=f"panel-{number}")
        await ingest.post(Posting(f"ann:{number}", "ann", "panel", "local", {}, (), requester))


async def finish(documents: Documents, count: int) -> None:
    rows = Ingest(documents).rows.collection
    for number in range(count):
        await rows.update({"_id": f"ann:{number}"}, {"$set": {"state": str(State.DONE)}})


async def say_everything(publisher: Publisher, job: str) -> None:
    line = Line(job_id=job)
    for topic, message in (
        (topics.JOBS_APPROVED, JobApproved(job_id=job)),
        (topics.SHEETS_RENDERED, SheetRendered(line=line)),
        (topics.SHEETS_FAILED, SheetFailed(line=line)),
    ):
        await publisher.publish(Event.of(topic, message, key=job, source="/test", subject=job, cause=[job]))
    await publisher.publish(cancelled(job))


async def test_above_the_cap_jobs_wait_and_supplies_failures_and_cancels_arrive(
    settings: Settings, publisher: Publisher, documents: Documents
) -> None:
    await fill(documents, CAP + 1)
    front, group, job, later = Front(), new_group(), new_job(), new_job()
    board = ReadyCap(documents, CAP)
    options = {"group": group, "consumed": CONSUMED, "paused_topics": board.paused_topics}
    flows = (topics.JOBS_CANCELLED, topics.SHEETS_RENDERED, topics.SHEETS_FAILED)
    await say_everything(publisher, job)
    async with consuming(settings, publisher, front.handle, **options) as consumer:
        await until(lambda: front.knows(job, *flows))
        assert consumer.ready()
        await join_and_leave(settings, group)
        await say_everything(publisher, later)
        await until(lambda: front.knows(later, *flows))
        assert not any(topic == topics.JOBS_APPROVED for topic, _ in front.told)
        await finish(documents, 4)  # 7 ready rows: below 80% of the cap
        await until(
            lambda: front.knows(job, topics.JOBS_APPROVED) and front.knows(later, topics.JOBS_APPROVED)
        )


async def join_and_leave(settings: Settings, group: str) -> None:
    """Two rebalances, which forget pauses."""
    visitor = Subscription(settings.kafka_bootstrap, group, CONSUMED)
    async with asyncio.timeout(PATIENCE):
        await visitor.start()
        while not visitor.assigned():
            visitor.pause_only(CONSUMED)
            await visitor.poll()
    await visitor.stop()


async def test_jobs_are_taken_again_below_four_fifths_of_the_cap_and_not_before(
    documents: Documents, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "SHARE", 1e9)  # no look is too costly
    board = ReadyCap(documents, CAP)
    await fill(documents, CAP)
    assert await board.paused_topics() == frozenset()
    await fill(documents, CAP + 1)
    assert await board.paused_topics() == {topics.JOBS_APPROVED}
    await finish(documents, 3)  # 8 left
    assert await board.paused_topics() == {topics.JOBS_APPROVED}
    await finish(documents, 4)
    assert await board.paused_topics() == frozenset()


async def test_rows_are_counted_once_a_second_at_most(
    documents: Documents, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cap, "EVERY_SECONDS", 3600.0)
    board = ReadyCap(documents, CAP)
    assert await board.paused_topics() == frozenset()
    await fill(documents, CAP + 1)
    assert await board.paused_topics() == frozenset()


async def test_without_a_database_what_was_known_stays(documents: Documents) -> None:
    away = Documents("mongodb://127.0.0.1:9/?directConnection=true", "none", timeout_seconds=0.2)
    assert await ReadyCap(away, CAP).paused_topics() == frozenset()
    away.close()
