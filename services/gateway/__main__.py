"""Runs the gateway: REST, the projection of every event, and the relay of what it submits."""

from __future__ import annotations

import asyncio

from services.gateway.api.routes import Deps
from services.gateway.app import HttpServer, make_app
from services.gateway.pricing_client import PricingClient
from services.gateway.repository import Jobs
from services.gateway.submission import Submissions
from storyreel.events import MESSAGES
from storyreel.outbox import Relay
from storyreel.service import Service, run_service


async def build(service: Service) -> None:
    """Wires the parts."""
    jobs = Jobs(service.documents)
    await jobs.ensure_indexes()
    pricing = PricingClient(service.settings.pricing_address)
    stopping = asyncio.Event()
    deps = Deps(jobs, Submissions(jobs, service.assets, pricing), service.assets, stopping)
    server = HttpServer(
        make_app(deps, unready=service.unready), service.settings.http_host, service.settings.http_port
    )
    relay = Relay(jobs.collection, service.publisher)
    service.consume(list(MESSAGES), jobs.merge)
    service.add("relay", relay.run, last=True)

    async def serve(stop: asyncio.Event) -> None:
        follow = asyncio.create_task(_pass_on(stop, stopping))
        try:
            await server.run(stop)
        finally:
            follow.cancel()
            await pricing.close()

    service.add("http", serve, ready=server.ready)


async def _pass_on(stop: asyncio.Event, stopping: asyncio.Event) -> None:
    """Ends the event streams, which would otherwise hold the server open."""
    await stop.wait()
    stopping.set()


if __name__ == "__main__":
    run_service("gateway", build)
