"""A worker service whose engine takes nothing until a file is there.

ABSENT_SERVICE names the service, and so its database; ABSENT_ENGINE the engine; ABSENT_UNTIL the file.
"""

from __future__ import annotations

import os
from pathlib import Path

from storyreel.contracts.events.v1.asset_pb2 import Sheet
from storyreel.engine import Capabilities, EngineRequest, Made, MadeFile, SynchronousEngine
from storyreel.errors import EngineUnavailableError
from storyreel.recipes import Recipe
from storyreel.worker_service import WorkerService


class AbsentEngine(SynchronousEngine):
    """Refuses connections while it is away."""

    def capabilities(self) -> Capabilities:
        return Capabilities(name=os.environ["ABSENT_ENGINE"], kinds=("sheet",), model="1", slots=2)

    def estimate(self, recipe: Recipe) -> float:
        return 1.0

    async def submit(self, request: EngineRequest) -> Made:
        request.ensure_sendable()
        if not Path(os.environ["ABSENT_UNTIL"]).exists():
            raise EngineUnavailableError("connection refused", after_seconds=2.0)
        return Made(Sheet(width_px=1, height_px=1), {"image": MadeFile(b"a picture", "image/png")})


if __name__ == "__main__":
    WorkerService(
        name=os.environ["ABSENT_SERVICE"],
        makes=("sheet",),
        needs=(),
        engines=lambda processes: [AbsentEngine()],
        serves_engines=False,
    ).run()
