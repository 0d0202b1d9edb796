"""The gateway's side of PricingService: quotes, and the offers that it plans with."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Final

import grpc

from storyreel.contracts.pricing.v1 import pricing_pb2, pricing_pb2_grpc
from storyreel.errors import UnavailableError
from storyreel.offers import Offer, Offers
from storyreel.plan import PlanLine
from storyreel.quoting import line_items
from storyreel.rpc import CALL_SECONDS, open_channel
from storyreel.telemetry.logs import get_logger

log = get_logger(__name__)

OFFERS_SECONDS: Final = 5.0
"""Offers older than this are asked for again."""
REFUSALS: Final = (grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.FAILED_PRECONDITION)


class PricingClient:
    """Asks for quotes and offers, with a deadline."""

    def __init__(self, address: str) -> None:
        self._channel = open_channel(address)
        self._stub = pricing_pb2_grpc.PricingServiceStub(self._channel)
        self._offers: Offers | None = None
        self._offers_until = 0.0

    async def quote(self, owner: str, lines: Sequence[PlanLine]) -> pricing_pb2.Quote:
        """A quote for the lines of a plan. Raises ValueError where pricing refuses, UnavailableError."""
        request = pricing_pb2.QuoteRequest(owner=owner, lines=line_items(lines))
        try:
            answer: pricing_pb2.QuoteResponse = await self._stub.Quote(request, timeout=CALL_SECONDS)
        except grpc.aio.AioRpcError as error:
            if error.code() in REFUSALS:
                raise ValueError(error.details()) from error
            raise _unavailable(error) from error
        return answer.quote

    async def offers(self) -> Offers:
        """What engines offer: some seconds old at most, or the last known while pricing is away.

        Raises UnavailableError where pricing has never answered.
        """
        if self._offers is not None and time.monotonic() < self._offers_until:
            return self._offers
        try:
            answer: pricing_pb2.ListPricesResponse = await self._stub.ListPrices(
                pricing_pb2.ListPricesRequest(), timeout=CALL_SECONDS
            )
        except grpc.aio.AioRpcError as error:
            if self._offers is None:
                raise _unavailable(error) from error
            log.warning("planning with offers of before", reason=error.details())
            return self._offers
        self._offers = Offers(_offer(offer) for offer in answer.offers)
        self._offers_until = time.monotonic() + OFFERS_SECONDS
        return self._offers

    async def close(self) -> None:
        """Closes the channel."""
        await self._channel.close()


def _unavailable(error: grpc.aio.AioRpcError) -> UnavailableError:
    return UnavailableError(f"pricing does not answer: {error.details()}")


def _offer(offer: pricing_pb2.Offer) -> Offer:
    return Offer(
        engine=offer.engine,
        kind=offer.kind,
        model=offer.model,
        tiers=tuple(offer.tiers),
        aspects=tuple(offer.aspects),
        min_seconds=offer.min_seconds,
        max_seconds=offer.max_seconds,
    )
