"""A job as the gateway keeps it: how many of its lines have ended and how, and the state its user sees.

The state is derived from the set of what has happened, never from the last event, so order and
repetition do not matter. A job is small, however many lines it has: see `services.gateway.lines`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from storyreel.contracts.events.v1.job_pb2 import PlanRef
from storyreel.outcomes import KINDS
from storyreel.plan import Plan


class JobKind(StrEnum):
    """What was asked for."""

    STORY = "story"
    IMAGE = "image"


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


ENDED: Final = frozenset({JobState.SUCCEEDED, JobState.DECLINED, JobState.CANCELLED, JobState.ATTENTION})


@dataclass(frozen=True)
class Tally:
    """The job's lines of one kind from one engine: how many there are, are done and have failed."""

    kind: str
    engine: str
    total: int
    done: int = 0
    failed: int = 0

    @property
    def waiting(self) -> int:
        """Lines that have not ended."""
        return self.total - self.done - self.failed


@dataclass(frozen=True)
class Job:
    """A job. Times are RFC 3339 UTC; `seq` numbers what has been said of it."""

    id: str
    owner: str
    kind: JobKind
    title: str
    created_at: str
    quote_id: str
    quoted_credits: int
    plan_key: str
    tallies: tuple[Tally, ...]
    approved: bool = False
    declined: str | None = None
    cancel_asked: bool = False
    captured_credits: int | None = None
    film: dict[str, Any] | None = None
    ended_at: str | None = None
    seq: int = 0

    @property
    def state(self) -> JobState:
        """The state that follows from everything that has happened."""
        if self.declined is not None:
            return JobState.CANCELLED if self.cancel_asked else JobState.DECLINED
        if self.waiting == 0:
            return self._end_of_lines()
        if all(tally.waiting == (tally.total if tally.kind == "film" else 0) for tally in self.tallies):
            return JobState.RENDERING if self._failed else JobState.COMPOSING
        if any(tally.waiting < tally.total for tally in self.tallies):
            return JobState.RENDERING
        return JobState.APPROVED if self.approved else JobState.SUBMITTED

    @property
    def ended(self) -> bool:
        """Whether its state is final."""
        return self.state in ENDED

    @property
    def settled(self) -> bool:
        """Whether its money is settled."""
        return self.charged_credits is not None

    @property
    def charged_credits(self) -> int | None:
        """What its user paid; None until that is known. A declined job never moved any credits."""
        return 0 if self.declined is not None else self.captured_credits

    @property
    def waiting(self) -> int:
        """Lines that have not ended."""
        return sum(tally.waiting for tally in self.tallies)

    @property
    def _failed(self) -> int:
        return sum(tally.failed for tally in self.tallies)

    def _end_of_lines(self) -> JobState:
        if not self._failed:
            return JobState.SUCCEEDED
        return JobState.CANCELLED if self.cancel_asked else JobState.ATTENTION

    def counts(self) -> dict[str, tuple[int, int, int]]:
        """(total, done, failed) by kind of asset, for the kinds that the job has, in making order."""
        counted = {}
        for kind in KINDS:
            tallies = [tally for tally in self.tallies if tally.kind == kind]
            if tallies:
                counted[kind] = (
                    sum(tally.total for tally in tallies),
                    sum(tally.done for tally in tallies),
                    sum(tally.failed for tally in tallies),
                )
        return counted

    def waits_for(self, engine: str, kinds: Collection[str]) -> bool:
        """Whether a line of one of these kinds from that engine has not ended."""
        return any(tally.waiting for tally in self.tallies if tally.engine == engine and tally.kind in kinds)

    def with_ended_line(self, kind: str, engine: str, *, made: bool) -> Job:
        """The job with one more line of that kind and engine ended."""
        return replace(
            self,
            tallies=tuple(
                tally
                if (tally.kind, tally.engine) != (kind, engine)
                else replace(tally, done=tally.done + made, failed=tally.failed + (not made))
                for tally in self.tallies
            ),
        )


def new_job(kind: JobKind, plan: Plan, reference: PlanRef, created_at: str) -> Job:
    """The job of a plan, before anything has happened."""
    totals = Counter((line.kind, line.engine) for line in plan.lines)
    return Job(
        id=plan.job_id,
        owner=plan.owner,
        kind=kind,
        title=plan.storyboard.title,
        created_at=created_at,
        quote_id=plan.quote_id,
        quoted_credits=sum(line.credits for line in plan.lines),
        plan_key=reference.object_key,
        tallies=tuple(Tally(kind, engine, total) for (kind, engine), total in totals.items()),
    )
