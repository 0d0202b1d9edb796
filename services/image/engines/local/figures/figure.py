"""Draws a character in a pose, in a light, at a place: the one entry to all families of bodies."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import skia

from services.image.engines.local.figures.bestiary import SPECIES
from services.image.engines.local.figures.birds import draw_bird
from services.image.engines.local.figures.brush import Brush
from services.image.engines.local.figures.colours import RGB, paint_colour
from services.image.engines.local.figures.eyes import Feeling, feeling
from services.image.engines.local.figures.fish import draw_fish
from services.image.engines.local.figures.frogs import draw_frog
from services.image.engines.local.figures.insects import draw_insect
from services.image.engines.local.figures.kits import BirdKit, QuadKit
from services.image.engines.local.figures.look import Light, Look, Pose
from services.image.engines.local.figures.person import draw_person
from services.image.engines.local.figures.quadruped import draw_quadruped
from services.image.engines.local.figures.snakes import draw_snake
from services.image.engines.local.figures.view import THREE_QUARTER, View

JUMP_LIFT = 0.16
"""How high a jump carries the feet, in standing heights."""
OUTLINE = 64
"""Columns in which a figure's outline is measured."""
RIM_WIDTH = 0.012
"""How broad the rim light is, in heights of the figure."""
_AGE_SIZE = {"child": 0.66, "adult": 1.0, "old": 0.94}
_PAGE = skia.Rect.MakeLTRB(-40, -40, 40, 40)


def natural_height(look: Look) -> float:
    """How tall the standing figure is, with an adult human as 1."""
    species = SPECIES[look.body]
    if look.body == "human":
        return species.height * look.size * _AGE_SIZE[look.age]
    return species.height * look.size


def is_bird(look: Look) -> bool:
    """Whether the figure is a bird, which stands where others sit."""
    return SPECIES[look.body].family == "bird"


def draw_figure(
    canvas: skia.Canvas,
    look: Look,
    pose: Pose,
    *,
    x: float,
    ground: float,
    height: float,
    facing: int,
    light: Light,
    mood: str = "calm",
    seed: int = 0,
    view: View = THREE_QUARTER,
) -> skia.Rect:
    """Draw a figure and return the bounds of what was drawn, in the canvas's coordinates.

    `x` is its middle and `ground` the y of its feet (of its lowest point, where it flies or swims; a jump
    lifts it off the ground). `height` is that of the standing figure, ears and hat included, in pixels.
    `facing` is +1 for right, -1 for left; `seed` varies gaze, ears and tail a little.
    Raises ValueError for an unknown mood.
    """
    drawing = _drawn(look, pose, mood, view, seed)
    bounds = drawing.bounds
    scale = height / _standing(look, view)
    lift = JUMP_LIFT * height if pose is Pose.JUMP else 0.0
    middle = (bounds.left() + bounds.right()) / 2
    canvas.save()
    canvas.translate(x, ground - lift - bounds.bottom() * scale)
    canvas.scale(scale * facing, scale)
    canvas.translate(-middle, 0)
    _draw_lit(canvas, drawing, light, facing)
    canvas.restore()
    half = bounds.width() / 2 * scale
    return skia.Rect.MakeLTRB(x - half, ground - lift - bounds.height() * scale, x + half, ground - lift)


def seat_on(look: Look, pose: Pose, *, head: bool) -> tuple[float, float]:
    """Where another can sit on this figure: ahead of its middle (as it faces) and up, in standing heights.

    On its `head`, else on its back: the lowest part of the outline between tail and head.
    """
    drawing, tops = _drawn(look, pose, "calm", THREE_QUARTER, 0), _skyline(look, pose)
    first, last = (OUTLINE // 2, OUTLINE) if head else (OUTLINE * 3 // 10, OUTLINE * 6 // 10)
    span = range(first, last)
    at = max(span, key=lambda column: tops[column] if head else -tops[column])
    scale = drawing.bounds.width() / OUTLINE / _standing(look, THREE_QUARTER)
    return (at + 0.5 - OUTLINE / 2) * scale, tops[at] * scale


@lru_cache(maxsize=64)
def _skyline(look: Look, pose: Pose) -> tuple[int, ...]:
    """How high the outline stands in each of `OUTLINE` columns, in columns."""
    drawing = _drawn(look, pose, "calm", THREE_QUARTER, 0)
    scale = OUTLINE / drawing.bounds.width()
    rows = math.ceil(drawing.bounds.height() * scale)
    surface = skia.Surface(OUTLINE, max(1, rows))
    canvas = surface.getCanvas()
    canvas.scale(scale, scale)
    canvas.translate(-drawing.bounds.left(), -drawing.bounds.top())
    canvas.drawPicture(drawing.picture)
    covered = surface.makeImageSnapshot().toarray()[:, :, 3] > 127
    tops = np.where(covered.any(axis=0), rows - covered.argmax(axis=0), 0)
    return tuple(int(top) for top in tops)


@dataclass(frozen=True)
class _Drawing:
    """A figure in its own units, facing right. `cut` erases what lies within its silhouette."""

    picture: skia.Picture
    cut: skia.Picture
    bounds: skia.Rect


@lru_cache(maxsize=256)
def _drawn(look: Look, pose: Pose, mood: str, view: View, seed: int) -> _Drawing:
    recorder = skia.PictureRecorder()
    brush = Brush(recorder.beginRecording(_PAGE))
    _draw_family(brush, look, pose, view, feeling(mood, seed))
    if brush.bounds is None:
        raise ValueError(f"nothing was drawn for a {look.body!r}: its family has no drawing")
    return _Drawing(recorder.finishRecordingAsPicture(), _cut(brush.shapes), brush.bounds)


def _cut(shapes: list[skia.Path]) -> skia.Picture:
    recorder = skia.PictureRecorder()
    canvas = recorder.beginRecording(_PAGE)
    paint = skia.Paint(AntiAlias=True, BlendMode=skia.BlendMode.kDstOut)
    for shape in shapes:
        canvas.drawPath(shape, paint)
    return recorder.finishRecordingAsPicture()


def _draw_family(brush: Brush, look: Look, pose: Pose, view: View, mood: Feeling) -> None:
    species = SPECIES[look.body]
    kit = species.kit
    if isinstance(kit, QuadKit):
        draw_quadruped(brush, look, kit, pose, view, mood)
    elif isinstance(kit, BirdKit):
        draw_bird(brush, look, kit, pose, view, mood)
    elif species.family == "fish":
        draw_fish(brush, look, kit.shape, pose, view, mood)
    elif species.family == "insect":
        draw_insect(brush, look, kit.shape, pose, view, mood)
    elif species.family == "frog":
        draw_frog(brush, look, pose, view, mood)
    elif species.family == "snake":
        draw_snake(brush, look, pose, view, mood)
    else:
        draw_person(brush, look, pose, view, mood)


def _standing(look: Look, view: View) -> float:
    return float(_drawn(look, Pose.STAND, "calm", view, 0).bounds.height())


def _draw_lit(canvas: skia.Canvas, drawing: _Drawing, light: Light, facing: int) -> None:
    """Draw with the ambient light multiplied onto every colour, and the rim light along one edge."""
    box = drawing.bounds.makeOutset(0.1, 0.1)
    if light.rim is not None:
        canvas.saveLayer(box)
    if light.ambient == (1.0, 1.0, 1.0):
        canvas.drawPicture(drawing.picture)
    else:
        red, green, blue = light.ambient
        tint = skia.ColorFilters.Matrix([red, 0, 0, 0, 0, 0, green, 0, 0, 0, 0, 0, blue, 0, 0, 0, 0, 0, 1, 0])
        canvas.saveLayer(box, skia.Paint(ColorFilter=tint))
        canvas.drawPicture(drawing.picture)
        canvas.restore()
    if light.rim is not None:
        _draw_rim(canvas, drawing, light.rim, light.rim_side * facing)
        canvas.restore()


def _draw_rim(canvas: skia.Canvas, drawing: _Drawing, colour: RGB, side: int) -> None:
    """Light the edge on one side: what the figure's own shape, pushed away from it, no longer covers."""
    reach = drawing.bounds.height() * RIM_WIDTH
    box = drawing.bounds.makeOutset(0.1, 0.1)
    canvas.saveLayer(box, skia.Paint(BlendMode=skia.BlendMode.kSrcATop))
    canvas.drawRect(box, skia.Paint(Color=paint_colour(colour, 0.82)))
    canvas.translate(-side * reach, reach * 0.7)
    canvas.drawPicture(drawing.cut)
    canvas.restore()
