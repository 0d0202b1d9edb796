"""Quotes and the ledger on a real database: the quote is the charge, whatever comes twice or at once."""

from __future__ import annotations

import asyncio
import uuid

import pytest

from services.pricing.accountant import Accountant
from services.pricing.catalogue import UnpricedError, load_catalogue
from services.pricing.ledger import Ledger
from services.pricing.quotes import Quotes
from storyreel import topics
from storyreel.contracts.events.v1.asset_pb2 import Panel
from storyreel.contracts.events.v1.job_pb2 import (
    JobApproved,
    JobCancelled,
    JobDeclined,
    JobSettled,
    JobSubmitted,
)
from storyreel.contracts.events.v1.outcome_pb2 import Failure, Line, PanelFailed, PanelRendered
from storyreel.contracts.pricing.v1.pricing_pb2 import LineItem, Quote
from storyreel.documents import Documents
from storyreel.errors import NotFoundError
from storyreel.events import Event
from storyreel.outbox import from_document


class Till:
    """Pricing without its bus: events in, what stands in its outbox out."""

    def __init__(self, documents: Documents, credits: int) -> None:
        catalogue = load_catalogue()
        self.quotes = Quotes(documents, catalogue)
        self.ledger = Ledger(documents, starting_credits=credits)
        self.accountant = Accountant(documents, self.quotes, self.ledger)

    async def quote(self, *keys: str) -> Quote:
        items = [
            LineItem(
                line_id=f"panel-{number:03d}",
                kind="panel",
                engine="local",
                tier="high",
                asset_key=key,
                units=1,
            )
            for number, key in enumerate(keys, start=1)
        ]
        return await self.quotes.make("ann", items)

    async def submit(self, quote: Quote, job: str) -> None:
        message = JobSubmitted(job_id=job, owner="ann", quote_id=quote.quote_id)
        await self.handle(topics.JOBS_SUBMITTED, message, job)

    async def made(self, job: str, number: int, key: str, *, reused: bool = False) -> None:
        message = PanelRendered(line=line(job, number, key), panel=Panel(), reused=reused)
        await self.handle(topics.PANELS_RENDERED, message, job, str(number))

    async def failed(self, job: str, number: int, key: str) -> None:
        message = PanelFailed(line=line(job, number, key), failure=Failure(reason="no"))
        await self.handle(topics.PANELS_FAILED, message, job, str(number))

    async def handle(self, topic: str, message: object, *cause: str) -> None:
        event = Event.of(topic, message, key=cause[0], source="/test", subject="", cause=cause)  # type: ignore[arg-type]
        await self.accountant.handle(event)

    async def said(self, job: str) -> list[object]:
        hold = await self.ledger.holds.find_one({"_id": job})
        return [from_document(event).message() for event in (hold or {}).get("outbox", [])]


def line(job: str, number: int, key: str) -> Line:
    return Line(job_id=job, owner="ann", line_id=f"panel-{number:03d}", asset_key=key, shot=number)


@pytest.fixture
def till(documents: Documents) -> Till:
    return Till(documents, credits=100)


def job() -> str:
    return f"job-{uuid.uuid4().hex}"


async def test_a_job_is_charged_what_it_was_quoted(till: Till) -> None:
    quote, name = await till.quote("ann:1", "ann:2"), job()
    assert quote.total_credits == 6
    await till.submit(quote, name)
    assert await till.ledger.balance("ann") == (94, 6)
    await till.made(name, 1, "ann:1")
    await till.made(name, 2, "ann:2")
    assert await till.ledger.balance("ann") == (94, 0)
    approved, settled = await till.said(name)
    assert isinstance(approved, JobApproved)
    assert approved.held_credits == 6
    assert isinstance(settled, JobSettled)
    assert (settled.captured_credits, settled.released_credits) == (6, 0)


async def test_what_comes_twice_moves_nothing(till: Till) -> None:
    quote, name = await till.quote("ann:1"), job()
    for _ in range(2):
        await till.submit(quote, name)
    for _ in range(3):
        await till.made(name, 1, "ann:1")
    assert await till.ledger.balance("ann") == (97, 0)
    assert len(await till.said(name)) == 2


async def test_what_failed_or_was_there_already_is_given_back(till: Till) -> None:
    quote, name = await till.quote("ann:1", "ann:2", "ann:3"), job()
    await till.submit(quote, name)
    await till.failed(name, 1, "ann:1")
    await till.made(name, 2, "ann:2", reused=True)
    await till.made(name, 3, "ann:3")
    assert await till.ledger.balance("ann") == (97, 0)
    settled = (await till.said(name))[-1]
    assert isinstance(settled, JobSettled)
    assert (settled.captured_credits, settled.released_credits) == (3, 6)


async def test_what_exists_is_quoted_at_nothing(till: Till) -> None:
    quote, name = await till.quote("ann:1"), job()
    await till.submit(quote, name)
    await till.made(name, 1, "ann:1")
    again = await till.quote("ann:1", "ann:2")
    assert [(line.credits, line.exists) for line in again.lines] == [(0, True), (3, False)]


async def test_a_wallet_that_lacks_credits_declines_with_the_shortfall(documents: Documents) -> None:
    till = Till(documents, credits=4)
    name = job()
    await till.submit(await till.quote("ann:1", "ann:2"), name)
    (declined,) = await till.said(name)
    assert isinstance(declined, JobDeclined)
    assert declined.shortfall_credits == 2
    assert await till.ledger.balance("ann") == (4, 0)


async def test_jobs_at_once_never_take_a_wallet_below_zero(documents: Documents) -> None:
    till = Till(documents, credits=10)
    quotes = [await till.quote(f"ann:{number}") for number in range(8)]
    names = [job() for _ in quotes]
    await asyncio.gather(*(till.submit(quote, name) for quote, name in zip(quotes, names, strict=True)))
    answers = [type((await till.said(name))[0]) for name in names]
    assert answers.count(JobApproved) == 3
    assert answers.count(JobDeclined) == 5
    assert await till.ledger.balance("ann") == (1, 9)


async def test_a_job_cancelled_before_its_approval_is_declined(till: Till) -> None:
    quote, name = await till.quote("ann:1"), job()
    await till.handle(topics.JOBS_CANCELLED, JobCancelled(job_id=name, owner="ann"), name)
    await till.submit(quote, name)
    assert isinstance((await till.said(name))[0], JobDeclined)
    assert await till.ledger.balance("ann") == (100, 0)


async def test_a_quote_of_somebody_else_is_not_found(till: Till) -> None:
    quote = await till.quote("ann:1")
    with pytest.raises(NotFoundError):
        await till.quotes.get(quote.quote_id, "bob")


@pytest.mark.parametrize(
    ("engine", "kind", "tier", "says"),
    [
        ("oil", "panel", "low", "unknown engine 'oil' for a panel: choose one of local"),
        ("local", "panel", "ultra", "unknown tier 'ultra': choose one of low, medium, high"),
        ("local", "opera", "low", "unknown kind of asset 'opera'"),
    ],
)
def test_what_has_no_price_is_refused_by_name(engine: str, kind: str, tier: str, says: str) -> None:
    with pytest.raises(UnpricedError, match=says):
        load_catalogue().credits_for(engine, kind, tier, 1)


def test_every_started_unit_is_charged() -> None:
    catalogue = load_catalogue()
    assert catalogue.credits_for("local", "narration", "", 1) == 1
    assert catalogue.credits_for("local", "narration", "", 1000) == 1
    assert catalogue.credits_for("local", "narration", "", 1001) == 2
