"""A job as the gateway keeps it: its lines, what has been said of it, and the state its user sees.

The state is derived from the set of what has happened, never from the last event, so order and
repetition do not matter.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from storyreel.contracts.events.v1.job_pb2 import PlanRef
from storyreel.outcomes import KINDS
from storyreel.plan import Plan


class JobState(StrEnum):
    """What a user sees."""

    SUBMITTED = "submitted"
    APPROVED = "approved"
    RENDERING = "rendering"
    COMPOSING = "composing"
    SUCCEEDED = "succeeded"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    ATTENTION = "attention"


class LineState(StrEnum):
    """Where a line stands."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


ENDED = frozenset({JobState.SUCCEEDED, JobState.DECLINED, JobState.CANCELLED, JobState.ATTENTION})


@dataclass(frozen=True)
class JobLine:
    """One asset of the job. `began_here` is False where the failure came from an input."""

    line_id: str
    kind: str
    shot: int
    state: LineState = LineState.WAITING
    reused: bool = False
    reason: str = ""
    began_here: bool = True


@dataclass(frozen=True)
class Job:
    """A job. Times are RFC 3339 UTC; `events` is everything said of it, in the order of `seq`."""

    id: str
    owner: str
    title: str
    created_at: str
    quote_id: str
    quoted_credits: int
    plan_key: str
    shots: tuple[str, ...]
    lines: dict[str, JobLine]
    approved: bool = False
    declined: str | None = None
    cancel_asked: bool = False
    captured_credits: int | None = None
    film: dict[str, Any] | None = None
    ended_at: str | None = None
    seq: int = 0
    events: tuple[dict[str, Any], ...] = field(default_factory=tuple)

    @property
    def state(self) -> JobState:
        """The state that follows from everything that has happened."""
        if self.declined is not None:
            return JobState.CANCELLED if self.cancel_asked else JobState.DECLINED
        states = [line.state for line in self.lines.values()]
        if all(state is LineState.DONE for state in states):
            return JobState.SUCCEEDED
        if LineState.WAITING not in states:
            return JobState.CANCELLED if self.cancel_asked else JobState.ATTENTION
        if self._waits_for_film_alone():
            return JobState.COMPOSING
        if any(state is not LineState.WAITING for state in states):
            return JobState.RENDERING
        return JobState.APPROVED if self.approved else JobState.SUBMITTED

    @property
    def settled(self) -> bool:
        """Whether its money is settled; a declined job never moved any."""
        return self.captured_credits is not None or self.declined is not None

    def _waits_for_film_alone(self) -> bool:
        return all(
            line.state is LineState.DONE if line.kind != "film" else line.state is LineState.WAITING
            for line in self.lines.values()
        )

    def counts(self) -> dict[str, tuple[int, int, int]]:
        """(total, done, failed) by kind of asset, for the kinds that the job has, in making order."""
        counted = {}
        for kind in KINDS:
            states = [line.state for line in self.lines.values() if line.kind == kind]
            if states:
                counted[kind] = (
                    len(states),
                    states.count(LineState.DONE),
                    states.count(LineState.FAILED),
                )
        return counted


def new_job(plan: Plan, reference: PlanRef, created_at: str) -> Job:
    """The job of a plan, before anything has happened."""
    return Job(
        id=plan.job_id,
        owner=plan.owner,
        title=plan.storyboard.title,
        created_at=created_at,
        quote_id=plan.quote_id,
        quoted_credits=sum(line.credits for line in plan.lines),
        plan_key=reference.object_key,
        shots=tuple(shot.text for shot in plan.storyboard.shots),
        lines={line.line_id: JobLine(line.line_id, line.kind, line.shot) for line in plan.lines},
    )
