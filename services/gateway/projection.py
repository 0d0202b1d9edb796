"""The projection: merges each fact into the job that its user sees, and gives it the job's next `seq`.

Pure: `merge` takes a job and an event that is new to it, and returns the next job and what is said of it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from google.protobuf.json_format import MessageToDict

from services.gateway.jobs import Job
from services.gateway.lines import Outline, OutlineLine, Picture, Said
from storyreel import topics
from storyreel.contracts.events.v1.outcome_pb2 import FailureKind
from storyreel.events import Event
from storyreel.outcomes import FAILED, MADE


def merge(job: Job, outline: Outline, event: Event) -> tuple[Job, Said] | None:
    """The job with the event in it, and what its user hears of it.

    None where the event does not concern the job: it speaks of a line that the job has not, or cancels a
    job that has ended.
    """
    message: Any = event.message()
    line = outline.line(message.line.line_id) if is_outcome(event) else None
    following = _merged(job, event, message, line)
    if following is None:
        return None
    if following.ended_at is None and following.ended:
        following = replace(following, ended_at=event.time)
    following = replace(following, seq=job.seq + 1)
    return following, _said(following, event, message, line)


def is_outcome(event: Event) -> bool:
    """Whether the event is the end of a line."""
    return event.topic in MADE or event.topic in FAILED


def _merged(job: Job, event: Event, message: Any, line: OutlineLine | None) -> Job | None:
    if is_outcome(event):
        return _with_outcome(job, event, message, line) if line else None
    if event.topic == topics.JOBS_APPROVED:
        return replace(job, approved=True)
    if event.topic == topics.JOBS_DECLINED:
        return replace(job, declined=message.reason)
    if event.topic == topics.JOBS_CANCELLED:
        # An ended job stays as it ended.
        return None if job.ended and not job.cancel_asked else replace(job, cancel_asked=True)
    if event.topic == topics.JOBS_SETTLED:
        return replace(job, captured_credits=message.captured_credits)
    return job


def _with_outcome(job: Job, event: Event, message: Any, line: OutlineLine) -> Job:
    following = job.with_ended_line(line.kind, line.engine, made=event.topic in MADE)
    if event.topic == topics.FILMS_RENDERED:
        return replace(following, film=MessageToDict(message.film, preserving_proto_field_name=True))
    return following


def _said(job: Job, event: Event, message: Any, line: OutlineLine | None) -> Said:
    said = Said(job.seq, event.id, event.topic, event.time, str(job.state))
    if line is None:
        return said
    said = replace(said, line=line.line_id, shot=line.shot or None)
    if event.topic in FAILED:
        failure = message.failure
        began_here = failure.kind != FailureKind.FAILURE_KIND_INPUT
        return replace(said, reason=failure.reason, began_here=began_here)
    if event.topic == topics.PANELS_RENDERED:
        panel = message.panel
        return replace(said, picture=Picture(panel.image.object_key, panel.width_px, panel.height_px))
    return said
