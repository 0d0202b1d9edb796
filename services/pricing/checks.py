"""Whether the books add up: one wallet, one hold, one job at a time. Pure; each raises at the first fault."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.pricing.ledger import DECLINED, OPEN, SETTLED
from services.pricing.wallets import EFFECTS, Movement
from storyreel.contracts.pricing.v1.pricing_pb2 import Quote
from storyreel.documents import Document
from storyreel.errors import StoryreelError


class LedgerMismatchError(StoryreelError):
    """Something that does not add up; the message names it, and both numbers."""


def check_wallet(wallet: Document, entries: Sequence[Document], holds: Iterable[Document]) -> None:
    """The wallet is what its entries, in their order, make of nothing; what it holds is what open lines
    hold."""
    name = f"wallet {wallet['_id']}"
    available = held = 0
    for number, entry in enumerate(entries, start=1):
        where = f"{name}, entry {entry['_id']}"
        _equal(where, "number", entry["number"], number)
        if entry["credits"] < 1:
            raise LedgerMismatchError(f"{where}: moves {entry['credits']} credits")
        per_available, per_held = EFFECTS[Movement(entry["movement"])]
        available += per_available * entry["credits"]
        held += per_held * entry["credits"]
        if min(available, held) < 0:
            raise LedgerMismatchError(f"{where}: leaves the wallet below zero ({available}, {held})")
        _equal(where, "available credits after it", entry["available"], available)
        _equal(where, "held credits after it", entry["held"], held)
    _equal(name, "number of entries", wallet["entries"], len(entries))
    _equal(name, "available credits", wallet["available"], available)
    _equal(name, "held credits", wallet["held"], held)
    open_credits = sum(line["credits"] for hold in holds for line in _lines(hold) if line["state"] == OPEN)
    _equal(name, "held credits", wallet["held"], open_credits)


def check_hold(hold: Document, entries: Iterable[Document], quote: Quote | None, taken_by: str) -> None:
    """The hold is its quote's; each closed line has the one entry that explains it; its sums are right."""
    name = f"hold of job {hold['_id']}"
    found = {entry["_id"]: entry for entry in entries}
    if hold["state"] == DECLINED:
        _equal(name, "entries of a declined job", sorted(found), [])
        return
    if quote is None:
        raise LedgerMismatchError(f"{name}: its quote {hold['quote']} is not there")
    _equal(name, "job that took its quote", taken_by, hold["_id"])
    _equal(name, "total", hold["total"], quote.total_credits)
    prices = {line.line_id: line.credits for line in quote.lines}
    _equal(name, "lines", {key: line["credits"] for key, line in hold["lines"].items()}, prices)
    _equal(name, "entries", {key: _moved(entry) for key, entry in found.items()}, _expected(hold))
    for movement, total in ((Movement.CAPTURE, "captured"), (Movement.RELEASE, "released")):
        closed = sum(line["credits"] for line in _lines(hold) if line["state"] == movement)
        _equal(name, f"credits {total}", hold[total], closed)
    still_open = any(line["state"] == OPEN for line in _lines(hold))
    _equal(name, "state", hold["state"], OPEN if still_open else SETTLED)
    if not still_open:
        _equal(name, "captured and released credits", hold["captured"] + hold["released"], hold["total"])


def check_early(hold: Document, early: Mapping[str, Any]) -> None:
    """No outcome that came early still waits for a line that is open."""
    for line_id in early:
        if hold.get("lines", {}).get(line_id, {}).get("state") == OPEN:
            raise LedgerMismatchError(f"hold of job {hold['_id']}: line {line_id} has ended and is open")


def check_job(job: Document, hold: Document | None) -> None:
    """What the gateway tells the job's user is what the ledger did."""
    name = f"job {job['_id']}"
    captured = job["captured_credits"]
    if hold is None or hold["state"] == DECLINED:
        if captured is not None or job["approved"]:
            raise LedgerMismatchError(f"{name}: the gateway has it approved, and no credits were held for it")
        return
    _equal(name, "owner", job["owner"], hold["owner"])
    _equal(name, "quoted credits", job["quoted_credits"], hold["total"])
    if job["declined"] is not None:
        raise LedgerMismatchError(f"{name}: the gateway has it declined, and credits were held for it")
    if captured is not None:
        _equal(name, "state of its hold", hold["state"], SETTLED)
        _equal(name, "credits charged", captured, hold["captured"])


def check_at_rest(hold: Document) -> None:
    """The hold is decided for good."""
    if hold["state"] == OPEN:
        lines = [line_id for line_id, line in hold["lines"].items() if line["state"] == OPEN]
        raise LedgerMismatchError(
            f"hold of job {hold['_id']} is open: line {lines[0]} and {len(lines) - 1} more"
        )


def _expected(hold: Document) -> dict[str, tuple[str, int]]:
    job, total = hold["_id"], hold["total"]
    expected = {f"{job}/hold": (str(Movement.HOLD), total)} if total else {}
    for line_id, line in hold["lines"].items():
        if line["credits"] and line["state"] != OPEN:
            expected[f"{job}/{line_id}"] = (line["state"], line["credits"])
        if line["refunded"]:
            expected[f"{job}/{line_id}/refund"] = (str(Movement.REFUND), line["credits"])
    return expected


def _moved(entry: Document) -> tuple[str, int]:
    return entry["movement"], entry["credits"]


def _lines(hold: Document) -> Iterable[Document]:
    lines: dict[str, Document] = hold.get("lines", {})
    return lines.values()


def _equal(name: str, what: str, found: object, expected: object) -> None:
    if found != expected:
        raise LedgerMismatchError(f"{name}: {what} should be {expected!r}, not {found!r}")
