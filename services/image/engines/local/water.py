"""Water and ways: a winding river or road, a lake, the sea."""

from __future__ import annotations

import math
import random
from typing import Final

import skia

from services.image.engines.local.brush import (
    WHITE,
    Colour,
    Point,
    box,
    fill,
    glow,
    hexc,
    line,
    mix,
    oval,
    ramp,
    shade,
    smooth,
)
from services.image.engines.local.stage import Stage


def winding(
    stage: Stage, *, to_right: bool, width: float, bend: float = 1.0, aside: float = 0.0
) -> skia.Path:
    """A band that winds from the horizon to the bottom of the panel, `width` of the panel wide there.

    `bend` is how much it winds; it meets the horizon `aside` of the panel from the middle.
    """
    w, top, low = stage.width, stage.horizon + stage.height * 0.004, stage.height + 10
    turn = 1 if to_right else -1
    mid, span = w * 0.5, min(w, stage.reach * 1.6)
    depth = low - top
    far = 0.012 * span

    def at(side: float, share: float, offset: float) -> tuple[float, float]:
        half = far + (width * span * 0.5 - far) * share**1.25
        return mid + turn * (
            offset * bend + aside * (1 - share) ** 2
        ) * span + side * half, top + depth * share

    path = skia.Path()
    path.moveTo(*at(-1, 0.0, -0.02))
    path.cubicTo(*at(-1, 0.10, -0.10), *at(-1, 0.20, 0.20), *at(-1, 0.36, 0.08))
    path.cubicTo(*at(-1, 0.55, -0.08), *at(-1, 0.75, -0.10), *at(-1, 1.0, 0.10))
    path.lineTo(*at(1, 1.0, 0.10))
    path.cubicTo(*at(1, 0.75, -0.10), *at(1, 0.55, -0.08), *at(1, 0.36, 0.08))
    path.cubicTo(*at(1, 0.20, 0.20), *at(1, 0.10, -0.10), *at(1, 0.0, -0.02))
    path.close()
    return path


RIVER: Final = (
    (-0.03, -0.04, 0.001),
    (0.045, 0.07, 0.016),
    (0.06, 0.15, 0.026),
    (-0.05, 0.25, 0.042),
    (-0.10, 0.36, 0.062),
    (0.03, 0.47, 0.082),
    (0.32, 0.57, 0.10),
    (0.72, 0.64, 0.125),
    (1.3, 0.70, 0.15),
)
"""A river's middle line: aside, share of the way from the horizon to the figures, and half its width."""


def river_bed(stage: Stage, *, to_right: bool) -> skia.Path:
    """A river that winds from the horizon and leaves at a side before it reaches the figures' feet."""
    span, turn = min(stage.width, stage.reach * 1.6), 1 if to_right else -1
    depth = stage.ground - stage.horizon
    middle = [
        (stage.width * 0.5 + turn * aside * span, stage.horizon + depth * share, half * span)
        for aside, share, half in RIVER
    ]
    one: list[Point] = []
    other: list[Point] = []
    for at, (x, y, half) in enumerate(middle):
        (x0, y0, _), (x1, y1, _) = middle[max(0, at - 1)], middle[min(len(middle) - 1, at + 1)]
        length = math.hypot(x1 - x0, y1 - y0)
        across, down = -(y1 - y0) / length * half, (x1 - x0) / length * half * FLATNESS
        one.append((x + across, y + down))
        other.append((x - across, y - down))
    path = smooth(one)
    path.addPath(smooth(other[::-1]), skia.Path.AddPathMode.kExtend_AddPathMode)
    path.close()
    return path


FLATNESS: Final = 0.42
"""How much flatter things on the ground look than from above."""


def draw_river(stage: Stage, *, to_right: bool, ahead: bool = False) -> None:
    """A river with banks, ripples and the light's reflection; `ahead` it runs towards the viewer."""
    path = winding(stage, to_right=to_right, width=0.4) if ahead else river_bed(stage, to_right=to_right)
    bank = stage.tint(mix(stage.palette.grass, hexc("#4b3a25"), 0.6))
    stage.canvas.drawPath(path, line(shade(bank, -0.2), 13 * stage.unit, 0.35))
    stage.canvas.drawPath(path, line(shade(bank, 0.2), 4 * stage.unit, 0.6))
    stage.canvas.save()
    stage.canvas.clipPath(path, True)
    _fill_water(stage, stage.horizon)
    _draw_ripples(stage, stage.horizon, 1.0)
    deep = shade(stage.tint(stage.palette.water), -0.5)
    stage.canvas.drawPath(path, line(deep, 26 * stage.unit, 0.3, soft=6 * stage.unit))
    stage.canvas.restore()


def draw_road(stage: Stage, *, to_right: bool, paved: bool = False) -> None:
    """A road with ruts and a lighter middle, or a paved street."""
    dice = stage.dice("way")
    path = winding(
        stage,
        to_right=to_right,
        width=dice.uniform(0.4, 0.54),
        bend=dice.uniform(0.35, 1.15),
        aside=dice.uniform(-0.3, 0.3),
    )
    earth = stage.tint(hexc("#9a9aa2") if paved else hexc("#d6b483"), 0.1)
    if stage.palette.snowy:
        earth = mix(earth, stage.tint(hexc("#cfd3da")), 0.5)
    stage.canvas.drawPath(path, line(shade(earth, -0.32), 9 * stage.unit, 0.6))
    stage.canvas.drawPath(
        path,
        ramp(
            (0, stage.horizon),
            (0, stage.height),
            [mix(earth, stage.palette.haze, 0.3), earth, shade(earth, -0.16)],
        ),
    )
    stage.canvas.save()
    stage.canvas.clipPath(path, True)
    dice = stage.dice("road")
    for _ in range(110):
        y = stage.horizon + (stage.height - stage.horizon) * dice.random() ** 0.7
        size = 9 * stage.scale_at(y) * stage.unit * dice.uniform(0.4, 1.3)
        tone = shade(earth, dice.choice((-0.18, 0.16, -0.1)))
        stage.canvas.drawOval(oval(dice.random() * stage.width, y, size, size * 0.34), fill(tone, 0.7))
    stage.canvas.restore()


def draw_lake(stage: Stage, low: float) -> None:
    """Still water from the horizon down to `low`, with the sky in it."""
    top = stage.horizon
    stage.canvas.save()
    shore = skia.Path()
    shore.moveTo(-20, top)
    shore.lineTo(stage.width + 20, top)
    shore.lineTo(stage.width + 20, low - stage.height * 0.02)
    shore.cubicTo(
        stage.width * 0.75,
        low + stage.height * 0.03,
        stage.width * 0.3,
        low - stage.height * 0.03,
        -20,
        low + stage.height * 0.012,
    )
    shore.close()
    stage.canvas.drawPath(
        shore, line(stage.tint(mix(stage.palette.earth, WHITE, 0.25)), 12 * stage.unit, 0.8)
    )
    stage.canvas.clipPath(shore, True)
    _fill_water(stage, top, low)
    _draw_ripples(stage, top, 0.7)
    stage.canvas.restore()


def draw_sea(stage: Stage, low: float) -> None:
    """The sea from the horizon down to `low`, in rows of waves with foam."""
    top = stage.horizon
    water = stage.tint(hexc("#2f86b8"))
    stage.canvas.drawRect(
        box(0, top, stage.width, low - top),
        ramp(
            (0, top),
            (0, low),
            [mix(water, stage.palette.sky[2], 0.5), water, shade(water, -0.2)],
            [0, 0.25, 1],
        ),
    )
    _draw_glitter(stage, top, low)
    dice = stage.dice("waves")
    rows = 9
    for row in range(rows):
        share = (row + 0.6) / rows
        y = top + (low - top) * share**1.35
        pitch = (30 + 150 * share) * stage.unit
        tone = mix(shade(water, -0.10 + 0.16 * (row % 2)), stage.palette.haze, (1 - share) * 0.35)
        _draw_wave_row(stage, y, pitch, low, tone, dice)


def _draw_wave_row(
    stage: Stage, y: float, pitch: float, low: float, tone: Colour, dice: random.Random
) -> None:
    crest = skia.Path()
    x = -pitch * dice.random()
    crest.moveTo(x, y)
    while x < stage.width + pitch:
        crest.quadTo(x + pitch * 0.5, y - pitch * 0.20, x + pitch, y)
        x += pitch
    body = skia.Path(crest)
    body.lineTo(x, low)
    body.lineTo(-pitch, low)
    body.close()
    stage.canvas.drawPath(body, ramp((0, y - pitch * 0.15), (0, y + pitch * 0.6), [(tone, 0.9), (tone, 0.0)]))
    stage.canvas.drawPath(crest, line(mix(stage.tint(WHITE), tone, 0.25), max(1.0, pitch * 0.018), 0.75))


def _fill_water(stage: Stage, top: float, low: float | None = None) -> None:
    bottom = low if low is not None else stage.height
    water = stage.tint(stage.palette.water)
    far = mix(water, stage.palette.sky[2], 0.55)
    if stage.palette.snowy:
        water, far = mix(water, stage.tint(WHITE), 0.35), mix(far, stage.tint(WHITE), 0.3)
    stage.canvas.drawRect(
        box(0, top, stage.width, bottom - top),
        ramp((0, top), (0, bottom), [far, water, shade(water, -0.34)], [0, 0.4, 1]),
    )
    _draw_glitter(stage, top, bottom)


def _draw_glitter(stage: Stage, top: float, low: float) -> None:
    """The light's path on the water below the sun or moon."""
    x = stage.sun[0]
    light = stage.palette.light
    strength = 0.5 if stage.palette.dark else 0.32
    width = stage.reach * 0.10
    stage.canvas.save()
    stage.canvas.translate(x, (top + low) / 2)
    stage.canvas.scale(width, (low - top) * 0.6)
    stage.canvas.drawCircle(0, 0, 1, glow((0, 0), 1, [(light, strength), (light, 0.0)]))
    stage.canvas.restore()
    dice = stage.dice("glitter")
    for _ in range(46):
        share = dice.random()
        y = top + (low - top) * share
        reach = width * (0.25 + share * 0.8)
        length = (4 + 26 * share) * stage.unit
        gx = x + dice.gauss(0, 0.5) * reach
        stage.canvas.drawLine(gx - length, y, gx + length, y, line(light, 1 + 2 * share, strength))


def _draw_ripples(stage: Stage, top: float, strength: float) -> None:
    dice = stage.dice("ripples")
    bright, dark = skia.Path(), skia.Path()
    for number in range(300):
        share = dice.random() ** 0.75
        y = top + (stage.height - top) * share
        x, length = dice.random() * stage.width, (10 + 55 * share) * stage.unit
        path = bright if number % 3 else dark
        path.moveTo(x, y)
        path.quadTo(x + length / 2, y - length * 0.07, x + length, y)
    stage.canvas.drawPath(
        bright, line(mix(stage.tint(WHITE), stage.palette.sky[2], 0.4), 1.8 * stage.unit, 0.45 * strength)
    )
    stage.canvas.drawPath(
        dark, line(shade(stage.tint(stage.palette.water), -0.4), 2.0 * stage.unit, 0.35 * strength)
    )
