"""A service says in its readiness which part keeps it, and why."""

from __future__ import annotations

import asyncio

from storyreel.service import Service
from storyreel.settings import Settings


async def test_a_part_that_is_not_ready_is_named_with_its_reason(settings: Settings) -> None:
    service, stopping = Service("test", settings), asyncio.Event()
    held = ["too many dead letters"]
    service.add("quiet", _until)
    service.add("consumer", _until, ready=lambda: not held, why=lambda: "".join(held))
    service.add("grpc", _until, ready=lambda: False)
    assert service.unready() == "starting"
    running = asyncio.create_task(service.run_parts(stopping))
    async with asyncio.timeout(20):
        while service.unready() == "starting":
            await asyncio.sleep(0.01)
    assert service.unready() == "consumer: too many dead letters, grpc"
    held.clear()
    assert service.unready() == "grpc"
    stopping.set()
    await running


async def _until(stopping: asyncio.Event) -> None:
    await stopping.wait()
