"""Runs image with the suite's engines."""

from __future__ import annotations

from storyreel.worker_service import WorkerService
from tests.chaos.engines.adapters import engines_for

SERVICE = WorkerService(
    name="image",
    makes=("sheet", "panel"),
    needs=("sheet",),
    engines=lambda processes: engines_for("sheet", "panel"),
)

if __name__ == "__main__":
    SERVICE.run()
