"""Pricing without its bus, for its tests: events in, what stands in its outbox out."""

from __future__ import annotations

import asyncio
import time
import uuid
from pathlib import Path
from typing import Any

from services.pricing.books import Books
from services.pricing.catalogue import CATALOGUE_FILE
from services.pricing.shelf import Shelf
from storyreel import topics
from storyreel.contracts.events.v1.asset_pb2 import Panel
from storyreel.contracts.events.v1.job_pb2 import JobSubmitted
from storyreel.contracts.events.v1.outcome_pb2 import Failure, Line, PanelFailed, PanelRendered
from storyreel.contracts.pricing.v1.pricing_pb2 import LineItem, Quote
from storyreel.documents import Documents
from storyreel.errors import UnavailableError
from storyreel.events import Event
from storyreel.outbox import from_document


def catalogue_with(path: Path, *, starting_credits: int = 100, **changes: str) -> Path:
    """The product's catalogue in a file of the test's own, with other starting credits or other text."""
    text = CATALOGUE_FILE.read_text().replace(
        "starting_credits = 10000", f"starting_credits = {starting_credits}"
    )
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    path.write_text(text)
    return path


def new_job() -> str:
    """A job's id that no other test has."""
    return f"job_{uuid.uuid4().hex}"


def panel(number: int, key: str, **changes: Any) -> LineItem:
    """A line item: a panel of three credits unless `changes` say otherwise."""
    fields = {"kind": "panel", "engine": "local", "tier": "high", "units": 1, "shot": number}
    return LineItem(line_id=f"panel-{number:03d}", asset_key=key, **(fields | changes))


class Till:
    """Ann's quotes and jobs."""

    def __init__(self, documents: Documents, catalogue: Path) -> None:
        self.documents = documents
        self.shelf = Shelf(catalogue)
        self.books = Books.over(documents, self.shelf)
        self.history: list[Event] = []

    async def quote(self, *keys: str, owner: str = "ann") -> Quote:
        """A quote for a panel of three credits for each asset key."""
        items = [panel(number, key) for number, key in enumerate(keys, start=1)]
        return await self.books.quotes.make(owner, items)

    async def submit(self, quote: Quote, job: str, **changes: Any) -> None:
        """The job is submitted with the quote, as the gateway would; `changes` forge the event."""
        fields = {
            "owner": quote.owner,
            "quote_id": quote.quote_id,
            "accepted_at_ms": int(time.time() * 1000),
            "items_sha256": quote.items_sha256,
        }
        message = JobSubmitted(job_id=job, **(fields | changes))
        await self.handle(topics.JOBS_SUBMITTED, message, job)

    async def made(self, job: str, number: int, key: str, *, reused: bool = False) -> None:
        """The job's panel of that number was made."""
        message = PanelRendered(line=_line(job, number, key), panel=Panel(), reused=reused)
        await self.handle(topics.PANELS_RENDERED, message, job, str(number))

    async def failed(self, job: str, number: int, key: str) -> None:
        """The job's panel of that number failed."""
        message = PanelFailed(line=_line(job, number, key), failure=Failure(reason="no"))
        await self.handle(topics.PANELS_FAILED, message, job, str(number))

    async def handle(self, topic: str, message: Any, *cause: str) -> None:
        """An event arrives."""
        event = Event.of(topic, message, key=cause[0], source="/test", subject="", cause=cause)
        self.history.append(event)
        while True:
            try:
                return await self.books.accountant.handle(event)
            except UnavailableError:
                await asyncio.sleep(0.1)  # the bus delivers it again, too

    async def said(self, job: str) -> list[Any]:
        """What pricing says of the job, in order."""
        hold = await self.books.ledger.holds.find_one({"_id": job})
        return [from_document(event).message() for event in (hold or {}).get("outbox", [])]

    async def balance(self, owner: str = "ann") -> tuple[int, int]:
        """Available and held credits."""
        balance = await self.books.wallets.balance(owner)
        return balance.available, balance.held


def _line(job: str, number: int, key: str) -> Line:
    return Line(job_id=job, owner="ann", line_id=f"panel-{number:03d}", asset_key=key, shot=number)
