"""Abandoned uploads: objects that nothing names, left by attempts that died between storing and finishing.

What is found is set aside first and removed only when it has lain there for the same age again.

An attempt stores an object and then writes the row that names it; a sweep reads the row and then takes the
object. Between the two stands the age, longer than any attempt:

- An object that is stored anew is young, and is left alone until long after its row is written.
- An object that is put again because it exists already is written again by `Assets.put` where it is older
  than half the age. Either it was written again, and is young; or it was younger than half the age, and has
  the other half to become named in.
- A sweep may have judged an old object a moment before it was written again. So it asks the store for the
  time once more right before it acts; and if even that moment was met, the bytes lie aside, and the next
  sweep, by when the row names them, brings them back.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence

from storyreel.assets import ASIDE, Assets, Listed
from storyreel.errors import NotFoundError
from storyreel.sweeps import Sweep
from storyreel.telemetry.logs import get_logger

log = get_logger(__name__)

IsNamed = Callable[[str], Awaitable[bool]]
"""Whether the service's database names an object."""


class Uploads:
    """Sweeps the objects of some kinds, which one service alone makes."""

    def __init__(self, assets: Assets, kinds: Sequence[str], is_named: IsNamed) -> None:
        self._assets = assets
        self._kinds = kinds
        self._is_named = is_named

    def sweeps(self) -> list[Sweep]:
        """In the order in which they must run."""
        return [
            Sweep("abandoned uploads", self.set_abandoned_aside),
            Sweep("set aside", self.settle_those_aside),
            Sweep("unfinished uploads", self.give_up_unfinished),
        ]

    async def set_abandoned_aside(self, age_seconds: float) -> int:
        """Sets aside objects older than the age that nothing names; how many."""
        before = time.time() - age_seconds
        count = 0
        for found in await self._objects():
            if found.written_at <= before and await self._is_abandoned(found.object_key, before):
                count += await self._move(found.object_key, ASIDE + found.object_key)
        return count

    async def settle_those_aside(self, age_seconds: float) -> int:
        """Removes for good what has lain aside for the age; brings back what is named after all.

        How many of both.
        """
        before = time.time() - age_seconds
        count = 0
        for found in await self._objects(ASIDE):
            original = found.object_key.removeprefix(ASIDE)
            if await self._is_named(original):
                log.warning("brought back", object=original)
                count += await self._move(found.object_key, original)
            elif found.written_at <= before:
                await self._assets.remove(found.object_key)
                count += 1
        return count

    async def give_up_unfinished(self, age_seconds: float) -> int:
        """Throws away uploads in parts that began before the age; how many."""
        before = time.time() - age_seconds
        old = [
            upload
            for upload in await self._assets.unfinished_uploads()
            if upload.written_at <= before and _kind(upload.object_key) in self._kinds
        ]
        for upload in old:
            await self._assets.give_up(upload)
        return len(old)

    async def _objects(self, under: str = "") -> list[Listed]:
        return [
            found
            for owner in await self._assets.owners(under)
            for kind in self._kinds
            for found in await self._assets.listing(f"{owner}{kind}/")
        ]

    async def _is_abandoned(self, object_key: str, before: float) -> bool:
        if await self._is_named(object_key):
            return False
        written_at = await self._assets.written_at(object_key)
        return written_at is not None and written_at <= before

    async def _move(self, object_key: str, to: str) -> int:
        try:
            await self._assets.move(object_key, to)
        except NotFoundError:
            return 0  # another front was quicker
        return 1


def _kind(object_key: str) -> str:
    """The kind in `{owner}/{kind}/{digest}`; empty for a key of another shape."""
    _, _, rest = object_key.partition("/")
    return rest.partition("/")[0]
