"""A board's row: one asset to be made or made, with everyone who asked for it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from storyreel.events import Event
from storyreel.lanes import Lane


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
ENDED: Final = (State.DONE, State.FAILED, State.CANCELLED)


@dataclass(frozen=True)
class Turn:
    """A place in an engine's queue: ready rows are claimed by their `number`, lane by lane."""

    lane: Lane
    number: int


@dataclass(frozen=True)
class Requester:
    """A line of a job that wants the row's asset. `ended` once its terminal event is in the outbox."""

    job_id: str
    line_id: str
    shot: int = 0
    priced: bool = True
    traceparent: str = ""
    lane: Lane = Lane.BULK
    ended: bool = False


@dataclass(frozen=True)
class Lease:
    """Who holds a row, and until when (seconds since 1970).

    `attempt`: whether this claim counts as one. Polls and looking up a lost answer do not.
    """

    worker: str
    token: str
    until: float
    attempt: bool = True


@dataclass(frozen=True)
class Intent:
    """That an engine is about to be asked; after `deadline` (seconds since 1970) nothing is sent any more.

    It stays on the row until it is known what became of the request.
    """

    at: float
    deadline: float


@dataclass(frozen=True)
class Row:
    """A task. Times are seconds since 1970; `facts` are the inputs' assets, in the order of `inputs`.

    `ambiguities` counts the requests to the engine of which it will never be known whether they were paid
    for; `failed_polls` the times in a row that the engine did not say how its own task is doing.
    """

    key: str
    owner: str
    kind: str
    engine: str
    recipe: dict[str, Any]
    inputs: tuple[str, ...]
    state: State = State.WAITING
    requesters: tuple[Requester, ...] = ()
    facts: tuple[bytes, ...] = ()
    turn: Turn | None = None
    attempts: int = 0
    not_before: float = 0.0
    lease: Lease | None = None
    intent: Intent | None = None
    engine_task: str | None = None
    failed_polls: int = 0
    ambiguities: int = 0
    asset: bytes | None = None
    reason: str = ""
    outbox: tuple[Event, ...] = ()
    posted_at: float = 0.0
    ended_at: float | None = None

    @property
    def waiting_for_it(self) -> tuple[Requester, ...]:
        """Requesters that have had no terminal event yet."""
        return tuple(requester for requester in self.requesters if not requester.ended)

    @property
    def lane(self) -> Lane:
        """Interactive where anybody who still wants the row is in that lane."""
        interactive = any(requester.lane is Lane.INTERACTIVE for requester in self.waiting_for_it)
        return Lane.INTERACTIVE if interactive else Lane.BULK

    @property
    def is_in_its_lane(self) -> bool:
        """Whether the row, if it is ready, queues in the lane of those who want it."""
        return self.state is not State.READY or self.turn is None or self.turn.lane is self.lane

    def asked_by(self, job_id: str, line_id: str) -> bool:
        """Whether that line has asked for this row before."""
        return any(r.job_id == job_id and r.line_id == line_id for r in self.requesters)
