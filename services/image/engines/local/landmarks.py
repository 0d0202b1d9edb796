"""Buildings that stand alone: a castle, a barn, a church, a windmill."""

from __future__ import annotations

import skia

from services.image.engines.local.brush import (
    Colour,
    box,
    fill,
    hexc,
    line,
    ramp,
    rounded,
    shade,
    shape,
)
from services.image.engines.local.stage import Stage
from services.image.engines.local.town import draw_house_door, draw_window


def draw_castle(stage: Stage, x: float, y: float, size: float, depth: float) -> None:
    """A castle `size` wide on its base at (x, y): walls, towers, pointed roofs and flags."""
    stone = stage.tint(hexc("#b9b3b5"), depth)
    roof = stage.tint(hexc("#7d5aa0"), depth)
    stage.canvas.drawRect(
        box(x - size * 0.42, y - size * 0.34, size * 0.84, size * 0.36),
        ramp((0, y - size * 0.34), (0, y), [stone, shade(stone, -0.12)]),
    )
    _crenellate(stage, x - size * 0.42, y - size * 0.34, size * 0.84, size * 0.05, stone)
    for offset, width, height in (
        (-0.42, 0.15, 0.52),
        (0.42, 0.15, 0.52),
        (-0.17, 0.15, 0.68),
        (0.19, 0.13, 0.6),
        (0.0, 0.18, 0.88),
    ):
        left, top = x + (offset - width / 2) * size, y - height * size
        stage.canvas.drawRect(
            box(left, top, width * size, height * size),
            ramp((left, 0), (left + width * size, 0), [shade(stone, 0.1), shade(stone, -0.2)]),
        )
        peak = top - width * size * 1.35
        stage.canvas.drawPath(
            shape(
                [
                    (left - size * 0.02, top),
                    (left + width * size / 2, peak),
                    (left + (width + 0.02) * size, top),
                ]
            ),
            ramp((left, 0), (left + width * size, 0), [shade(roof, 0.18), shade(roof, -0.18)]),
        )
        _flag(stage, left + width * size / 2, peak, size * 0.08, depth)
        for level in (0.14, 0.34):
            draw_slit(stage, left + width * size / 2, top + level * size * 0.6, size * 0.03, depth)
    gate = skia.Path()
    gate.addRoundRect(
        box(x - size * 0.06, y - size * 0.17, size * 0.12, size * 0.2), size * 0.06, size * 0.06
    )
    stage.canvas.drawPath(gate, fill(stage.tint(hexc("#4a3526"), depth)))


def draw_slit(stage: Stage, x: float, y: float, width: float, depth: float) -> None:
    """An arched slit of a window."""
    tone = hexc("#ffd773") if stage.palette.dark else stage.tint(hexc("#4d5563"), depth)
    stage.canvas.drawRRect(rounded(x - width / 2, y, width, width * 2, width / 2), fill(tone))


def _crenellate(stage: Stage, x: float, y: float, width: float, size: float, stone: Colour) -> None:
    for number in range(int(width / size / 2) + 1):
        stage.canvas.drawRect(box(x + number * size * 2, y - size, size, size + 1), fill(stone))


def _flag(stage: Stage, x: float, y: float, size: float, depth: float) -> None:
    stage.canvas.drawLine(x, y + 2, x, y - size, line(stage.tint(hexc("#5b4a3a"), depth), size * 0.07))
    path = skia.Path()
    path.moveTo(x, y - size)
    path.quadTo(x + size * 0.4, y - size * 1.15, x + size * 0.9, y - size * 0.85)
    path.quadTo(x + size * 0.4, y - size * 0.75, x, y - size * 0.5)
    stage.canvas.drawPath(path, fill(stage.tint(hexc("#d8433f"), depth)))


def draw_barn(stage: Stage, x: float, y: float, size: float, depth: float) -> None:
    """A red barn with a gambrel roof and white trim."""
    red, white = stage.tint(hexc("#b5432f"), depth), stage.tint(hexc("#f3ead8"), depth)
    roof = stage.tint(hexc("#f2f6fa") if stage.palette.snowy else hexc("#6b5148"), depth)
    high = size * 0.42
    stage.shadow(x, y, size * 0.62, size * 0.06)
    face = [
        (x - size / 2, y),
        (x - size / 2, y - high),
        (x - size * 0.34, y - high - size * 0.22),
        (x, y - high - size * 0.34),
        (x + size * 0.34, y - high - size * 0.22),
        (x + size / 2, y - high),
        (x + size / 2, y),
    ]
    stage.canvas.drawPath(
        shape(face), ramp((x - size / 2, 0), (x + size / 2, 0), [shade(red, 0.08), shade(red, -0.18)])
    )
    for board in range(1, 12):
        bx = x - size / 2 + board * size / 12
        stage.canvas.drawLine(bx, y, bx, y - high, line(shade(red, -0.2), size * 0.005, 0.6))
    edge = skia.Path()
    edge.addPoly([skia.Point(px, py) for px, py in face[1:6]], False)
    stage.canvas.drawPath(edge, line(roof, size * 0.055))
    stage.canvas.drawRect(
        box(x - size * 0.14, y - high * 0.8, size * 0.28, high * 0.8), fill(shade(red, -0.28))
    )
    door = skia.Path()
    door.addRect(box(x - size * 0.14, y - high * 0.8, size * 0.28, high * 0.8))
    for x0, x1 in ((-0.14, 0.14), (0.14, -0.14)):
        door.moveTo(x + x0 * size, y)
        door.lineTo(x + x1 * size, y - high * 0.8)
    stage.canvas.drawPath(door, line(white, size * 0.016))
    draw_window(stage, x - size * 0.05, y - high - size * 0.17, size * 0.1, size * 0.1, depth)


def draw_church(stage: Stage, x: float, y: float, size: float, depth: float) -> None:
    """A small church with a steeple."""
    wall, roof = stage.tint(hexc("#efe6d6"), depth), stage.tint(hexc("#5c6b79"), depth)
    stage.canvas.drawRect(
        box(x - size * 0.25, y - size * 0.4, size * 0.75, size * 0.4), fill(shade(wall, -0.08))
    )
    stage.canvas.drawPath(
        shape(
            [
                (x - size * 0.3, y - size * 0.4),
                (x - size * 0.2, y - size * 0.66),
                (x + size * 0.46, y - size * 0.66),
                (x + size * 0.55, y - size * 0.4),
            ]
        ),
        fill(roof),
    )
    stage.canvas.drawRect(
        box(x - size * 0.45, y - size * 0.72, size * 0.26, size * 0.72),
        ramp((x - size * 0.45, 0), (x - size * 0.19, 0), [shade(wall, 0.1), shade(wall, -0.16)]),
    )
    stage.canvas.drawPath(
        shape(
            [
                (x - size * 0.48, y - size * 0.72),
                (x - size * 0.32, y - size * 1.25),
                (x - size * 0.16, y - size * 0.72),
            ]
        ),
        ramp((x - size * 0.48, 0), (x - size * 0.16, 0), [shade(roof, 0.16), shade(roof, -0.2)]),
    )
    for offset in (-0.06, 0.14, 0.34):
        draw_slit(stage, x + offset * size, y - size * 0.3, size * 0.06, depth)


def draw_windmill(stage: Stage, x: float, y: float, size: float, depth: float) -> None:
    """A windmill with four sails."""
    wall = stage.tint(hexc("#efe0c4"), depth)
    stage.shadow(x, y, size * 0.3, size * 0.04)
    body = shape(
        [
            (x - size * 0.2, y),
            (x - size * 0.12, y - size * 0.62),
            (x + size * 0.12, y - size * 0.62),
            (x + size * 0.2, y),
        ]
    )
    stage.canvas.drawPath(
        body, ramp((x - size * 0.2, 0), (x + size * 0.2, 0), [shade(wall, 0.1), shade(wall, -0.2)])
    )
    cap = skia.Path()
    cap.addArc(box(x - size * 0.14, y - size * 0.76, size * 0.28, size * 0.28), 180, 180)
    stage.canvas.drawPath(cap, fill(stage.tint(hexc("#9b4a3a"), depth)))
    draw_house_door(stage, x, y, size * 0.1, size * 0.18, depth)
    hub = (x, y - size * 0.64)
    wood, sail = stage.tint(hexc("#6b4a33"), depth), stage.tint(hexc("#fbf4e4"), depth)
    for blade in range(4):
        stage.canvas.save()
        stage.canvas.translate(*hub)
        stage.canvas.rotate(blade * 90 + 24)
        stage.canvas.drawRect(box(size * 0.06, -size * 0.01, size * 0.36, size * 0.085), fill(sail, 0.95))
        stage.canvas.drawLine(0, 0, size * 0.44, 0, line(wood, size * 0.018))
        for rung in range(1, 6):
            stage.canvas.drawLine(
                size * (0.06 + rung * 0.06),
                0,
                size * (0.06 + rung * 0.06),
                size * 0.075,
                line(wood, size * 0.006),
            )
        stage.canvas.restore()
    stage.canvas.drawCircle(*hub, size * 0.025, fill(wood))


def draw_lighthouse(stage: Stage, x: float, y: float, size: float, colour: Colour | None) -> None:
    """A striped lighthouse on a rock, its lamp lit."""
    red, white, rock = (
        stage.tint(colour or hexc("#d2453c"), 0.2),
        stage.tint(hexc("#f6f0e6"), 0.2),
        stage.tint(hexc("#6d6a70"), 0.2),
    )
    stage.canvas.drawPath(
        shape(
            [
                (x - size * 0.4, y),
                (x - size * 0.2, y - size * 0.14),
                (x + size * 0.22, y - size * 0.12),
                (x + size * 0.44, y),
            ]
        ),
        fill(rock),
    )
    for band in range(5):
        low, high = 0.1 + band * 0.14, 0.24 + band * 0.14
        wide = 0.15 - band * 0.014
        stage.canvas.drawPath(
            shape(
                [
                    (x - size * wide, y - size * low),
                    (x - size * (wide - 0.014), y - size * high),
                    (x + size * (wide - 0.014), y - size * high),
                    (x + size * wide, y - size * low),
                ]
            ),
            ramp(
                (x - size * wide, 0),
                (x + size * wide, 0),
                [shade(red if band % 2 == 0 else white, 0.1), shade(red if band % 2 == 0 else white, -0.22)],
            ),
        )
    stage.canvas.drawRect(
        box(x - size * 0.07, y - size * 0.92, size * 0.14, size * 0.12), fill(hexc("#ffeaa5"))
    )
    stage.canvas.drawPath(
        shape([(x - size * 0.09, y - size * 0.92), (x, y - size), (x + size * 0.09, y - size * 0.92)]),
        fill(red),
    )
    stage.lamps.append((x, y - size * 0.86, size * 0.5))
