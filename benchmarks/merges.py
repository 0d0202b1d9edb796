"""Merging the events of a job into what its user sees, on the embedded database, few shots and many.

A merge writes the small job and one entry of its list, so it should cost the same at any length.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path

from benchmarks.report import Figure, figure, publish
from services.gateway.jobs import JobKind, new_job
from services.gateway.lines import outline_of
from services.gateway.open_work import OpenWorkLimits
from services.gateway.repository import Jobs
from storyreel import topics
from storyreel.contracts.events.v1.job_pb2 import JobSubmitted, PlanRef
from storyreel.contracts.events.v1.outcome_pb2 import Line
from storyreel.documents import Documents
from storyreel.events import Event
from storyreel.local.servers import EmbeddedServers
from storyreel.offers import LOCAL_OFFERS
from storyreel.outcomes import KINDS
from storyreel.plan import Plan, RenderOptions, plan_lines
from storyreel.storyboard import Shot, Speech, Storyboard

OWNER = "bench"
SIZES = (10, 200)
RUNS = 3


def _plan(job: str, shots: int) -> Plan:
    storyboard = Storyboard(
        title="A story",
        shots=tuple(
            Shot(number=number, speech=(Speech(text=f"This is what is said in shot number {number}."),))
            for number in range(1, shots + 1)
        ),
    )
    options = RenderOptions()
    lines = plan_lines(OWNER, storyboard, options, LOCAL_OFFERS)
    return Plan(
        job_id=job, owner=OWNER, quote_id="quote", options=options, storyboard=storyboard, lines=lines
    )


def _events(plan: Plan) -> list[Event]:
    events = []
    for line in plan.lines:
        kind = KINDS[line.kind]
        message = kind.made(Line(job_id=plan.job_id, line_id=line.line_id), b"", reused=False)
        cause = [plan.job_id, line.line_id]
        events.append(
            Event.of(kind.made_topic, message, key=plan.job_id, source="/bench", subject="", cause=cause)
        )
    return events


async def _run(jobs: Jobs, plan: Plan) -> tuple[float, float]:
    """Milliseconds of a merge, and of reading the whole job as its user sees it."""
    submitted = JobSubmitted(job_id=plan.job_id, owner=OWNER)
    said = Event.of(
        topics.JOBS_SUBMITTED, submitted, key=plan.job_id, source="/bench", subject="", cause=[plan.job_id]
    )
    job = new_job(JobKind.STORY, plan, PlanRef(object_key="plan"), "2026-01-01T00:00:00.000Z")
    await jobs.submit(job, outline_of(plan), said)
    events = _events(plan)
    started = time.perf_counter()
    for event in events:
        await jobs.merge(event)
    merged = time.perf_counter()
    await jobs.detail(await jobs.get(plan.job_id, OWNER))
    return 1000 * (merged - started) / len(events), 1000 * (time.perf_counter() - merged)


async def _measure() -> list[Figure]:
    figures = []
    with tempfile.TemporaryDirectory() as folder:
        async with EmbeddedServers(Path(folder) / "state") as servers:
            documents = Documents(servers.environment["STORYREEL_MONGO_URL"], "merges")
            jobs = Jobs(documents, OpenWorkLimits(jobs=100, lines=100_000))
            await jobs.ensure_indexes()
            for size in SIZES:
                runs = [await _run(jobs, _plan(f"job-{size}-{run}", size)) for run in range(RUNS)]
                figures.append(figure(f"merge, {size} shots", "ms", [run[0] for run in runs]))
                figures.append(figure(f"read the whole job, {size} shots", "ms", [run[1] for run in runs]))
            documents.close()
    return figures


def main() -> None:
    """Runs it."""
    publish("merges", "Merging events into a job", asyncio.run(_measure()))
