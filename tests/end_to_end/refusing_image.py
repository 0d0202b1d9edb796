"""The image service with an engine of the tests' own: the local one, which refuses panels with a dragon."""

from __future__ import annotations

from services.image.engines.local.engine import LocalIllustrator
from storyreel.engine import EngineRequest, Made
from storyreel.errors import RefusedError
from storyreel.recipes import PanelRecipe
from storyreel.worker_service import WorkerService

REFUSAL = "this engine draws no dragons: change the text of the shot"


class RefusingIllustrator(LocalIllustrator):
    """Draws everything but dragons."""

    async def submit(self, request: EngineRequest) -> Made:
        """Refuses as a content policy would."""
        if isinstance(request.recipe, PanelRecipe) and "dragon" in request.recipe.text:
            raise RefusedError(REFUSAL)
        return await super().submit(request)


SERVICE = WorkerService(
    name="image",
    makes=("sheet", "panel"),
    needs=("sheet",),
    engines=lambda processes: [RefusingIllustrator(processes)],
)

if __name__ == "__main__":
    SERVICE.run()
