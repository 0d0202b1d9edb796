"""The invariants of money: holds, captures, wallets, and what users were charged. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from tests.chaos.snapshot import Snapshot


def the_ledger_verifies(end: Snapshot) -> Iterator[str]:
    """The product's own check of its books agrees."""
    yield from end.ledger


def nobody_pays_twice(end: Snapshot) -> Iterator[str]:
    """An asset is captured at most once for its owner."""
    captures = Counter(
        (entry.owner, entry.asset) for entry in end.entries if entry.movement == "capture" and entry.credits
    )
    for (owner, asset), times in captures.items():
        if times > 1:
            yield f"{owner} paid {times} times for {asset}"


def what_was_captured_was_made(end: Snapshot) -> Iterator[str]:
    """Nobody pays for what is not there."""
    made = {row.key for row in end.rows if row.made}
    for entry in end.entries:
        if entry.movement == "capture" and entry.credits and entry.asset not in made:
            yield f"{entry.job} {entry.line} was charged {entry.credits} for {entry.asset}, which is not made"


def holds_add_up(end: Snapshot) -> Iterator[str]:
    """Captures and releases make up the hold, and the entries say the same."""
    moved: Counter[tuple[str, str]] = Counter()
    for entry in end.entries:
        moved[entry.job, entry.movement] += entry.credits
    for hold in end.holds:
        if hold.captured + hold.released != hold.total:
            yield f"{hold.job} holds {hold.total}: {hold.captured} captured and {hold.released} released"
        said = {name: moved[hold.job, name] for name in ("hold", "capture", "release")}
        kept = {"hold": hold.total, "capture": hold.captured, "release": hold.released}
        if said != kept:
            yield f"{hold.job}: the hold says {kept} and its entries {said}"


def every_hold_is_closed(end: Snapshot) -> Iterator[str]:
    """Every job's hold is settled or was declined, line by line."""
    held = {hold.job for hold in end.holds}
    yield from (f"{job.id} was never held or declined" for job in end.jobs if job.id not in held)
    for hold in end.holds:
        if hold.state not in ("settled", "declined") or hold.open_lines:
            yield f"the hold of {hold.job} is {hold.state}, open: {', '.join(hold.open_lines) or 'none'}"


def wallets_are_grants_minus_captures(end: Snapshot) -> Iterator[str]:
    """Every credit is explained, and none is still held."""
    moved: Counter[tuple[str, str]] = Counter()
    for entry in end.entries:
        moved[entry.owner, entry.movement] += entry.credits
    for wallet in end.wallets:
        should = moved[wallet.owner, "grant"] + moved[wallet.owner, "refund"]
        should -= moved[wallet.owner, "capture"]
        if wallet.available != should or wallet.held:
            yield f"{wallet.owner} has {wallet.available} and {wallet.held} held, not {should} and none"


def jobs_are_charged_what_was_captured(end: Snapshot) -> Iterator[str]:
    """The number on the bill is the ledger's, and never more than was quoted."""
    captured = {hold.job: hold.captured for hold in end.holds}
    for job in end.jobs:
        if (job.charged or 0) != captured.get(job.id, 0):
            yield f"{job.id} shows {job.charged} charged and {captured.get(job.id, 0)} were captured"
        if (job.charged or 0) > job.quoted:
            yield f"{job.id} was quoted {job.quoted} and charged {job.charged}"
