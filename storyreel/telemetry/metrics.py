"""Prometheus metrics that every service shares; times are in seconds."""

from __future__ import annotations

from typing import Final

from prometheus_client import Counter, Gauge, Histogram

EVENTS_CONSUMED: Final = Counter(
    "storyreel_events_consumed_total", "Events handled, by how it went", ["topic", "result"]
)
EVENTS_PUBLISHED: Final = Counter("storyreel_events_published_total", "Events published", ["topic"])
DEAD_LETTERS: Final = Counter("storyreel_dead_letters_total", "Messages put aside", ["topic"])
BACKLOG: Final = Gauge("storyreel_board_backlog", "Tasks ready, leased or delayed", ["kind", "state"])
OLDEST_AGE: Final = Gauge(
    "storyreel_board_oldest_age_seconds", "Age of the oldest task in the backlog", ["kind"]
)
ATTEMPTS: Final = Counter("storyreel_task_attempts_total", "Claims of tasks", ["kind"])
LEASE_TIMEOUTS: Final = Counter("storyreel_lease_timeouts_total", "Leases that ran out", ["kind"])
TASKS_ENDED: Final = Counter("storyreel_tasks_ended_total", "Tasks ended, by outcome", ["kind", "outcome"])
TASK_SECONDS: Final = Histogram(
    "storyreel_task_seconds",
    "From claim to end of a task",
    ["kind"],
    buckets=(0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600),
)
AMBIGUOUS_OUTCOMES: Final = Counter(
    "storyreel_engine_ambiguous_outcomes_total",
    "Requests whose outcome is unknown, and that were sent again",
    ["engine"],
)
CREDITS: Final = Counter("storyreel_credits_total", "Credits moved", ["movement"])
