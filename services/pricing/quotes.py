"""Quotes: a price for every line, promised until it expires. What exists already costs nothing.

A quote is judged by when the gateway accepted the job, not by when pricing hears of it. One job takes it.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from services.pricing.catalogue import Catalogue, UnpricedError
from services.pricing.shelf import Shelf
from storyreel.contracts.events.v1.job_pb2 import JobSubmitted
from storyreel.contracts.pricing.v1.pricing_pb2 import LineItem, PricedLine, Quote
from storyreel.documents import Binary, Collection, Document, Documents, Session
from storyreel.errors import NotFoundError
from storyreel.quoting import QuoteRefusedError, check_terms, items_digest

LIFETIME_SECONDS: Final = 15 * 60


@dataclass(frozen=True)
class KeptQuote:
    """A quote, the asset key of each of its lines, and the job that took it (empty: none yet)."""

    quote: Quote
    keys: dict[str, str]
    job_id: str


class Quotes:
    """The collections `quotes` and `made` (asset keys that exist)."""

    def __init__(self, documents: Documents, shelf: Shelf) -> None:
        self._quotes: Collection = documents.collection("quotes")
        self._made: Collection = documents.collection("made")
        self._shelf = shelf

    async def ensure_indexes(self) -> None:
        """What `verify` asks for, the quotes that jobs took; and by expiry those that no job took."""
        await self._quotes.index("job", "expires_at")

    async def make(self, owner: str, items: Sequence[LineItem]) -> Quote:
        """Prices the lines and keeps the promise. Raises UnpricedError."""
        catalogue = self._shelf.catalogue
        existing = await self._existing([item.asset_key for item in items])
        lines = [_priced(catalogue, item, exists=item.asset_key in existing) for item in items]
        if len({item.line_id for item in items}) < len(items):
            raise UnpricedError("two lines have the same id: give each its own")
        quote = Quote(
            quote_id=f"quote_{uuid.uuid4().hex}",
            owner=owner,
            lines=lines,
            total_credits=sum(line.credits for line in lines),
            expires_at_ms=int((time.time() + LIFETIME_SECONDS) * 1000),
            catalogue_version=catalogue.version,
            items_sha256=items_digest(items),
        )
        await self._quotes.insert(
            {
                "_id": quote.quote_id,
                "body": Binary(quote.SerializeToString()),
                "keys": {item.line_id: item.asset_key for item in items},
                "job": "",
                "expires_at": quote.expires_at_ms / 1000,
            }
        )
        return quote

    async def get(self, quote_id: str, owner: str) -> KeptQuote:
        """A quote of this owner. Raises NotFoundError; another owner's is not found."""
        document = await self._quotes.find_one({"_id": quote_id})
        kept = _kept(document) if document else None
        if kept is None or kept.quote.owner != owner:
            raise NotFoundError(f"there is no quote {quote_id!r}")
        return kept

    async def check(self, submitted: JobSubmitted) -> KeptQuote:
        """The quote that a job is submitted with. Raises QuoteRefusedError where it may not have it."""
        try:
            kept = await self.get(submitted.quote_id, submitted.owner)
        except NotFoundError as error:
            raise QuoteRefusedError(f"{error}: ask for a new quote") from error
        quote = kept.quote
        if kept.job_id not in ("", submitted.job_id):
            raise QuoteRefusedError(f"quote {quote.quote_id!r} was taken by another job: ask for a new quote")
        check_terms(quote, submitted.owner, submitted.items_sha256, submitted.accepted_at_ms)
        return kept

    async def take(self, quote_id: str, job_id: str, session: Session) -> bool:
        """Marks the quote as this job's, within its hold's transaction; False where another has it."""
        return await self._quotes.update(
            {"_id": quote_id, "job": {"$in": ["", job_id]}}, {"$set": {"job": job_id}}, session=session
        )

    async def forget_stale(self, age_seconds: float) -> int:
        """Deletes quotes that no job took and that expired that long ago or earlier; how many."""
        before = time.time() - age_seconds
        return await self._quotes.delete({"job": "", "expires_at": {"$lte": before}})

    async def remember(self, asset_key: str) -> None:
        """An asset was made: later quotes price it at 0."""
        await self._made.update({"_id": asset_key}, {"$setOnInsert": {"at": time.time()}}, upsert=True)

    async def _existing(self, keys: Sequence[str]) -> set[str]:
        return {document["_id"] for document in await self._made.find({"_id": {"$in": list(keys)}})}


def _priced(catalogue: Catalogue, item: LineItem, *, exists: bool) -> PricedLine:
    # Priced even where it exists, so that an unknown engine or tier is always refused.
    credits = catalogue.credits_for(item.engine, item.kind, item.tier, item.units, pixels=item.pixels)
    return PricedLine(
        line_id=item.line_id,
        credits=0 if exists else credits,
        exists=exists,
        kind=item.kind,
        engine=item.engine,
        tier=item.tier,
        size=catalogue.find(item.engine, item.kind).size_for(item.pixels),
        units=item.units,
        shot=item.shot,
        character=item.character,
    )


def _kept(document: Document) -> KeptQuote:
    return KeptQuote(Quote.FromString(bytes(document["body"])), document["keys"], document["job"])
