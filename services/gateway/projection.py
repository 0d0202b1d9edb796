"""The projection: merges each fact into the job that its user sees, and gives it the job's next `seq`.

Pure: `merge` takes a job and an event and returns the next job, or None where the event is known already.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from google.protobuf.json_format import MessageToDict

from services.gateway.jobs import ENDED, Job, JobLine, LineState
from storyreel import topics
from storyreel.contracts.events.v1.outcome_pb2 import FailureKind
from storyreel.events import Event
from storyreel.outcomes import FAILED, MADE


def merge(job: Job, event: Event) -> Job | None:
    """The job with the event in it; None where it is known, or speaks of a line that the job has not."""
    if any(known["id"] == event.id for known in job.events):
        return None
    message: Any = event.message()
    following = _merged(job, event, message)
    if following is None:
        return None
    if following.ended_at is None and following.state in ENDED:
        following = replace(following, ended_at=event.time)
    seq = job.seq + 1
    said = _said(event, message, seq, str(following.state))
    return replace(following, seq=seq, events=(*job.events, said))


def _merged(job: Job, event: Event, message: Any) -> Job | None:
    if event.topic == topics.JOBS_APPROVED:
        return replace(job, approved=True)
    if event.topic == topics.JOBS_DECLINED:
        return replace(job, declined=message.reason)
    if event.topic == topics.JOBS_CANCELLED:
        # An ended job stays as it ended.
        return None if job.ended_at else replace(job, cancel_asked=True)
    if event.topic == topics.JOBS_SETTLED:
        return replace(job, captured_credits=message.captured_credits)
    if event.topic in MADE or event.topic in FAILED:
        return _with_line(job, event, message)
    return job


def _with_line(job: Job, event: Event, message: Any) -> Job | None:
    known = job.lines.get(message.line.line_id)
    if known is None or known.state is not LineState.WAITING:
        return None
    line = _made(known, message) if event.topic in MADE else _failed(known, message.failure)
    following = replace(job, lines={**job.lines, line.line_id: line})
    if event.topic == topics.FILMS_RENDERED:
        return replace(following, film=MessageToDict(message.film, preserving_proto_field_name=True))
    return following


def _made(line: JobLine, message: Any) -> JobLine:
    return replace(line, state=LineState.DONE, reused=message.reused)


def _failed(line: JobLine, failure: Any) -> JobLine:
    return replace(
        line,
        state=LineState.FAILED,
        reason=failure.reason,
        began_here=failure.kind != FailureKind.FAILURE_KIND_INPUT,
    )


def _said(event: Event, message: Any, seq: int, state: str) -> dict[str, Any]:
    """The event as the job's user hears of it."""
    said = {"seq": seq, "id": event.id, "type": event.topic, "time": event.time, "state": state, "shot": None}
    if event.topic in MADE or event.topic in FAILED:
        said["shot"] = message.line.shot or None
        said["line"] = message.line.line_id
    if event.topic in FAILED:
        said["reason"] = message.failure.reason
    return said
