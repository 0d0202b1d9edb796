"""Pictures for the documentation: panels drawn the way a job draws them, and pictures laid out in a grid."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import skia

from services.gateway.storyboard import make_storyboard
from services.image.engines.local.figures import draw_sheet
from services.image.engines.local.panel import draw_panel
from storyreel.offers import LOCAL_OFFERS
from storyreel.plan import RenderOptions, plan_lines
from storyreel.recipes import PanelRecipe, SheetRecipe

PAPER: Final = skia.Color(250, 247, 240)
OWNER: Final = "documentation"
SMOOTH: Final = skia.SamplingOptions(skia.FilterMode.kLinear, skia.MipmapMode.kLinear)


def draw_story(script: str, options: RenderOptions) -> list[tuple[PanelRecipe, skia.Image]]:
    """The panels of `script` in the order of its shots, each with its recipe: storyboard, plan, drawing."""
    sheets: dict[str, bytes] = {}
    panels = []
    for line in plan_lines(OWNER, make_storyboard(script), options, LOCAL_OFFERS):
        if isinstance(line.recipe, SheetRecipe):
            sheets[line.asset_key] = draw_sheet(line.recipe)
        elif isinstance(line.recipe, PanelRecipe):
            png = draw_panel(line.recipe, {member.name: sheets[member.sheet] for member in line.recipe.cast})
            panels.append((line.recipe, skia.Image.MakeFromEncoded(skia.Data.MakeWithCopy(png))))
    return panels


def lay_out(pictures: Sequence[skia.Image], columns: int, width: int, gap: int) -> skia.Image:
    """The pictures, all of one shape, in rows on paper `width` pixels wide, `gap` pixels apart."""
    wide = (width - gap * (columns + 1)) / columns
    tall = wide * pictures[0].height() / pictures[0].width()
    rows = -(-len(pictures) // columns)
    surface = skia.Surface(width, round(gap + rows * (tall + gap)))
    canvas = surface.getCanvas()
    canvas.clear(PAPER)
    for number, picture in enumerate(pictures):
        row, column = divmod(number, columns)
        left = min(columns, len(pictures) - row * columns)
        indent = (width - left * (wide + gap) - gap) / 2
        draw_picture(canvas, picture, gap + indent + column * (wide + gap), gap + row * (tall + gap), wide)
    return surface.makeImageSnapshot()


def draw_picture(canvas: skia.Canvas, picture: skia.Image, x: float, y: float, width: float) -> float:
    """Draw `picture` with round corners, its corner at (x, y) and `width` pixels wide; its height."""
    height = width * picture.height() / picture.width()
    place = skia.Rect.MakeXYWH(x, y, width, height)
    canvas.save()
    canvas.clipRRect(skia.RRect.MakeRectXY(place, width * 0.015, width * 0.015), True)
    canvas.drawImageRect(picture, place, SMOOTH)
    canvas.restore()
    return float(height)


def save(picture: skia.Image, path: Path, quality: int) -> None:
    """Write `picture` to `path`, a .png or .jpg; `quality` (0 to 100) is that of a JPEG."""
    path.parent.mkdir(parents=True, exist_ok=True)
    kind = skia.kPNG if path.suffix == ".png" else skia.kJPEG
    path.write_bytes(bytes(picture.encodeToData(kind, quality)))
