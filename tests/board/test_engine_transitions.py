"""What the board keeps of a request to an engine: pure transitions, at times no test could wait for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storyreel.board import transitions
from storyreel.board.rows import Intent, Lease, Requester, Row, State
from storyreel.board.schedule import LONGEST_WISH_SECONDS, SILENT_POLLS, delay
from storyreel.board.transitions import MAX_ATTEMPTS
from storyreel.contracts.events.v1.asset_pb2 import Sheet
from storyreel.contracts.events.v1.outcome_pb2 import FailureKind, SheetFailed

HOUR = 3600.0
INTENT = Intent(at=0.0, deadline=10.0)
READY = Row(
    key="a:sheet",
    owner="a",
    kind="sheet",
    engine="kling-3",
    recipe={},
    inputs=(),
    state=State.READY,
    requesters=(Requester("job1", "sheet-001"),),
)


def claim(row: Row, now: float = 0.0) -> Row:
    claimed = transitions.claim(row, Lease("worker", "token", now + 30), now)
    assert claimed is not None
    return claimed


def asked() -> Row:
    return transitions.intend(claim(READY), "token", INTENT)


def polled(now: float = 0.0) -> Row:
    return claim(transitions.accepted(asked(), "token", "task-7", 0.0), now)


def reason(row: Row) -> str:
    message = row.outbox[-1].message()
    assert isinstance(message, SheetFailed)
    assert message.failure.kind == FailureKind.FAILURE_KIND_EXHAUSTED
    return message.failure.reason


def test_polls_that_fail_keep_the_engines_task_and_come_later_and_later() -> None:
    row = polled()
    waits = []
    for _ in range(9):
        row = transitions.unanswered(row, "token", "no answer", 0.0)
        assert (row.state, row.engine_task, row.intent, row.attempts) == (State.DELAYED, "task-7", INTENT, 1)
        waits.append(row.not_before)
        row = claim(row, row.not_before)
    assert waits[0] <= 2
    assert all(30 <= wait <= 60 for wait in waits[-4:])


def test_an_engine_that_does_not_answer_is_given_up_after_six_hours_and_found_again_by_a_later_job() -> None:
    row = replace(polled(6 * HOUR), failed_polls=SILENT_POLLS)
    assert transitions.unanswered(row, "token", "no answer", 6 * HOUR - 1).state is State.DELAYED
    row = transitions.unanswered(row, "token", "no answer", 6 * HOUR)
    assert reason(row) == "gave up, kling-3 has not answered for 6 h: no answer"
    row = transitions.request(row, Requester("job2", "sheet-001"), 7 * HOUR)
    assert (row.state, row.engine_task, row.failed_polls) == (State.WAITING, "task-7", 0)


def test_a_night_without_workers_gives_nothing_up() -> None:
    row = transitions.unanswered(polled(9 * HOUR), "token", "no answer", 9 * HOUR)
    assert (row.state, row.engine_task) == (State.DELAYED, "task-7")


def test_an_engine_that_works_for_a_whole_day_is_given_up() -> None:
    assert transitions.still_running(polled(), "token", 5.0, 23 * HOUR).state is State.DELAYED
    row = transitions.still_running(polled(), "token", 5.0, 24 * HOUR)
    assert reason(row) == "kling-3 has worked on it for 24 h without a result"
    assert row.engine_task == "task-7"


def test_an_intent_outlives_a_dead_worker_a_hand_back_and_an_unknown_outcome() -> None:
    for left in (
        transitions.expire(asked(), 31.0),
        transitions.hand_back(asked(), "token"),
        transitions.leave_open(asked(), "token", "no answer", 0.0),
    ):
        assert left.intent == INTENT
        taken_over = claim(left, 40.0)
        assert taken_over.attempts == left.attempts, "settling it is no attempt"


def test_a_request_that_was_not_taken_leaves_no_intent() -> None:
    row = transitions.retry(asked(), "token", "busy", 0.0)
    assert (row.state, row.intent, row.attempts) == (State.DELAYED, None, 1)


@pytest.mark.parametrize("ambiguous", [True, False])
def test_settling_counts_the_next_attempt_and_the_ambiguity_in_one_write(ambiguous: bool) -> None:
    row = claim(transitions.expire(asked(), 31.0), 31.0)
    row = transitions.ask_again(row, "token", 31.0, ambiguous=ambiguous)
    assert (row.state, row.intent, row.attempts) == (State.LEASED, None, 2)
    assert row.ambiguities == int(ambiguous)


def test_the_last_request_is_settled_before_its_row_is_given_up() -> None:
    row = transitions.expire(replace(asked(), attempts=MAX_ATTEMPTS), 31.0)
    assert row.state is State.READY
    row = transitions.ask_again(claim(row, 31.0), "token", 31.0, ambiguous=True)
    assert reason(row) == f"gave up after {MAX_ATTEMPTS} attempts: its workers died or were stopped"
    assert (row.ambiguities, row.intent, row.attempts) == (1, None, MAX_ATTEMPTS)


def test_handing_back_a_poll_or_a_settlement_takes_no_attempt_away() -> None:
    assert transitions.hand_back(polled(), "token").attempts == 1
    settling = claim(transitions.expire(asked(), 31.0), 31.0)
    assert transitions.hand_back(settling, "token").attempts == 1


def test_a_row_that_nobody_wants_stays_while_a_request_is_open_and_forgets_it_at_its_end() -> None:
    open_request = claim(transitions.expire(asked(), 31.0), 31.0)
    nobody = replace(open_request, requesters=())
    row = transitions.drop(transitions.ask_again(nobody, "token", 31.0, ambiguous=True), "token", 31.0)
    assert (row.state, row.intent, row.ambiguities) == (State.CANCELLED, None, 1)


def test_what_an_engine_has_is_fetched_by_a_later_job_although_there_was_no_room_for_it() -> None:
    full = transitions.fail(
        polled(), "token", FailureKind.FAILURE_KIND_INVALID, "the store is full", 0.0, keeps_request=True
    )
    row = transitions.request(full, Requester("job2", "sheet-001"), 1.0)
    assert (row.state, row.engine_task) == (State.WAITING, "task-7")
    refused = transitions.fail(polled(), "token", FailureKind.FAILURE_KIND_REFUSED, "no knives", 0.0)
    row = transitions.request(refused, Requester("job2", "sheet-001"), 1.0)
    assert (row.state, row.engine_task, row.intent) == (State.WAITING, None, None)


def test_a_finished_row_says_how_often_it_was_not_known_whether_it_was_paid_for() -> None:
    row = replace(asked(), ambiguities=2)
    assert transitions.finish(row, "token", Sheet(), 1.0).ambiguities == 2


def test_delays_double_with_jitter_and_an_engines_wish_is_granted() -> None:
    for tries, ceiling in ((1, 2.0), (2, 4.0), (3, 8.0), (40, 120.0)):
        drawn = [delay(None, tries, 120.0) for _ in range(200)]
        assert ceiling / 2 <= min(drawn) < max(drawn) <= ceiling
    assert delay(17.0, 1, 120.0) == 17.0
    assert delay(1e9, 1, 120.0) == LONGEST_WISH_SECONDS
