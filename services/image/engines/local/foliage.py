"""Leafy trees, built of heaps of leaves, and the trunk that all trees share."""

from __future__ import annotations

import math
import random

import skia

from services.image.engines.local.brush import (
    Colour,
    fill,
    hexc,
    line,
    mix,
    ramp,
    shade,
)
from services.image.engines.local.stage import Stage

BARK = hexc("#6b4a33")


def draw_trunk(
    stage: Stage, x: float, y: float, size: float, width: float, depth: float, lean: float = 0.0
) -> None:
    bark = stage.tint(BARK, depth)
    top = y - size
    path = skia.Path()
    path.moveTo(x - width * 0.95, y + width * 0.15)
    path.quadTo(x - width * 0.5, y - size * 0.15, x - width * 0.36 + lean, top)
    path.lineTo(x + width * 0.36 + lean, top)
    path.quadTo(x + width * 0.5, y - size * 0.15, x + width * 0.95, y + width * 0.15)
    path.quadTo(x, y - width * 0.1, x - width * 0.95, y + width * 0.15)
    stage.canvas.drawPath(
        path, ramp((x - width, 0), (x + width, 0), [shade(bark, -0.28), bark, shade(bark, 0.14)])
    )
    if depth < 0.4:
        for grain in (-0.2, 0.08, 0.3):
            lines = skia.Path()
            lines.moveTo(x + width * grain * 1.6, y - size * 0.04)
            lines.quadTo(x + width * grain, y - size * 0.4, x + width * grain + lean * 0.6, y - size * 0.8)
            stage.canvas.drawPath(lines, line(shade(bark, -0.35), max(1.0, width * 0.06), 0.6))


def draw_broadleaf(stage: Stage, x: float, y: float, size: float, depth: float, dice: random.Random) -> None:
    draw_trunk(stage, x, y, size * 0.62, size * 0.055, depth)
    one, other = dice.sample(stage.palette.leaves, 2)
    leaf = stage.tint(mix(one, other, dice.random() * 0.7), depth)
    cx, cy, reach = x, y - size * 0.66, size * 0.34
    if depth > 0.7:
        _plain_crown(stage, cx, cy, reach, leaf, dice)
        return
    if depth < 0.3:
        _boughs(stage, x, y, size, depth)
    side = 1 if stage.sun[0] > x else -1
    for dx, dy, grow in _clusters(dice):
        _draw_cluster(
            stage, cx + dx * reach, cy + dy * reach, grow * reach, side, shade(leaf, -0.2 * dy - 0.06), dice
        )
    if depth < 0.45:
        _dab_leaves(stage, cx, cy, reach * 0.85, reach * 0.8, leaf, dice)


def _clusters(dice: random.Random) -> list[tuple[float, float, float]]:
    """Heaps of leaves that make a crown, from the back to the front: offsets and sizes in its reach."""
    ring = [
        (0.0, -0.58, 0.5),
        (-0.5, -0.32, 0.46),
        (0.5, -0.34, 0.46),
        (-0.66, 0.16, 0.42),
        (0.66, 0.14, 0.42),
        (-0.3, 0.38, 0.4),
        (0.32, 0.4, 0.4),
        (0.0, -0.06, 0.58),
    ]
    return [
        (dx + dice.uniform(-0.07, 0.07), dy + dice.uniform(-0.07, 0.07), grow * dice.uniform(0.92, 1.12))
        for dx, dy, grow in ring
    ]


def _draw_cluster(
    stage: Stage, x: float, y: float, size: float, side: int, leaf: Colour, dice: random.Random
) -> None:
    """One heap of leaves: a scalloped outline with shade below and light above."""
    start = dice.uniform(0, math.tau)
    lobes = [
        (start + lobe * math.tau / 9, dice.uniform(0.66, 0.8), dice.uniform(0.34, 0.44)) for lobe in range(9)
    ]
    for dx, dy, grow, tone in (
        (0, 0.08, 1.02, -0.13),
        (0, 0, 0.96, 0.0),
        (side * 0.12, -0.16, 0.70, 0.07),
        (side * 0.2, -0.28, 0.40, 0.13),
    ):
        path = skia.Path()
        path.addCircle(x + dx * size, y + dy * size, size * 0.74 * grow)
        for angle, far, radius in lobes:
            path.addCircle(
                x + (dx + math.cos(angle) * far * grow) * size,
                y + (dy + math.sin(angle) * far * grow) * size,
                radius * size * grow,
            )
        stage.canvas.drawPath(path, fill(shade(leaf, tone)))


def _plain_crown(stage: Stage, x: float, y: float, size: float, leaf: Colour, dice: random.Random) -> None:
    path = skia.Path()
    path.addCircle(x, y, size * 0.7)
    for lobe in range(8):
        angle = lobe * math.tau / 8
        path.addCircle(
            x + math.cos(angle) * size * 0.6,
            y + math.sin(angle) * size * 0.55,
            size * dice.uniform(0.34, 0.5),
        )
    stage.canvas.drawPath(path, ramp((0, y - size), (0, y + size), [shade(leaf, 0.12), shade(leaf, -0.14)]))


def _boughs(stage: Stage, x: float, y: float, size: float, depth: float) -> None:
    bark = shade(stage.tint(BARK, depth), -0.2)
    for turn in (-1, 1):
        path = skia.Path()
        path.moveTo(x, y - size * 0.36)
        path.quadTo(x + turn * size * 0.05, y - size * 0.5, x + turn * size * 0.2, y - size * 0.6)
        stage.canvas.drawPath(path, line(bark, size * 0.03))


def _dab_leaves(
    stage: Stage, cx: float, cy: float, rx: float, ry: float, leaf: Colour, dice: random.Random
) -> None:
    """Strokes of single leaves over a crown, for texture."""
    dabs = {tone: skia.Path() for tone in (-0.26, 0.2, 0.38)}
    for _ in range(110 + 70 * stage.detail):
        angle, far = dice.uniform(0, math.tau), math.sqrt(dice.random()) * 0.98
        dx, dy = math.cos(angle) * far, math.sin(angle) * far
        tone = -0.26 if dy > 0.25 else dice.choice((0.2, 0.38, -0.26))
        size = rx * dice.uniform(0.025, 0.05)
        dabs[tone].addOval(
            skia.Rect.MakeXYWH(cx + dx * rx - size, cy + dy * ry - size * 0.6, size * 2, size * 1.2)
        )
    for tone, path in dabs.items():
        stage.canvas.drawPath(path, fill(shade(leaf, tone), 0.55))
