"""`storyreel render`: a story in, a film out, on a running stack or on one started for the duration."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

from storyreel.local.choice import make_choice
from storyreel.local.control import running_gateway, start_in_background
from storyreel.local.delivery import deliver
from storyreel.local.doctor import require_basics, require_room
from storyreel.local.errors import LocalError
from storyreel.local.follow import follow
from storyreel.local.gateway import Gateway, Job, StoryRequest
from storyreel.local.progress import Display
from storyreel.local.stack import Stack, StackOptions
from storyreel.local.state import StateFolder

Result = TypeVar("Result")
_CANCEL_SECONDS: Final = 10.0


@dataclass(frozen=True)
class RenderOptions:
    """What to render, where to, and on which gateway: `url`, else the stack on `state`, else one started.

    With `keep_up` a started stack stays. `timeout` is in seconds without news of the job.
    """

    story: StoryRequest
    film: Path
    state: StateFolder
    url: str | None
    keep_up: bool
    timeout: float


async def render(options: RenderOptions, display: Display) -> None:
    """Make the film. Raises LocalError saying why there is none; then nothing has the film's name."""
    url = options.url or await running_gateway(options.state)
    if url is not None:
        await _render_on(url, options, display)
        return
    choice = make_choice(options.state, None, None, None)
    require_basics(options.state.root, choice)
    if options.keep_up:
        display.say("starting Storyreel; it stays up afterwards (`storyreel down` stops it)")
        url = await start_in_background(options.state, ["--any-port", *choice.arguments])
        await _render_on(url, options, display)
        return
    async with Stack(StackOptions(options.state.root, port=None, servers=choice), display.say) as stack:
        await _while_supervised(stack, _render_on(stack.gateway_url, options, display))


async def _render_on(url: str, options: RenderOptions, display: Display) -> None:
    async with Gateway(url) as gateway:
        _require_room(options)
        job = await gateway.submit(options.story)
        display.say(f"submitted as {job.id}{_quoted(job)}")
        try:
            job = await follow(
                gateway, job, display.show, options.timeout, check=partial(_require_room, options)
            )
        except asyncio.CancelledError:
            await _cancel(gateway, job, display)
            raise
        _require_film(gateway, job)
        paths = await deliver(gateway, job, options.film)
    _summarise(job, paths, display)


def _require_room(options: RenderOptions) -> None:
    """A full disk, where it is ours to see, explains better than what the servers make of it."""
    if options.url is None:
        require_room(options.state.root)


async def _cancel(gateway: Gateway, job: Job, display: Display) -> None:
    try:
        async with asyncio.timeout(_CANCEL_SECONDS):
            await gateway.cancel(job.id)
    except (LocalError, TimeoutError) as error:
        display.say(f"{job.id} could not be cancelled, it goes on: {error or 'no answer'}")
    else:
        display.say(f"{job.id} is cancelled; what was made is kept and will be used again")


def _require_film(gateway: Gateway, job: Job) -> None:
    if job.state == "succeeded":
        return
    notice = f": {job.notice.rstrip('.')}" if job.notice else ""
    if job.state == "declined":
        raise LocalError(f"The job was declined{notice or ': not enough credits'}.")
    if job.state == "attention":
        raise LocalError(
            f"Some of the film could not be made: {_failures(job) or job.notice or 'no reason given'}. "
            "Change those shots in the story and render again: what was made is kept and costs nothing."
        )
    raise LocalError(f"The job was {job.state}{notice}.")


def _failures(job: Job) -> str:
    return "; ".join(
        f"{f'shot {failure.shot}, ' if failure.shot is not None else ''}{failure.stage}: "
        f"{failure.reason.rstrip('.')}"
        for failure in job.failures
    )


def _quoted(job: Job) -> str:
    return f", quoted at {job.quote.credits} credits" if job.quote else ""


def _summarise(job: Job, paths: tuple[Path, ...], display: Display) -> None:
    film = job.film
    assert film is not None
    quote = f"{job.quote.credits}" if job.quote else "?"
    charge = f"{job.charged_credits}" if job.charged_credits is not None else "not settled yet"
    minutes, seconds = divmod(round(film.duration_seconds, 1), 60)
    display.say(f"film      {paths[0]}")
    display.say(f"beside it {', '.join(path.name for path in paths[1:])}")
    display.say(
        f"length    {minutes:.0f}:{seconds:04.1f}, {film.frames} frames, "
        f"{film.width}x{film.height} at {film.fps:g} frames a second"
    )
    display.say(f"credits   {quote} quoted, {charge} charged")


async def _while_supervised(stack: Stack, work: Coroutine[Any, Any, Result]) -> Result:
    """Do `work` while dead children are started again; when the supervisor gives up, its error ends the work.

    Cancelled, it waits until `work` has cleaned up: that is when the job is cancelled.
    """
    working = asyncio.create_task(work)
    guarding = asyncio.create_task(stack.supervise())
    try:
        await asyncio.wait({working, guarding}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            await guarding
        return await working
    finally:
        for task in (working, guarding):
            task.cancel()
        await asyncio.gather(working, guarding, return_exceptions=True)
