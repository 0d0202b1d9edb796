"""The checker can fail: each check, given an end of a run that was doctored for it, reports it by value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.chaos import checks, money_checks
from tests.chaos.engines.bill import KEYED, SYNC, Charge
from tests.chaos.engines.server import REFUSAL
from tests.chaos.snapshot import (
    Asked,
    EntrySeen,
    HoldSeen,
    JobSeen,
    ObjectSeen,
    RowSeen,
    Snapshot,
    WalletSeen,
)
from tests.chaos.stories import Kind

PANEL = ObjectSeen("ann/panel/p.png", "p")
VOICE = ObjectSeen("ann/narration/n.flac", "n")
PLAN = ObjectSeen("ann/plan/q.json", "q")
ROWS = (
    RowSeen("image", "ann:p", "ann", KEYED, "done", asked=(Asked("j", "panel", True),), objects=(PANEL,)),
    RowSeen("narration", "ann:n", "ann", SYNC, "done", asked=(Asked("j", "voice", True),), objects=(VOICE,)),
)
JOB = JobSeen(
    id="j",
    owner="ann",
    kind=Kind.WHOLE,
    cancelled=False,
    state="succeeded",
    settled=True,
    quoted=5,
    charged=5,
    lines={"panel": "done", "voice": "done"},
    terminals={"panel": ("panels.rendered",), "voice": ("narrations.spoken",)},
)
HOLD = HoldSeen("j", "ann", "settled", total=5, captured=5)
ENTRIES = (
    EntrySeen("ann", "grant", 100),
    EntrySeen("ann", "hold", 5, "j"),
    EntrySeen("ann", "capture", 3, "j", "panel", "ann:p"),
    EntrySeen("ann", "capture", 2, "j", "voice", "ann:n"),
)
GOOD = Snapshot(
    jobs=(JOB,),
    rows=ROWS,
    holds=(HOLD,),
    entries=ENTRIES,
    wallets=(WalletSeen("ann", 95, 0),),
    charges=(Charge(KEYED, "ann:p"), Charge(SYNC, "ann:n")),
    plans=(PLAN,),
    stored={"ann/panel/p.png": "p", "ann/narration/n.flac": "n", "ann/plan/q.json": "q"},
    expected_jobs=1,
    kills={"image": 3},
    kills_wanted={"image": 3},
)


def job(**changes: Any) -> Snapshot:
    return replace(GOOD, jobs=(replace(JOB, **changes),))


def rows(number: int, **changes: Any) -> Snapshot:
    doctored = list(ROWS)
    doctored[number] = replace(doctored[number], **changes)
    return replace(GOOD, rows=tuple(doctored))


def billed(*more: Charge, **changes: Any) -> Snapshot:
    return replace(rows(1, **changes), charges=(*GOOD.charges, *more))


ONCE = checks.a_keyed_engine_is_asked_once_for_each_asset
COUNTED = checks.a_sync_engine_is_asked_twice_only_where_it_is_counted

DOCTORED: tuple[tuple[checks.Check, Snapshot, str], ...] = (
    (checks.every_process_was_killed_at_work, replace(GOOD, kills={"image": 2}), "image was killed 2 times"),
    (checks.no_order_is_lost, replace(GOOD, expected_jobs=2), "2 jobs were ordered and there are 1"),
    (checks.every_job_ended_and_is_settled, job(state="rendering"), "j is rendering"),
    (checks.every_job_ended_and_is_settled, job(settled=False), "not settled"),
    (checks.every_job_ends_as_its_story_says, job(state="attention", reasons=("?",)), "ended attention: ?"),
    (checks.every_job_ends_as_its_story_says, job(kind=Kind.REFUSED), "j, refused, ended succeeded"),
    (checks.every_job_ends_as_its_story_says, job(state="cancelled"), "ended cancelled"),
    (checks.every_line_has_one_terminal_event, job(terminals={"panel": ("panels.rendered",)}), "j voice"),
    (
        checks.every_line_has_one_terminal_event,
        job(terminals=JOB.terminals | {"panel": ("panels.rendered", "panels.failed")}),
        "'panels.rendered', 'panels.failed'",
    ),
    (
        ONCE,
        billed(Charge(KEYED, "ann:p")),
        "ann:p was billed 2 times and is done",
    ),
    (
        ONCE,
        billed(Charge(KEYED, "ann:x")),
        "ann:x was billed 1 times and is on no board",
    ),
    (
        ONCE,
        replace(GOOD, charges=GOOD.charges[1:]),
        "ann:p is made and was never billed",
    ),
    (
        COUNTED,
        billed(Charge(SYNC, "ann:n")),
        "1 times too",
    ),
    (
        COUNTED,
        billed(Charge(SYNC, "ann:n"), Charge(SYNC, "ann:n"), ambiguities=1),
        "billed 2 times too often and 1 outcomes",
    ),
    (
        COUNTED,
        replace(GOOD, charges=GOOD.charges[:1]),
        "ann:n is made and was never billed",
    ),
    (
        money_checks.nobody_pays_twice,
        replace(GOOD, entries=(*ENTRIES, ENTRIES[2])),
        "paid 2 times for ann:p",
    ),
    (money_checks.what_was_captured_was_made, rows(0, state="failed"), "charged 3 for ann:p"),
    (money_checks.holds_add_up, replace(GOOD, holds=(replace(HOLD, captured=4),)), "j holds 5: 4 captured"),
    (money_checks.holds_add_up, replace(GOOD, entries=ENTRIES[:3]), "'capture': 3"),
    (money_checks.every_hold_is_closed, replace(GOOD, holds=()), "j was never held"),
    (
        money_checks.every_hold_is_closed,
        replace(GOOD, holds=(replace(HOLD, open_lines=("voice",)),)),
        "voice",
    ),
    (
        money_checks.wallets_are_grants_minus_captures,
        replace(GOOD, wallets=(WalletSeen("ann", 94, 1),)),
        "ann has 94 and 1 held, not 95",
    ),
    (money_checks.jobs_are_charged_what_was_captured, job(charged=4), "j shows 4 charged and 5"),
    (money_checks.jobs_are_charged_what_was_captured, job(quoted=4), "quoted 4 and charged 5"),
    (money_checks.the_ledger_verifies, replace(GOOD, ledger=("wallet ann lacks 1",)), "ann lacks 1"),
    (checks.nothing_is_at_work_any_more, rows(0, state="leased", leased=True), "ann:p is leased, leased"),
    (checks.everyone_who_asked_was_answered, rows(0, asked=(Asked("j", "panel", False),)), "j panel waits"),
    (checks.boards_and_gateway_agree, rows(0, state="failed"), "j panel is done and its row is failed"),
    (
        checks.boards_and_gateway_agree,
        job(lines=JOB.lines | {"panel": "failed"}),
        "j panel failed and its row is made",
    ),
    (checks.outboxes_are_empty, replace(GOOD, unsent=("image tasks ann:p",)), "image tasks ann:p"),
    (checks.there_are_no_dead_letters, replace(GOOD, dead_letters=("jobs.approved: no",)), "jobs.approved"),
    (checks.everything_named_is_stored_whole, replace(GOOD, stored={}), "is not there"),
    (
        checks.everything_named_is_stored_whole,
        replace(GOOD, stored=GOOD.stored | {PANEL.key: "other"}),
        "should hold p and holds other",
    ),
    (
        checks.nothing_stored_is_without_a_name,
        replace(GOOD, stored=GOOD.stored | {"ann/panel/z.png": "z"}),
        "ann/panel/z.png is named by nothing",
    ),
)


def test_a_good_end_violates_nothing() -> None:
    assert checks.violations(GOOD) == {}


@pytest.mark.parametrize(("check", "doctored", "told"), DOCTORED)
def test_a_doctored_end_is_reported_with_its_values(
    check: checks.Check, doctored: Snapshot, told: str
) -> None:
    assert any(told in violation for violation in check(doctored))
    assert check.__name__.replace("_", " ") in checks.violations(doctored)


def test_every_check_has_an_end_that_fails_it() -> None:
    doctored: set[Callable[..., object]] = {check for check, _, _ in DOCTORED}
    assert doctored == set(checks.CHECKS)


def test_honest_ends_are_allowed() -> None:
    gave_up = ("gave up after 4 attempts: the engine answered 500",)
    assert not list(checks.every_job_ends_as_its_story_says(job(state="attention", reasons=gave_up)))
    refused = job(kind=Kind.REFUSED, state="attention", reasons=(REFUSAL,))
    assert not list(checks.every_job_ends_as_its_story_says(refused))
    counted = billed(Charge(SYNC, "ann:n"), ambiguities=1)
    assert not list(COUNTED(counted))
