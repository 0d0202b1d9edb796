"""What falls, drifts and glows before a scene: rain, snow, fog, wind, lightning, lamplight, vignette."""

from __future__ import annotations

import math

import skia

from services.image.engines.local.brush import (
    BLACK,
    WHITE,
    fill,
    glow,
    hexc,
    line,
    mix,
    oval,
    ramp,
    shade,
)
from services.image.engines.local.sky import draw_glint, draw_haze
from services.image.engines.local.stage import Stage


def draw_weather(stage: Stage, weather: str) -> None:
    """The weather between the viewer and the scene."""
    if weather == "rain":
        _draw_rain(stage, 1.0)
    elif weather == "storm":
        _draw_rain(stage, 1.5)
    elif weather == "snow":
        _draw_snow(stage)
    elif weather == "fog":
        for share, alpha in ((0.0, 0.55), (0.35, 0.42), (0.75, 0.38)):
            draw_haze(stage, stage.horizon + (stage.height - stage.horizon) * share, stage.reach * 0.2, alpha)
    elif weather == "wind":
        _draw_wind(stage)


def _draw_rain(stage: Stage, strength: float) -> None:
    dice = stage.dice("rain")
    tone = mix(stage.tint(hexc("#dfeaf4")), WHITE, 0.35)
    slant = 0.24 * strength
    for near, count, length, width, alpha in (
        (0, 420, 26, 1.1, 0.30),
        (1, 240, 48, 1.8, 0.38),
        (2, 70, 84, 2.6, 0.40),
    ):
        path = skia.Path()
        for _ in range(int(count * strength * stage.width / 1700 * max(1.0, stage.height / 1000))):
            x, y = dice.uniform(-60, stage.width + 60), dice.uniform(-60, stage.height)
            drop = length * dice.uniform(0.7, 1.3)
            path.moveTo(x, y)
            path.lineTo(x - drop * slant, y + drop)
        stage.canvas.drawPath(path, line(shade(tone, 0.1 * near), width, alpha))
    _draw_splashes(stage)


def _draw_splashes(stage: Stage) -> None:
    dice = stage.dice("splashes")
    for _ in range(60):
        y = stage.horizon + (stage.height - stage.horizon) * (0.3 + 0.7 * dice.random())
        x, size = dice.random() * stage.width, 13 * stage.scale_at(y) * stage.unit * dice.uniform(0.5, 1.2)
        stage.canvas.drawOval(oval(x, y, size, size * 0.32), line(WHITE, 1.4, 0.4))
        stage.canvas.drawLine(x, y - size * 0.2, x - size * 0.35, y - size * 0.8, line(WHITE, 1.3, 0.35))
        stage.canvas.drawLine(x, y - size * 0.2, x + size * 0.35, y - size * 0.8, line(WHITE, 1.3, 0.35))


def _draw_snow(stage: Stage) -> None:
    dice = stage.dice("snow")
    for count, size, alpha, soft in ((420, 1.7, 0.75, 0.0), (230, 3.2, 0.85, 0.0), (34, 8.5, 0.6, 4.0)):
        path = skia.Path()
        for _ in range(int(count * stage.width / 1700 * max(1.0, stage.height / 1000))):
            path.addCircle(
                dice.random() * stage.width, dice.random() * stage.height, size * dice.uniform(0.6, 1.35)
            )
        stage.canvas.drawPath(path, fill(WHITE, alpha, soft=soft))


def _draw_wind(stage: Stage) -> None:
    dice = stage.dice("wind")
    for _ in range(9):
        x, y = dice.uniform(-0.1, 0.8) * stage.width, dice.uniform(0.12, 0.9) * stage.height
        length = stage.reach * dice.uniform(0.2, 0.42)
        curl = length * 0.11
        path = skia.Path()
        path.moveTo(x, y)
        path.cubicTo(x + length * 0.3, y - curl, x + length * 0.6, y + curl, x + length, y - curl * 0.4)
        path.cubicTo(
            x + length + curl * 1.3,
            y - curl * 1.2,
            x + length + curl * 0.2,
            y - curl * 2.4,
            x + length - curl * 0.5,
            y - curl * 1.3,
        )
        stage.canvas.drawPath(path, line(WHITE, 3.0, 0.42))
    for _ in range(36):
        x, y, turn = dice.random() * stage.width, dice.random() * stage.height, dice.uniform(0, 360)
        size = stage.unit * dice.uniform(7, 13)
        stage.canvas.save()
        stage.canvas.translate(x, y)
        stage.canvas.rotate(turn)
        stage.canvas.drawOval(
            oval(0, 0, size, size * 0.42),
            fill(stage.tint(shade(dice.choice(stage.palette.leaves), 0.15)), 0.9),
        )
        stage.canvas.restore()


def draw_lightning(stage: Stage) -> None:
    """A forked bolt behind the land, and its flash in the clouds."""
    dice = stage.dice("bolt")
    x, y = stage.width * dice.choice((0.3, 0.42, 0.62, 0.72)), 0.0
    flash = hexc("#e9e6ff")
    stage.canvas.drawCircle(
        x,
        stage.horizon * 0.25,
        stage.reach * 0.55,
        glow((x, stage.horizon * 0.25), stage.reach * 0.55, [(flash, 0.6), (flash, 0.0)]),
    )
    path = skia.Path()
    path.moveTo(x, y)
    while y < stage.horizon * 0.95:
        x, y = x + dice.uniform(-0.06, 0.06) * stage.reach, y + stage.horizon * dice.uniform(0.07, 0.15)
        path.lineTo(x, y)
        if dice.random() < 0.4:
            path.lineTo(x + dice.uniform(-0.1, 0.1) * stage.reach, y + stage.horizon * 0.12)
            path.moveTo(x, y)
    stage.canvas.drawPath(path, line(hexc("#b9b4ff"), stage.reach * 0.014, 0.35))
    stage.canvas.drawPath(path, line(WHITE, stage.reach * 0.005))


def draw_lamplight(stage: Stage) -> None:
    """The glow of every lamp and lit window."""
    for x, y, size in stage.lamps:
        draw_glint(stage, x, y, size, 0.42)


def draw_fireflies(stage: Stage) -> None:
    """Fireflies over a summer's ground at night."""
    dice = stage.dice("fireflies")
    for _ in range(26):
        x, y = (
            dice.random() * stage.width,
            stage.horizon + (stage.height - stage.horizon) * dice.uniform(-0.15, 0.85),
        )
        draw_glint(stage, x, y, 13 * dice.uniform(0.7, 1.3), 0.75)
        stage.canvas.drawCircle(x, y, 2.1, fill(hexc("#fff9d6")))


def draw_sunbeams(stage: Stage) -> None:
    """Faint shafts of light from the sun, for panels of more detail."""
    x, y = stage.sun
    light = stage.palette.light
    reach = stage.height * 1.5
    turn = math.pi / 2 + (0.45 if x < stage.width / 2 else -0.45) * -1
    beams = skia.Path()
    for beam in range(5):
        angle = turn + (beam - 2) * 0.2
        path = skia.Path()
        path.moveTo(x, y)
        path.lineTo(x + reach * math.cos(angle - 0.05), y + reach * math.sin(angle - 0.05))
        path.lineTo(x + reach * math.cos(angle + 0.05), y + reach * math.sin(angle + 0.05))
        path.close()
        beams.addPath(path)
    paint = glow((x, y), reach * 0.75, [(light, 0.26), (light, 0.0)])
    paint.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, stage.reach * 0.012))
    stage.canvas.drawPath(beams, paint)


def draw_light_wash(stage: Stage) -> None:
    """The light's side of the panel warmed, the other cooled, so that all of it stands in one light."""
    x, y = stage.sun
    reach = math.hypot(stage.width, stage.height)
    strength = 0.30 if stage.palette.dark else 0.38
    paint = glow(
        (x, y),
        reach,
        [(stage.palette.light, strength), (stage.palette.light, 0.0), (hexc("#1a2350"), strength * 0.6)],
        [0, 0.5, 1],
    )
    paint.setBlendMode(skia.BlendMode.kSoftLight)
    stage.canvas.drawRect(skia.Rect.MakeWH(stage.width, stage.height), paint)


def draw_vignette(stage: Stage, strength: float = 0.34) -> None:
    """Darker corners, and a foot of shade so that captions read well."""
    w, h = stage.width, stage.height
    reach = math.hypot(w, h) * 0.56
    tone = mix(stage.palette.sky[0], BLACK, 0.7)
    stage.canvas.drawRect(
        skia.Rect.MakeWH(w, h),
        glow((w / 2, h * 0.48), reach, [(tone, 0.0), (tone, 0.0), (tone, strength)], [0, 0.58, 1]),
    )
    stage.canvas.drawRect(
        skia.Rect.MakeLTRB(0, h * 0.86, w, h),
        ramp((0, h * 0.86), (0, h), [(tone, 0.0), (tone, strength * 0.7)]),
    )
