"""What a quote is made of, and how it is known that a job is the one that was quoted.

The gateway and pricing both make the same digest of the same line items: the gateway from the plan that it
accepts, pricing from what it priced.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable

from storyreel.contracts.pricing.v1.pricing_pb2 import LineItem, Quote
from storyreel.errors import StoryreelError
from storyreel.plan import PlanLine
from storyreel.recipes import SheetRecipe


class QuoteRefusedError(StoryreelError, ValueError):
    """A job cannot have this quote; the message says why and what to do."""


def line_items(lines: Iterable[PlanLine]) -> list[LineItem]:
    """The lines of a plan as they are priced."""
    return [
        LineItem(
            line_id=line.line_id,
            kind=line.kind,
            engine=line.engine,
            tier=line.tier,
            asset_key=line.asset_key,
            units=line.units,
            pixels=line.pixels,
            shot=line.shot,
            character=line.recipe.name if isinstance(line.recipe, SheetRecipe) else "",
        )
        for line in lines
    ]


def items_digest(items: Iterable[LineItem]) -> str:
    """SHA-256 over the items in their order, lower-case hex."""
    digest = hashlib.sha256()
    for item in items:
        body = item.SerializeToString(deterministic=True)
        digest.update(len(body).to_bytes(4, "big") + body)
    return digest.hexdigest()


def accept(quote: Quote, owner: str, lines: Iterable[PlanLine]) -> int:
    """The moment, in milliseconds since 1970 UTC, at which these lines are accepted under the quote.

    Raises QuoteRefusedError where the quote is somebody else's, for other lines, or has expired.
    """
    now_ms = int(time.time() * 1000)
    check_terms(quote, owner, items_digest(line_items(lines)), now_ms)
    return now_ms


def check_terms(quote: Quote, owner: str, items_sha256: str, accepted_at_ms: int) -> None:
    """Raises QuoteRefusedError where the owner may not have these items under the quote at that moment."""
    if quote.owner != owner:
        raise QuoteRefusedError(f"there is no quote {quote.quote_id!r}: ask for a new quote")
    if items_sha256 != quote.items_sha256:
        raise QuoteRefusedError(f"quote {quote.quote_id!r} is for other lines: ask for a new quote")
    if not 0 < accepted_at_ms <= quote.expires_at_ms:
        raise QuoteRefusedError(
            f"quote {quote.quote_id!r} had expired when the job was accepted: ask for a new quote"
        )
