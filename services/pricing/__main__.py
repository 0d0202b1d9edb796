"""Runs pricing: the ledger's consumer and relay, and PricingService over gRPC."""

from __future__ import annotations

from services.pricing.accountant import CONSUMED
from services.pricing.availability import Availability
from services.pricing.books import Books
from services.pricing.prices import Prices, servicer
from services.pricing.shelf import Shelf
from storyreel.outbox import Relay, outbox_sweep
from storyreel.rpc import RpcServer
from storyreel.service import Service, run_service
from storyreel.sweeps import Sweep


async def build(service: Service) -> None:
    """Wires the parts."""
    shelf = Shelf(service.settings.catalogue)
    availability = Availability(service.settings.engine_services)
    books = Books.over(service.documents, shelf)
    await books.ensure_indexes()
    prices = Prices(shelf, availability, books)
    server = RpcServer(service.settings.http_host, service.settings.grpc_port, [servicer(prices)])
    service.add("catalogue", shelf.run)
    service.add("engines", availability.run)
    service.add("grpc", server.run, ready=server.ready)
    service.consume(CONSUMED, books.accountant.handle)
    service.sweep([outbox_sweep(books.ledger.holds), Sweep("stale quotes", books.quotes.forget_stale)])
    service.add("relay", Relay(books.ledger.holds, service.publisher).run, last=True)


if __name__ == "__main__":
    run_service("pricing", build)
