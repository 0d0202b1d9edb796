"""Runs pricing: the ledger's consumer and relay, and PricingService over gRPC."""

from __future__ import annotations

from services.pricing.accountant import CONSUMED, Accountant
from services.pricing.catalogue import load_catalogue
from services.pricing.ledger import Ledger
from services.pricing.prices import Prices, servicer
from services.pricing.quotes import Quotes
from storyreel.outbox import Relay
from storyreel.rpc import RpcServer
from storyreel.service import Service, run_service


async def build(service: Service) -> None:
    """Wires the parts."""
    catalogue = load_catalogue()
    quotes = Quotes(service.documents, catalogue)
    ledger = Ledger(service.documents, starting_credits=catalogue.starting_credits)
    await ledger.ensure_indexes()
    server = RpcServer(
        service.settings.http_host, service.settings.grpc_port, [servicer(Prices(quotes, ledger))]
    )
    service.add("grpc", server.run, ready=server.ready)
    service.consume(CONSUMED, Accountant(service.documents, quotes, ledger).handle)
    service.add("relay", Relay(ledger.holds, service.publisher).run, last=True)


if __name__ == "__main__":
    run_service("pricing", build)
