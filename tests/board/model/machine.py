"""The model as Hypothesis drives it: any order of calls, attempts, sweeps and relays, with processes that
stop anywhere, and the promises checked after every step.
"""

from __future__ import annotations

import sys
from typing import ClassVar

import hypothesis.strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from storyreel.documents import Documents
from tests.board.model.crashes import How, RecordingPublisher, Stop
from tests.board.model.jobs import JOBS
from tests.board.model.parts import WORKERS, Board, Clock, sound_board
from tests.board.model.worker import LEASE_SECONDS, Attempt, Outcome
from tests.board.model.world import World

STOPS = st.none() | st.builds(Stop, st.sampled_from(How), st.integers(1, 14))
ANY = st.integers(0, 99)
ATTEMPTS = st.builds(
    Attempt,
    st.sampled_from([Outcome.MADE, Outcome.MADE, *Outcome]),
    lingers=st.booleans(),
    renews=st.booleans(),
)


class BoardMachine(RuleBasedStateMachine):
    """One board from nothing to rest. Subclasses name the server and say how the board is built."""

    mongo_url: ClassVar[str]
    steps: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        self.world = World(self.mongo_url, self.build)

    def build(self, documents: Documents, publisher: RecordingPublisher, clock: Clock) -> Board:
        """The board under test."""
        return sound_board(documents, publisher, clock)

    @initialize(number=ANY)
    def submit_first(self, number: int) -> None:
        self.submit(number)

    @precondition(lambda self: len(self.world.submitted) < len(JOBS))
    @rule(number=ANY)
    def submit(self, number: int) -> None:
        left = sorted(JOBS.keys() - self.world.submitted)
        self.world.submit(left[number % len(left)])

    @precondition(lambda self: len(self.world.cancelled) < len(JOBS) - 1)
    @rule(number=ANY)
    def cancel(self, number: int) -> None:
        left = sorted(JOBS.keys() - self.world.cancelled)
        self.world.cancel(left[number % len(left)])

    @precondition(lambda self: self.world.pending)
    @rule(number=ANY, stop=STOPS)
    def deliver(self, number: int, stop: Stop | None) -> None:
        self.world.deliver(number, stop)

    @precondition(lambda self: self.world.pending)
    @rule(numbers=st.lists(ANY, min_size=3, max_size=8))
    def deliver_many(self, numbers: list[int]) -> None:
        for number in numbers:
            if self.world.pending:
                self.world.deliver(number, None)

    @precondition(lambda self: self.world.delivered)
    @rule(number=ANY, stop=STOPS)
    def repeat(self, number: int, stop: Stop | None) -> None:
        self.world.repeat(number, stop)

    @precondition(lambda self: self.world.submitted)
    @rule(worker=st.integers(0, WORKERS - 1), attempt=ATTEMPTS, stop=STOPS)
    def work(self, worker: int, attempt: Attempt, stop: Stop | None) -> None:
        self.world.work(worker, attempt, stop)

    @precondition(lambda self: self.world.paused)
    @rule(number=ANY, stop=STOPS)
    def resume(self, number: int, stop: Stop | None) -> None:
        self.world.resume(number, stop)

    @precondition(lambda self: self.world.submitted)
    @rule(stop=STOPS, slow_bus=st.booleans())
    def relay(self, stop: Stop | None, slow_bus: bool) -> None:
        self.world.relay(stop, slow_bus=slow_bus)

    @precondition(lambda self: self.world.submitted)
    @rule(stop=STOPS)
    def sweep(self, stop: Stop | None) -> None:
        self.world.run(self.world.board.sweeper.expire_leases, stop)

    @precondition(lambda self: self.world.submitted)
    @rule(seconds=st.sampled_from([1.0, LEASE_SECONDS + 1.0, 200.0]))
    def time_passes(self, seconds: float) -> None:
        self.world.clock.now += seconds

    @invariant()
    def promises_hold(self) -> None:
        type(self).steps += 1
        self.world.look()

    def teardown(self) -> None:
        try:
            if sys.exception() is None:
                self.world.come_to_rest()
        finally:
            self.world.close()
