"""Prometheus metrics that every service shares; times are in seconds."""

from __future__ import annotations

from typing import Final

from prometheus_client import Counter, Gauge, Histogram

EVENTS_CONSUMED: Final = Counter(
    "storyreel_events_consumed_total", "Events handled, by how it went", ["topic", "result"]
)
EVENTS_PUBLISHED: Final = Counter("storyreel_events_published_total", "Events published", ["topic"])
DEAD_LETTERS: Final = Counter("storyreel_dead_letters_total", "Messages put aside", ["topic"])
CONSUMER_HELD: Final = Gauge(
    "storyreel_consumer_held", "1 while the consumer holds because of too many dead letters"
)
CONSUMER_LAG: Final = Gauge(
    "storyreel_consumer_lag", "Messages not yet delivered to this member", ["topic", "partition"]
)
CONSUMER_PAUSED: Final = Gauge(
    "storyreel_consumer_paused", "1 while a topic waits because the board is full", ["topic"]
)
OUTBOX_OLDEST_AGE: Final = Gauge(
    "storyreel_outbox_oldest_age_seconds",
    "Age of the oldest event that the relay is publishing",
    ["collection"],
)
SWEPT: Final = Counter("storyreel_swept_total", "Things that sweeps put right or removed", ["sweep"])
BACKLOG: Final = Gauge("storyreel_board_backlog", "Tasks ready, leased or delayed", ["kind", "state"])
OLDEST_AGE: Final = Gauge(
    "storyreel_board_oldest_age_seconds", "Age of the oldest task in the backlog", ["kind"]
)
CLAIMS: Final = Counter("storyreel_task_claims_total", "Claims of tasks, polls among them", ["kind"])
ATTEMPTS: Final = Counter("storyreel_task_attempts_total", "Attempts at tasks", ["kind"])
IN_FLIGHT: Final = Gauge("storyreel_tasks_in_flight", "Tasks that this process holds now", ["kind"])
LEASE_TIMEOUTS: Final = Counter("storyreel_lease_timeouts_total", "Leases that ran out", ["kind"])
TASKS_ENDED: Final = Counter("storyreel_tasks_ended_total", "Tasks ended, by outcome", ["kind", "outcome"])
TASK_SECONDS: Final = Histogram(
    "storyreel_task_seconds",
    "From claim to end of a task",
    ["kind"],
    buckets=(0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600),
)
ENGINE_SECONDS: Final = Histogram(
    "storyreel_engine_seconds",
    "Calls of engines: how long each took, and how it went",
    ["engine", "operation", "result"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600),
)
AMBIGUOUS_OUTCOMES: Final = Gauge(
    "storyreel_engine_ambiguous_outcomes",
    "Requests of which it is not known whether the engine was paid for them, counted on the board",
    ["engine"],
)
CREDITS: Final = Counter("storyreel_credits_total", "Credits moved", ["movement"])
ENGINE_STOPPED: Final = Gauge(
    "storyreel_engine_stopped", "1 while an engine is not asked because it did not answer", ["engine"]
)
ENGINE_HOLDERS: Final = Gauge(
    "storyreel_engine_holders", "Tasks that occupy an engine with a concurrency limit", ["engine"]
)
