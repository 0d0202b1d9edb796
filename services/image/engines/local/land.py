"""The ground: ridges of hills and mountains, meadows, sand, grass and flowers."""

from __future__ import annotations

import random

import skia

from services.image.engines.local.brush import (
    WHITE,
    Colour,
    fill,
    hexc,
    line,
    mix,
    ramp,
    shade,
    shape,
    wave,
)
from services.image.engines.local.stage import Stage


def ridge_line(
    stage: Stage, y: float, rise: float, layer: str, pitch: float = 900
) -> list[tuple[float, float]]:
    """Points of a rolling line across the panel about `y`."""
    dice = stage.dice(layer)
    phases = [dice.random() * 6.3 for _ in range(3)]
    return [(x, y - rise * wave(x, phases, pitch * stage.unit)) for x in range(-8, int(stage.width) + 17, 8)]


def draw_ridge(
    stage: Stage, y: float, rise: float, colour: Colour, depth: float, layer: str, pitch: float = 900
) -> None:
    """A hill's silhouette, lighter towards its foot where haze lies."""
    points = ridge_line(stage, y, rise, layer, pitch)
    tone = stage.tint(colour, depth)
    low = y + rise + stage.reach * 0.16
    foot = mix(tone, stage.palette.haze, 0.35 * stage.palette.thickness)
    path = shape([*points, (stage.width + 20, stage.height), (-20, stage.height)])
    stage.canvas.drawPath(path, ramp((0, y - rise), (0, low), [shade(tone, 0.05), foot]))


def draw_peaks(stage: Stage, y: float, rise: float, depth: float, layer: str) -> None:
    """Mountains with a lit and a shaded side and snow on top."""
    dice = stage.dice(layer)
    rock = stage.tint(hexc("#7c86a0"), depth)
    snow = stage.tint(hexc("#f6f9fd"), depth * 0.7)
    x = -rise * 0.4
    while x < stage.width + rise * 0.4:
        height = rise * dice.uniform(0.6, 1.15)
        half = height * dice.uniform(0.7, 0.95)
        _draw_peak(stage, x, y, height, half, rock, snow, dice)
        x += half * dice.uniform(0.9, 1.4)


def _draw_peak(
    stage: Stage,
    x: float,
    y: float,
    height: float,
    half: float,
    rock: Colour,
    snow: Colour,
    dice: random.Random,
) -> None:
    top = (x, y - height)
    bend = (x + half * 0.16, y - height * 0.45)
    stage.canvas.drawPath(
        shape([top, (x + half, y), (x - half, y)]),
        ramp((0, top[1]), (0, y), [rock, mix(rock, stage.palette.haze, 0.5)]),
    )
    dark = shape([top, (x + half * 0.05, y - height * 0.7), bend, (x + half * 0.02, y), (x + half, y)])
    stage.canvas.drawPath(
        dark,
        ramp((0, top[1]), (0, y), [shade(rock, -0.22), mix(shade(rock, -0.12), stage.palette.haze, 0.5)]),
    )
    _draw_snow_cap(stage, x, y, height, half, snow, dice)


def _draw_snow_cap(
    stage: Stage, x: float, y: float, height: float, half: float, snow: Colour, dice: random.Random
) -> None:
    """Snow down to a jagged line two thirds up a peak, and its shaded side."""
    top, low, reach = (x, y - height), y - height * 0.66, half * 0.34
    jags = [
        (
            x + reach - step * reach / 3,
            low + (height * 0.09 if step % 2 else -height * 0.05) * dice.uniform(0.6, 1.2),
        )
        for step in range(1, 6)
    ]
    stage.canvas.drawPath(shape([top, (x + reach, low), *jags, (x - reach, low)]), fill(snow, 0.95))
    bend = (x + reach * 0.35, low + height * 0.05)
    side = shape([top, (x + reach, low), bend, (x + reach * 0.1, low - height * 0.12)])
    stage.canvas.drawPath(side, fill(shade(snow, -0.14), 0.8))


def draw_ground(stage: Stage, colour: Colour, *, rise: float = 0.012, layer: str = "ground") -> None:
    """The land from the horizon to the viewer, with soft bands of light across it."""
    top = stage.horizon
    points = ridge_line(stage, top, stage.height * rise, layer, 1400)
    far, near = stage.tint(shade(colour, 0.10), 0.55), stage.tint(colour)
    path = shape([*points, (stage.width + 20, stage.height), (-20, stage.height)])
    stage.canvas.drawPath(
        path,
        ramp(
            (0, top),
            (0, stage.height),
            [far, near, shade(near, -0.06 if stage.palette.snowy else -0.22)],
            [0, 0.55, 1],
        ),
    )
    _draw_bands(stage, near, layer)


def _draw_bands(stage: Stage, colour: Colour, layer: str) -> None:
    dice = stage.dice(f"{layer} bands")
    depth = stage.height - stage.horizon
    for band in range(4):
        y = stage.horizon + depth * (0.12 + 0.2 * band + dice.uniform(0, 0.08))
        thickness = depth * (0.03 + band * 0.025)
        points = ridge_line(stage, y, thickness * 0.5, f"{layer} band {band}", 1000)
        under = [(x, py + thickness) for x, py in reversed(points)]
        tone = (
            mix(colour, stage.tint(hexc("#8fa9cf")), 0.5)
            if stage.palette.snowy
            else shade(colour, 0.14 if band % 2 else -0.1)
        )
        stage.canvas.drawPath(
            shape([*points, *under]),
            ramp((0, y - thickness), (0, y + thickness), [(tone, 0.38), (tone, 0.0)]),
        )


def draw_grass(stage: Stage, colour: Colour, density: float = 1.0) -> None:
    """Tufts of grass, denser and taller towards the viewer; in snow, a few dry stalks."""
    dice = stage.dice("grass")
    tones = [stage.tint(shade(colour, by)) for by in (-0.28, -0.12, 0.12, 0.24)]
    strokes = [skia.Path() for _ in tones]
    count = int(stage.width * (0.24 + 0.16 * stage.detail) * density * (0.2 if stage.palette.snowy else 1.0))
    for _ in range(count):
        y = stage.horizon + (stage.height - stage.horizon) * (0.12 + 0.9 * dice.random() ** 0.7)
        scale = stage.scale_at(y) * stage.unit
        _add_tuft(
            dice.choice(strokes), dice.random() * stage.width, y, 15 * scale * dice.uniform(0.6, 1.5), dice
        )
    for tone, path in zip(tones, strokes, strict=True):
        stage.canvas.drawPath(path, line(tone, 2.0 * stage.unit, 0.72))


def _add_tuft(path: skia.Path, x: float, y: float, size: float, dice: random.Random) -> None:
    for blade in (-0.5, 0.1, 0.6):
        path.moveTo(x + blade * size * 0.35, y)
        path.quadTo(
            x + blade * size * 0.4,
            y - size * 0.6,
            x + blade * size * 1.1 + dice.uniform(-2, 2),
            y - size * dice.uniform(0.8, 1.1),
        )


def draw_flowers(stage: Stage, count: int, layer: str = "flowers") -> None:
    """Small flowers in drifts over the ground."""
    if stage.palette.snowy:
        return
    dice = stage.dice(layer)
    for _ in range(count):
        y = stage.horizon + (stage.height - stage.horizon) * (0.25 + 0.75 * dice.random())
        x, size = dice.random() * stage.width, 5.0 * stage.scale_at(y) * stage.unit * dice.uniform(0.7, 1.4)
        draw_flower(stage, x, y, size, stage.tint(dice.choice(stage.palette.bloom)), dice)


def draw_flower(stage: Stage, x: float, y: float, size: float, petal: Colour, dice: random.Random) -> None:
    """One flower, its blossom `size` in radius, on a stalk whose foot is at (x, y)."""
    head = y - size * dice.uniform(2.4, 3.6)
    stage.canvas.drawLine(x, y, x, head, line(stage.tint(hexc("#4d8040")), size * 0.3))
    for dx, dy in ((0, -0.62), (0.59, -0.19), (0.36, 0.5), (-0.36, 0.5), (-0.59, -0.19)):
        stage.canvas.drawCircle(x + dx * size, head + dy * size, size * 0.52, fill(petal))
    stage.canvas.drawCircle(x, head, size * 0.36, fill(stage.tint(hexc("#f6c945"))))


def draw_stones(stage: Stage, count: int, colour: Colour, layer: str = "stones") -> None:
    """Small stones on the ground."""
    dice = stage.dice(layer)
    for _ in range(count):
        y = stage.horizon + (stage.height - stage.horizon) * (0.1 + 0.9 * dice.random())
        draw_rock(
            stage,
            dice.random() * stage.width,
            y,
            16 * stage.scale_at(y) * stage.unit * dice.uniform(0.6, 1.7),
            colour,
            dice,
        )


def draw_rock(stage: Stage, x: float, y: float, size: float, colour: Colour, dice: random.Random) -> None:
    """A rock about 2 x `size` wide on the ground at (x, y)."""
    tone = stage.tint(colour, stage.depth_at(y) * 0.6)
    stage.shadow(x, y, size * 1.3, size * 0.22, 0.3)
    left, right, top = x - size, x + size, y - size * dice.uniform(0.7, 1.0)
    outline = [
        (left, y),
        (left + size * 0.16, y - size * 0.5),
        (x - size * 0.35, top),
        (x + size * 0.3, top + size * 0.08),
        (right - size * 0.14, y - size * 0.42),
        (right, y),
    ]
    stage.canvas.drawPath(shape(outline), ramp((0, top), (0, y), [shade(tone, 0.16), shade(tone, -0.2)]))
    face = [
        (x - size * 0.35, top),
        (x + size * 0.3, top + size * 0.08),
        (x + size * 0.1, y - size * 0.45),
        (x - size * 0.45, y - size * 0.5),
    ]
    stage.canvas.drawPath(shape(face), fill(shade(tone, 0.28), 0.75))
    if stage.palette.snowy:
        stage.canvas.drawPath(
            shape([*outline[1:4], (x + size * 0.2, top + size * 0.28), (x - size * 0.4, top + size * 0.3)]),
            fill(stage.tint(WHITE), 0.9),
        )


def draw_furrows(stage: Stage, colour: Colour) -> None:
    """Rows of a ploughed or planted field that run to a point on the horizon."""
    vanish = stage.width * 0.5
    tone = stage.tint(colour, 0.2)
    for row in range(-14, 15):
        near = vanish + row * stage.width * 0.11
        path = skia.Path()
        path.moveTo(vanish + row * stage.width * 0.012, stage.horizon + stage.height * 0.015)
        path.quadTo(
            vanish + row * stage.width * 0.045,
            stage.horizon + (stage.height - stage.horizon) * 0.4,
            near,
            stage.height + 10,
        )
        stage.canvas.drawPath(path, line(shade(tone, -0.16), 5 * stage.unit, 0.4))
