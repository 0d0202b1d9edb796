"""The whole product as its users run it: three servers and six services, nine processes."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from storyreel.contracts.pricing.v1 import pricing_pb2, pricing_pb2_grpc
from storyreel.local.services import SERVICES
from storyreel.local.stack import Stack, StackOptions
from storyreel.rpc import open_channel
from tests.servers_under_test import CHOICE

PATIENCE = 400.0
"""Seconds; a film of three shots takes ten on an idle machine."""
OWNER = "local"
ENDED = {"succeeded", "declined", "cancelled", "attention"}


@dataclass
class Product:
    """A running stack and its REST API."""

    stack: Stack
    http: httpx.AsyncClient

    async def submit(self, script: str, *, traceparent: str = "", **changes: Any) -> dict[str, Any]:
        body = {"script": script, "resolution": "720p", **changes}
        return await self._post("/v1/stories", body, {"traceparent": traceparent} if traceparent else {})

    async def draw(self, prompt: str, **changes: Any) -> dict[str, Any]:
        return await self._post("/v1/images", {"prompt": prompt, "resolution": "720p", **changes}, {})

    async def _post(self, path: str, body: dict[str, Any], headers: dict[str, str]) -> dict[str, Any]:
        answer = await self.http.post(path, json=body, headers=headers)
        assert answer.status_code == 202, answer.text
        job: dict[str, Any] = answer.json()
        return job

    async def read(self, job: str) -> dict[str, Any]:
        """The job; asked again while the gateway is being restarted."""
        while True:
            with contextlib.suppress(httpx.TransportError):
                answer = await self.http.get(f"/v1/jobs/{job}")
                if answer.status_code == 200:
                    body: dict[str, Any] = answer.json()
                    return body
            await asyncio.sleep(0.2)

    async def settled(self, job: str) -> dict[str, Any]:
        """The job once it has ended and its money is settled."""
        async with asyncio.timeout(PATIENCE):
            while True:
                body = await self.read(job)
                if body["state"] in ENDED and body["settled"]:
                    return body
                await asyncio.sleep(0.3)

    async def held_credits(self) -> int:
        """What pricing holds for running jobs."""
        async with self._pricing() as pricing:
            balance = await pricing.GetBalance(pricing_pb2.GetBalanceRequest(owner=OWNER))
            return int(balance.held_credits)

    async def priced_lines(self, job: dict[str, Any]) -> dict[str, int]:
        """Each line of the job's quote that costs something, and its credits."""
        async with self._pricing() as pricing:
            request = pricing_pb2.GetQuoteRequest(quote_id=job["quote"]["id"], owner=OWNER)
            quote = (await pricing.GetQuote(request)).quote
            return {line.line_id: int(line.credits) for line in quote.lines if line.credits}

    @contextlib.asynccontextmanager
    async def _pricing(self) -> AsyncIterator[pricing_pb2_grpc.PricingServiceStub]:
        port = self.stack.services["pricing"].program.ports["pricing-grpc"]
        async with open_channel(f"127.0.0.1:{port}") as channel:
            yield pricing_pb2_grpc.PricingServiceStub(channel)

    async def render(self, script: str, **changes: Any) -> dict[str, Any]:
        return await self.settled((await self.submit(script, **changes))["id"])

    async def download(self, url: str, target: Path) -> Path:
        async with httpx.AsyncClient() as client:
            target.write_bytes((await client.get(url)).raise_for_status().content)
        return target


@pytest_asyncio.fixture(scope="session")
async def product(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Product]:
    services = [
        replace(service, module="tests.end_to_end.refusing_image") if service.name == "image" else service
        for service in SERVICES
    ]
    folder = tmp_path_factory.mktemp("stack") / "state"
    options = StackOptions(folder, port=None, services=services, servers=CHOICE)
    async with Stack(options, print) as stack:
        keeping = asyncio.create_task(stack.supervise())
        async with httpx.AsyncClient(base_url=stack.gateway_url, timeout=30) as http:
            yield Product(stack, http)
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
