"""Runs video with the suite's engines."""

from __future__ import annotations

from storyreel.worker_service import WorkerService
from tests.chaos.engines.adapters import engines_for

SERVICE = WorkerService(
    name="video", makes=("clip",), needs=("panel", "narration"), engines=lambda processes: engines_for("clip")
)

if __name__ == "__main__":
    SERVICE.run()
