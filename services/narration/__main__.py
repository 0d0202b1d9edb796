"""Runs narration."""

from __future__ import annotations

from services.narration.engines.local.engine import LocalNarrator
from storyreel.worker_service import WorkerService

SERVICE = WorkerService(
    name="narration", makes=("narration",), needs=(), engines=lambda processes: [LocalNarrator(processes)]
)

if __name__ == "__main__":
    SERVICE.run()
