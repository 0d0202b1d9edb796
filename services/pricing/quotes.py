"""Quotes: a price for every line, promised until it expires. What exists already costs nothing."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from typing import Final

from services.pricing.catalogue import Catalogue
from storyreel.contracts.pricing.v1.pricing_pb2 import LineItem, PricedLine, Quote
from storyreel.documents import Binary, Collection, Documents
from storyreel.errors import NotFoundError

LIFETIME_SECONDS: Final = 15 * 60


class Quotes:
    """The collections `quotes` and `made` (asset keys that exist)."""

    def __init__(self, documents: Documents, catalogue: Catalogue) -> None:
        self._quotes: Collection = documents.collection("quotes")
        self._made: Collection = documents.collection("made")
        self._catalogue = catalogue

    async def make(self, owner: str, items: Sequence[LineItem]) -> Quote:
        """Prices the lines and keeps the promise. Raises UnpricedError."""
        existing = await self._existing([item.asset_key for item in items])
        lines = [self._priced(item, exists=item.asset_key in existing) for item in items]
        quote = Quote(
            quote_id=f"quote_{uuid.uuid4().hex}",
            owner=owner,
            lines=lines,
            total_credits=sum(line.credits for line in lines),
            expires_at_ms=int((time.time() + LIFETIME_SECONDS) * 1000),
            catalogue_version=self._catalogue.version,
        )
        keys = {item.line_id: item.asset_key for item in items}
        await self._quotes.insert(
            {"_id": quote.quote_id, "body": Binary(quote.SerializeToString()), "keys": keys}
        )
        return quote

    async def get(self, quote_id: str, owner: str) -> Quote:
        """A quote of this owner. Raises NotFoundError; another owner's is not found."""
        document = await self._quotes.find_one({"_id": quote_id})
        quote = Quote.FromString(bytes(document["body"])) if document else None
        if quote is None or quote.owner != owner:
            raise NotFoundError(f"there is no quote {quote_id!r}")
        return quote

    async def remember(self, asset_key: str) -> None:
        """An asset was made: later quotes price it at 0."""
        await self._made.update({"_id": asset_key}, {"$setOnInsert": {"at": time.time()}}, upsert=True)

    async def _existing(self, keys: Sequence[str]) -> set[str]:
        return {document["_id"] for document in await self._made.find({"_id": {"$in": list(keys)}})}

    def _priced(self, item: LineItem, *, exists: bool) -> PricedLine:
        # Priced even where it exists, so that an unknown engine or tier is always refused.
        credits = self._catalogue.credits_for(item.engine, item.kind, item.tier, item.units)
        return PricedLine(line_id=item.line_id, credits=0 if exists else credits, exists=exists)
