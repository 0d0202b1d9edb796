"""Where the camera looks at each moment of a move, and how fast it gets there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from storyreel.moves import MOVES

CLOSEST_ZOOM: Final = 1.12
"""More than this and a panel drawn at the film's own size looks soft."""

ZOOM_PER_SECOND: Final = 0.020
LEAST_ZOOM: Final = 0.06
TRAVEL_PER_SECOND: Final = 0.016
LEAST_TRAVEL, MOST_TRAVEL = 0.05, 0.10
"""How far the camera goes: with the shot's length, so that long shots stay alive and short ones calm."""

RAMP: Final = 0.30
"""The part of a move spent speeding up, and again slowing down."""


@dataclass(frozen=True)
class Scene:
    """The panel as laid over the frame: its size in frames (1.0 is exactly the frame's width or height)."""

    width: float
    height: float


@dataclass(frozen=True)
class View:
    """What the camera sees: its centre as an offset from the scene's, in frames, and its zoom."""

    x: float
    y: float
    zoom: float


@dataclass(frozen=True)
class Move:
    """A way from one view to another."""

    start: View
    end: View

    def view(self, progress: float) -> View:
        """The view at `progress` (0 to 1), eased. Zoom goes geometrically, so that it looks steady."""
        eased = ease(progress)
        return View(
            self.start.x + (self.end.x - self.start.x) * eased,
            self.start.y + (self.end.y - self.start.y) * eased,
            self.start.zoom * (self.end.zoom / self.start.zoom) ** eased,
        )


def ease(progress: float) -> float:
    """Progress of a camera that speeds up smoothly, travels evenly and slows down smoothly.

    The speed follows 3u² - 2u³ over each `RAMP`, so that acceleration never jumps.
    """
    if progress > 0.5:
        return 1.0 - ease(1.0 - progress)
    if progress < RAMP:
        ramp = progress / RAMP
        distance = RAMP * (ramp**3 - ramp**4 / 2)
    else:
        distance = progress - RAMP / 2
    return distance / (1.0 - RAMP)


def plan_move(name: str, scene: Scene, seconds: float) -> Move:
    """The move called `name` over a shot of `seconds`. It never leaves the scene.

    Raises ValueError naming the moves where the name is none of them.
    """
    zoom = min(CLOSEST_ZOOM, 1.0 + max(LEAST_ZOOM, ZOOM_PER_SECOND * seconds))
    travel = min(MOST_TRAVEL, max(LEAST_TRAVEL, TRAVEL_PER_SECOND * seconds))
    match name:
        case "push_in":
            return Move(View(0.0, 0.0, 1.0), View(0.0, 0.0, zoom))
        case "pull_out":
            return Move(View(0.0, 0.0, zoom), View(0.0, 0.0, 1.0))
        case "pan_left":
            return _pan(travel, scene)
        case "pan_right":
            return _pan(-travel, scene)
        case "tilt_up":
            return _tilt(travel, scene)
        case "tilt_down":
            return _tilt(-travel, scene)
        case "drift":
            return _drift(travel)
    raise ValueError(f"unknown camera move {name!r}: choose one of {', '.join(MOVES)}")


def _pan(travel: float, scene: Scene) -> Move:
    """Across, from `travel`/2 frames right of the centre to as far left of it; the other way if negative."""
    zoom = _zoom_with_room(abs(travel), scene.width)
    return Move(View(travel / 2, 0.0, zoom), View(-travel / 2, 0.0, zoom))


def _tilt(travel: float, scene: Scene) -> Move:
    """Upwards, from `travel`/2 frames below the centre to as far above it; the other way if negative."""
    zoom = _zoom_with_room(abs(travel), scene.height)
    return Move(View(0.0, travel / 2, zoom), View(0.0, -travel / 2, zoom))


def _zoom_with_room(travel: float, extent: float) -> float:
    """The least zoom that leaves room to travel across a scene that is `extent` frames long."""
    return min(CLOSEST_ZOOM, max(1.0, 1.0 / (extent - travel)))


def _drift(travel: float) -> Move:
    """Slowly aslant while coming a little closer: half the travel across, a third of that down."""
    across, down = travel / 4, travel / 12
    return Move(View(-across, down, 1.0 / (1.0 - 2 * across)), View(across, -down, CLOSEST_ZOOM))
