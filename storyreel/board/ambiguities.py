"""Requests of which nobody will ever know whether the engine was paid for them, as counted on the rows."""

from __future__ import annotations

from collections import Counter
from typing import Final

from storyreel.documents import Collection
from storyreel.telemetry import metrics

SOME: Final = {"ambiguities": {"$gt": 0}}


async def ensure_ambiguities_index(tasks: Collection) -> None:
    """An index of the few rows that have any."""
    await tasks.index("ambiguities", only_where=SOME)


async def count_ambiguities(tasks: Collection) -> Counter[str]:
    """How many there were, by engine."""
    counts: Counter[str] = Counter()
    for document in await tasks.find(SOME, fields=["engine", "ambiguities"]):
        counts[document["engine"]] += int(document["ambiguities"])
    return counts


async def measure_ambiguities(tasks: Collection) -> None:
    """Shows the counts as a metric."""
    for engine, count in (await count_ambiguities(tasks)).items():
        metrics.AMBIGUOUS_OUTCOMES.labels(engine).set(count)
