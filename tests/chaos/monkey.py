"""The monkey: kills processes with -9 while they have work, pauses others past their leases, repeats events.

Its steps and their order follow from the seed. When each one falls follows from how the jobs get on.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from storyreel.errors import UnavailableError
from storyreel.local.child import Child
from tests.chaos.gossip import Gossip
from tests.chaos.options import ChaosOptions
from tests.chaos.pace import Pace
from tests.chaos.records import Records
from tests.chaos.seeds import stream

LOOK_SECONDS: Final = 0.1
HUNGRY_SECONDS: Final = 4.0
FEW_JOBS: Final = 3
"""After so long without work in flight, with fewer jobs open, an order is called for before its time."""
PATIENCE_SECONDS: Final = 180.0
"""After so long the process is killed without work in flight, and the run has failed."""
STUCK_SECONDS: Final = 30.0
"""A step that waits for jobs to end waits no longer than this."""


class Act(StrEnum):
    """What the monkey can do."""

    KILL = "kill"
    PAUSE = "pause"
    REPEAT = "repeat"


@dataclass(frozen=True)
class Step:
    """One deed; `target` is the name of a process, empty for events."""

    act: Act
    target: str = ""


def plan_steps(options: ChaosOptions, names: list[str]) -> list[Step]:
    """Every step of the run, in order; `names` are those of the processes."""
    chance = stream(options.seed, "steps")
    steps = [Step(Act.KILL, name) for name in names for _ in range(options.kills_each)]
    steps += [Step(Act.PAUSE, chance.choice(names)) for _ in range(options.pauses)]
    steps += [Step(Act.REPEAT)] * options.repeats
    chance.shuffle(steps)
    return steps


class Monkey:
    """Does its steps one after another; pauses last while the next steps go on."""

    def __init__(
        self,
        options: ChaosOptions,
        processes: Mapping[str, Child],
        records: Records,
        pace: Pace,
        gossip: Gossip,
        say: Callable[[str], None],
    ) -> None:
        self._options = options
        self._processes = processes
        self._records = records
        self._pace = pace
        self._gossip = gossip
        self._say = say
        self._chance: random.Random = stream(options.seed, "monkey")
        self.kills: Counter[str] = Counter()
        """Kills of each process with work in flight."""
        self.idle_kills: Counter[str] = Counter()
        self.pauses: Counter[str] = Counter()

    async def run(self, steps: list[Step]) -> None:
        """Does every step."""
        async with asyncio.TaskGroup() as pausing:
            for number, step in enumerate(steps):
                await self._wait_for_jobs(number)
                if step.act is Act.KILL:
                    await self._kill(step.target)
                elif step.act is Act.PAUSE:
                    pausing.create_task(self._pause(step.target, self._chance.uniform(1.0, 3.0)))
                else:
                    await self._repeat()
                await self._pace.step_done()
                await asyncio.sleep(self._chance.uniform(0.2, 1.5))

    async def _wait_for_jobs(self, number: int) -> None:
        """Lets the jobs get as far as the steps: the last kill is to find as much to break as the first."""
        deadline = time.monotonic() + STUCK_SECONDS
        while time.monotonic() < deadline:
            with suppress(UnavailableError):
                if await self._records.ended_jobs() >= self._pace.due(number):
                    return
            await asyncio.sleep(LOOK_SECONDS)

    async def _kill(self, name: str) -> None:
        child = self._processes[name]
        busy = await self._work_in_flight(name, child)
        self._say(f"kill -9 {name} with {busy} in flight")
        child.kill()
        (self.kills if busy else self.idle_kills)[name] += 1

    async def _work_in_flight(self, name: str, child: Child) -> int:
        """Waits until the process is up and has work: rows on its board, or open jobs; how many."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        hungry = time.monotonic() + HUNGRY_SECONDS
        while time.monotonic() < deadline:
            with suppress(UnavailableError):
                up = child.running and await child.program.ready()
                if up and (busy := await self._records.backlog(name)):
                    return busy
                if up and time.monotonic() > hungry and await self._records.open_jobs() < FEW_JOBS:
                    await self._pace.want_more()
                    hungry = time.monotonic() + HUNGRY_SECONDS
            await asyncio.sleep(LOOK_SECONDS)
        return 0

    async def _pause(self, name: str, beyond: float) -> None:
        """Stops a process for longer than a lease, and lets it go on as if nothing had been."""
        child = self._processes[name]
        pid = child.pid
        assert pid is not None
        seconds = self._options.lease_seconds + beyond
        self._say(f"pause {name} for {seconds:.1f} s")
        if _signal(pid, signal.SIGSTOP):
            self.pauses[name] += 1
        await asyncio.sleep(seconds)
        if child.pid == pid:
            _signal(pid, signal.SIGCONT)

    async def _repeat(self) -> None:
        deadline = time.monotonic() + STUCK_SECONDS
        while time.monotonic() < deadline:
            try:
                before = self._gossip.repeated
                await self._gossip.burst()
                self._say(f"{self._gossip.repeated - before} events said again")
                return
            except UnavailableError:
                await asyncio.sleep(LOOK_SECONDS)


def _signal(pid: int, number: signal.Signals) -> bool:
    """Signals a child and what it started; False where it has died meanwhile."""
    try:
        os.killpg(pid, number)
    except ProcessLookupError:
        return False
    return True
