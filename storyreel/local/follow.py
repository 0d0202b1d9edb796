"""Follows a job to its end: by its events, and by looking again now and then in case they stop coming."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Final, NoReturn

from storyreel.local.errors import LocalError
from storyreel.local.gateway import Gateway, GatewayGoneError, Job

_LOOK_SECONDS: Final = 2.0
_GATHER_SECONDS: Final = 0.2
"""Events come in bursts: the job is read once for all that come within this time."""
_GONE_SECONDS: Final = 60.0
_SETTLE_SECONDS: Final = 30.0


async def follow(
    gateway: Gateway, job: Job, show: Callable[[Job], None], timeout: float, check: Callable[[], None]
) -> Job:
    """The job when it has ended and is settled, or 30 s after it ended; `show` is called at every change.

    `check` is called at every look; what it raises ends the following. Raises GatewayGoneError after a
    minute without an answer, LocalError after `timeout` seconds without news.
    """
    clock = asyncio.get_running_loop().time
    news = asyncio.Event()
    listening = asyncio.create_task(_listen(gateway, job.id, news))
    answered = changed = clock()
    show(job)
    try:
        while not (job.ended and (job.settled or clock() - changed > _SETTLE_SECONDS)):
            await _next_look(news)
            check()
            try:
                fresh = await gateway.job(job.id)
            except GatewayGoneError as error:
                if clock() - answered > _GONE_SECONDS:
                    raise GatewayGoneError(f"Job {job.id} may go on, but {error}") from error
                continue
            answered = clock()
            if fresh != job:
                job, changed = fresh, clock()
                show(job)
            elif clock() - changed > timeout:
                _give_up(gateway, job, timeout)
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
    return job


async def _next_look(news: asyncio.Event) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(_LOOK_SECONDS):
            await news.wait()
            await asyncio.sleep(_GATHER_SECONDS)
    news.clear()


async def _listen(gateway: Gateway, job_id: str, news: asyncio.Event) -> None:
    """Set `news` at every event, resuming where a broken stream stopped."""
    last_id = ""
    while True:
        with suppress(LocalError):  # `follow` meets the same trouble when it looks, and judges it
            async for event in gateway.events(job_id, last_id):
                last_id = event.id
                news.set()
        await asyncio.sleep(_LOOK_SECONDS)


def _give_up(gateway: Gateway, job: Job, timeout: float) -> NoReturn:
    raise LocalError(
        f"No news of job {job.id} for {timeout:g} s (it is {job.state}): it may still finish, "
        f"see {gateway.url}/v1/jobs/{job.id}, or wait longer with --timeout."
    )
