"""How the suite's engines behave: how long they take, and which faults they deal out, all by the seed."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from threading import Lock

from tests.chaos.seeds import stream


@dataclass(frozen=True)
class Rates:
    """Shares of requests that meet each fault; the first five add up to the share of failing submits."""

    server_error: float = 0.04
    overloaded: float = 0.03
    throttled: float = 0.03
    dropped_before: float = 0.03
    dropped_after: float = 0.04
    ends_without_result: float = 0.04
    read_error: float = 0.05
    """Of polls, look-ups, cancels and fetches."""
    cannot_cancel: float = 0.4


@dataclass(frozen=True)
class Fate:
    """What becomes of one submit. `fault` is a name of `Rates`, or empty; times are seconds."""

    fault: str
    latency: float
    seconds: float
    fails: bool


@dataclass
class Temper:
    """Draws fates. The n-th submit of an asset key always meets the same one, whatever else is going on."""

    seed: int
    shortest: float = 0.5
    longest: float = 4.0
    rates: Rates = field(default_factory=Rates)
    _times: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    _lock: Lock = field(default_factory=Lock)

    def of_submit(self, engine: str, key: str) -> Fate:
        """The fate of the next submit of a key."""
        chance = self._next(engine, "submit", key)
        return Fate(
            fault=_pick(chance, self.rates),
            latency=chance.uniform(0.0, 0.1),
            seconds=chance.uniform(self.shortest, self.longest),
            fails=chance.random() < self.rates.ends_without_result,
        )

    def read_fails(self, engine: str, operation: str, key: str) -> bool:
        """Whether the next poll, look-up, cancel or fetch of a key fails."""
        return self._next(engine, operation, key).random() < self.rates.read_error

    def can_cancel(self, engine: str, key: str) -> bool:
        """Whether the task of a key can still be stopped."""
        return stream(self.seed, engine, "cancel", key).random() >= self.rates.cannot_cancel

    def _next(self, engine: str, operation: str, key: str) -> random.Random:
        with self._lock:
            self._times[engine, operation, key] += 1
            return stream(self.seed, engine, operation, key, self._times[engine, operation, key])


def _pick(chance: random.Random, rates: Rates) -> str:
    drawn = chance.random()
    for fault in ("server_error", "overloaded", "throttled", "dropped_before", "dropped_after"):
        drawn -= getattr(rates, fault)
        if drawn < 0:
            return fault
    return ""
