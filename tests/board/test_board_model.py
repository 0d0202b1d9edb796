"""The board as a model: thousands of steps against the real database, with processes that stop anywhere."""

from __future__ import annotations

import hypothesis
import pytest
from hypothesis.stateful import run_state_machine_as_test

from storyreel import outbox
from storyreel.board import transitions
from storyreel.board.ingest import Ingest
from storyreel.documents import Documents
from storyreel.outbox import Relay
from storyreel.settings import Settings
from tests.board.model import broken
from tests.board.model.crashes import RecordingPublisher
from tests.board.model.machine import BoardMachine
from tests.board.model.parts import Board, Clock
from tests.board.model.promises import ViolationError

EXAMPLES = 70
STEPS = 50
LEAST_STEPS = 2000
EXAMPLES_TO_NOTICE = 400
"""A board with a fault is driven until it shows: mostly within hundreds of steps, at times thousands."""


@pytest.fixture(autouse=True)
def one_outbox_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A relay that empties several rows at once does so in no set order, and a run could not be repeated."""
    monkeypatch.setattr(outbox, "BATCH", 1)


def budget(examples: int, *, stop_at_once: bool = False) -> hypothesis.settings:
    """The same runs every time, in CI and at home; no smaller example is looked for where one will do."""
    phases = [hypothesis.Phase.generate] if stop_at_once else list(hypothesis.Phase)
    return hypothesis.settings(
        phases=phases,
        report_multiple_bugs=False,
        max_examples=examples,
        stateful_step_count=STEPS,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(hypothesis.HealthCheck),
    )


@pytest.mark.timeout(600)
def test_no_promise_is_broken_wherever_processes_stop(settings: Settings) -> None:
    class Machine(BoardMachine):
        mongo_url = settings.mongo_url

    run_state_machine_as_test(Machine, settings=budget(EXAMPLES))
    print(f"{Machine.steps} steps")
    assert Machine.steps >= LEAST_STEPS


BROKEN = {
    "the lease is not checked": (transitions, "_held", broken.any_lease_will_do),
    "a supply does not look for the rows that wait": (
        Ingest,
        "_settle_all",
        broken.look_for_nothing,
    ),
    "the relay forgets what came meanwhile": (Relay, "_forget", broken.forget_all_of_it),
    "the relay overlooks what came meanwhile": (Relay, "_forget", broken.leave_it_unsent),
    "nobody reads the tombstones": (Ingest, "drop_cancelled", broken.believe_the_claim),
}


@pytest.mark.timeout(600)
@pytest.mark.parametrize("fault", BROKEN)
def test_the_model_notices_when(fault: str, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    class Machine(BoardMachine):
        mongo_url = settings.mongo_url

    monkeypatch.setattr(*BROKEN[fault])
    with pytest.raises(ViolationError) as caught:
        run_state_machine_as_test(Machine, settings=budget(EXAMPLES_TO_NOTICE, stop_at_once=True))
    print(f"{fault}: {caught.value} ({Machine.steps} steps)")


@pytest.mark.timeout(600)
def test_the_model_notices_when_events_are_published_before_the_write(settings: Settings) -> None:
    class Machine(BoardMachine):
        mongo_url = settings.mongo_url

        def build(self, documents: Documents, publisher: RecordingPublisher, clock: Clock) -> Board:
            return broken.board_that_publishes_before_it_writes(documents, publisher, clock)

    with pytest.raises(ViolationError) as caught:
        run_state_machine_as_test(Machine, settings=budget(EXAMPLES_TO_NOTICE, stop_at_once=True))
    print(f"{caught.value} ({Machine.steps} steps)")
