"""PricingService over gRPC: prices, quotes, wallets and the ledger.

Refusals carry google.rpc details: a constant reason for programs, and the field that is wrong.
"""

from __future__ import annotations

from typing import Any, Final

import grpc

from services.pricing.availability import Availability
from services.pricing.books import Books
from services.pricing.ledger import NotChargedError
from services.pricing.listing import entry_message, price_list
from services.pricing.offer import UnpricedError
from services.pricing.shelf import Shelf
from services.pricing.wallets import AmountError
from storyreel.contracts.pricing.v1 import pricing_pb2, pricing_pb2_grpc
from storyreel.errors import NotFoundError
from storyreel.rpc import Servicer
from storyreel.rpc_errors import refuse

Context = grpc.aio.ServicerContext[Any, Any]

PAGE: Final = 50
LONGEST_PAGE: Final = 500
MOST_LINES: Final = 10_000
INVALID: Final = grpc.StatusCode.INVALID_ARGUMENT


class Prices(pricing_pb2_grpc.PricingServiceServicer):
    """Answers from the catalogue in force, the quotes and the ledger."""

    def __init__(self, shelf: Shelf, availability: Availability, books: Books) -> None:
        self._shelf = shelf
        self._availability = availability
        self._quotes = books.quotes
        self._ledger = books.ledger
        self._wallets = books.wallets

    async def Quote(  # noqa: N802 - named by the contract
        self, request: pricing_pb2.QuoteRequest, context: Context
    ) -> pricing_pb2.QuoteResponse:
        """Prices lines. INVALID_ARGUMENT (UNPRICED), FAILED_PRECONDITION (ENGINE_UNAVAILABLE)."""
        await _need(context, request.owner, "owner", "a quote needs an owner")
        if not 1 <= len(request.lines) <= MOST_LINES:
            said = f"a quote needs 1 to {MOST_LINES} lines, not {len(request.lines)}"
            await refuse(context, INVALID, said, "UNPRICED", field="lines")
        try:
            await self._check_availability(request, context)
            return pricing_pb2.QuoteResponse(quote=await self._quotes.make(request.owner, request.lines))
        except UnpricedError as error:
            await refuse(context, INVALID, str(error), "UNPRICED", field="lines")

    async def _check_availability(self, request: pricing_pb2.QuoteRequest, context: Context) -> None:
        for engine, kind in dict.fromkeys((line.engine, line.kind) for line in request.lines):
            offer = self._shelf.catalogue.find(engine, kind)
            against = self._availability.reason_against(offer)
            if against:
                facts = {"engine": engine, "kind": kind, "needs": offer.needs}
                code = grpc.StatusCode.FAILED_PRECONDITION
                await refuse(context, code, against, "ENGINE_UNAVAILABLE", facts=facts)

    async def GetQuote(  # noqa: N802 - named by the contract
        self, request: pricing_pb2.GetQuoteRequest, context: Context
    ) -> pricing_pb2.GetQuoteResponse:
        """Reads a quote, and the job that took it. NOT_FOUND (QUOTE_NOT_FOUND)."""
        try:
            kept = await self._quotes.get(request.quote_id, request.owner)
            return pricing_pb2.GetQuoteResponse(quote=kept.quote, job_id=kept.job_id)
        except NotFoundError as error:
            await refuse(context, grpc.StatusCode.NOT_FOUND, str(error), "QUOTE_NOT_FOUND")

    async def GetBalance(  # noqa: N802 - named by the contract
        self, request: pricing_pb2.GetBalanceRequest, context: Context
    ) -> pricing_pb2.GetBalanceResponse:
        """Reads a wallet."""
        await _need(context, request.owner, "owner", "a balance needs an owner")
        balance = await self._wallets.balance(request.owner)
        return pricing_pb2.GetBalanceResponse(available_credits=balance.available, held_credits=balance.held)

    async def ListLedger(  # noqa: N802 - named by the contract
        self, request: pricing_pb2.ListLedgerRequest, context: Context
    ) -> pricing_pb2.ListLedgerResponse:
        """Reads a page of entries, newest first. INVALID_ARGUMENT (PAGE_INVALID)."""
        await _need(context, request.owner, "owner", "a ledger needs an owner")
        size = request.page_size or PAGE
        if size > LONGEST_PAGE:
            said = f"a page has 1 to {LONGEST_PAGE} entries, not {size}"
            await refuse(context, INVALID, said, "PAGE_INVALID", field="page_size")
        before = int(request.page_token) if request.page_token.isdecimal() else None
        if request.page_token and before is None:
            said = f"page token {request.page_token!r} is none of ours: begin with the first page"
            await refuse(context, INVALID, said, "PAGE_INVALID", field="page_token")
        entries = await self._wallets.page(request.owner, before=before, limit=size)
        more = len(entries) == size and entries[-1]["number"] > 1
        return pricing_pb2.ListLedgerResponse(
            entries=[entry_message(entry) for entry in entries],
            next_page_token=str(entries[-1]["number"]) if more else "",
        )

    async def Grant(  # noqa: N802 - named by the contract
        self, request: pricing_pb2.GrantRequest, context: Context
    ) -> pricing_pb2.GrantResponse:
        """Gives credits, once for each key. INVALID_ARGUMENT (GRANT_INVALID)."""
        await _need(context, request.owner, "owner", "a grant needs an owner")
        await _need(context, request.key, "key", "a grant needs a key of its own: it gives nothing twice")
        try:
            balance = await self._wallets.grant(request.owner, request.credits, request.key, request.reason)
            return pricing_pb2.GrantResponse(available_credits=balance.available, held_credits=balance.held)
        except AmountError as error:
            await refuse(context, INVALID, str(error), "GRANT_INVALID", field="credits")

    async def Refund(  # noqa: N802 - named by the contract
        self, request: pricing_pb2.RefundRequest, context: Context
    ) -> pricing_pb2.RefundResponse:
        """Gives back what a line was charged. NOT_FOUND (LINE_NOT_FOUND), FAILED_PRECONDITION."""
        await _need(context, request.reason, "reason", "a refund needs a reason")
        try:
            credits, owner = await self._ledger.refund(request.job_id, request.line_id, request.reason)
        except NotFoundError as error:
            await refuse(context, grpc.StatusCode.NOT_FOUND, str(error), "LINE_NOT_FOUND")
        except NotChargedError as error:
            code = grpc.StatusCode.FAILED_PRECONDITION
            await refuse(context, code, str(error), "LINE_NOT_CHARGED")
        balance = await self._wallets.balance(owner)
        return pricing_pb2.RefundResponse(credits=credits, available_credits=balance.available)

    async def ListPrices(  # noqa: N802 - named by the contract
        self, request: pricing_pb2.ListPricesRequest, context: Context
    ) -> pricing_pb2.ListPricesResponse:
        """Lists the catalogue in force."""
        return price_list(self._shelf.catalogue, self._availability)


async def _need(context: Context, value: str, field: str, said: str) -> None:
    if not value:
        await refuse(context, INVALID, said, "FIELD_MISSING", field=field)


def servicer(prices: Prices) -> Servicer:
    """PricingService, ready to be added to a server."""

    def add_to(server: grpc.aio.Server) -> None:
        pricing_pb2_grpc.add_PricingServiceServicer_to_server(prices, server)

    return Servicer("storyreel.pricing.v1.PricingService", add_to)
