"""A board's row: one asset to be made or made, with everyone who asked for it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from storyreel.events import Event


class State(StrEnum):
    """Where a row stands.

    A delayed row is taken up at its `not_before`: for the next poll of an engine's own task, or the next
    attempt.
    """

    WAITING = "waiting"
    READY = "ready"
    LEASED = "leased"
    DELAYED = "delayed"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


BACKLOG: Final = (State.READY, State.LEASED, State.DELAYED)


@dataclass(frozen=True)
class Requester:
    """A line of a job that wants the row's asset. `ended` once its terminal event is in the outbox."""

    job_id: str
    line_id: str
    shot: int = 0
    priced: bool = True
    traceparent: str = ""
    ended: bool = False


@dataclass(frozen=True)
class Lease:
    """Who holds a row, and until when (seconds since 1970)."""

    worker: str
    token: str
    until: float


@dataclass(frozen=True)
class Intent:
    """That an engine is about to be asked; after `deadline` (seconds since 1970) it must not be."""

    at: float
    deadline: float


@dataclass(frozen=True)
class Row:
    """A task. Times are seconds since 1970; `facts` are the inputs' assets, in the order of `inputs`."""

    key: str
    owner: str
    kind: str
    engine: str
    recipe: dict[str, Any]
    inputs: tuple[str, ...]
    state: State = State.WAITING
    requesters: tuple[Requester, ...] = ()
    facts: tuple[bytes, ...] = ()
    turn: int = 0
    attempts: int = 0
    not_before: float = 0.0
    lease: Lease | None = None
    intent: Intent | None = None
    engine_task: str | None = None
    asset: bytes | None = None
    reason: str = ""
    outbox: tuple[Event, ...] = ()
    posted_at: float = 0.0
    ended_at: float | None = None

    @property
    def waiting_for_it(self) -> tuple[Requester, ...]:
        """Requesters that have had no terminal event yet."""
        return tuple(requester for requester in self.requesters if not requester.ended)

    def asked_by(self, job_id: str, line_id: str) -> bool:
        """Whether that line has asked for this row before."""
        return any(r.job_id == job_id and r.line_id == line_id for r in self.requesters)
