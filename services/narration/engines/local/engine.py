"""The local narration engine: speech from the model that ships with the product, in a process of its own."""

from __future__ import annotations

from typing import Final

from services.narration.engines.local.audio_file import encode_flac
from services.narration.engines.local.speech import speak
from services.narration.timing import SpokenWord
from storyreel.contracts.events.v1.asset_pb2 import Narration, Word
from storyreel.engine import Capabilities, EngineRequest, Made, MadeFile, SynchronousEngine
from storyreel.errors import InvalidError
from storyreel.models import LOCAL, LOCAL_MODELS
from storyreel.recipes import NarrationRecipe, Recipe
from storyreel.timing import estimate_speech_seconds
from storyreel.work.processes import Processes

MICROSECONDS: Final = 1_000_000
SLOTS: Final = 1
"""It speaks a hundred times faster than real time: one process feeds any stack on one machine."""


class LocalNarrator(SynchronousEngine):
    """Speaks narrations."""

    def __init__(self, processes: Processes) -> None:
        self._processes = processes

    def capabilities(self) -> Capabilities:
        """What it can do."""
        return Capabilities(
            name=LOCAL,
            kinds=("narration",),
            model=LOCAL_MODELS["narration"],
            slots=SLOTS,
            repeatable=True,
        )

    def estimate(self, recipe: Recipe) -> float:
        """About as long as it is spoken, to be safe."""
        assert isinstance(recipe, NarrationRecipe)
        return sum(estimate_speech_seconds(part.text) for part in recipe.speech)

    async def submit(self, request: EngineRequest) -> Made:
        """Speaks. Raises InvalidError where the text cannot be spoken."""
        assert isinstance(request.recipe, NarrationRecipe)
        flac, narration = await self._processes.run(make_narration, request.recipe)
        return Made(narration, {"audio": MadeFile(flac, "audio/flac")})


def make_narration(recipe: NarrationRecipe) -> tuple[bytes, Narration]:
    """The audio file and what events say of it. Raises InvalidError."""
    try:
        spoken = speak(recipe)
    except ValueError as error:
        raise InvalidError(str(error)) from error
    narration = Narration(
        duration_us=round(spoken.duration_seconds * MICROSECONDS),
        sample_rate_hz=spoken.sample_rate,
        words=[_word(word) for word in spoken.words],
    )
    return encode_flac(spoken.samples, spoken.sample_rate), narration


def _word(word: SpokenWord) -> Word:
    return Word(
        text=word.text,
        start_us=round(word.start_seconds * MICROSECONDS),
        end_us=round(word.end_seconds * MICROSECONDS),
    )
