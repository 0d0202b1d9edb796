"""The suite's two engines behind the engine interface: one with task ids and look-up, one without."""

from __future__ import annotations

from typing import Any, Final

from storyreel.contracts.events.v1.asset_pb2 import Clip, Narration, Panel, Sheet, Word
from storyreel.engine import (
    Accepted,
    Capabilities,
    EngineRequest,
    Made,
    MadeFile,
    Ready,
    Running,
    SynchronousEngine,
)
from storyreel.errors import EngineTaskFailedError
from storyreel.formats import TIERS
from storyreel.recipes import ClipRecipe, NarrationRecipe, PanelRecipe, Recipe, SheetRecipe
from storyreel.timing import shot_frames
from tests.chaos.engines import goods
from tests.chaos.engines.bill import KEYED, SYNC
from tests.chaos.engines.client import EngineClient

SLOTS: Final = 6
SECONDS: Final = 4.0
"""The most that the engine server takes."""
SHEET_PIXELS: Final = (512, 512)
MICROSECONDS: Final = 1_000_000


class SyncEngine(SynchronousEngine):
    """Answers with the result. Nothing can be found out about a request whose answer was lost."""

    def __init__(self, kinds: tuple[str, ...]) -> None:
        self._kinds = kinds
        self._client = EngineClient()

    def capabilities(self) -> Capabilities:
        """Neither look-up nor repeats."""
        return Capabilities(name=SYNC, kinds=self._kinds, model=SYNC, tiers=TIERS, slots=SLOTS)

    def estimate(self, recipe: Recipe) -> float:
        """The same for everything."""
        return SECONDS

    async def submit(self, request: EngineRequest) -> Made:
        """Makes it at once."""
        body = body_of(request)
        request.ensure_sendable()
        answer = await self._client.submit("/sync", body)
        return made_from(request, answer.content)


class KeyedEngine:
    """Works under task ids, and finds a task by our asset key."""

    def __init__(self, kinds: tuple[str, ...]) -> None:
        self._kinds = kinds
        self._client = EngineClient()

    def capabilities(self) -> Capabilities:
        """With look-up."""
        return Capabilities(
            name=KEYED, kinds=self._kinds, model=KEYED, tiers=TIERS, slots=SLOTS, looks_up=True
        )

    def estimate(self, recipe: Recipe) -> float:
        """The same for everything."""
        return SECONDS

    async def submit(self, request: EngineRequest) -> Accepted:
        """Asks for a task."""
        body = body_of(request)
        request.ensure_sendable()
        answer = (await self._client.submit("/tasks", body)).json()
        return Accepted(str(answer["task"]), poll_after_seconds=answer["poll_after"])

    async def poll(self, engine_task: str) -> Running | Ready:
        """How a task is doing. Raises EngineTaskFailedError where it ended without a result."""
        answer = (await self._client.read(f"/tasks/{engine_task}")).json()
        if answer["state"] == "running":
            return Running(poll_after_seconds=answer["poll_after"])
        if answer["state"] == "ready":
            return Ready()
        raise EngineTaskFailedError(f"the engine's task {engine_task} {answer['state']}: not billed")

    async def look_up(self, key: str) -> str | None:
        """The task of our key that runs or has a result."""
        task = (await self._client.read("/tasks", key=key)).json()["task"]
        return None if task is None else str(task)

    async def cancel(self, engine_task: str) -> bool:
        """Stops a task, where the engine still can."""
        answer = await self._client.stop(f"/tasks/{engine_task}/cancel")
        return bool(answer.json()["cancelled"])

    async def fetch(self, engine_task: str, request: EngineRequest) -> Made:
        """The result."""
        answer = await self._client.read(f"/tasks/{engine_task}/result")
        return made_from(request, answer.content)


def engines_for(*kinds: str) -> list[SyncEngine | KeyedEngine]:
    """Both engines, for a service that makes these kinds."""
    return [KeyedEngine(kinds), SyncEngine(kinds)]


def body_of(request: EngineRequest) -> dict[str, Any]:
    """The request as the engine server takes it; `text` is what its content policy reads."""
    recipe = request.recipe
    body: dict[str, Any] = {"key": request.key, "kind": recipe.kind, "text": ""}
    if isinstance(recipe, SheetRecipe):
        return body | {"width": SHEET_PIXELS[0], "height": SHEET_PIXELS[1]}
    if isinstance(recipe, NarrationRecipe):
        return body
    if isinstance(recipe, PanelRecipe):
        return body | {"width": recipe.width, "height": recipe.height, "text": recipe.text}
    assert isinstance(recipe, ClipRecipe)
    return body | {
        "width": recipe.width,
        "height": recipe.height,
        "fps": recipe.fps,
        "frames": _frames(request, recipe),
    }


def made_from(request: EngineRequest, content: bytes) -> Made:
    """The asset around what the engine delivered."""
    recipe = request.recipe
    if isinstance(recipe, SheetRecipe):
        sheet = Sheet(width_px=SHEET_PIXELS[0], height_px=SHEET_PIXELS[1])
        return Made(sheet, {"image": MadeFile(content, "image/png")})
    if isinstance(recipe, PanelRecipe):
        panel = Panel(width_px=recipe.width, height_px=recipe.height)
        return Made(panel, {"image": MadeFile(content, "image/png")})
    if isinstance(recipe, NarrationRecipe):
        return Made(_narration(request.key, recipe), {"audio": MadeFile(content, "audio/flac")})
    assert isinstance(recipe, ClipRecipe)
    clip = Clip(
        frames=_frames(request, recipe), fps=recipe.fps, width_px=recipe.width, height_px=recipe.height
    )
    return Made(clip, {"video": MadeFile(content, "video/mp4")})


def _narration(key: str, recipe: NarrationRecipe) -> Narration:
    """Every word of the text, each as long as the others."""
    words = [word for part in recipe.speech for word in part.text.split()]
    length = round(goods.speech_seconds(key) * MICROSECONDS)
    ends = [length * (index + 1) // len(words) for index in range(len(words))]
    return Narration(
        duration_us=length,
        sample_rate_hz=goods.RATE,
        words=[
            Word(text=word, start_us=start, end_us=end)
            for word, start, end in zip(words, [0, *ends], ends, strict=False)
        ],
    )


def _frames(request: EngineRequest, recipe: ClipRecipe) -> int:
    narration = request.inputs[recipe.narration]
    assert isinstance(narration, Narration)
    return shot_frames(narration.duration_us / MICROSECONDS, recipe.fps)
