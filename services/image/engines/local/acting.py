"""Drawing the row: figures with their shadows and riders, the things among them, and signs."""

from __future__ import annotations

import hashlib
from typing import Final

from services.image.engines.local.brush import WHITE, Colour, glow, line, mix, oval, shade
from services.image.engines.local.casting import Actor
from services.image.engines.local.figures import Light, Pose, draw_figure, is_bird, seat_on
from services.image.engines.local.fixtures import draw_top_rail
from services.image.engines.local.growth import draw_bough
from services.image.engines.local.lettering import draw_sign
from services.image.engines.local.placing import Placed
from services.image.engines.local.props import dye
from services.image.engines.local.stage import Stage

READABLE: Final = 0.38
"""How far figures are lifted out of the dark, so that a night stays night and a face a face."""
FLIGHT: Final = 0.9
"""How high a figure that flies alone is above the ground, in its own heights."""
BEHIND: Final = 0.045
"""How far back they stand who are behind a thing, in reaches."""
CROWDED: Final = 0.6
"""How small figures may get that share a seat."""
LEAP: Final = 0.36
"""How high a jumping figure is above the ground, in its own heights."""
ROW_BACK: Final = 0.022
"""How far things and signs stand behind the figures, in reaches."""


def figure_light(stage: Stage) -> Light:
    """The light on figures: that of the stage, lifted."""
    red, green, blue = (part + (1 - part) * READABLE for part in stage.palette.ambient)
    return Light((red, green, blue), stage.palette.rim, 1 if stage.sun[0] > stage.width / 2 else -1)


def draw_row(stage: Stage, row: list[Placed], board: Colour | None = None) -> None:
    """Draw what stands in the row: things, then signs (painted `board`), then figures."""
    light = figure_light(stage)
    back = stage.ground - stage.reach * ROW_BACK
    for place in row:
        if place.actor is not None and place.behind:
            _draw_actor(stage, place.actor, place, light)
    for place in row:
        if place.thing is not None and place.prop is not None:
            place.prop.draw(stage, place.x, back, place.size, dye(place.thing))
            if place.riders:
                _draw_perch(stage, place, back)
                _draw_riders(stage, place, light)
    for place in row:
        if place.sign is not None:
            _draw_board(stage, place, back, board)
    for place in row:
        if place.actor is not None and not place.behind:
            _draw_actor(stage, place.actor, place, light)


def _draw_perch(stage: Stage, place: Placed, y: float) -> None:
    """What a thing grows for somebody to sit on: a bough, a board along the top of a fence."""
    if place.thing is not None and place.thing.name == "tree":
        draw_bough(stage, place.x, y, place.size)
    if place.thing is not None and place.thing.name == "fence":
        draw_top_rail(stage, place.x, y, place.size, dye(place.thing))


def _draw_board(stage: Stage, place: Placed, y: float, board: Colour | None) -> None:
    if place.sign is not None:
        high = stage.reach * stage.camera.adult * 0.36
        draw_sign(stage, place.sign, place.x, y, place.sign.height + high, board)


def _draw_riders(stage: Stage, place: Placed, light: Light) -> None:
    for number, actor in enumerate(place.riders):
        x, ground, size, facing = place_rider(stage, actor, place, number)
        pose = _riding_pose(actor, mounted=place.actor is not None)
        draw_figure(
            stage.canvas, actor.look, pose, x=x, ground=ground, height=size, facing=facing, light=light,
            mood=actor.mood, seed=_seed(actor),
        )  # fmt: skip


def _riding_pose(actor: Actor, *, mounted: bool) -> Pose:
    """Birds stand where others sit, and who is on another's back sits there."""
    if is_bird(actor.look):
        return Pose.STAND if actor.pose is Pose.SIT else actor.pose
    return Pose.SIT if mounted and actor.pose in (Pose.STAND, Pose.WALK, Pose.TALK) else actor.pose


def place_rider(stage: Stage, actor: Actor, place: Placed, number: int) -> tuple[float, float, float, int]:
    """Where the rider of that number sits: its middle, the y of its feet, its height in units, its facing."""
    size = actor.height * stage.reach * stage.camera.adult * place.scale * 0.92
    wide = actor.left + actor.right
    if len(place.riders) > 1:
        size = max(size * CROWDED, min(size, place.width / wide / len(place.riders)))
    if place.actor is not None:
        head = actor.at is not None and actor.at.word == "atop"
        ahead, up = seat_on(place.actor.look, place.actor.pose, head=head)
        centre = _centre(place.actor, place)
        x = centre + place.facing * (ahead * place.size + number * size * wide)
        sunk = min(0.16 * size, 0.05 * place.size)
        return x, stage.ground - up * place.size + sunk, size, place.facing
    aside, above = place.prop.perch if place.prop is not None and place.prop.perch else (0.0, 0.0)
    x = place.x + aside * place.size if len(place.riders) == 1 else place.x + (number - 0.5) * size * wide
    ground = stage.ground - stage.reach * ROW_BACK - above * place.size
    return x, ground, size, -1 if x > stage.width / 2 else 1


def draw_crossing(stage: Stage, actors: list[Actor], x: float, top: float) -> None:
    """The figures on a bridge behind the row, whose highest point is (x, top)."""
    light = figure_light(stage)
    for number, actor in enumerate(actors):
        size = min(actor.height * stage.reach * stage.camera.adult * 0.82, (top - stage.height * 0.04) / 1.08)
        at = x + (number - (len(actors) - 1) / 2) * size * 1.2
        stage.shadow(at, top, size * 0.5, size * 0.05, 0.3)
        draw_figure(
            stage.canvas, actor.look, actor.pose, x=at, ground=top, height=size,
            facing=-1 if x > stage.width / 2 else 1, light=light, mood=actor.mood, seed=_seed(actor),
        )  # fmt: skip


def _centre(actor: Actor, place: Placed) -> float:
    """The middle of the standing figure, which leans out of the middle of its place."""
    return place.x - place.facing * (actor.right - actor.left) / 2 * place.size


def _draw_actor(stage: Stage, actor: Actor, place: Placed, light: Light) -> None:
    ground = stage.ground
    headroom = max(0.0, ground - place.size * 1.15 - stage.height * 0.04)
    if actor.pose is Pose.FLY:
        ground -= min(place.lift or place.size * FLIGHT, headroom)
    elif actor.pose is Pose.JUMP:
        ground -= min(place.size * LEAP, headroom)
    elif actor.pose is Pose.SWIM:
        ground += place.size * 0.26
    if place.behind:
        ground -= stage.reach * BEHIND
    elif not place.lift:
        _draw_shadow(stage, actor, place)
    draw_figure(
        stage.canvas, actor.look, actor.pose, x=_centre(actor, place), ground=ground, height=place.size,
        facing=place.facing, light=light, mood=actor.mood, seed=_seed(actor),
    )  # fmt: skip
    if actor.pose is Pose.SWIM:
        _draw_pool(stage, place)
    _draw_riders(stage, place, light)


def _draw_shadow(stage: Stage, actor: Actor, place: Placed) -> None:
    """A wide soft shadow, and for who touches the ground a dark narrow one where they do."""
    half = place.width / 2
    y = stage.ground
    if actor.pose in (Pose.FLY, Pose.JUMP):
        stage.shadow(place.x, y, half * 0.8, place.size * 0.045 + 4, 0.2)
        return
    resting = actor.pose in (Pose.SLEEP, Pose.LIE)
    stage.shadow(place.x, y - place.size * 0.015, half * 1.02, place.size * 0.06 + 4, 0.4)
    if resting:
        stage.shadow(place.x, y - place.size * 0.02, half * 0.86, place.size * 0.05 + 3, 0.5)


def _seed(actor: Actor) -> int:
    return int.from_bytes(hashlib.sha256(actor.key.encode()).digest()[:4])


def _draw_pool(stage: Stage, place: Placed) -> None:
    """Water around a swimmer, over its lower half."""
    water = shade(stage.tint(stage.palette.water), -0.16)
    y, reach = stage.ground + place.size * 0.14, place.width * 0.75
    deep = place.size * 0.16
    stage.canvas.save()
    stage.canvas.translate(place.x, y)
    stage.canvas.scale(reach, deep)
    stage.canvas.drawCircle(
        0, 0, 1, glow((0, 0), 1, [(water, 1.0), (water, 0.97), (water, 0.0)], [0, 0.62, 1])
    )
    stage.canvas.restore()
    for ring in (0.7, 1.0):
        stage.canvas.drawArc(
            oval(place.x, y, reach * ring, place.size * 0.16 * ring),
            180,
            180,
            False,
            line(mix(WHITE, water, 0.3), 3, 0.7),
        )
