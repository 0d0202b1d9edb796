"""The consumer's lag as a metric, measured by the clock; partitions that were lost are forgotten."""

from __future__ import annotations

import time
from typing import Final

from storyreel.bus.kafka import Subscription
from storyreel.telemetry import metrics

EVERY_SECONDS: Final = 5.0


class LagMeter:
    """Measures one subscription."""

    def __init__(self, subscription: Subscription) -> None:
        self._subscription = subscription
        self._next = 0.0
        self._known: set[tuple[str, str]] = set()

    async def measure(self) -> None:
        """Sets the metric where it is time to."""
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + EVERY_SECONDS
        lags = await self._subscription.lag()
        measured = {(partition.topic, str(partition.partition)): lag for partition, lag in lags.items()}
        for lost in self._known - set(measured):
            metrics.CONSUMER_LAG.remove(*lost)
        for place, lag in measured.items():
            metrics.CONSUMER_LAG.labels(*place).set(lag)
        self._known = set(measured)
