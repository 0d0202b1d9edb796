"""The jobs of a run: short stories that share shots and characters, twins, cancels, and refused shots."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from tests.chaos.engines.bill import ENGINES
from tests.chaos.engines.server import FORBIDDEN
from tests.chaos.options import LOCAL, ChaosOptions
from tests.chaos.seeds import stream

STORIES: Final = "/v1/stories"
IMAGES: Final = "/v1/images"
TWIN_SHARE: Final = 0.1
REFUSED_SHARE: Final = 0.1
CANCELLED_SHARE: Final = 0.12
FIRST_SPARE: Final = 9000
RETOLD_SHARE: Final = 0.3
"""Stories that repeat an earlier one but for their last shot."""

PEOPLE: Final = {
    "Ada": "a girl in a red hood",
    "Bruno": "an old baker with a white beard",
    "Cleo": "a tall woman in a blue coat",
    "Dario": "a boy with a straw hat",
    "Edda": "a grey cat with a green ribbon",
}
DEEDS: Final = (
    "walked along the old harbour wall and counted {n} lanterns in the mist.",
    "found a blue door behind the mill and knocked on it {n} times in vain.",
    "carried {n} baskets of apples up the hill before the rain began to fall.",
    "waited {n} hours on the bridge while the river rose under the dark trees.",
    "told the children {n} stories about the lighthouse and the winter storms.",
    "rowed across the lake with {n} candles and came back with only one of them.",
    "looked for {n} silver keys in the grass beside the quiet country road.",
    "heard {n} bells from the village and closed the heavy wooden shutters.",
)
SIGHTS: Final = ("blue lighthouse", "old windmill", "quiet harbour", "snowy village", "stone bridge")
REFUSED_DEED: Final = f"saw {{n}} scales of a sleeping {FORBIDDEN} in the deep cave under the hill."


class Kind(StrEnum):
    """What is to become of a job."""

    WHOLE = "whole"
    REFUSED = "refused"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Order:
    """A request, to be sent `copies` times at the same moment. Its title tells it from all others.

    A job that is to be cancelled is, once it has had `cancel_after` events.
    """

    path: str
    title: str
    body: dict[str, Any]
    kind: Kind
    engine: str
    copies: int = 1
    cancel_after: int = 0


def write_orders(options: ChaosOptions) -> list[Order]:
    """The run's requests, in the order in which they are sent; their copies add up to its jobs."""
    chance = stream(options.seed, "orders")
    writer = _Writer(options, chance)
    orders = [
        *_until_enough(options.jobs - options.images, writer.story),
        *_until_enough(options.images, writer.image),
    ]
    chance.shuffle(orders)
    return orders


def spare_orders(options: ChaosOptions) -> Iterator[Order]:
    """Stories without end, for a run whose own are all told while the monkey still looks for work."""
    writer = _Writer(options, stream(options.seed, "spares"))
    return (writer.story(number, 1) for number in itertools.count(FIRST_SPARE))


def idle_services(orders: Sequence[Order]) -> tuple[str, ...]:
    """The services that have nothing to do in a run of these orders: images take an illustrator alone."""
    return () if any(order.path == STORIES for order in orders) else ("narration", "video", "composer")


def _until_enough(jobs: int, write: Callable[[int, int], Order]) -> Iterator[Order]:
    """Orders of at most `jobs` copies in all; `write` is told the order's number and the copies left."""
    number = 0
    while jobs:
        order = write(number, jobs)
        yield order
        jobs -= order.copies
        number += 1


class _Writer:
    def __init__(self, options: ChaosOptions, chance: random.Random) -> None:
        self._options = options
        self._chance = chance
        self._told: dict[tuple[str, str], list[list[str]]] = {}

    def story(self, number: int, left: int) -> Order:
        """Two or three shots with one person in them."""
        kind, engine = self._kind(), self._engine(number)
        person = self._chance.choice(sorted(PEOPLE))
        deeds = self._deeds(engine, person)
        if kind is Kind.REFUSED:
            deeds[self._chance.randrange(len(deeds))] = REFUSED_DEED.format(n=self._count())
        title = f"Chaos {self._options.seed} story {number:04d}"
        head = (
            f"---\ntitle: {title}\ncharacters:\n  - name: {person}\n    description: {PEOPLE[person]}\n---\n"
        )
        script = head + "\n\n".join(f"{person} {deed}" for deed in deeds) + "\n"
        return self._order(STORIES, title, {"script": script}, kind, engine, left)

    def image(self, number: int, left: int) -> Order:
        """One picture; its prompt is short enough to be its title, whole."""
        kind, engine = self._kind(), self._engine(number)
        what = f"sleeping {FORBIDDEN}" if kind is Kind.REFUSED else self._chance.choice(SIGHTS)
        title = f"Chaos {self._options.seed} picture {number:04d} {what}"
        return self._order(IMAGES, title, {"prompt": title}, kind, engine, left)

    def _order(
        self, path: str, title: str, body: dict[str, Any], kind: Kind, engine: str, left: int
    ) -> Order:
        twin = left > 1 and self._chance.random() < TWIN_SHARE
        shape = {"aspect": "16:9" if engine == LOCAL else "1:1", "resolution": "720p", "engine": engine}
        return Order(
            path=path,
            title=title,
            body=body | shape,
            kind=kind,
            engine=engine,
            copies=2 if twin else 1,
            cancel_after=self._chance.randrange(1, 7) if path == STORIES else 1,
        )

    def _deeds(self, engine: str, person: str) -> list[str]:
        """New ones, or an earlier story's but for the last."""
        before = self._told.setdefault((engine, person), [])
        deeds = [self._deed() for _ in range(self._chance.choice((2, 3)))]
        if before and self._chance.random() < RETOLD_SHARE:
            deeds = [*self._chance.choice(before)[:-1], self._deed()]
        before.append(list(deeds))
        return deeds

    def _deed(self) -> str:
        return self._chance.choice(DEEDS).format(n=self._count())

    def _count(self) -> int:
        return self._chance.randrange(2, 99)

    def _kind(self) -> Kind:
        drawn = self._chance.random()
        if self._options.engines == LOCAL:
            # Every film of such a run is to be compared, and the local illustrator refuses nothing.
            return Kind.WHOLE
        if drawn < REFUSED_SHARE:
            return Kind.REFUSED
        return Kind.CANCELLED if drawn < REFUSED_SHARE + CANCELLED_SHARE else Kind.WHOLE

    def _engine(self, number: int) -> str:
        return LOCAL if self._options.engines == LOCAL else ENGINES[number % len(ENGINES)]
