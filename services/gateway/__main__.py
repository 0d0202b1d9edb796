"""Runs the gateway: REST, the projection of every event, and the relay of what it submits."""

from __future__ import annotations

import asyncio

from services.gateway.api.routes import Deps
from services.gateway.app import HttpServer, make_app
from services.gateway.engines import ENGINE_TOPICS, Engines
from services.gateway.open_work import OpenWorkLimits
from services.gateway.pricing_client import PricingClient
from services.gateway.repository import Jobs
from services.gateway.submission import Submissions
from storyreel.events import MESSAGES, Event
from storyreel.outbox import Relay, outbox_sweep
from storyreel.service import Service, run_service
from storyreel.uploads import Uploads


async def build(service: Service) -> None:
    """Wires the parts."""
    settings = service.settings
    jobs = Jobs(
        service.documents, OpenWorkLimits(settings.open_jobs_per_owner, settings.open_lines_per_owner)
    )
    await jobs.ensure_indexes()
    engines = Engines(service.documents)

    async def merge(event: Event) -> None:
        await (engines.merge(event) if event.topic in ENGINE_TOPICS else jobs.merge(event))

    pricing = PricingClient(settings.pricing_address)
    stopping = asyncio.Event()
    deps = Deps(jobs, Submissions(jobs, service.assets, pricing), service.assets, stopping, engines)
    server = HttpServer(make_app(deps, unready=service.unready), settings.http_host, settings.http_port)
    relay = Relay(jobs.collection, service.publisher)
    service.consume(list(MESSAGES), merge)
    uploads = Uploads(service.assets, ("plan",), jobs.names_plan)
    service.sweep([outbox_sweep(jobs.collection), *uploads.sweeps()])
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
