"""An engine's gate, pure: a circuit breaker, and the places of a concurrency limit.

    open ─(3 failures in a row)▶ stopped ─(its time is over)▶ one trial ─▶ open, or stopped for twice as long

Times are seconds since 1970. Whatever a dead worker leaves behind ends by the clock (a trial) or by a look
at the rows (holders).
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from storyreel.board.rows import ENDED, Row, State
from storyreel.events import Event

STOP_AFTER: Final = 3
"""Failures in a row, of any workers, until the engine counts as stopped."""
FIRST_STOP_SECONDS: Final = 15.0
LONGEST_STOP_SECONDS: Final = 600.0
SHORTEST_WISH_SECONDS: Final = 1.0
LONGEST_WISH_SECONDS: Final = 3600.0
"""A Retry-After is believed within these."""
TRIAL_SECONDS: Final = 60.0
"""A trial without a result after this is no reason for others to wait."""


class Admission(StrEnum):
    """Who may pass a gate now. Polls of what an engine has accepted always may."""

    ALL = "all"
    HOLDERS = "holders"
    POLLS = "polls"


@dataclass(frozen=True)
class Stop:
    """That nobody asks from `at` to `until`, and how many `trials` have failed before."""

    at: float
    until: float
    trials: int = 0


@dataclass(frozen=True)
class Trial:
    """The task that tries a stopped engine; others wait for it until `until`."""

    key: str
    until: float


@dataclass(frozen=True)
class Holder:
    """A task that occupies the engine, since when."""

    key: str
    at: float


@dataclass(frozen=True)
class Gate:
    """What all workers of a service know of an engine.

    `failures` in a row, the first of them at `since`, the last for `reason`. `version` is that of the last
    fact that was said of it: the time in milliseconds, so that it goes on rising in a new database.
    """

    engine: str
    failures: int = 0
    since: float = 0.0
    reason: str = ""
    stop: Stop | None = None
    trial: Trial | None = None
    holders: tuple[Holder, ...] = ()
    version: int = 0
    outbox: tuple[Event, ...] = ()

    def holds(self, key: str) -> bool:
        """Whether the task occupies the engine."""
        return any(holder.key == key for holder in self.holders)

    def admission(self, limit: int | None, now: float) -> Admission:
        """Who may pass; `limit` is how many tasks may occupy the engine, None for any number."""
        if self.stop is not None and (now < self.stop.until or (self.trial and now < self.trial.until)):
            return Admission.POLLS
        return Admission.ALL if limit is None or len(self.holders) < limit else Admission.HOLDERS

    def must_be_entered(self, limit: int | None) -> bool:
        """Whether a task that passes must write its name: only one may try, or places are counted."""
        return self.stop is not None or limit is not None


def occupies(row: Row) -> bool:
    """Whether an engine may be at work on the row, or is about to be asked."""
    asked = row.intent is not None or row.engine_task is not None
    return row.state is State.LEASED or (asked and row.state not in ENDED)


def enter(gate: Gate, key: str, limit: int | None, now: float) -> Gate | None:
    """The gate with the task as a holder, and as the trial of a stopped engine; None where it must wait."""
    admission = gate.admission(limit, now)
    if admission is Admission.POLLS or (admission is Admission.HOLDERS and not gate.holds(key)):
        return None
    if gate.stop is not None:
        gate = replace(gate, trial=Trial(key, now + TRIAL_SECONDS))
    if limit is None:
        return gate
    others = tuple(holder for holder in gate.holders if holder.key != key)
    return replace(gate, holders=(*others, Holder(key, now)))


def leave(gate: Gate, key: str) -> Gate:
    """The task no longer occupies the engine, and tries it no more."""
    holders = tuple(holder for holder in gate.holders if holder.key != key)
    return end_trial(replace(gate, holders=holders), key)


def end_trial(gate: Gate, key: str) -> Gate:
    """The task tries the engine no more: another may."""
    is_its = gate.trial is not None and gate.trial.key == key
    return replace(gate, trial=None) if is_its else gate


def forget(gate: Gate, gone: Iterable[Holder]) -> Gate:
    """Takes off holders that left without a word. One that has entered again meanwhile is another holder."""
    left = set(gone)
    return replace(gate, holders=tuple(holder for holder in gate.holders if holder not in left))


def failed(gate: Gate, reason: str, now: float, *, wish: float | None = None) -> Gate:
    """The engine as a whole did not answer; `wish` is its Retry-After in seconds, where it gave one."""
    if gate.stop is not None and now < gate.stop.until:
        # Asked before it was stopped: known already, and no reason to wait any longer.
        return gate
    gate = replace(gate, failures=gate.failures + 1, since=gate.since or now, reason=reason)
    if gate.stop is None and gate.failures < STOP_AFTER:
        return gate
    trials = 0 if gate.stop is None else gate.stop.trials + 1
    return replace(gate, stop=Stop(now, now + _pause(trials, wish), trials), trial=None)


def answered(gate: Gate, asked_at: float) -> Gate:
    """The engine answered a request that was begun at `asked_at`: it works."""
    if gate.stop is not None and asked_at <= gate.stop.at:
        # An answer to a request from before the stop says nothing of the engine now.
        return gate
    return replace(gate, failures=0, since=0.0, reason="", stop=None, trial=None)


def _pause(trials: int, wish: float | None) -> float:
    if wish is not None:
        return min(max(wish, SHORTEST_WISH_SECONDS), LONGEST_WISH_SECONDS)
    ceiling = min(LONGEST_STOP_SECONDS, FIRST_STOP_SECONDS * 2.0 ** min(trials, 30))
    return random.uniform(0.8 * ceiling, ceiling)
