"""Words on boards: a sign that always fits its text, and the text that always fits its board."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cache
from typing import Final

import skia

from services.image.engines.local.brush import (
    WHITE,
    Colour,
    box,
    fill,
    hexc,
    line,
    mix,
    ramp,
    rounded,
    shade,
)
from services.image.engines.local.stage import Stage
from storyreel.fonts import sign_font

LINES: Final = 4
MARGIN: Final = 0.55
"""Free space around the words, in font sizes."""
LEAST: Final = 0.024
"""The smallest lettering, relative to the panel's reach: still read at 720p on a telephone."""


@dataclass(frozen=True)
class Lettering:
    """Words broken into lines at a font size, and the size of the board that holds them, in units."""

    lines: tuple[str, ...]
    size: float
    width: float
    height: float


@cache
def _typeface() -> skia.Typeface:
    face = skia.Typeface.MakeFromFile(str(sign_font()))
    if face is None:
        raise ValueError(f"the font {sign_font()} cannot be read: reinstall storyreel")
    return face


def measure(text: str, size: float) -> float:
    """How wide `text` is set at `size`, in units."""
    return float(skia.Font(_typeface(), size).measureText(text))


def set_text(text: str, width: float, size: float, least: float) -> Lettering:
    """`text` as large as fits `width`, at most `size`; cut with "…" only where `least` is too large."""
    room = width - 2 * MARGIN * least
    while size > least:
        lines = _break(text, width - 2 * MARGIN * size, size)
        if lines is not None:
            return _lettering(lines, size)
        size *= 0.94
    return _lettering(_break(text, room, least) or _cut(text, room, least), least)


def _lettering(lines: tuple[str, ...], size: float) -> Lettering:
    wide = max(measure(row, size) for row in lines)
    return Lettering(lines, size, wide + 2 * MARGIN * size, size * (1.12 * len(lines) + 0.75))


def _break(text: str, room: float, size: float) -> tuple[str, ...] | None:
    """`text` in lines no wider than `room`, or None where a word or the number of lines is too large."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and measure(longer, size) <= room:
            lines[-1] = longer
        elif measure(word, size) <= room and len(lines) < LINES:
            lines.append(word)
        else:
            return None
    return tuple(lines) or None


def _cut(text: str, room: float, size: float) -> tuple[str, ...]:
    for length in range(len(text), 0, -1):
        lines = _break(f"{text[:length].rstrip()}…", room, size)
        if lines is not None:
            return lines
    return ("…",)


def plan_sign(stage: Stage, text: str) -> Lettering:
    """The lettering of a sign in this panel."""
    widest = min(stage.width * 0.40, stage.reach * 0.46)
    size = stage.reach * 0.062 * (0.8 + 0.2 * stage.camera.zoom)
    return set_text(text, widest, size, stage.reach * LEAST)


def draw_sign(
    stage: Stage, sign: Lettering, x: float, y: float, height: float, colour: Colour | None = None
) -> skia.Rect:
    """A sign on posts at (x, y), its upper edge `height` above the ground, of wood or painted; the board."""
    top, left = y - height, x - sign.width / 2
    board = box(left, top, sign.width, sign.height)
    wood = _lifted(stage, mix(colour, WHITE, 0.3) if colour else hexc("#c08a50"))
    _draw_posts(stage, x, y, top, sign)
    path = skia.Path()
    path.addRoundRect(board, sign.size * 0.16, sign.size * 0.16)
    stage.canvas.save()
    stage.canvas.translate(sign.size * 0.08, sign.size * 0.14)
    stage.canvas.drawPath(path, fill(hexc("#140a04"), 0.35, soft=sign.size * 0.1))
    stage.canvas.restore()
    stage.canvas.drawPath(
        path, ramp((0, board.top()), (0, board.bottom()), [shade(wood, 0.22), wood, shade(wood, -0.2)])
    )
    _draw_grain(stage, path, board)
    stage.canvas.drawPath(path, line(shade(wood, -0.5), sign.size * 0.075))
    _draw_words(stage, sign, board)
    for corner in (board.left() + sign.size * 0.22, board.right() - sign.size * 0.22):
        stage.canvas.drawCircle(corner, board.centerY(), sign.size * 0.07, fill(shade(wood, -0.6)))
    if stage.palette.snowy:
        stage.canvas.drawRRect(
            rounded(
                board.left() - 2,
                board.top() - sign.size * 0.2,
                board.width() + 4,
                sign.size * 0.28,
                sign.size * 0.14,
            ),
            fill(stage.tint(WHITE)),
        )
    return board


def _lifted(stage: Stage, colour: Colour) -> Colour:
    """`colour` in the stage's light, but never so dark that words cannot be read on it."""
    return mix(stage.tint(colour), colour, 0.5)


def _draw_posts(stage: Stage, x: float, y: float, top: float, sign: Lettering) -> None:
    wood = _lifted(stage, hexc("#7b5434"))
    width = sign.size * 0.36
    posts = (x,) if sign.width < sign.size * 7 else (x - sign.width * 0.32, x + sign.width * 0.32)
    for post in posts:
        stage.shadow(post, y, width * 2.6, width * 0.5)
        stage.canvas.drawRRect(
            rounded(post - width / 2, top - sign.size * 0.4, width, y - top + sign.size * 0.45, width * 0.2),
            ramp((post - width / 2, 0), (post + width / 2, 0), [shade(wood, 0.1), shade(wood, -0.35)]),
        )


def _draw_grain(stage: Stage, path: skia.Path, board: skia.Rect) -> None:
    dice = random.Random(f"{board.width():.0f}")
    stage.canvas.save()
    stage.canvas.clipPath(path, True)
    tone = stage.tint(hexc("#6b4321"))
    for row in range(8):
        y = board.top() + board.height() * (row + dice.random()) / 8
        grain = skia.Path()
        grain.moveTo(board.left() - 40, y)
        grain.cubicTo(
            board.left() + board.width() * 0.3,
            y + dice.uniform(-6, 6),
            board.left() + board.width() * 0.7,
            y + dice.uniform(-6, 6),
            board.right() + 40,
            y,
        )
        stage.canvas.drawPath(grain, line(tone, 1.4, 0.4))
    stage.canvas.restore()


def _draw_words(stage: Stage, sign: Lettering, board: skia.Rect) -> None:
    font = skia.Font(_typeface(), sign.size)
    dark, bright = hexc("#2c1807"), _lifted(stage, hexc("#f0cf98"))
    y = board.centerY() - sign.size * 1.12 * (len(sign.lines) - 1) / 2 + sign.size * 0.3
    for row in sign.lines:
        x = board.centerX() - measure(row, sign.size) / 2
        stage.canvas.drawString(row, x + sign.size * 0.03, y + sign.size * 0.035, font, fill(bright, 0.75))
        stage.canvas.drawString(row, x, y, font, fill(dark))
        y += sign.size * 1.12
