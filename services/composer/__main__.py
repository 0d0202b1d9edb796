"""Runs the composer."""

from __future__ import annotations

from services.composer.engine import Composer
from storyreel.worker_service import WorkerService

SERVICE = WorkerService(
    name="composer",
    makes=("film",),
    needs=("clip", "narration"),
    engines=lambda processes: [Composer(processes)],
    serves_engines=False,
)

if __name__ == "__main__":
    SERVICE.run()
