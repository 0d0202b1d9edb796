"""Keeps the jobs in step with the monkey: none run out before it is done, so that every kill finds work."""

from __future__ import annotations

import asyncio
import math
from typing import Final

ORDERS_PER_CALL: Final = 40
"""One in so many orders goes before its time when the monkey calls for more."""


class Pace:
    """How far the monkey is, in steps, and how many orders may have been sent by then."""

    def __init__(self, *, steps: int, orders: int) -> None:
        self._steps = max(1, steps)
        self._orders = orders
        self._ahead = max(4, orders // 8) if steps else orders
        self._done = 0
        self._extra = 0
        self._spares = 0
        self._over = False
        self._moved = asyncio.Condition()

    async def step_done(self) -> None:
        """The monkey has done a step."""
        async with self._moved:
            self._done += 1
            self._moved.notify_all()

    async def want_more(self) -> None:
        """The monkey finds nothing in flight: some orders may go before their time, and then a spare one."""
        async with self._moved:
            if self._allowed() >= self._orders:
                self._spares += 1
            else:
                self._extra += max(1, self._orders // ORDERS_PER_CALL)
            self._moved.notify_all()

    async def over(self) -> None:
        """The monkey is done: no spare order is needed any more."""
        async with self._moved:
            self._over = True
            self._moved.notify_all()

    async def may_send(self, number: int) -> None:
        """Waits until the order of this number, from 0, may be sent: some are always ahead of the monkey."""
        async with self._moved:
            await self._moved.wait_for(lambda: number < self._allowed())

    async def needs_spare(self, number: int) -> bool:
        """Waits until the spare order of this number, from 0, is called for; False where none will be."""
        async with self._moved:
            await self._moved.wait_for(lambda: self._over or number < self._spares)
            return number < self._spares

    def due(self, step: int) -> int:
        """How many jobs should have ended before the monkey does a step: it is ahead of them, but not far."""
        return self._in_step(step) - self._ahead

    def _allowed(self) -> int:
        return self._in_step(self._done) + self._ahead + self._extra

    def _in_step(self, step: int) -> int:
        return math.floor(self._orders * step / self._steps)
