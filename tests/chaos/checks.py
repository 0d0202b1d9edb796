"""The invariants of the product, each a function from the end of a run to what violates it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final

from tests.chaos.engines.bill import KEYED, SYNC
from tests.chaos.engines.server import REFUSAL
from tests.chaos.money_checks import (
    every_hold_is_closed,
    holds_add_up,
    jobs_are_charged_what_was_captured,
    nobody_pays_twice,
    the_ledger_verifies,
    wallets_are_grants_minus_captures,
    what_was_captured_was_made,
)
from tests.chaos.snapshot import RowSeen, Snapshot
from tests.chaos.stories import Kind

ENDED: Final = ("succeeded", "declined", "cancelled", "attention")
AT_REST: Final = ("done", "failed", "cancelled")
GAVE_UP: Final = "gave up"
"""Attempts were used up: an honest end where engines fail at such rates."""

Check = Callable[[Snapshot], Iterator[str]]


def every_process_was_killed_at_work(end: Snapshot) -> Iterator[str]:
    """Each process as often as was asked for, with work in flight."""
    for name, wanted in end.kills_wanted.items():
        if end.kills.get(name, 0) < wanted:
            yield f"{name} was killed {end.kills.get(name, 0)} times with work in flight, not {wanted}"


def no_order_is_lost(end: Snapshot) -> Iterator[str]:
    """There are at least as many jobs as orders; a lost answer may have made one more."""
    if len(end.jobs) < end.expected_jobs:
        yield f"{end.expected_jobs} jobs were ordered and there are {len(end.jobs)}"


def every_job_ended_and_is_settled(end: Snapshot) -> Iterator[str]:
    """Nothing is open any more."""
    for job in end.jobs:
        if job.state not in ENDED or not job.settled:
            yield f"{job.id} is {job.state}, {'settled' if job.settled else 'not settled'}"


def every_job_ends_as_its_story_says(end: Snapshot) -> Iterator[str]:
    """Whole stories succeed unless an engine failed every attempt; refused ones name the refusal."""
    for job in end.jobs:
        honest = job.state == "attention" and any(GAVE_UP in reason for reason in job.reasons)
        if job.kind is Kind.REFUSED:
            good = job.state == "attention" and (REFUSAL in job.reasons or honest)
        elif job.kind is Kind.CANCELLED:
            good = job.state in ("succeeded", "attention") or (job.state == "cancelled" and job.cancelled)
        else:
            good = job.state == "succeeded" or honest
        if not good:
            yield f"{job.id}, {job.kind}, ended {job.state}: {'; '.join(job.reasons) or 'no reason'}"


def every_line_has_one_terminal_event(end: Snapshot) -> Iterator[str]:
    """Neither none nor two, whatever was said again."""
    for job in end.jobs:
        if job.state == "declined" or not job.terminals:
            continue
        for line, state in job.lines.items():
            said = job.terminals.get(line, ())
            if len(said) != 1:
                yield f"{job.id} {line}, {state}, has the terminal events {list(said)}"


def a_keyed_engine_is_asked_once_for_each_asset(end: Snapshot) -> Iterator[str]:
    """What the engine bills is what was made, asset by asset."""
    billed = Counter(charge.key for charge in end.charges if charge.engine == KEYED)
    made = {row.key: row for row in end.rows_of(KEYED)}
    for key, times in billed.items():
        row = made.get(key)
        if row is None or not row.made or times != 1:
            yield f"{key} was billed {times} times and is {_stand(row)}"
    for key, row in made.items():
        if row.made and not billed[key]:
            yield f"{key} is made and was never billed"


def a_sync_engine_is_asked_twice_only_where_it_is_counted(end: Snapshot) -> Iterator[str]:
    """What is billed beyond the assets made is at most the ambiguous outcomes, row by row."""
    billed = Counter(charge.key for charge in end.charges if charge.engine == SYNC)
    for row in end.rows_of(SYNC):
        beyond = billed.pop(row.key, 0) - (1 if row.made else 0)
        if beyond < 0:
            yield f"{row.key} is made and was never billed"
        if beyond > row.ambiguities:
            yield (
                f"{row.key}, {_stand(row)}, was billed {beyond} times too often and "
                f"{row.ambiguities} outcomes were counted as unknown"
            )
    for key, times in billed.items():
        yield f"{key} was billed {times} times and no board knows it"


def nothing_is_at_work_any_more(end: Snapshot) -> Iterator[str]:
    """No row is leased, ready, delayed or waiting."""
    for row in end.rows:
        if row.state not in AT_REST or row.leased:
            yield f"{row.board} {row.key} is {row.state}{', leased' if row.leased else ''}"


def everyone_who_asked_was_answered(end: Snapshot) -> Iterator[str]:
    """Every requester of every row has its terminal event."""
    for row in end.rows:
        for asked in row.asked:
            if not asked.ended:
                yield f"{asked.job} {asked.line} waits for {row.key}, which is {row.state}"


def boards_and_gateway_agree(end: Snapshot) -> Iterator[str]:
    """A line that is done stands on a row that is; one that failed did so for a reason that still stands.

    A row may be made after a line of it failed: for another job, or because it was already paid for.
    """
    rows = {(asked.job, asked.line): row for row in end.rows for asked in row.asked}
    for job in end.jobs:
        for line, state in job.lines.items():
            row = rows.get((job.id, line))
            if state == "done" and (row is None or not row.made):
                yield f"{job.id} {line} is done and its row is {_stand(row)}"
            if state == "failed" and row is not None and row.made:
                others = {asked.job for asked in row.asked} - {job.id}
                if not others and not job.cancelled:
                    yield f"{job.id} {line} failed and its row is made, for nobody else"


def outboxes_are_empty(end: Snapshot) -> Iterator[str]:
    """Every event has been published."""
    yield from (f"{place} holds events that were not published" for place in end.unsent)


def there_are_no_dead_letters(end: Snapshot) -> Iterator[str]:
    """None was planted."""
    yield from end.dead_letters


def everything_named_is_stored_whole(end: Snapshot) -> Iterator[str]:
    """Objects that rows and jobs name exist, with the digest that is named."""
    for named in (*end.plans, *(stored for row in end.rows for stored in row.objects)):
        digest = end.stored.get(named.key)
        if digest != named.sha256:
            yield f"{named.key} should hold {named.sha256[:12]} and {_holds(digest)}"


def nothing_stored_is_without_a_name(end: Snapshot) -> Iterator[str]:
    """After the sweeps no object is left that no row and no job names."""
    named = {one.key for one in end.plans} | {one.key for row in end.rows for one in row.objects}
    yield from (f"{key} is named by nothing" for key in end.stored if key not in named)


def _stand(row: RowSeen | None) -> str:
    return "on no board" if row is None else row.state


def _holds(digest: str | None) -> str:
    return "is not there" if digest is None else f"holds {digest[:12]}"


CHECKS: Final[tuple[Check, ...]] = (
    every_process_was_killed_at_work,
    no_order_is_lost,
    every_job_ended_and_is_settled,
    every_job_ends_as_its_story_says,
    every_line_has_one_terminal_event,
    a_keyed_engine_is_asked_once_for_each_asset,
    a_sync_engine_is_asked_twice_only_where_it_is_counted,
    nobody_pays_twice,
    what_was_captured_was_made,
    holds_add_up,
    every_hold_is_closed,
    wallets_are_grants_minus_captures,
    jobs_are_charged_what_was_captured,
    the_ledger_verifies,
    nothing_is_at_work_any_more,
    everyone_who_asked_was_answered,
    boards_and_gateway_agree,
    outboxes_are_empty,
    there_are_no_dead_letters,
    everything_named_is_stored_whole,
    nothing_stored_is_without_a_name,
)
"""Every invariant that a run must end with."""


def violations(end: Snapshot) -> dict[str, list[str]]:
    """What is violated, by the name of the check; empty where all hold."""
    found = {check.__name__.replace("_", " "): list(check(end)) for check in CHECKS}
    return {name: broken for name, broken in found.items() if broken}
