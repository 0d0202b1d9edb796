"""The catalogue and the ledger as messages of storyreel.pricing.v1."""

from __future__ import annotations

from typing import Final

from services.pricing.availability import Availability
from services.pricing.catalogue import Catalogue
from services.pricing.offer import UNITS, Offer
from services.pricing.wallets import Movement
from storyreel.contracts.pricing.v1 import pricing_pb2
from storyreel.documents import Document

_UNITS: Final = {
    "asset": pricing_pb2.UNIT_ASSET,
    "second": pricing_pb2.UNIT_SECOND,
    "character": pricing_pb2.UNIT_CHARACTER,
}
_MOVEMENTS: Final = {
    Movement.GRANT: pricing_pb2.MOVEMENT_GRANT,
    Movement.HOLD: pricing_pb2.MOVEMENT_HOLD,
    Movement.CAPTURE: pricing_pb2.MOVEMENT_CAPTURE,
    Movement.RELEASE: pricing_pb2.MOVEMENT_RELEASE,
    Movement.REFUND: pricing_pb2.MOVEMENT_REFUND,
}


def price_list(catalogue: Catalogue, availability: Availability) -> pricing_pb2.ListPricesResponse:
    """Every offer with its prices, and whether it is there now."""
    return pricing_pb2.ListPricesResponse(
        offers=[_offer(catalogue, offer, availability.reason_against(offer)) for offer in catalogue.offers],
        catalogue_version=catalogue.version,
        credit_micro_usd=catalogue.credit.micro_usd,
    )


def _offer(catalogue: Catalogue, offer: Offer, against: str) -> pricing_pb2.Offer:
    shortest, longest = offer.seconds or (0, 0)
    return pricing_pb2.Offer(
        engine=offer.engine,
        kind=offer.kind,
        model=offer.recipe_model,
        modes=offer.modes,
        tiers=offer.tiers,
        sizes=[pricing_pb2.Size(name=name, max_pixels=most) for name, most in offer.sizes.items()],
        aspects=offer.aspects,
        min_seconds=shortest,
        max_seconds=longest,
        max_references=offer.references,
        unit=_UNITS[UNITS[offer.kind]],
        per=offer.per,
        prices=[
            pricing_pb2.Price(tier=tier, size=size, credits=credits)
            for tier, size, credits in catalogue.prices(offer)
        ],
        available=not against,
        unavailable_reason=against,
    )


def entry_message(entry: Document) -> pricing_pb2.Entry:
    """A stored entry as it is listed."""
    cause = entry["cause"]
    return pricing_pb2.Entry(
        entry_id=entry["_id"],
        number=entry["number"],
        movement=_MOVEMENTS[Movement(entry["movement"])],
        credits=entry["credits"],
        available_credits=entry["available"],
        held_credits=entry["held"],
        at_ms=int(entry["at"] * 1000),
        job_id=cause["job"],
        line_id=cause["line"],
        shot=cause["shot"],
        asset_key=cause["asset"],
        event_id=cause["event"],
        reason=cause["reason"],
    )
