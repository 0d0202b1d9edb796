"""Every Kafka topic, with its partitions and retention: the one place that declares them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

JOBS_SUBMITTED: Final = "jobs.submitted"
JOBS_APPROVED: Final = "jobs.approved"
JOBS_DECLINED: Final = "jobs.declined"
JOBS_CANCELLED: Final = "jobs.cancelled"
JOBS_SETTLED: Final = "jobs.settled"
SHEETS_RENDERED: Final = "sheets.rendered"
SHEETS_FAILED: Final = "sheets.failed"
PANELS_RENDERED: Final = "panels.rendered"
PANELS_FAILED: Final = "panels.failed"
NARRATIONS_SPOKEN: Final = "narrations.spoken"
NARRATIONS_FAILED: Final = "narrations.failed"
CLIPS_RENDERED: Final = "clips.rendered"
CLIPS_FAILED: Final = "clips.failed"
FILMS_RENDERED: Final = "films.rendered"
FILMS_FAILED: Final = "films.failed"
ENGINES_STOPPED: Final = "engines.stopped"
ENGINES_RESUMED: Final = "engines.resumed"
DEAD_LETTERS: Final = "dead-letters"

HOUR_MS: Final = 3_600_000


@dataclass(frozen=True)
class Topic:
    """A topic's shape. `retention_ms` outlasts any job; messages are small."""

    name: str
    partitions: int = 3
    retention_ms: int = 7 * 24 * HOUR_MS


TOPICS: Final = (
    *(
        Topic(name)
        for name in (
            JOBS_SUBMITTED,
            JOBS_APPROVED,
            JOBS_DECLINED,
            JOBS_CANCELLED,
            JOBS_SETTLED,
            SHEETS_RENDERED,
            SHEETS_FAILED,
            PANELS_RENDERED,
            PANELS_FAILED,
            NARRATIONS_SPOKEN,
            NARRATIONS_FAILED,
            CLIPS_RENDERED,
            CLIPS_FAILED,
            FILMS_RENDERED,
            FILMS_FAILED,
            ENGINES_STOPPED,
            ENGINES_RESUMED,
        )
    ),
    Topic(DEAD_LETTERS, partitions=1, retention_ms=30 * 24 * HOUR_MS),
)
