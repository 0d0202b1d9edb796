"""The image service with an engine of the tests' own: the local one, which refuses dragons and caves."""

from __future__ import annotations

from services.image.engines.local.engine import LocalIllustrator
from storyreel.engine import EngineRequest, Made
from storyreel.errors import RefusedError
from storyreel.recipes import PanelRecipe
from storyreel.worker_service import WorkerService

NO_DRAGONS = "this engine draws no dragons: change the text of the shot"
NO_CAVES = "this engine draws no caves: change where the shot plays"


class RefusingIllustrator(LocalIllustrator):
    """Draws every panel but one with a dragon in its text or a cave around it."""

    async def submit(self, request: EngineRequest) -> Made:
        """Refuses as a content policy would."""
        if isinstance(request.recipe, PanelRecipe):
            if "dragon" in request.recipe.text:
                raise RefusedError(NO_DRAGONS)
            if request.recipe.setting.place == "cave":
                raise RefusedError(NO_CAVES)
        return await super().submit(request)


SERVICE = WorkerService(
    name="image",
    makes=("sheet", "panel"),
    needs=("sheet",),
    engines=lambda processes: [RefusingIllustrator(processes)],
)

if __name__ == "__main__":
    SERVICE.run()
