"""Trees of several kinds, from a far wood of silhouettes to one with leaves one can count."""

from __future__ import annotations

import math
import random

import skia

from services.image.engines.local.brush import (
    WHITE,
    fill,
    hexc,
    line,
    mix,
    ramp,
    shade,
    smooth,
)
from services.image.engines.local.foliage import BARK, draw_broadleaf, draw_trunk
from services.image.engines.local.stage import Stage


def draw_tree(
    stage: Stage, kind: str, x: float, y: float, size: float, depth: float, dice: random.Random
) -> None:
    """A tree of `kind` whose foot is at (x, y) and whose height is `size`; `depth` as in `Stage.tint`."""
    if depth < 0.85:
        stage.shadow(x + size * 0.06, y, size * 0.30, size * 0.045, 0.28 * (1 - depth))
    if kind == "pine":
        _pine(stage, x, y, size, depth, dice)
    elif kind == "palm":
        _palm(stage, x, y, size, depth, dice)
    elif kind == "acacia":
        _acacia(stage, x, y, size, depth, dice)
    elif stage.palette.bare:
        _bare(stage, x, y, size, depth, dice)
    else:
        draw_broadleaf(stage, x, y, size, depth, dice)


def _pine(stage: Stage, x: float, y: float, size: float, depth: float, dice: random.Random) -> None:
    draw_trunk(stage, x, y, size * 0.3, size * 0.035, depth)
    leaf = stage.palette.leaves[2]
    green = hexc("#3a7a40") if leaf[0] > leaf[1] else leaf  # autumn turns no needles
    needle = stage.tint(mix(green, hexc("#2c5a4c"), 0.55), depth)
    side = 1 if stage.sun[0] > x else -1
    tiers = 5 if depth < 0.6 else 3
    for tier in range(tiers):
        share = tier / tiers
        low = y - size * (0.10 + 0.72 * share)
        half = size * 0.27 * (1 - share * 0.78) * dice.uniform(0.93, 1.07)
        top = low - size * (0.40 - 0.14 * share)
        path = skia.Path()
        path.moveTo(x, top)
        path.cubicTo(
            x + half * 0.25,
            low - size * 0.16,
            x + half * 0.65,
            low - size * 0.05,
            x + half,
            low + size * 0.015,
        )
        teeth = 5 if depth < 0.6 else 2
        for tooth in range(teeth):
            right = x + half * (1 - 2 * tooth / teeth)
            path.quadTo(
                right - half / teeth, low + size * 0.055, right - 2 * half / teeth, low + size * 0.015
            )
        path.cubicTo(x - half * 0.65, low - size * 0.05, x - half * 0.25, low - size * 0.16, x, top)
        dark, bright = shade(needle, -0.26), shade(needle, 0.13)
        stops = [dark, needle, bright] if side > 0 else [bright, needle, dark]
        stage.canvas.drawPath(path, ramp((x - half, 0), (x + half, 0), stops))
        if stage.palette.snowy and depth < 0.8:
            _cap_with_snow(stage, x, top, low, half, depth)


def _cap_with_snow(stage: Stage, x: float, top: float, low: float, half: float, depth: float) -> None:
    rise = low - top
    path = skia.Path()
    path.moveTo(x, top)
    path.cubicTo(
        x + half * 0.2,
        low - rise * 0.42,
        x + half * 0.5,
        low - rise * 0.2,
        x + half * 0.86,
        low - rise * 0.08,
    )
    path.quadTo(x + half * 0.5, low - rise * 0.02, x + half * 0.3, low - rise * 0.24)
    path.quadTo(x + half * 0.05, low - rise * 0.1, x - half * 0.12, low - rise * 0.34)
    path.quadTo(x - half * 0.2, low - rise * 0.4, x, top)
    stage.canvas.drawPath(path, fill(stage.tint(hexc("#f4f8fc"), depth), 0.92))


def _bare(stage: Stage, x: float, y: float, size: float, depth: float, dice: random.Random) -> None:
    bark = stage.tint(mix(BARK, hexc("#5b5560"), 0.5), depth)
    branches: list[tuple[float, float, float, float, float]] = [
        (x, y, -math.pi / 2, size * 0.30, size * 0.075)
    ]
    levels = 5 if depth < 0.6 else 4
    for _ in range(levels):
        following = []
        for bx, by, angle, length, width in branches:
            ex, ey = bx + math.cos(angle) * length, by + math.sin(angle) * length
            stage.canvas.drawLine(bx, by, ex, ey, line(bark, max(width, 0.8)))
            if stage.palette.snowy and abs(math.cos(angle)) > 0.35 and depth < 0.5:
                stage.canvas.drawLine(
                    bx,
                    by - width * 0.4,
                    ex,
                    ey - width * 0.4,
                    line(stage.tint(WHITE, depth), width * 0.45, 0.85),
                )
            for turn in (-1, 1):
                spread = turn * dice.uniform(0.28, 0.55)
                following.append((ex, ey, angle + spread, length * dice.uniform(0.66, 0.8), width * 0.6))
        branches = following


def _palm(stage: Stage, x: float, y: float, size: float, depth: float, dice: random.Random) -> None:
    lean = size * 0.14 * dice.choice((-1, 1))
    draw_trunk(stage, x, y, size * 0.78, size * 0.035, depth, lean)
    leaf = stage.tint(hexc("#4c9a4e"), depth)
    cx, cy = x + lean, y - size * 0.78
    for frond in range(8):
        angle = -math.pi * (frond + 0.5) / 8
        ex, ey = (
            cx + math.cos(angle) * size * 0.4,
            cy + math.sin(angle) * size * 0.22 + size * 0.1 * abs(math.cos(angle)),
        )
        mx, my = cx + math.cos(angle) * size * 0.2, cy + math.sin(angle) * size * 0.3 - size * 0.03
        path = skia.Path()
        path.moveTo(cx, cy)
        path.quadTo(mx, my, ex, ey)
        path.quadTo(mx, my + size * 0.1, cx, cy)
        stage.canvas.drawPath(path, fill(shade(leaf, 0.18 if frond % 2 else -0.12)))


def _acacia(stage: Stage, x: float, y: float, size: float, depth: float, dice: random.Random) -> None:
    bark = stage.tint(BARK, depth)
    for branch in (-0.3, -0.1, 0.12, 0.3):
        path = skia.Path()
        path.moveTo(x, y)
        path.quadTo(x + branch * size * 0.1, y - size * 0.4, x + branch * size, y - size * 0.72)
        stage.canvas.drawPath(path, line(bark, size * 0.028))
    leaf = stage.tint(hexc("#7f9440"), depth)
    for tier, tone in ((0, -0.2), (1, 0.0), (2, 0.18)):
        points = [
            (
                x + math.cos(a) * size * (0.5 - tier * 0.1) * dice.uniform(0.9, 1.1),
                y - size * (0.74 + tier * 0.05) + math.sin(a) * size * 0.075,
            )
            for a in (k * math.tau / 12 for k in range(12))
        ]
        stage.canvas.drawPath(smooth(points, closed=True), fill(shade(leaf, tone)))


def draw_wood(
    stage: Stage, kind: str, y: float, size: float, depth: float, layer: str, gap: float = 0.42
) -> None:
    """A row of trees across the panel with their feet about `y`, `gap` x size apart."""
    dice = stage.dice(layer)
    x = -size * 0.3
    while x < stage.width + size * 0.3:
        chosen = dice.choice(("pine", "broadleaf")) if kind == "mixed" else kind
        draw_tree(
            stage,
            chosen,
            x,
            y + dice.uniform(-0.03, 0.05) * size,
            size * dice.uniform(0.78, 1.2),
            depth,
            dice,
        )
        x += size * gap * dice.uniform(0.7, 1.35)


def draw_bush(stage: Stage, x: float, y: float, size: float, depth: float, dice: random.Random) -> None:
    """A low round bush, `size` wide, some with flowers."""
    leaf = stage.tint(dice.choice(stage.palette.leaves), depth)
    if stage.palette.snowy:
        leaf = stage.tint(hexc("#7d9490"), depth)
    stage.shadow(x, y, size * 0.6, size * 0.09, 0.26)
    for dx, dy, radius, tone in (
        (-0.28, 0.16, 0.26, -0.18),
        (0.28, 0.16, 0.26, -0.2),
        (0, 0.22, 0.34, 0.0),
        (-0.1, 0.3, 0.2, 0.16),
    ):
        stage.canvas.drawCircle(x + dx * size, y - dy * size, radius * size, fill(shade(leaf, tone)))
    if stage.palette.snowy:
        stage.canvas.drawOval(
            skia.Rect.MakeXYWH(x - size * 0.28, y - size * 0.58, size * 0.56, size * 0.26),
            fill(stage.tint(WHITE, depth), 0.9),
        )
