"""Runs video."""

from __future__ import annotations

from services.video.engines.local.engine import LocalCamera
from storyreel.worker_service import WorkerService

SERVICE = WorkerService(
    name="video",
    makes=("clip",),
    needs=("panel", "narration"),
    engines=lambda processes: [LocalCamera(processes)],
)

if __name__ == "__main__":
    SERVICE.run()
