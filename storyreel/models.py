"""The models of the local engines, by kind. A new drawing or voice is a new model, and so a new asset key.

The models of every other engine stand in the catalogue.
"""

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
