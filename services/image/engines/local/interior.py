"""Rooms: a wall, a floor, a window with the weather in it, and the furniture a place is known by."""

from __future__ import annotations

import skia

from services.image.engines.local.brush import (
    Colour,
    box,
    fill,
    glow,
    hexc,
    line,
    mix,
    oval,
    ramp,
    rounded,
    shade,
)
from services.image.engines.local.furniture import (
    draw_bedstead,
    draw_bench,
    draw_bookshelf,
    draw_fireplace,
    draw_stove,
    inside,
)
from services.image.engines.local.stage import Stage

WALL_COLOURS = {
    "kitchen": hexc("#e8c98f"),
    "bedroom": hexc("#8fa6c4"),
    "dining room": hexc("#b56a55"),
    "library": hexc("#7f6a4d"),
    "workshop": hexc("#b39a78"),
    "house": hexc("#d9a877"),
    "castle hall": hexc("#9a94a3"),
}


def spots(*, right: bool) -> dict[str, float]:
    """Where window and hearth of a room are, as shares of its width; the window is `right` or not."""
    return {"window": 0.74, "fireplace": 0.26} if right else {"window": 0.26, "fireplace": 0.74}


def draw_room(stage: Stage, place: str, *, window_right: bool, furnished: frozenset[str]) -> None:
    """The room of `place` from wall to floor; `furnished` names what stands among the figures already."""
    wall = inside(stage, WALL_COLOURS[place])
    floor_y = stage.height * (stage.camera.horizon + 0.13)
    _draw_wall(stage, wall, floor_y)
    _draw_floor(stage, floor_y)
    share = spots(right=window_right)["window"]
    size = stage.reach * 0.26
    draw_room_window(stage, stage.width * share, floor_y - stage.reach * 0.36, size)
    other = stage.width * (1 - share)
    furnish = {
        "kitchen": draw_stove,
        "bedroom": draw_bookshelf if "bed" in furnished else draw_bedstead,
        "library": draw_bookshelf,
        "workshop": draw_bench,
    }.get(place, draw_fireplace)
    furnish(stage, other, floor_y + stage.height * 0.02, stage.reach * 0.36)
    _draw_beams(stage, wall)


def _draw_wall(stage: Stage, wall: Colour, floor_y: float) -> None:
    stage.canvas.drawRect(
        box(0, 0, stage.width, floor_y), ramp((0, 0), (0, floor_y), [shade(wall, -0.22), wall])
    )
    motif = shade(wall, 0.10)
    step = stage.reach * 0.09
    for row in range(int(floor_y / step) + 1):
        for column in range(int(stage.width / step) + 2):
            x = (column + 0.5 * (row % 2)) * step
            stage.canvas.drawCircle(x, row * step, step * 0.06, fill(motif, 0.7))
    panel = shade(wall, -0.18)
    top = floor_y - stage.reach * 0.085
    stage.canvas.drawRect(box(0, top, stage.width, floor_y - top), fill(panel))
    stage.canvas.drawRect(box(0, top - 5, stage.width, 8), fill(shade(panel, 0.18)))


def _draw_floor(stage: Stage, floor_y: float) -> None:
    wood = inside(stage, hexc("#a5713f"))
    stage.canvas.drawRect(
        box(0, floor_y, stage.width, stage.height - floor_y),
        ramp((0, floor_y), (0, stage.height), [shade(wood, -0.12), shade(wood, 0.06), shade(wood, -0.2)]),
    )
    vanish = stage.width * 0.5
    for board in range(-16, 17):
        stage.canvas.drawLine(
            vanish + board * stage.reach * 0.085,
            floor_y,
            vanish + board * stage.reach * 0.2,
            stage.height,
            line(shade(wood, -0.32), 2.2, 0.6),
        )
    cx, cy = stage.width * 0.5, floor_y + (stage.height - floor_y) * 0.58
    rug = inside(stage, hexc("#a8443f"))
    for grow, tone in ((1.0, rug), (0.88, mix(rug, hexc("#f1d9a4"), 0.65)), (0.8, rug)):
        stage.canvas.drawOval(
            oval(cx, cy, stage.reach * 0.56 * grow, (stage.height - floor_y) * 0.3 * grow), fill(tone)
        )


def _draw_beams(stage: Stage, wall: Colour) -> None:
    wood = inside(stage, hexc("#6b4a33"))
    stage.canvas.drawRect(
        box(0, 0, stage.width, stage.reach * 0.045),
        ramp((0, 0), (0, stage.reach * 0.045), [shade(wood, -0.35), wood]),
    )
    step = stage.reach * 0.32
    for number in range(int(stage.width / step) + 1):
        stage.canvas.drawRect(
            box(step * (number + 0.35), stage.reach * 0.03, stage.reach * 0.045, stage.reach * 0.05),
            fill(shade(wood, -0.2)),
        )


def draw_room_window(stage: Stage, x: float, y: float, size: float) -> None:
    """A window centred at (x, y): the sky of the hour, hills, the moon or the sun, rain or snow."""
    sky = stage.palette.sky
    left, top = x - size * 0.5, y - size * 0.55
    pane = box(left, top, size, size * 1.1)
    stage.canvas.save()
    stage.canvas.clipRect(pane, True)
    stage.canvas.drawRect(pane, ramp((0, top), (0, top + size * 1.1), list(sky)))
    light = stage.palette.light
    stage.canvas.drawCircle(
        x + size * 0.16,
        y - size * 0.2,
        size * 0.5,
        glow((x + size * 0.16, y - size * 0.2), size * 0.5, [(light, 0.7), (light, 0.0)]),
    )
    stage.canvas.drawCircle(x + size * 0.16, y - size * 0.2, size * 0.11, fill(shade(light, 0.3)))
    hill = stage.tint(stage.palette.grass, 0.3)
    stage.canvas.drawOval(oval(x - size * 0.3, y + size * 0.62, size * 0.7, size * 0.34), fill(hill))
    stage.canvas.drawOval(
        oval(x + size * 0.4, y + size * 0.66, size * 0.7, size * 0.3), fill(shade(hill, -0.15))
    )
    stage.canvas.restore()
    wood = inside(stage, hexc("#7d5636"))
    stage.canvas.drawRect(pane, line(wood, size * 0.06))
    stage.canvas.drawLine(x, top, x, top + size * 1.1, line(wood, size * 0.035))
    stage.canvas.drawLine(left, y, left + size, y, line(wood, size * 0.035))
    stage.canvas.drawRRect(
        rounded(left - size * 0.1, top + size * 1.1, size * 1.2, size * 0.08, 4), fill(shade(wood, 0.12))
    )
    _draw_curtains(stage, left, top, size)


def _draw_curtains(stage: Stage, left: float, top: float, size: float) -> None:
    cloth = inside(stage, hexc("#b8433f"))
    for x0, turn in ((left - size * 0.14, 1), (left + size * 1.14, -1)):
        path = skia.Path()
        path.moveTo(x0, top - size * 0.1)
        path.lineTo(x0 + turn * size * 0.42, top - size * 0.1)
        path.cubicTo(
            x0 + turn * size * 0.3,
            top + size * 0.4,
            x0 + turn * size * 0.1,
            top + size * 0.6,
            x0 + turn * size * 0.12,
            top + size * 0.75,
        )
        path.lineTo(x0 + turn * size * 0.15, top + size * 1.2)
        path.lineTo(x0, top + size * 1.2)
        path.close()
        stage.canvas.drawPath(
            path, ramp((x0, 0), (x0 + turn * size * 0.4, 0), [shade(cloth, -0.2), cloth, shade(cloth, -0.15)])
        )
    stage.canvas.drawLine(
        left - size * 0.2,
        top - size * 0.11,
        left + size * 1.2,
        top - size * 0.11,
        line(inside(stage, hexc("#5b3d27")), size * 0.03),
    )
