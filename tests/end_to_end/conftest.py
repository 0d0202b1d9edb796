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

from storyreel.local.services import SERVICES
from storyreel.local.stack import Stack, StackOptions

PATIENCE = 200.0
ENDED = {"succeeded", "declined", "cancelled", "attention"}


@dataclass
class Product:
    """A running stack and its REST API."""

    stack: Stack
    http: httpx.AsyncClient

    async def submit(self, script: str, **changes: Any) -> dict[str, Any]:
        answer = await self.http.post("/v1/stories", json={"script": script, "resolution": "720p", **changes})
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
    options = StackOptions(tmp_path_factory.mktemp("stack") / "state", port=None, services=services)
    async with Stack(options, print) as stack:
        keeping = asyncio.create_task(stack.supervise())
        async with httpx.AsyncClient(base_url=stack.gateway_url, timeout=30) as http:
            yield Product(stack, http)
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
