"""PricingService over gRPC: quotes and balances, read only; money moves by events."""

from __future__ import annotations

from typing import Any

import grpc

from services.pricing.catalogue import UnpricedError
from services.pricing.ledger import Ledger
from services.pricing.quotes import Quotes
from storyreel.contracts.pricing.v1 import pricing_pb2, pricing_pb2_grpc
from storyreel.errors import NotFoundError
from storyreel.rpc import Servicer

Context = grpc.aio.ServicerContext[Any, Any]


class Prices(pricing_pb2_grpc.PricingServiceServicer):
    """Answers with INVALID_ARGUMENT or NOT_FOUND and a sentence where a request cannot be met."""

    def __init__(self, quotes: Quotes, ledger: Ledger) -> None:
        self._quotes = quotes
        self._ledger = ledger

    async def Quote(  # noqa: N802 - named by the contract
        self, request: pricing_pb2.QuoteRequest, context: Context
    ) -> pricing_pb2.QuoteResponse:
        """Prices lines."""
        if not request.owner or not request.lines:
            await context.abort(grpc.StatusCode.INVALID_ARGUMENT, "a quote needs an owner and lines")
        try:
            return pricing_pb2.QuoteResponse(quote=await self._quotes.make(request.owner, request.lines))
        except UnpricedError as error:
            await context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(error))
            raise

    async def GetQuote(  # noqa: N802 - named by the contract
        self, request: pricing_pb2.GetQuoteRequest, context: Context
    ) -> pricing_pb2.GetQuoteResponse:
        """Reads a quote."""
        try:
            quote = await self._quotes.get(request.quote_id, request.owner)
            return pricing_pb2.GetQuoteResponse(quote=quote)
        except NotFoundError as error:
            await context.abort(grpc.StatusCode.NOT_FOUND, str(error))
            raise

    async def GetBalance(  # noqa: N802 - named by the contract
        self, request: pricing_pb2.GetBalanceRequest, context: Context
    ) -> pricing_pb2.GetBalanceResponse:
        """Reads a wallet."""
        if not request.owner:
            await context.abort(grpc.StatusCode.INVALID_ARGUMENT, "a balance needs an owner")
        available, held = await self._ledger.balance(request.owner)
        return pricing_pb2.GetBalanceResponse(available_credits=available, held_credits=held)


def servicer(prices: Prices) -> Servicer:
    """PricingService, ready to be added to a server."""

    def add_to(server: grpc.aio.Server) -> None:
        pricing_pb2_grpc.add_PricingServiceServicer_to_server(prices, server)

    return Servicer("storyreel.pricing.v1.PricingService", add_to)
