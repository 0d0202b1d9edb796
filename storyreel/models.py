"""The models of the local engines, by kind. A new drawing or voice is a new model, and so a new asset key."""

from __future__ import annotations

from typing import Final

LOCAL: Final = "local"
LOCAL_MODELS: Final = {
    "sheet": "figures-2",
    "panel": "storybook-2",
    "narration": "hibari-0.2.1-1",
    "clip": "camera-1",
}

COMPOSER: Final = "composer"
"""What makes films, where a board asks for an engine's name."""
COMPOSER_MODEL: Final = "composer-1"


class UnknownEngineError(ValueError):
    """No engine of that name makes that kind of asset."""


def model_of(engine: str, kind: str) -> str:
    """The model that an engine's recipes name. Raises UnknownEngineError naming what there is."""
    if engine != LOCAL or kind not in LOCAL_MODELS:
        raise UnknownEngineError(f"unknown engine {engine!r}: choose {LOCAL!r}")
    return LOCAL_MODELS[kind]
