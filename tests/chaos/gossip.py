"""Says events again that were said before, in another order, as a broker or a relay may."""

from __future__ import annotations

import random
from typing import Final

from storyreel.bus.kafka import Producer, Record, read_topic
from storyreel.events import MESSAGES
from storyreel.settings import Settings

TOPICS_AT_ONCE: Final = 4
EVENTS_AT_ONCE: Final = 40


class Gossip:
    """Reads what topics hold and publishes it once more, with its own ids and headers."""

    def __init__(self, settings: Settings, chance: random.Random) -> None:
        self._settings = settings
        self._chance = chance
        self._producer = Producer(settings.kafka_bootstrap, idempotence=settings.kafka_idempotence)
        self.repeated = 0
        self.reordered = 0
        """Events said again after one that had been said later."""

    async def burst(self) -> None:
        """Repeats events of some topics in random order. Raises UnavailableError where Kafka is away."""
        chosen: list[Record] = []
        for topic in self._chance.sample(sorted(MESSAGES), TOPICS_AT_ONCE):
            records = await read_topic(self._settings.kafka_bootstrap, topic)
            chosen += self._chance.sample(records, min(len(records), EVENTS_AT_ONCE // TOPICS_AT_ONCE))
        self._chance.shuffle(chosen)
        latest: dict[tuple[str, int], int] = {}
        for record in chosen:
            await self._producer.send(record.topic, record.key, record.value, list(record.headers.items()))
            self.repeated += 1
            place = (record.topic, record.partition)
            self.reordered += record.offset < latest.get(place, 0)
            latest[place] = max(record.offset, latest.get(place, 0))

    async def stop(self) -> None:
        """Closes the producer."""
        await self._producer.stop()
