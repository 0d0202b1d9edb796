"""Drawing the row: figures with their shadows, the things among them, signs, and what lies at their feet."""

from __future__ import annotations

import hashlib
from itertools import pairwise
from typing import Final

from services.image.engines.local.brush import WHITE, Colour, clamp, fill, line, mix, oval
from services.image.engines.local.casting import Actor
from services.image.engines.local.composition import Placed
from services.image.engines.local.figures import Light, Pose, draw_figure
from services.image.engines.local.growth import draw_bough
from services.image.engines.local.lettering import draw_sign
from services.image.engines.local.props import Prop, Spot, dye, height_factor, prop_of
from services.image.engines.local.stage import Stage
from storyreel.reading import Reading, Thing

READABLE: Final = 0.38
"""How far figures are lifted out of the dark, so that a night stays night and a face a face."""
LIFT: Final = 0.72
"""How high a flying figure is above the ground, in its own heights, and a jumping one in half of that."""
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
        if place.thing is not None and place.prop is not None:
            place.prop.draw(stage, place.x, back, place.size, dye(place.thing))
            _draw_riders(stage, place, back, light)
    for place in row:
        if place.sign is not None:
            _draw_board(stage, place, back, board)
    for place in row:
        if place.actor is not None:
            _draw_actor(stage, place.actor, place, light)


def _draw_board(stage: Stage, place: Placed, y: float, board: Colour | None) -> None:
    if place.sign is not None:
        high = stage.reach * stage.camera.adult * 0.36
        draw_sign(stage, place.sign, place.x, y, place.sign.height + high, board)


def _draw_riders(stage: Stage, place: Placed, y: float, light: Light) -> None:
    if place.prop is None or place.prop.perch is None:
        return
    aside, above = place.prop.perch
    if place.riders and place.thing is not None and place.thing.name == "tree":
        draw_bough(stage, place.x, y, place.size)
    for number, actor in enumerate(place.riders):
        size = rider_size(stage, actor, place)
        x = place.x + aside * place.size + number * size * 0.7
        facing = -1 if x > stage.width / 2 else 1
        draw_figure(
            stage.canvas, actor.look, actor.pose, x=x, ground=y - above * place.size, height=size,
            facing=facing, light=light, mood=actor.mood, seed=_seed(actor),
        )  # fmt: skip


def rider_size(stage: Stage, actor: Actor, place: Placed) -> float:
    """The height of a figure that sits on `place`, in units: a little further away than the row."""
    return actor.height * stage.reach * stage.camera.adult * place.scale * 0.92


def _draw_actor(stage: Stage, actor: Actor, place: Placed, light: Light) -> None:
    ground = stage.ground
    headroom = max(0.0, ground - place.size * 1.15 - stage.height * 0.04)
    if actor.pose is Pose.FLY:
        ground -= min(place.size * LIFT, headroom)
    elif actor.pose is Pose.JUMP:
        ground -= min(place.size * LIFT / 2, headroom)
    elif actor.pose is Pose.SWIM:
        ground += place.size * 0.26
    half = place.width / 2
    strength = 0.2 if actor.pose in (Pose.FLY, Pose.JUMP) else 0.42
    stage.shadow(place.x, stage.ground + stage.reach * 0.004, half * 0.95, place.size * 0.055 + 4, strength)
    centre = place.x - place.facing * (actor.right - actor.left) / 2 * place.size
    draw_figure(
        stage.canvas, actor.look, actor.pose, x=centre, ground=ground, height=place.size, facing=place.facing,
        light=light, mood=actor.mood, seed=_seed(actor),
    )  # fmt: skip
    if actor.pose is Pose.SWIM:
        _draw_pool(stage, place)


def _seed(actor: Actor) -> int:
    return int.from_bytes(hashlib.sha256(actor.key.encode()).digest()[:4])


def _draw_pool(stage: Stage, place: Placed) -> None:
    """Water around a swimmer, over its lower half."""
    water = stage.tint(stage.palette.water)
    y, reach = stage.ground + place.size * 0.14, place.width * 0.75
    stage.canvas.drawOval(oval(place.x, y, reach, place.size * 0.16), fill(water, 0.96))
    for ring in (0.7, 1.0):
        stage.canvas.drawArc(
            oval(place.x, y, reach * ring, place.size * 0.16 * ring),
            180,
            180,
            False,
            line(mix(WHITE, water, 0.3), 3, 0.7),
        )


def draw_small_things(stage: Stage, reading: Reading, row: list[Placed]) -> None:
    """What is held, what is spread over a figure, what lies on the table or at the figures' feet."""
    held = _draw_held(stage, row)
    slots = _foot_slots(stage, row)
    scale = min((place.scale for place in row if place.sign is None), default=1.0)
    table = next((place for place in row if place.thing and place.thing.name == "table"), None)
    for number, (thing, prop) in enumerate(_loose_things(reading, row, held)[:5]):
        size = prop.height * stage.reach * stage.camera.adult * height_factor(thing) * scale
        if thing.name == "net" and (caught := _caught(row)) is not None:
            size = max(caught.size * 0.9, caught.width * 0.45)
            prop.draw(stage, caught.x, stage.ground + 6, size, dye(thing))
        elif table is not None and number < 3:
            x = table.x + (number - 1) * table.width * 0.28
            y = stage.ground - stage.reach * ROW_BACK - table.size * 0.97
            prop.draw(stage, x, y, size * 0.9, dye(thing))
        else:
            x, ahead = slots[number % len(slots)]
            _draw_at_feet(stage, thing, prop, size, x + ahead * size * prop.width / 2)


def _loose_things(reading: Reading, row: list[Placed], held: set[str]) -> list[tuple[Thing, Prop]]:
    """The small things that nobody holds and that are not part of what stands in the row."""
    hanging = {"grapes"} if _has(row, "vine") else set()
    loose = []
    for thing in reading.things:
        prop = prop_of(thing)
        if (
            prop is not None
            and prop.spot is Spot.SMALL
            and not thing.quoted
            and thing.name not in held | hanging
        ):
            loose.append((thing, prop))
    return loose


def _has(row: list[Placed], name: str) -> bool:
    return any(place.thing is not None and place.thing.name == name for place in row)


def _caught(row: list[Placed]) -> Placed | None:
    """Whom a net lies over: who is in it, else one much larger than the others (a lion, not its mouse)."""
    figures = sorted((place for place in row if place.actor is not None), key=lambda place: -place.size)
    for place in figures:
        at = place.actor.at if place.actor else None
        if at is not None and at.thing == "net" and at.word in ("in", "under"):
            return place
    if len(figures) > 1 and figures[0].size > figures[-1].size * 1.4:
        return figures[0]
    return None


def _draw_held(stage: Stage, row: list[Placed]) -> set[str]:
    """Draw what figures hold at their hands or beaks; return the names."""
    held: set[str] = set()
    for place in row:
        for actor in [place.actor, *place.riders]:
            if actor is None or actor.holds is None:
                continue
            prop = prop_of(Thing(actor.holds))
            if prop is None or prop.spot is not Spot.SMALL:
                continue
            held.add(actor.holds)
            _draw_in_hand(stage, actor, place, prop)
    return held


def _draw_in_hand(stage: Stage, actor: Actor, place: Placed, prop: Prop) -> None:
    adult = stage.reach * stage.camera.adult
    if place.actor is actor:
        x, ground, size, facing = place.x, stage.ground, place.size, place.facing
    else:
        aside, above = place.prop.perch if place.prop and place.prop.perch else (0.0, 0.0)
        size = rider_size(stage, actor, place)
        x, ground = place.x + aside * place.size, stage.ground - stage.reach * ROW_BACK - above * place.size
        facing = -1 if x > stage.width / 2 else 1
    thing = min(prop.height * adult, size * 0.36)
    prop.draw(stage, x + facing * actor.right * size * 0.82, ground - size * 0.34, thing, None)


def _foot_slots(stage: Stage, row: list[Placed]) -> list[tuple[float, int]]:
    """Places for small things: before each figure, then between what stands in the row.

    Each is where a thing may begin and the side it may reach to (0: both).
    """
    figures = [place for place in row if place.actor is not None]
    before = [(place.x + place.facing * place.width * 0.52, place.facing) for place in figures]
    between = [((one.x + other.x) / 2, 0) for one, other in pairwise(row)]
    spare = [(stage.width * share, 0) for share in (0.5, 0.36, 0.64, 0.2, 0.8)]
    return [*before, *between, *spare]


def _draw_at_feet(stage: Stage, thing: Thing, prop: Prop, size: float, x: float) -> None:
    half = size * prop.width / 2
    x = clamp(x, half, stage.width - half)
    y = stage.ground + stage.reach * 0.028
    for number in range(min(thing.count, 5)):
        aside = (number - (min(thing.count, 5) - 1) / 2) * size * 0.8
        prop.draw(stage, x + aside, y + (number % 2) * size * 0.12, size, dye(thing))
