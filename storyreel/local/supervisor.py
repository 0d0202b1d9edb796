"""Starts children again when they die, with growing pauses, and gives up on one that keeps dying."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from storyreel.local.child import Child
from storyreel.local.errors import LocalError


@dataclass(frozen=True)
class Patience:
    """How often a child may die: fewer than `deaths` times within `window` seconds.

    It is started again after `pause` seconds, doubled with every death in the window up to `longest_pause`.
    """

    deaths: int = 5
    window: float = 60.0
    pause: float = 0.5
    longest_pause: float = 8.0


async def keep_running(
    child: Child,
    restart: Callable[[], Awaitable[None]],
    say: Callable[[str], None],
    patience: Patience,
) -> None:
    """Watch `child` until cancelled; each time it has ended, say so and `restart` it.

    Raises LocalError, with the end of its log, when it died too often.
    """
    clock = asyncio.get_running_loop().time
    name = child.program.name
    deaths: deque[float] = deque(maxlen=patience.deaths)
    while True:
        await child.wait()
        deaths.append(clock())
        recent = sum(clock() - moment <= patience.window for moment in deaths)
        if recent >= patience.deaths:
            raise LocalError(
                f"{name} died {recent} times within {patience.window:.0f} s, last with {child.ending()}: "
                f"{child.last_words()}"
            )
        pause = min(patience.pause * 2 ** (recent - 1), patience.longest_pause)
        say(f"{name} died ({child.ending()}): starting it again in {pause:g} s")
        await asyncio.sleep(pause)
        try:
            await restart()
        except LocalError as error:
            say(str(error))
            await child.stop()
        else:
            say(f"{name} is running again")
