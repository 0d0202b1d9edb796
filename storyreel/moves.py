"""The camera moves a shot can be given. A storyboard names one; the local engine draws it."""

from __future__ import annotations

from typing import Final

MOVES: Final = ("push_in", "pull_out", "pan_left", "pan_right", "tilt_up", "tilt_down", "drift")
"""The names, as `Shot.move` and `ClipRecipe.move` have them. Left, right, up and down are the camera's."""
