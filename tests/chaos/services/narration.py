"""Runs narration with the suite's engines."""

from __future__ import annotations

from storyreel.worker_service import WorkerService
from tests.chaos.engines.adapters import engines_for

SERVICE = WorkerService(
    name="narration", makes=("narration",), needs=(), engines=lambda processes: engines_for("narration")
)

if __name__ == "__main__":
    SERVICE.run()
