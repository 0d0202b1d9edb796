"""Quotes: lines that explain themselves, and a promise that one job of one owner can take, in time."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from till import Till, new_job, panel

from services.pricing.quotes import LIFETIME_SECONDS
from services.pricing.verify import verify
from storyreel.contracts.events.v1.job_pb2 import JobApproved, JobDeclined
from storyreel.contracts.pricing.v1.pricing_pb2 import LineItem
from storyreel.errors import NotFoundError


async def refused(till: Till, job: str) -> str:
    """The reason why the job was declined; nothing was held for it."""
    (declined,) = await till.said(job)
    assert isinstance(declined, JobDeclined)
    assert await till.balance() == (100, 0)
    await verify(till.documents, at_rest=True)
    return declined.reason


async def test_a_quote_lists_every_line_with_what_it_is_priced_by(till: Till) -> None:
    items = [
        LineItem(
            line_id="sheet-001",
            kind="sheet",
            engine="local",
            tier="low",
            asset_key="ann:s",
            units=1,
            character="Fox",
        ),
        panel(1, "ann:p", pixels=1920 * 1080, tier="medium"),
        LineItem(
            line_id="narration-001", kind="narration", engine="local", asset_key="ann:n", units=1001, shot=1
        ),
        LineItem(
            line_id="clip-001",
            kind="clip",
            engine="local",
            tier="low",
            asset_key="ann:c",
            units=16,
            pixels=1280 * 720,
            shot=1,
        ),
        LineItem(line_id="film", kind="film", engine="composer", asset_key="ann:f", units=1),
    ]
    quote = await till.books.quotes.make("ann", items)
    lines = [
        (line.kind, line.shot or line.character, line.tier, line.size, line.units, line.credits)
        for line in quote.lines
    ]
    assert lines == [
        ("sheet", "Fox", "low", "", 1, 1),
        ("panel", 1, "medium", "2K", 1, 4),
        ("narration", 1, "", "", 1001, 2),
        ("clip", 1, "low", "720p", 16, 2),
        ("film", "", "", "", 1, 0),
    ]
    assert quote.total_credits == 9
    assert quote.catalogue_version == till.shelf.catalogue.version


async def test_what_exists_is_quoted_at_nothing_and_says_so(till: Till) -> None:
    job = new_job()
    await till.submit(await till.quote("ann:1"), job)
    await till.made(job, 1, "ann:1")
    again = await till.quote("ann:1", "ann:2")
    assert [(line.credits, line.exists) for line in again.lines] == [(0, True), (3, False)]


async def test_what_one_owner_has_made_tells_another_nothing(till: Till) -> None:
    job = new_job()
    await till.submit(await till.quote("ann:1"), job)
    await till.made(job, 1, "ann:1")
    quote = await till.quote("bob:1", owner="bob")
    assert [(line.credits, line.exists) for line in quote.lines] == [(3, False)]


async def test_a_quote_of_somebody_else_is_not_found(till: Till) -> None:
    quote = await till.quote("ann:1")
    with pytest.raises(NotFoundError):
        await till.books.quotes.get(quote.quote_id, "bob")


async def test_a_job_with_a_foreign_quote_is_declined(till: Till) -> None:
    quote, job = await till.quote("bob:1", owner="bob"), new_job()
    await till.submit(quote, job, owner="ann")
    assert await refused(till, job) == f"there is no quote {quote.quote_id!r}: ask for a new quote"


async def test_a_job_of_other_lines_than_its_quote_is_declined(till: Till) -> None:
    quote, dearer, job = await till.quote("ann:1"), await till.quote("ann:1", "ann:2"), new_job()
    await till.submit(quote, job, items_sha256=dearer.items_sha256)
    assert await refused(till, job) == f"quote {quote.quote_id!r} is for other lines: ask for a new quote"


@pytest.mark.parametrize("late_ms", [1, LIFETIME_SECONDS * 1000])
async def test_a_job_accepted_after_its_quote_expired_is_declined(till: Till, late_ms: int) -> None:
    quote, job = await till.quote("ann:1"), new_job()
    await till.submit(quote, job, accepted_at_ms=quote.expires_at_ms + late_ms)
    assert "had expired when the job was accepted" in await refused(till, job)


async def test_a_job_that_does_not_say_when_it_was_accepted_is_declined(till: Till) -> None:
    quote, job = await till.quote("ann:1"), new_job()
    await till.submit(quote, job, accepted_at_ms=0)
    assert "had expired" in await refused(till, job)


async def test_a_job_accepted_in_time_has_its_price_however_late_pricing_hears_of_it(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    quote, job = await till.quote("ann:1"), new_job()
    monkeypatch.setattr("services.pricing.quotes.time.time", lambda: quote.expires_at_ms / 1000 + 3600)
    await till.submit(quote, job, accepted_at_ms=quote.expires_at_ms)
    assert isinstance((await till.said(job))[0], JobApproved)


async def test_a_quote_is_one_jobs_alone(till: Till) -> None:
    quote = await till.quote("ann:1")
    jobs = [new_job() for _ in range(6)]
    await asyncio.gather(*(till.submit(quote, job) for job in jobs))
    answers = [(await till.said(job))[0] for job in jobs]
    declined = [answer for answer in answers if isinstance(answer, JobDeclined)]
    assert len(declined) == 5
    assert all("was taken by another job: ask for a new quote" in answer.reason for answer in declined)
    assert await till.balance() == (97, 3)


async def test_a_job_declined_for_lack_of_credits_leaves_its_quote_to_another(open_till: Any) -> None:
    till, quote = await open_till(2), await (await open_till(2)).quote("ann:1")
    first, second = new_job(), new_job()
    await till.submit(quote, first)
    await till.books.wallets.grant("ann", 5, "top-up", "")
    await till.submit(quote, second)
    assert [type((await till.said(job))[0]) for job in (first, second)] == [JobDeclined, JobApproved]
