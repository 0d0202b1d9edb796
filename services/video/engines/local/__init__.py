"""The local engine's clips: a panel, seen by a camera that moves smoothly. No key, no network."""

from services.video.engines.local.clip import draw_clip

__all__ = ["draw_clip"]
