"""What a user sees of a job follows from what has happened, in whatever order it was heard."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import replace

import pytest
from google.protobuf.message import Message

from services.gateway.jobs import Job, JobKind, Tally
from services.gateway.lines import LineState, Outline, OutlineLine, OutlineShot, Said, detail
from services.gateway.projection import merge
from storyreel import topics
from storyreel.contracts.events.v1.asset_pb2 import Panel, StoredObject
from storyreel.contracts.events.v1.job_pb2 import JobApproved, JobCancelled, JobDeclined, JobSettled
from storyreel.contracts.events.v1.outcome_pb2 import Failure, FailureKind, Line
from storyreel.events import Event
from storyreel.outcomes import KINDS

KINDS_OF_LINES = ("panel", "narration", "clip", "film")
OUTLINE = Outline(
    lines=tuple(OutlineLine(kind, kind, "local", shot=0 if kind == "film" else 1) for kind in KINDS_OF_LINES),
    shots=(OutlineShot("A fox.", panel="panel", narration="narration", clip="clip"),),
)
JOB = Job(
    id="job",
    owner="ada",
    kind=JobKind.STORY,
    title="A fox",
    created_at="2026-01-01T00:00:00.000Z",
    quote_id="quote",
    quoted_credits=3,
    plan_key="plan",
    tallies=tuple(Tally(kind, "local", total=1) for kind in KINDS_OF_LINES),
)


def event(topic: str, message: Message, cause: str = "") -> Event:
    return Event.of(topic, message, key="job", source="/test", subject="", cause=["job", cause])


def made(kind: str) -> Event:
    asset = KINDS[kind].asset()
    if isinstance(asset, Panel):
        asset.CopyFrom(Panel(image=StoredObject(object_key="key"), width_px=1280, height_px=720))
    line = Line(job_id="job", line_id=kind)
    message = KINDS[kind].made(line, asset.SerializeToString(), reused=False)
    return event(KINDS[kind].made_topic, message, kind)


def failed(kind: str, failure_kind: FailureKind.ValueType) -> Event:
    failure = Failure(kind=failure_kind, reason="no foxes", cause_line_id="panel")
    message = KINDS[kind].failed(Line(job_id="job", line_id=kind), failure)
    return event(KINDS[kind].failed_topic, message, kind)


APPROVED = event(topics.JOBS_APPROVED, JobApproved())
CANCELLED = event(topics.JOBS_CANCELLED, JobCancelled())
SETTLED = event(topics.JOBS_SETTLED, JobSettled(captured_credits=2, released_credits=1))
DECLINED = event(topics.JOBS_DECLINED, JobDeclined(reason="the job was cancelled before it was approved"))
REFUSED = (
    failed("panel", FailureKind.FAILURE_KIND_REFUSED),
    made("narration"),
    failed("clip", FailureKind.FAILURE_KIND_INPUT),
    failed("film", FailureKind.FAILURE_KIND_INPUT),
)
MADE = tuple(made(kind) for kind in KINDS_OF_LINES)


def hear(events: Iterable[Event], job: Job = JOB) -> tuple[Job, list[Said]]:
    heard = []
    for one in events:
        merged = merge(job, OUTLINE, one)
        if merged is not None:
            job, said = merged
            heard.append(said)
    return job, heard


@pytest.mark.parametrize(
    ("events", "state", "charged"),
    [
        ((APPROVED, *MADE, SETTLED), "succeeded", 2),
        ((APPROVED, *REFUSED, SETTLED), "attention", 2),
        ((DECLINED,), "declined", 0),
        ((APPROVED, *MADE[:3]), "composing", None),
        ((APPROVED, *REFUSED[:3]), "rendering", None),
        ((APPROVED,), "approved", None),
    ],
)
def test_every_order_of_the_same_facts_ends_in_the_same_job(
    events: tuple[Event, ...], state: str, charged: int | None
) -> None:
    for order in itertools.permutations(events):
        job, heard = hear(order)
        assert (str(job.state), job.charged_credits) == (state, charged)
        assert job.ended == (job.ended_at is not None)
        assert [said.seq for said in heard] == list(range(1, len(events) + 1))


@pytest.mark.parametrize("order", [(CANCELLED, DECLINED), (DECLINED, CANCELLED)])
def test_a_job_cancelled_before_its_approval_is_charged_nothing(order: tuple[Event, Event]) -> None:
    asked = replace(JOB, cancel_asked=True)  # as the gateway leaves it when its user asks
    job, _ = hear(order, asked)
    assert (str(job.state), job.charged_credits, job.settled) == ("cancelled", 0, True)


def test_a_declined_job_is_charged_nothing_whoever_asked_for_its_end() -> None:
    job, _ = hear([DECLINED])
    assert (str(job.state), job.charged_credits, job.settled) == ("declined", 0, True)


def test_an_ended_job_stays_as_it_ended() -> None:
    job, _ = hear(REFUSED)
    after, heard = hear([CANCELLED], job)
    assert after == job
    assert heard == []


def test_a_line_that_the_job_has_not_changes_nothing() -> None:
    strange = Event.of(
        topics.PANELS_RENDERED,
        KINDS["panel"].made(Line(job_id="job", line_id="panel-9"), b"", reused=False),
        key="job",
        source="/test",
        subject="",
        cause=["strange"],
    )
    assert merge(JOB, OUTLINE, strange) is None


def test_the_detail_says_what_became_of_each_line() -> None:
    job, heard = hear(REFUSED)
    lines = detail(job, OUTLINE, heard).lines
    assert {name: str(line.state) for name, line in lines.items()} == {
        "panel": "failed",
        "narration": "done",
        "clip": "failed",
        "film": "failed",
    }
    assert [name for name, line in lines.items() if line.state is LineState.FAILED and line.began_here] == [
        "panel"
    ]
    job, heard = hear([MADE[0]])
    picture = detail(job, OUTLINE, heard).lines["panel"].picture
    assert picture is not None
    assert (picture.object_key, picture.width, picture.height) == ("key", 1280, 720)
