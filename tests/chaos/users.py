"""Those who use the product during the run: they send their orders, and cancel some of them."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Final

import httpx

from storyreel.errors import UnavailableError
from tests.chaos.pace import Pace
from tests.chaos.records import Records
from tests.chaos.stories import Kind, Order

REQUEST_SECONDS: Final = 15.0
LOST_SECONDS: Final = 5.0
"""How long a job may take to show in the database after its answer was lost."""
LOOK_SECONDS: Final = 0.25


class Users:
    """Sends the orders at the run's pace; `sent` are those that were."""

    def __init__(self, gateway_url: str, records: Records, pace: Pace) -> None:
        self._http = httpx.AsyncClient(base_url=gateway_url, timeout=REQUEST_SECONDS, trust_env=False)
        self._records = records
        self._pace = pace
        self.sent: list[Order] = []
        self.cancelled: set[str] = set()
        """Jobs whose cancel was accepted."""
        self.counts: Counter[str] = Counter()

    async def run(self, orders: Sequence[Order], spares: Iterable[Order] = ()) -> None:
        """Sends every order, and as many spare ones as are called for, and sees their cancels through."""
        async with asyncio.TaskGroup() as group:
            for number, order in enumerate(orders):
                await self._pace.may_send(number)
                group.create_task(self._place(order))
            for number, order in enumerate(spares):
                if not await self._pace.needs_spare(number):
                    return
                group.create_task(self._place(order))

    async def view(self, job: str) -> dict[str, Any]:
        """A job as its user sees it; asked again while the gateway does not answer."""
        while True:
            answer = await self._send("GET", f"/v1/jobs/{job}")
            if answer is not None:
                body: dict[str, Any] = answer.json()
                return body
            await asyncio.sleep(LOOK_SECONDS)

    async def close(self) -> None:
        """Closes the connections."""
        await self._http.aclose()

    async def _place(self, order: Order) -> None:
        self.sent.append(order)
        answers = await asyncio.gather(
            *(self._send("POST", order.path, order.body) for _ in range(order.copies))
        )
        missing = sum(answer is None for answer in answers)
        if missing:
            await self._make_up_for(order, missing)
        if order.kind is Kind.CANCELLED:
            for job in await self._jobs_of(order):
                await self._cancel(job, order.cancel_after)

    async def _make_up_for(self, order: Order, missing: int) -> None:
        """A lost answer may have been a job or none; the database knows. What is none is sent again.

        A request that was held up for long may still become a job afterwards: then there is one more.
        """
        self.counts["lost answers"] += missing
        while True:
            there = await self._appeared(order)
            if len(there) >= order.copies:
                return
            self.counts["sent again"] += 1
            await self._send("POST", order.path, order.body)

    async def _appeared(self, order: Order) -> list[str]:
        deadline = asyncio.get_running_loop().time() + LOST_SECONDS
        while True:
            there = await self._jobs_of(order)
            if len(there) >= order.copies or asyncio.get_running_loop().time() > deadline:
                return there
            await asyncio.sleep(LOOK_SECONDS)

    async def _jobs_of(self, order: Order) -> list[str]:
        while True:
            try:
                return await self._records.jobs_titled(order.title)
            except UnavailableError:
                await asyncio.sleep(LOOK_SECONDS)

    async def _cancel(self, job: str, after: int) -> None:
        """Cancels a job in the middle, unless it has ended before."""
        while True:
            view = await self.view(job)
            if view["ended_at"] is not None:
                return
            if view["seq"] >= after:
                break
            await asyncio.sleep(LOOK_SECONDS)
        while await self._send("POST", f"/v1/jobs/{job}/cancel") is None:
            await asyncio.sleep(LOOK_SECONDS)
        self.cancelled.add(job)
        self.counts["cancels"] += 1

    async def _send(
        self, method: str, path: str, body: dict[str, Any] | None = None
    ) -> httpx.Response | None:
        """The answer; None where it was lost or says that a part of the product is not there."""
        try:
            answer = await self._http.request(method, path, json=body)
        except httpx.TransportError:
            return None
        if answer.status_code >= 500 or answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
            return None
        answer.raise_for_status()
        return answer
