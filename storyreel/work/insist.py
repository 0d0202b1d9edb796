"""Writes that must not be given up lightly, because what they record was paid for."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from storyreel.errors import UnavailableError
from storyreel.telemetry.logs import get_logger

log = get_logger(__name__)

T = TypeVar("T")

INSIST_SECONDS: Final = 600.0
LONGEST_PAUSE_SECONDS: Final = 5.0


async def insist(write: Callable[[], Awaitable[T]]) -> T:
    """Repeats a write until the server takes it. Raises UnavailableError after ten minutes.

    A write that had been taken without our hearing of it finds the lease gone, and raises LeaseLostError.
    """
    deadline = time.monotonic() + INSIST_SECONDS
    pause = 0.2
    while True:
        try:
            return await write()
        except UnavailableError as error:
            if time.monotonic() > deadline:
                raise
            log.warning("write held up", error=str(error))
        await asyncio.sleep(random.uniform(pause / 2, pause))
        pause = min(LONGEST_PAUSE_SECONDS, pause * 2)
