"""Merging events into a job: exact under repeats and among gateways, and as cheap for a long story."""

from __future__ import annotations

import asyncio
import random
from typing import Final

from services.gateway.jobs import Job, JobKind, new_job
from services.gateway.lines import LineState, Outline, outline_of
from services.gateway.open_work import OpenWorkLimits
from services.gateway.repository import Jobs
from storyreel import topics
from storyreel.bus.publisher import Publisher
from storyreel.contracts.events.v1.job_pb2 import JobApproved, JobSettled, JobSubmitted, PlanRef
from storyreel.contracts.events.v1.outcome_pb2 import Line
from storyreel.documents import Documents
from storyreel.events import Event
from storyreel.offers import LOCAL_OFFERS
from storyreel.outbox import Relay
from storyreel.outcomes import KINDS
from storyreel.plan import Plan, RenderOptions, plan_lines
from storyreel.settings import Settings
from storyreel.storyboard import Shot, Speech, Storyboard

LIMITS: Final = OpenWorkLimits(jobs=10, lines=10_000)
SMALL: Final = 4_000
"""Bytes, about: what the embedded database writes at every merge must not grow with the story."""


def plan_of(name: str, shots: int) -> Plan:
    texts = [f"Shot number {number} of a long story, which says about as much." for number in range(shots)]
    storyboard = Storyboard(
        title="A long story",
        shots=tuple(
            Shot(number=number, speech=(Speech(text=text),)) for number, text in enumerate(texts, start=1)
        ),
    )
    options = RenderOptions()
    lines = plan_lines("ada", storyboard, options, LOCAL_OFFERS)
    return Plan(
        job_id=name, owner="ada", quote_id="quote", options=options, storyboard=storyboard, lines=lines
    )


def parts_of(plan: Plan) -> tuple[Job, Outline, Event]:
    job = new_job(JobKind.STORY, plan, PlanRef(object_key="plan"), "2026-01-01T00:00:00.000Z")
    submitted = JobSubmitted(job_id=plan.job_id, owner=plan.owner)
    return job, outline_of(plan), said(topics.JOBS_SUBMITTED, submitted, plan.job_id)


def said(topic: str, message: JobSubmitted | JobApproved | JobSettled, job: str) -> Event:
    return Event.of(topic, message, key=job, source="/test", subject="", cause=[job])


def events_of(plan: Plan) -> list[Event]:
    name = plan.job_id
    events = [
        said(topics.JOBS_SUBMITTED, JobSubmitted(job_id=name), name),
        said(topics.JOBS_APPROVED, JobApproved(job_id=name), name),
        said(topics.JOBS_SETTLED, JobSettled(job_id=name, captured_credits=7), name),
    ]
    for line in plan.lines:
        kind = KINDS[line.kind]
        message = kind.made(Line(job_id=name, line_id=line.line_id, shot=line.shot), b"", reused=False)
        cause = [name, line.line_id]
        events.append(Event.of(kind.made_topic, message, key=name, source="/test", subject="", cause=cause))
    return events


async def test_three_gateways_that_hear_everything_twice_in_any_order_agree_on_one_job(
    documents: Documents,
) -> None:
    gateways = [Jobs(documents, LIMITS) for _ in range(3)]
    await gateways[0].ensure_indexes()
    plan = plan_of("job-of-three", shots=8)
    await gateways[0].submit(*parts_of(plan))
    events = events_of(plan)

    async def listen(gateway: Jobs, seed: int) -> None:
        heard = [*events, *events]
        random.Random(seed).shuffle(heard)
        for event in heard:
            await gateway.merge(event)

    await asyncio.gather(*(listen(gateway, seed) for seed, gateway in enumerate(gateways)))
    job = await gateways[1].get(plan.job_id, "ada")
    assert (str(job.state), job.charged_credits, job.seq) == ("succeeded", 7, len(events))
    detail = await gateways[2].detail(job)
    assert all(line.state is LineState.DONE for line in detail.lines.values())
    heard = await gateways[0].said(job, after=0)
    assert [one.seq for one in heard] == list(range(1, len(events) + 1))
    assert sorted(one.id for one in heard) == sorted(event.id for event in events)


async def test_a_merge_reads_and_writes_no_more_for_a_long_story(documents: Documents) -> None:
    jobs = Jobs(documents, LIMITS)
    await jobs.ensure_indexes()
    plan = plan_of("job-of-200", shots=200)
    await jobs.submit(*parts_of(plan))
    for event in events_of(plan)[:20]:
        await jobs.merge(event)
    document = await jobs.collection.find_one({"_id": plan.job_id})
    assert document is not None
    assert len(repr(document)) < SMALL
    last = await jobs.get(plan.job_id, "ada")
    assert [one.seq for one in await jobs.said(last, after=18)] == [19, 20]


async def test_a_submitted_job_is_said_by_whichever_gateway_comes_next(
    documents: Documents, publisher: Publisher, settings: Settings
) -> None:
    plan = plan_of("job-left-behind", shots=1)
    await Jobs(documents, LIMITS).submit(*parts_of(plan))
    # The gateway that took it is gone: nothing but the database knows of the job.
    assert await Relay(Jobs(documents, LIMITS).collection, publisher).relay_once() == 1
