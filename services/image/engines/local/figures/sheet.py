"""A character's sheet: its name, it from several sides and in several poses, its colours, and its Look."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import skia
from pydantic import ValidationError

from services.image.engines.local.figures.chunks import text_of, with_text
from services.image.engines.local.figures.colours import RGB, paint_colour
from services.image.engines.local.figures.design import design_look
from services.image.engines.local.figures.figure import draw_figure
from services.image.engines.local.figures.look import Light, Look, Pose
from services.image.engines.local.figures.view import FRONT, SIDE, THREE_QUARTER, View
from storyreel.fonts import sign_font, text_font
from storyreel.recipes import SheetRecipe

WIDTH, HEIGHT = 1536, 1024
KEYWORD: Final = "storyreel-look"
_INK: RGB = (74, 58, 52)
_POSES: Final = (
    (Pose.SIT, "calm"), (Pose.WALK, "happy"), (Pose.RUN, "afraid"), (Pose.SLEEP, "calm"),
    (Pose.TALK, "happy"),
    (Pose.JUMP, "surprised"),
)  # fmt: skip


def draw_sheet(recipe: SheetRecipe) -> bytes:
    """The sheet as a PNG of 1536 x 1024 pixels that carries the Look it shows."""
    look = design_look(_seeded(recipe), recipe.description, recipe.style).model_copy(
        update={"name": recipe.name}
    )
    surface = skia.Surface(WIDTH, HEIGHT)
    canvas = surface.getCanvas()
    _draw_paper(canvas)
    _draw_title(canvas, recipe.name)
    _draw_views(canvas, look)
    _draw_poses(canvas, look)
    _draw_swatches(canvas, look)
    image = surface.makeImageSnapshot()
    return with_text(
        bytes(image.encodeToData(skia.EncodedImageFormat.kPNG, 100)), KEYWORD, look.model_dump_json()
    )


def _seeded(recipe: SheetRecipe) -> str:
    """The name that the Look follows from: another take of the same character looks otherwise."""
    return recipe.name if recipe.take == 1 else f"{recipe.name} {recipe.take}"


def look_of_sheet(png: bytes) -> Look:
    """The Look that a sheet carries. Raises ValueError if it carries none."""
    text = text_of(png, KEYWORD)
    if text is None:
        raise ValueError(f"the sheet has no {KEYWORD!r} chunk: draw it again with the local engine")
    try:
        return Look.model_validate_json(text)
    except ValidationError as error:
        raise ValueError(f"the sheet's {KEYWORD!r} chunk cannot be read, draw it again: {error}") from error


def _draw_paper(canvas: skia.Canvas) -> None:
    canvas.drawRect(
        skia.Rect.MakeWH(WIDTH, HEIGHT),
        skia.Paint(
            Shader=skia.GradientShader.MakeRadial(
                skia.Point(WIDTH * 0.42, HEIGHT * 0.4),
                1150,
                [skia.Color(253, 248, 238), skia.Color(238, 226, 206)],
            )
        ),
    )
    grain = skia.PerlinNoiseShader.MakeFractalNoise(0.55, 0.55, 2, 7.0)
    canvas.drawRect(
        skia.Rect.MakeWH(WIDTH, HEIGHT),
        skia.Paint(Shader=grain, Alpha=16, BlendMode=skia.BlendMode.kMultiply),
    )


@cache
def _typeface(path: Path) -> skia.Typeface:
    return skia.Typeface.MakeFromFile(str(path))


def _title_font(size: float) -> skia.Font:
    return skia.Font(_typeface(sign_font()), size)


def _label_font(size: float = 20) -> skia.Font:
    return skia.Font(_typeface(text_font()), size)


def _write(canvas: skia.Canvas, text: str, x: float, y: float, font: skia.Font, alpha: float = 1.0) -> None:
    width = font.measureText(text)
    canvas.drawString(
        text, x - width / 2, y, font, skia.Paint(AntiAlias=True, Color=paint_colour(_INK, alpha))
    )


def _draw_title(canvas: skia.Canvas, name: str) -> None:
    size = 58.0
    while size > 22 and _title_font(size).measureText(name) > WIDTH - 200:
        size -= 2
    _write(canvas, name, WIDTH / 2, 84, _title_font(size))
    line = skia.Paint(AntiAlias=True, Color=paint_colour(_INK, 0.35), StrokeWidth=2)
    canvas.drawLine(WIDTH / 2 - 150, 108, WIDTH / 2 + 150, 108, line)


def _place(
    canvas: skia.Canvas,
    look: Look,
    pose: Pose,
    box: skia.Rect,
    mood: str,
    view: View,
    height: float,
    facing: int = 1,
) -> None:
    """Draw the figure as large as fits into `box`, at most `height`, on the box's floor with a shadow."""
    bounds = _measure(look, pose, mood, view)
    lifted = 1.2 if pose is Pose.JUMP else 1.0
    size = min(height, box.width() / bounds.width(), box.height() / bounds.height() / lifted)
    ground = box.bottom()
    shadow = skia.Rect.MakeXYWH(
        box.centerX() - bounds.width() * size * 0.42,
        ground - size * 0.03,
        bounds.width() * size * 0.84,
        size * 0.07,
    )
    blur = skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, max(size * 0.018, 1.0))
    canvas.drawOval(shadow, skia.Paint(AntiAlias=True, Color=skia.Color(90, 66, 50, 70), MaskFilter=blur))
    draw_figure(
        canvas,
        look,
        pose,
        x=box.centerX(),
        ground=ground,
        height=size,
        facing=facing,
        light=Light(),
        mood=mood,
        view=view,
    )


def _measure(look: Look, pose: Pose, mood: str, view: View) -> skia.Rect:
    """The bounds of a figure of standing height 1."""
    recorder = skia.PictureRecorder()
    canvas = recorder.beginRecording(skia.Rect.MakeLTRB(-9, -9, 9, 9))
    return draw_figure(
        canvas, look, pose, x=0, ground=0, height=1, facing=1, light=Light(), mood=mood, view=view
    )


def _draw_views(canvas: skia.Canvas, look: Look) -> None:
    for index, (label, view, facing) in enumerate(
        (("front", FRONT, 1), ("three-quarter", THREE_QUARTER, 1), ("side", SIDE, -1))
    ):
        box = skia.Rect.MakeXYWH(70 + index * 400, 140, 370, 400)
        _place(canvas, look, Pose.STAND, box, "calm", view, 390, facing)
        _write(canvas, label, box.centerX(), 584, _label_font(), 0.7)


def _draw_poses(canvas: skia.Canvas, look: Look) -> None:
    for index, (pose, mood) in enumerate(_POSES):
        box = skia.Rect.MakeXYWH(60 + index * 238, 640, 222, 270)
        _place(canvas, look, pose, box, mood, THREE_QUARTER, 250)
        _write(canvas, pose.value.replace("_", " "), box.centerX(), 958, _label_font(), 0.7)


def _draw_swatches(canvas: skia.Canvas, look: Look) -> None:
    colours = [("coat", look.coat), ("belly", look.belly), ("accent", look.accent), ("eyes", look.eye)]
    if look.body == "human":
        colours = [("skin", look.coat), ("hair", look.hair), ("eyes", look.eye)]
    colours += [(worn.kind.replace("_", " "), worn.colour) for worn in look.clothes][: 7 - len(colours)]
    for index, (label, colour) in enumerate(colours):
        y = 170 + index * 56
        canvas.drawCircle(1316, y, 21, skia.Paint(AntiAlias=True, Color=paint_colour(colour)))
        ring = skia.Paint(
            AntiAlias=True, Color=paint_colour(_INK, 0.4), Style=skia.Paint.kStroke_Style, StrokeWidth=1.5
        )
        canvas.drawCircle(1316, y, 21, ring)
        paint = skia.Paint(AntiAlias=True, Color=paint_colour(_INK, 0.8))
        canvas.drawString(label, 1352, y + 7, _label_font(), paint)
