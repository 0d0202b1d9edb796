"""The ledger on a real database: the quote is the charge, whatever comes twice, early or at once."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from till import Till, new_job

from services.pricing.ledger import NotChargedError
from services.pricing.verify import verify
from services.pricing.wallets import AmountError
from storyreel.contracts.events.v1.job_pb2 import JobApproved, JobDeclined, JobSettled
from storyreel.errors import NotFoundError


async def test_a_job_is_charged_what_it_was_quoted(till: Till) -> None:
    quote, job = await till.quote("ann:1", "ann:2"), new_job()
    assert quote.total_credits == 6
    await till.submit(quote, job)
    assert await till.balance() == (94, 6)
    await till.made(job, 1, "ann:1")
    await till.made(job, 2, "ann:2")
    assert await till.balance() == (94, 0)
    approved, settled = await till.said(job)
    assert isinstance(approved, JobApproved)
    assert approved.held_credits == 6
    assert isinstance(settled, JobSettled)
    assert (settled.captured_credits, settled.released_credits) == (6, 0)


async def test_what_comes_twice_moves_nothing(till: Till) -> None:
    quote, job = await till.quote("ann:1"), new_job()
    for _ in range(2):
        await till.submit(quote, job)
    for _ in range(3):
        await till.made(job, 1, "ann:1")
    assert await till.balance() == (97, 0)
    assert len(await till.said(job)) == 2


async def test_what_failed_or_was_there_already_is_given_back(till: Till) -> None:
    quote, job = await till.quote("ann:1", "ann:2", "ann:3"), new_job()
    await till.submit(quote, job)
    await till.failed(job, 1, "ann:1")
    await till.made(job, 2, "ann:2", reused=True)
    await till.made(job, 3, "ann:3")
    assert await till.balance() == (97, 0)
    settled = (await till.said(job))[-1]
    assert (settled.captured_credits, settled.released_credits) == (3, 6)


async def test_a_line_quoted_at_nothing_is_charged_nothing_even_if_made_again(till: Till) -> None:
    first, again = new_job(), new_job()
    await till.submit(await till.quote("ann:1"), first)
    await till.made(first, 1, "ann:1")
    await till.submit(await till.quote("ann:1"), again)
    await till.made(again, 1, "ann:1")
    assert await till.balance() == (97, 0)
    assert (await till.said(again))[-1].captured_credits == 0


async def test_outcomes_that_come_before_their_job_are_kept_for_it(till: Till) -> None:
    quote, job = await till.quote("ann:1", "ann:2"), new_job()
    await till.made(job, 1, "ann:1")
    await till.failed(job, 2, "ann:2")
    assert await till.balance() == (100, 0)
    await till.submit(quote, job)
    assert await till.balance() == (97, 0)
    assert [type(message) for message in await till.said(job)] == [JobApproved, JobSettled]


async def test_outcomes_that_race_their_job_are_never_lost(till: Till) -> None:
    races = [(await till.quote(f"ann:{number}"), new_job(), f"ann:{number}") for number in range(12)]
    await asyncio.gather(
        *(till.submit(quote, job) for quote, job, _ in races),
        *(till.made(job, 1, key) for _, job, key in races),
    )
    assert await till.balance() == (64, 0)
    await verify(till.documents, at_rest=True)


async def test_early_outcomes_are_closed_after_a_crash_behind_the_hold(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    quote, job = await till.quote("ann:1"), new_job()
    await till.made(job, 1, "ann:1")

    async def die(_: str) -> None:
        raise RuntimeError("the process dies here")

    with monkeypatch.context() as crash:
        crash.setattr(till.books.ledger, "close_early", die)
        with pytest.raises(RuntimeError):
            await till.submit(quote, job)
    assert await till.balance() == (97, 3)
    await till.submit(quote, job)
    assert await till.balance() == (97, 0)


async def test_a_wallet_that_lacks_credits_declines_with_the_shortfall(open_till: Any) -> None:
    till, job = await open_till(4), new_job()
    await till.submit(await till.quote("ann:1", "ann:2"), job)
    (declined,) = await till.said(job)
    assert isinstance(declined, JobDeclined)
    assert declined.shortfall_credits == 2
    assert await till.balance() == (4, 0)


async def test_of_64_jobs_at_once_a_wallet_that_affords_10_approves_10(open_till: Any) -> None:
    till = await open_till(32)
    quotes = [await till.quote(f"ann:{number}") for number in range(64)]
    jobs = [new_job() for _ in quotes]
    await asyncio.gather(*(till.submit(quote, job) for quote, job in zip(quotes, jobs, strict=True)))
    answers = [type((await till.said(job))[0]) for job in jobs]
    assert (answers.count(JobApproved), answers.count(JobDeclined)) == (10, 54)
    assert await till.balance() == (2, 30)
    await verify(till.documents)


async def test_a_wallet_opened_by_many_at_once_starts_once(till: Till) -> None:
    balances = await asyncio.gather(*(till.balance() for _ in range(16)))
    assert set(balances) == {(100, 0)}
    await verify(till.documents)


async def test_a_grant_is_given_once_for_its_key(till: Till) -> None:
    for _ in range(2):
        await till.books.wallets.grant("ann", 50, "birthday", "a present")
    assert await till.balance() == (150, 0)
    with pytest.raises(AmountError, match="grant 'birthday' gave 50 credits: use another key"):
        await till.books.wallets.grant("ann", 60, "birthday", "a present")
    await verify(till.documents)


@pytest.mark.parametrize("credits", [0, -5, 1_000_000_001])
async def test_a_grant_of_a_strange_amount_is_refused(till: Till, credits: int) -> None:
    with pytest.raises(AmountError, match=f"{credits} credits cannot be granted"):
        await till.books.wallets.grant("ann", credits, "k", "")
    assert await till.balance() == (100, 0)


async def test_a_charge_is_refunded_once(till: Till) -> None:
    job = new_job()
    await till.submit(await till.quote("ann:1", "ann:2"), job)
    await till.made(job, 1, "ann:1")
    await till.failed(job, 2, "ann:2")
    for _ in range(2):
        assert await till.books.ledger.refund(job, "panel-001", "it was blank") == (3, "ann")
    assert await till.balance() == (100, 0)
    with pytest.raises(NotChargedError):
        await till.books.ledger.refund(job, "panel-002", "it was blank")
    with pytest.raises(NotFoundError):
        await till.books.ledger.refund(job, "panel-009", "it was blank")
    await verify(till.documents, at_rest=True)


async def test_entries_say_what_caused_them_and_what_was_left(till: Till) -> None:
    job = new_job()
    await till.submit(await till.quote("ann:1"), job)
    await till.made(job, 1, "ann:1")
    captured, held, started = await till.books.wallets.page("ann", before=None, limit=10)
    assert [entry["movement"] for entry in (started, held, captured)] == ["grant", "hold", "capture"]
    assert (captured["available"], captured["held"]) == (97, 0)
    assert captured["cause"] | {"reason": ""} == {
        "job": job,
        "line": "panel-001",
        "shot": 1,
        "asset": "ann:1",
        "event": till.history[-1].id,
        "reason": "",
    }
