"""Small things as vector art: a vendored subset of Fluent UI Emoji (MIT, see LICENSE.txt)."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

import skia

HERE: Final = Path(__file__).parent


@cache
def _pieces() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((HERE / "art.json").read_text(encoding="utf-8"))
    return loaded


def has_art(name: str) -> bool:
    """Whether there is a drawing of the thing `name`."""
    return name in _pieces()["pieces"]


@cache
def _picture(name: str) -> skia.Picture:
    """The drawing of `name` in a square of side 1 with its lower left corner at (0, 0)."""
    body, side = _pieces()["pieces"][name]["body"], _pieces()["size"]
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}">{body}</svg>'
    dom = skia.SVGDOM.MakeFromStream(skia.MemoryStream.MakeCopy(svg.encode()))
    if dom is None:
        raise ValueError(f"the drawing of {name!r} in art.json is not SVG that skia reads: vendor it again")
    dom.setContainerSize(skia.Size(side, side))
    recorder = skia.PictureRecorder()
    canvas = recorder.beginRecording(skia.Rect.MakeXYWH(0, -1, 1, 1))
    canvas.translate(0, -1)
    canvas.scale(1 / side, 1 / side)
    dom.render(canvas)
    return recorder.finishRecordingAsPicture()


def draw_art(canvas: skia.Canvas, name: str, x: float, y: float, size: float, paint: skia.Paint) -> None:
    """Draw `name` in a square of `size` standing on (x, y), through `paint` (its colour filter). KeyError."""
    canvas.saveLayer(skia.Rect.MakeXYWH(x - size / 2, y - size, size, size), paint)
    canvas.translate(x - size / 2, y)
    canvas.scale(size, size)
    canvas.drawPicture(_picture(name))
    canvas.restore()
