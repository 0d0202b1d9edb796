"""A minute without a broker: jobs wait, and none is lost."""

from __future__ import annotations

import asyncio

import pytest

from tests.end_to_end.conftest import Product
from tests.servers_under_test import needs_servers_of_its_own

OUTAGE_SECONDS = 60
STORY = """\
The bell maker climbed the tower with his newest bell upon his back.

When he rang it, every bird of the town flew up at once.

In the evening he sat beneath it and listened until it was silent.
"""
pytestmark = [pytest.mark.timeout(900), needs_servers_of_its_own]


async def test_a_minute_without_a_broker_delays_jobs_and_loses_none(product: Product) -> None:
    servers = product.stack.servers
    begun = await product.submit(STORY)
    async with servers.outage(*(name for name in servers.children if name.startswith("broker"))):
        back = asyncio.get_running_loop().time() + OUTAGE_SECONDS
        accepted = await product.draw("A bell tower above the roofs of a small town in the evening")
        cancelled = await product.submit(STORY.replace("newest", "oldest"))
        assert (await product.http.post(f"/v1/jobs/{cancelled['id']}/cancel")).status_code == 202
        # However busy the machine is: nothing can be told to the other services before this.
        await asyncio.sleep(back - asyncio.get_running_loop().time())
        assert (await product.read(accepted["id"]))["state"] == "submitted"
        assert (await product.read(begun["id"]))["settled"] is False
    for job in (begun, accepted):
        ended = await product.settled(job["id"])
        assert ended["state"] == "succeeded"
        assert ended["charged_credits"] == ended["quote"]["credits"] > 0
    ended = await product.settled(cancelled["id"])
    assert ended["state"] == "cancelled"
    assert ended["charged_credits"] < ended["quote"]["credits"]
    assert await product.held_credits() == 0
