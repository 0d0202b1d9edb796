"""Runs image."""

from __future__ import annotations

from services.image.engines.local.engine import LocalIllustrator
from storyreel.worker_service import WorkerService

SERVICE = WorkerService(
    name="image",
    makes=("sheet", "panel"),
    needs=("sheet",),
    engines=lambda processes: [LocalIllustrator(processes)],
)

if __name__ == "__main__":
    SERVICE.run()
