"""Which engines are stopped, as the services that ask them have said: for the jobs that wait for them.

A stop is no event of a job: a job's notice is derived from what is stopped now and what the job waits for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Final

from services.gateway.jobs import Job
from storyreel import topics
from storyreel.documents import Collection, Documents
from storyreel.errors import DuplicateError
from storyreel.events import Event

ENGINE_TOPICS: Final = frozenset({topics.ENGINES_STOPPED, topics.ENGINES_RESUMED})


@dataclass(frozen=True)
class StoppedEngine:
    """An engine that a service does not ask now. Times are milliseconds since 1970."""

    engine: str
    kinds: tuple[str, ...]
    since_ms: int
    retry_at_ms: int
    reason: str

    def sentence(self, now: datetime) -> str:
        """What a user who waits for it is told."""
        retry_at = _moment(self.retry_at_ms)
        when = f"at {_clock(retry_at, now)}" if retry_at > now else "now"
        since = _clock(_moment(self.since_ms), now)
        return f"{self.engine} has not answered since {since}: {self.reason}; trying again {when}"


class Engines:
    """The collection `engines`: the last fact about each engine of each service."""

    def __init__(self, documents: Documents) -> None:
        self._collection: Collection = documents.collection("engines")

    async def merge(self, event: Event) -> None:
        """Keeps a fact unless a later one is known: they come in any order, and more than once."""
        message: Any = event.message()
        key = f"{message.service}/{message.engine}"
        fact = {"version": message.version, "stopped": event.topic == topics.ENGINES_STOPPED}
        if fact["stopped"]:
            fact |= asdict(
                StoppedEngine(
                    message.engine,
                    tuple(message.kinds),
                    message.since_ms,
                    message.retry_at_ms,
                    message.reason,
                )
            )
        if await self._put(key, fact):
            return
        try:
            await self._collection.insert({"_id": key, **fact})
        except DuplicateError:
            await self._put(key, fact)

    async def notice(self, job: Job) -> str | None:
        """What the job waits for in vain at the moment; None where all of its engines answer."""
        if job.ended:
            return None
        return notice_of(job, await self._stopped(), datetime.now(UTC))

    async def _put(self, key: str, fact: dict[str, Any]) -> bool:
        return await self._collection.update(
            {"_id": key, "version": {"$lt": fact["version"]}}, {"$set": fact}
        )

    async def _stopped(self) -> list[StoppedEngine]:
        return [
            StoppedEngine(
                document["engine"],
                tuple(document["kinds"]),
                document["since_ms"],
                document["retry_at_ms"],
                document["reason"],
            )
            for document in await self._collection.find({"stopped": True})
        ]


def notice_of(job: Job, stopped: Iterable[StoppedEngine], now: datetime) -> str | None:
    """A sentence for each stopped engine that the job still waits for, that of its longest stop."""
    waited_for = [one for one in stopped if job.waits_for(one.engine, one.kinds)]
    longest: dict[str, StoppedEngine] = {}
    for one in sorted(waited_for, key=lambda one: one.since_ms, reverse=True):
        longest[one.engine] = one
    return ". ".join(one.sentence(now) for _, one in sorted(longest.items())) or None


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def _clock(moment: datetime, now: datetime) -> str:
    """The time of day; with the date where that is another day's."""
    return moment.strftime("%H:%M UTC" if moment.date() == now.date() else "%H:%M UTC on %d %B")
