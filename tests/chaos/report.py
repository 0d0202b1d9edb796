"""What a run tells about itself, for people and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field

from tests.chaos.checks import CHECKS


@dataclass(frozen=True)
class Report:
    """A run's figures. `violations` are by the name of the check; times are seconds."""

    command: str
    seed: int
    servers: str
    engines: str
    jobs: int
    states: dict[str, int]
    assets: int
    submits: int
    billed: int
    ambiguities: int
    attempts: int
    faults: dict[str, int]
    kills: dict[str, int]
    idle_kills: dict[str, int]
    pauses: dict[str, int]
    repeated: int
    reordered: int
    users: dict[str, int]
    swept: dict[str, int]
    seconds: float
    notes: tuple[str, ...] = ()
    violations: dict[str, list[str]] = field(default_factory=dict)

    @property
    def good(self) -> bool:
        """Whether every invariant held."""
        return not self.violations

    def as_json(self) -> str:
        """All of it."""
        return json.dumps(asdict(self), indent=2)

    def lines(self) -> Iterator[str]:
        """All of it to be read; the last line is the verdict."""
        yield f"command      {self.command}"
        yield f"servers      {self.servers}; engines: {self.engines}"
        yield f"jobs         {self.jobs}: {_counts(self.states)}"
        yield f"users        {_counts(self.users)}"
        yield (
            f"assets       {self.assets} made, {self.submits} requests accepted, {self.billed} billed, "
            f"{self.attempts} attempts, {self.ambiguities} ambiguous outcomes"
        )
        yield f"faults       {_counts(self.faults)}"
        yield f"kills        {sum(self.kills.values())} with work in flight: {_counts(self.kills)}"
        if self.idle_kills:
            yield f"idle kills   {_counts(self.idle_kills)}"
        yield f"pauses       {sum(self.pauses.values())} past a lease: {_counts(self.pauses)}"
        yield f"events       {self.repeated} said again, {self.reordered} of them out of order"
        yield f"swept        {_counts(self.swept)}"
        yield from (f"note         {note}" for note in self.notes)
        yield f"wall time    {self.seconds:.0f} s"
        for name, broken in self.violations.items():
            yield f"VIOLATED     {name}: {len(broken)}"
            yield from (f"             {one}" for one in broken)
        yield self._verdict()

    def _verdict(self) -> str:
        figures = (
            f"seed {self.seed}, {self.jobs} jobs, {sum(self.kills.values())} kills, {self.seconds:.0f} s"
        )
        if self.good:
            return f"chaos: all {len(CHECKS)} invariants hold ({figures})"
        return f"chaos: VIOLATED {', '.join(self.violations)} ({figures})"


def _counts(counted: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counted.items()) if count) or "none"
