"""The sky: its gradient, the sun or the moon, stars, clouds and a rainbow."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from contextlib import contextmanager

import skia

from services.image.engines.local.brush import (
    WHITE,
    Colour,
    clamp,
    fill,
    glow,
    hexc,
    line,
    mix,
    oval,
    ramp,
    shade,
)
from services.image.engines.local.stage import Stage


def draw_sky(stage: Stage) -> None:
    """The gradient from the zenith to a little below the horizon."""
    zenith, middle, horizon = stage.palette.sky
    paint = ramp((0, 0), (0, stage.horizon * 1.04), [zenith, middle, horizon], [0.0, 0.58, 1.0])
    stage.canvas.drawRect(skia.Rect.MakeWH(stage.width, stage.height), paint)


def draw_stars(stage: Stage, share: float = 1.0) -> None:
    """Stars, brighter ones with a cross of light; `share` thins them out."""
    dice = stage.dice("stars")
    for _ in range(int(stage.width * 0.16 * share)):
        x, y = dice.random() * stage.width, dice.random() ** 1.25 * stage.horizon
        size = 0.5 + dice.random() ** 3 * 2.4
        alpha = (0.35 + dice.random() * 0.6) * (1 - 0.7 * y / stage.horizon)
        stage.canvas.drawCircle(x, y, size, fill(hexc("#fffbea"), alpha))
        if size > 2.1:
            stage.canvas.drawLine(x - size * 3, y, x + size * 3, y, line(WHITE, 0.8, alpha * 0.5))
            stage.canvas.drawLine(x, y - size * 3, x, y + size * 3, line(WHITE, 0.8, alpha * 0.5))


def draw_sun(stage: Stage, *, low: bool) -> None:
    """The sun with its glow and soft rays at `stage.sun`; `low` reddens and enlarges it."""
    x, y = stage.sun
    light = stage.palette.light
    size = stage.reach * (0.075 if low else 0.06)
    reach = size * (8 if low else 6.5)
    stage.canvas.drawCircle(
        x, y, reach, glow((x, y), reach, [(light, 0.75), (light, 0.28), (light, 0.0)], [0, 0.3, 1])
    )
    _draw_rays(stage, size)
    core = mix(light, hexc("#ff9d4d"), 0.45) if low else light
    stage.canvas.drawCircle(x, y, size, glow((x, y), size, [shade(core, 0.6), core], [0.2, 1]))


def _draw_rays(stage: Stage, size: float) -> None:
    x, y = stage.sun
    for ray in range(14):
        angle = ray * math.tau / 14 + 0.12
        inner, outer = size * 1.35, size * (2.5 if ray % 2 else 1.95)
        spread = 0.075
        path = skia.Path()
        path.moveTo(x + inner * math.cos(angle - spread), y + inner * math.sin(angle - spread))
        path.lineTo(x + outer * math.cos(angle), y + outer * math.sin(angle))
        path.lineTo(x + inner * math.cos(angle + spread), y + inner * math.sin(angle + spread))
        path.close()
        stage.canvas.drawPath(path, fill(stage.palette.light, 0.5))


def draw_moon(stage: Stage) -> None:
    """A full moon with craters and a halo at `stage.sun`."""
    x, y = stage.sun
    size = stage.reach * 0.082
    halo = size * 4.6
    cold = mix(stage.palette.haze, WHITE, 0.35)
    stage.canvas.drawCircle(
        x, y, halo, glow((x, y), halo, [(hexc("#fff3cf"), 0.6), (cold, 0.2), (cold, 0.0)], [0, 0.35, 1])
    )
    stage.canvas.drawCircle(
        x, y, size, glow((x - size * 0.3, y - size * 0.3), size * 1.5, [hexc("#fffdf0"), hexc("#efdba2")])
    )
    for dx, dy, r in (
        (-0.34, -0.2, 0.19),
        (0.28, 0.2, 0.25),
        (0.12, -0.5, 0.11),
        (-0.12, 0.45, 0.14),
        (0.5, -0.2, 0.09),
    ):
        stage.canvas.drawCircle(x + dx * size, y + dy * size, r * size, fill(hexc("#d7c088"), 0.5))


def cloud_path(dice: random.Random, x: float, y: float, size: float) -> skia.Path:
    """One heap of cloud with a flat base at `y`, about 2.2 x `size` wide."""
    path = skia.Path()
    path.addRoundRect(
        skia.Rect.MakeLTRB(x - size * 1.1, y - size * 0.3, x + size * 1.1, y), size * 0.15, size * 0.15
    )
    for puff in range(6):
        along = -0.85 + puff * 0.34 + dice.uniform(-0.08, 0.08)
        radius = size * (0.24 + 0.28 * (1 - abs(along)) + dice.uniform(-0.04, 0.06))
        path.addCircle(x + along * size, y - radius * 0.72, radius)
    return path


def draw_clouds(stage: Stage, count: int, colour: Colour, alpha: float = 0.92) -> None:
    """Heaped clouds, lit from above and shaded below."""
    dice = stage.dice("clouds")
    for number in range(count):
        x = (number + dice.uniform(0.15, 0.85)) / count * stage.width
        y = dice.uniform(0.14, 0.68) * stage.horizon
        size = stage.reach * dice.uniform(0.055, 0.115) * (0.55 + 0.6 * (1 - y / stage.horizon))
        if abs(x - stage.sun[0]) < size * 1.9 and abs(y - stage.sun[1]) < size * 1.7:
            y = stage.sun[1] + size * 2.2
        path = cloud_path(dice, x, y, size)
        base = mix(colour, stage.palette.sky[1], 0.55)
        stage.canvas.drawPath(
            path, ramp((0, y - size), (0, y), [(shade(colour, 0.25), alpha), (base, alpha * 0.8)])
        )


def draw_overcast(stage: Stage, colour: Colour, alpha: float) -> None:
    """A ceiling of heavy cloud over the top of the sky."""
    dice = stage.dice("overcast")
    for row in range(3):
        y = stage.horizon * (0.05 + row * 0.13)
        tone = shade(colour, -0.18 + row * 0.12)
        step = stage.reach * 0.12
        path = skia.Path()
        path.addRect(skia.Rect.MakeLTRB(0, -10, stage.width, y))
        for number in range(int(stage.width / step) + 2):
            path.addCircle(number * step + dice.uniform(-20, 20), y, step * dice.uniform(0.55, 0.95))
        low = y + step
        stage.canvas.drawPath(
            path, ramp((0, y - step), (0, low), [(tone, alpha), (shade(tone, 0.2), alpha * 0.75)])
        )


@contextmanager
def gap_in_clouds(stage: Stage, clear: tuple[str, str, str], share: float) -> Iterator[None]:
    """A rift about `stage.sun` through which the `clear` sky shows, with what is drawn meanwhile in it.

    `share` is how clear it is there.
    """
    x, y = stage.sun
    wide, tall = stage.reach * 0.30, stage.reach * 0.17
    tone = hexc(clear[1])
    stage.canvas.saveLayer(None, None)
    stage.canvas.drawRect(
        skia.Rect.MakeWH(stage.width, stage.horizon),
        ramp((0, 0), (0, stage.horizon), [(hexc(clear[0]), share), (tone, share), (hexc(clear[2]), share)]),
    )
    yield
    stage.canvas.translate(x, y)
    stage.canvas.scale(wide, tall)
    fade = glow((0, 0), 1, [(WHITE, 1.0), (WHITE, 0.95), (WHITE, 0.0)], [0, 0.55, 1])
    fade.setBlendMode(skia.BlendMode.kDstIn)
    stage.canvas.drawPaint(fade)
    stage.canvas.restore()


def draw_rainbow(stage: Stage) -> None:
    """A rainbow from one side of the land to the other."""
    bands = ("#e8453c", "#f28c38", "#f7d348", "#63b95a", "#4a90d9", "#7a5bbf")
    radius = stage.reach * 0.62
    width = radius * 0.035
    for number, code in enumerate(bands):
        stage.canvas.drawCircle(
            stage.width * 0.5,
            stage.horizon + radius * 0.18,
            radius - number * width,
            line(hexc(code), width * 1.08, 0.5),
        )


def draw_birds(stage: Stage, count: int) -> None:
    """Far birds as strokes of two wings."""
    dice = stage.dice("far birds")
    x0, y0 = stage.width * dice.uniform(0.25, 0.7), stage.horizon * dice.uniform(0.25, 0.5)
    for _ in range(count):
        x, y, size = (
            x0 + dice.uniform(-90, 90),
            y0 + dice.uniform(-40, 40),
            stage.reach * dice.uniform(0.008, 0.014),
        )
        path = skia.Path()
        path.moveTo(x - size, y - size * 0.4)
        path.quadTo(x - size * 0.4, y - size * 0.7, x, y)
        path.quadTo(x + size * 0.4, y - size * 0.7, x + size, y - size * 0.4)
        stage.canvas.drawPath(path, line(stage.tint(hexc("#39424f"), 0.4), 2.0))


def place_sun(stage: Stage, time: str, *, right: bool) -> None:
    """Fix where the sun or the moon stands: low at dawn and dusk, clear of the middle of the panel."""
    x = 0.68 if right else 0.32
    low = {"dawn": 0.83, "dusk": 0.83, "day": 0.26, "night": 0.33}[time]
    stage.sun = (stage.width * x, clamp(stage.horizon * low, stage.reach * 0.12, stage.horizon))


def draw_haze(stage: Stage, y: float, thickness: float, alpha: float) -> None:
    """A band of haze lying at `y`, fading above and below."""
    haze = stage.palette.haze
    top, low = y - thickness, y + thickness * 0.8
    paint = ramp((0, top), (0, low), [(haze, 0.0), (haze, alpha), (haze, 0.0)])
    stage.canvas.drawRect(skia.Rect.MakeLTRB(0, top, stage.width, low), paint)


def draw_glint(stage: Stage, x: float, y: float, size: float, alpha: float) -> None:
    """A soft spot of the light's colour, for lamps and fireflies."""
    light = hexc("#ffdf8a")
    stage.canvas.drawOval(
        oval(x, y, size, size),
        glow((x, y), size, [(light, alpha), (light, alpha * 0.35), (light, 0)], [0, 0.3, 1]),
    )
