"""Draws ten one-word edits of one script, before and after, in docs/pictures/one-word-edits.png."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import skia
from picture_grid import PAPER, draw_picture, draw_story, save

from storyreel.fonts import sign_font, text_font
from storyreel.plan import RenderOptions

OUT: Final = Path(__file__).resolve().parent.parent / "docs" / "pictures" / "one-word-edits.png"
SCRIPT: Final = """---
title: The Way to Hollow Creek
---

One summer night, a fox ran through the forest all alone, and nobody saw where she went.

Beside the river stood a wooden sign that read “Hollow Creek”, and behind it the land was still.

In the rain of the next afternoon a red cart stood there, and two geese walked around it all day long.
"""
EDITS: Final = (
    ("night", "morning"),
    ("forest", "city"),
    ("fox", "wolf"),
    ("ran", "slept"),
    ("summer", "winter"),
    ("river", "road"),
    ("Hollow", "Willow"),
    ("rain", "snow"),
    ("red", "blue"),
    ("two", "four"),
)
WIDTH: Final = 2400
COLUMNS: Final = 2
MARGIN: Final = 40
PANEL: Final = 555
LINE: Final = 30
TEXT_SIZE: Final = 23
ROW: Final = 415
HEAD: Final = 120
BLACK_INK: Final = skia.Color(46, 42, 38)
OLD: Final = skia.Color(245, 205, 200)
NEW: Final = skia.Color(203, 234, 196)


@dataclass(frozen=True)
class Side:
    """One half of a pair: the shot's text and panel, and the word that is marked in it."""

    text: str
    panel: skia.Image
    word: str
    colour: int


def make_pair(old: str, new: str) -> tuple[Side, Side]:
    """The first shot that changes when the first `old` of the script becomes `new`."""
    options = RenderOptions(resolution="720p")
    edited = re.sub(rf"(?<!title: The Way to )\b{old}\b", new, SCRIPT, count=1)
    before, after = draw_story(SCRIPT, options), draw_story(edited, options)
    for (one, first), (other, second) in zip(before, after, strict=True):
        if one.text != other.text:
            return Side(one.text, first, old, OLD), Side(other.text, second, new, NEW)
    raise SystemExit(f"no shot changes when {old!r} becomes {new!r}: change the script or the edit")


def draw_text(canvas: skia.Canvas, side: Side, x: float, y: float) -> None:
    """The text under a panel, its changed word on a coloured ground."""
    font = skia.Font(skia.Typeface.MakeFromFile(str(text_font())), TEXT_SIZE)
    bold = skia.Font(skia.Typeface.MakeFromFile(str(sign_font())), TEXT_SIZE)
    ink, at, marked = skia.Paint(Color=BLACK_INK, AntiAlias=True), x, False
    for word in side.text.split():
        hit = not marked and re.sub(r"\W", "", word) == side.word
        used = bold if hit else font
        wide = used.measureText(word)
        if at + wide > x + PANEL - MARGIN // 2:
            at, y = x, y + LINE
        if hit:
            marked = True
            ground = skia.Rect.MakeLTRB(at - 5, y - TEXT_SIZE * 0.88, at + wide + 5, y + TEXT_SIZE * 0.32)
            canvas.drawRoundRect(ground, 5, 5, skia.Paint(Color=side.colour, AntiAlias=True))
        canvas.drawString(word, at, y, used, ink)
        at += wide + font.measureText(" ")


def main() -> None:
    """Draw all pairs."""
    rows = -(-len(EDITS) // COLUMNS)
    surface = skia.Surface(WIDTH, HEAD + rows * ROW + MARGIN // 2)
    canvas = surface.getCanvas()
    canvas.clear(PAPER)
    title = skia.Font(skia.Typeface.MakeFromFile(str(sign_font())), 44)
    ink = skia.Paint(Color=BLACK_INK, AntiAlias=True)
    canvas.drawString("Change one word, and its shot changes", MARGIN, 74, title, ink)
    step = (WIDTH - MARGIN) / COLUMNS
    for number, (old, new) in enumerate(EDITS):
        row, column = divmod(number, COLUMNS)
        x, y = MARGIN + column * step, HEAD + row * ROW
        for place, side in enumerate(make_pair(old, new)):
            left = x + place * (PANEL + 10)
            tall = draw_picture(canvas, side.panel, left, y, PANEL)
            draw_text(canvas, side, left + 4, y + tall + LINE)
    save(surface.makeImageSnapshot(), OUT, 100)


if __name__ == "__main__":
    main()
