"""`storyreel ledger verify`: books that add up pass, and each way of not adding up is named."""

from __future__ import annotations

import asyncio
import os
import sys
import uuid
from typing import Any

import pytest
from till import Till, new_job

from services.pricing.checks import LedgerMismatchError, check_job
from services.pricing.verify import Verified, verify
from storyreel.documents import Documents
from storyreel.settings import Settings


@pytest.fixture
async def busy(till: Till) -> Till:
    """Books with a settled job, an open one and a declined one."""
    settled, still_open = new_job(), new_job()
    await till.submit(await till.quote("ann:1", "ann:2"), settled)
    await till.made(settled, 1, "ann:1")
    await till.failed(settled, 2, "ann:2")
    await till.submit(await till.quote("ann:3"), still_open)
    await till.submit(await till.quote(*(f"ann:{number}" for number in range(9, 99))), new_job())
    return till


async def test_books_that_add_up_are_said_to(busy: Till) -> None:
    assert await verify(busy.documents) == Verified(wallets=1, holds=3, entries=5, jobs=0)
    with pytest.raises(LedgerMismatchError, match=r"is open: line panel-001"):
        await verify(busy.documents, at_rest=True)


async def tamper(documents: Documents, name: str, query: dict[str, Any], change: dict[str, Any]) -> None:
    assert await documents.collection(name).update(query, change)


@pytest.mark.parametrize(
    ("name", "query", "change", "says"),
    [
        ("wallets", {}, {"$inc": {"available": 1}}, "wallet ann: available credits should be"),
        ("wallets", {}, {"$inc": {"held": -1}}, "wallet ann: held credits should be"),
        (
            "wallets",
            {},
            {"$inc": {"entries": 1}},
            "wallet ann: number of entries should be 5, not 6",
        ),
        ("entries", {"movement": "capture"}, {"$set": {"credits": 2}}, "should be .*'capture', 3"),
        ("entries", {"movement": "capture"}, {"$set": {"movement": "release"}}, "should be .*'capture', 3"),
        (
            "entries",
            {"movement": "hold"},
            {"$set": {"job": "job_x"}},
            r"entries should be \{.*/hold",
        ),
        (
            "entries",
            {"movement": "grant"},
            {"$set": {"credits": 99}},
            "wallet ann, entry ann/start: available",
        ),
        ("holds", {"state": "settled"}, {"$inc": {"captured": 1}}, "credits captured should be 3, not 4"),
        ("holds", {"state": "settled"}, {"$set": {"state": "open"}}, "state should be 'settled', not 'open'"),
        ("holds", {"state": "open"}, {"$inc": {"total": 1}}, "total should be 3, not 4"),
        ("holds", {"state": "open"}, {"$set": {"owner": "eve"}}, "which has no hold"),
        ("quotes", {"job": {"$ne": ""}}, {"$set": {"job": "job_x"}}, "job that took its quote should be"),
    ],
)
async def test_whatever_does_not_add_up_is_named(
    busy: Till, name: str, query: dict[str, Any], change: dict[str, Any], says: str
) -> None:
    await tamper(busy.documents, name, query, change)
    with pytest.raises(LedgerMismatchError, match=says):
        await verify(busy.documents)


async def test_an_outcome_that_was_forgotten_is_named(busy: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.pricing.verify.LOOKS", 3)
    hold = await busy.documents.collection("holds").find({"state": "open"})
    await busy.documents.collection("early").insert({"_id": hold[0]["_id"], "lines": {"panel-001": {}}})
    with pytest.raises(LedgerMismatchError, match="line panel-001 has ended and is open"):
        await verify(busy.documents)


def settled_hold() -> dict[str, Any]:
    return {"_id": "j", "owner": "ann", "state": "settled", "total": 6, "captured": 3, "released": 3}


def job(**changes: Any) -> dict[str, Any]:
    known = {"_id": "j", "owner": "ann", "quoted_credits": 6, "approved": True}
    return {**known, "captured_credits": 3, "declined": None, **changes}


@pytest.mark.parametrize(
    ("told", "hold", "says"),
    [
        (job(captured_credits=4), settled_hold(), "job j: credits charged should be 3, not 4"),
        (job(quoted_credits=5), settled_hold(), "job j: quoted credits should be"),
        (job(declined="no"), settled_hold(), "has it declined"),
        (job(owner="bob"), settled_hold(), "job j: owner should be"),
        (job(), settled_hold() | {"state": "open"}, "state of its hold should be 'settled'"),
        (job(), None, "no credits were held"),
    ],
)
def test_a_job_told_otherwise_is_named(told: dict[str, Any], hold: dict[str, Any] | None, says: str) -> None:
    check_job(job(), settled_hold())
    check_job(job(captured_credits=None, approved=False), None)
    with pytest.raises(LedgerMismatchError, match=says):
        check_job(told, hold)


async def test_books_are_verified_while_credits_move(till: Till) -> None:
    async def spend() -> None:
        for number in range(12):
            job = new_job()
            await till.submit(await till.quote(f"ann:{number}"), job)
            await till.made(job, 1, f"ann:{number}")

    spending = asyncio.create_task(spend())
    while not spending.done():
        await verify(till.documents)
        await asyncio.sleep(0.02)
    await spending
    assert (await verify(till.documents, at_rest=True)).entries == 25


async def run_command(environment: dict[str, str]) -> tuple[int | None, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "storyreel.local.cli",
        "ledger",
        "verify",
        env={**os.environ, **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    return process.returncode, said.decode()


async def test_the_command_says_what_it_found_and_exits_by_it(
    environment: dict[str, str], settings: Settings
) -> None:
    code, said = await run_command(environment)
    assert (code, said.startswith("the ledger adds up: ")) == (0, True), said
    pricing = Documents(settings.mongo_url, settings.database("pricing"))
    wallets, owner = pricing.collection("wallets"), f"eve-{uuid.uuid4().hex}"
    await wallets.insert({"_id": owner, "available": 5, "held": 0, "entries": 0})
    try:
        code, said = await run_command(environment)
    finally:
        await wallets.delete({"_id": owner})
        pricing.close()
    assert code == 1
    assert f"the ledger does not add up: wallet {owner}: available credits should be 0, not 5" in said
