"""Composition: how near the camera is, who and what stands where, and which way they face."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Final

from services.image.engines.local.casting import Actor
from services.image.engines.local.figures import Pose
from services.image.engines.local.lettering import Lettering
from services.image.engines.local.places import INDOORS
from services.image.engines.local.props import Prop, Spot, height_factor, prop_of
from services.image.engines.local.stage import CLOSE, MEDIUM, WIDE, Camera
from storyreel.reading import Reading, Thing

FLOWING: Final = frozenset({Pose.RUN, Pose.WALK, Pose.FLY, Pose.SWIM})
SIGNED: Final = 0.45
"""Share of the row that signs may take, so that their words stay large enough to read."""
FRAMED: Final = 0.90
"""Share of the panel's width that the row of figures and things may fill."""


def text_seed(text: str, take: int, style: str) -> int:
    """A seed for the composition of a shot: the same after one word is exchanged for another."""
    shape = f"{len(text.split())}:{text.count('.')}:{text.count(',')}:{take}:{style}"
    return int.from_bytes(hashlib.sha256(shape.encode()).digest()[:4])


def choose_camera(reading: Reading, place: str, actors: list[Actor], words: int, seed: int) -> Camera:
    """Wide for crowds, empty land and what happens in the sky; close for speech and few words."""
    up_high = any(thing.name in ("moon", "sun", "star", "rainbow", "kite") for thing in reading.things)
    grown = any(_is_tall(thing) for thing in with_vine(reading, place))
    if not actors or len(actors) > 3:
        return MEDIUM if place in INDOORS else WIDE
    if up_high or reading.signs or grown or any(_is_perched(actor) for actor in actors):
        return (WIDE, MEDIUM, MEDIUM)[seed % 3]
    if any(actor.pose in FLOWING for actor in actors):
        return (MEDIUM, WIDE)[seed % 2]
    if len(actors) <= 2 and (reading.speaks or words <= 9):
        return CLOSE
    return (MEDIUM, CLOSE, WIDE)[seed % 3]


def _is_tall(thing: Thing) -> bool:
    prop = prop_of(thing)
    return prop is not None and prop.height > 1.0


def _is_perched(actor: Actor) -> bool:
    prop = prop_of(Thing(actor.at.thing)) if actor.at is not None and actor.at.word in ("on", "in") else None
    return prop is not None and prop.perch is not None


@dataclass
class Placed:
    """Something in the row: its `actor`, `thing` or `sign`, its width in units, and where it came to stand.

    `size` is its height in units, `scale` how far the row had to be scaled down, `riders` sit on the thing.
    """

    width: float
    actor: Actor | None = None
    thing: Thing | None = None
    prop: Prop | None = None
    sign: Lettering | None = None
    x: float = 0.0
    size: float = 0.0
    scale: float = 1.0
    facing: int = 1
    riders: list[Actor] = field(default_factory=list)


def row_things(reading: Reading, place: str, *, narrow: bool) -> list[tuple[Thing, Prop]]:
    """The things that stand among the figures, each as often as the text says, at most four.

    A `narrow` panel has room for one; one that a figure is on goes before the others.
    """
    row: list[tuple[Thing, Prop]] = []
    for thing in with_vine(reading, place):
        prop = prop_of(thing)
        if prop is not None and prop.spot is Spot.ROW and not thing.quoted:
            row += [(thing, prop)] * min(thing.count, 3)
    seats = {creature.at.thing for creature in reading.creatures if creature.at is not None}
    row.sort(key=lambda pair: pair[0].name not in seats)
    return row[: 1 if narrow else 4]


def with_vine(reading: Reading, place: str) -> tuple[Thing, ...]:
    """The things, with a vine for grapes that nobody holds, and for who jumps or looks up in a vineyard."""
    grapes = next((thing for thing in reading.things if thing.name == "grapes"), None)
    names = {thing.name for thing in reading.things}
    held = {creature.holds for creature in reading.creatures} | {reading.holds}
    doing = {action for creature in reading.creatures for action in creature.actions} | {*reading.actions}
    if grapes is None and place == "vineyard" and doing & {"jump", "look_up"}:
        return (Thing("vine"), *(thing for thing in reading.things if thing.name != "vine"))
    if grapes is None or "grapes" in held or names & {"table", "basket", "cart"}:
        return reading.things
    others = tuple(thing for thing in reading.things if thing.name not in ("vine", "grapes"))
    return (Thing("vine", colour=grapes.colour), *others)


def compose_row(
    actors: list[Actor],
    things: list[tuple[Thing, Prop]],
    signs: list[Lettering],
    *,
    width: float,
    adult: float,
    mirrored: bool,
) -> list[Placed]:
    """The row from left to right, fitted into `width` units without overlaps, figures facing each other."""
    places = [_place_thing(thing, prop, adult) for thing, prop in things]
    standing = _seat_riders(actors, places)
    figures = [_place_actor(actor, adult) for actor in standing]
    boards = [Placed(sign.width * 1.12 + sign.size, sign=sign, size=sign.height) for sign in signs]
    row = _order(figures, places, boards)
    if mirrored:
        row.reverse()
    _spread(row, width)
    _face(row, width)
    return row


def _place_thing(thing: Thing, prop: Prop, adult: float) -> Placed:
    size = prop.height * adult * height_factor(thing)
    return Placed(size * prop.width, thing=thing, prop=prop, size=size)


def _place_actor(actor: Actor, adult: float) -> Placed:
    size = actor.height * adult
    return Placed(size * (actor.left + actor.right), actor=actor, size=size)


def _seat_riders(actors: list[Actor], places: list[Placed]) -> list[Actor]:
    """Put the actors that are on or in a thing that can be sat on there; return the others."""
    standing: list[Actor] = []
    for actor in actors:
        seat = _seat_of(actor, places)
        if seat is None:
            standing.append(actor)
        else:
            seat.riders.append(actor)
    return standing


def _seat_of(actor: Actor, places: list[Placed]) -> Placed | None:
    """The thing in the row that the text puts the actor on or in; trees carry the light ones only."""
    if actor.at is None or actor.at.word not in ("on", "in") or actor.pose is Pose.FLY:
        return None
    if actor.at.thing == "tree" and not actor.light:
        return None
    for place in places:
        named = place.thing is not None and place.thing.name == actor.at.thing
        if named and place.prop is not None and place.prop.perch is not None and len(place.riders) < 2:
            return place
    return None


def _order(figures: list[Placed], places: list[Placed], boards: list[Placed]) -> list[Placed]:
    """Figures in the middle, the first thing at one end, the sign at the other, further things in turn."""
    left: list[Placed] = []
    right: list[Placed] = []
    for number, place in enumerate(places):
        (right if number % 2 == 0 else left).append(place)
    for number, board in enumerate(boards):
        (left if number % 2 == 0 else right).append(board)
    if len(figures) > 1 and not places and not boards:
        return figures
    return [*reversed(left), *figures, *right]


def _spread(row: list[Placed], width: float) -> None:
    """Scale the row down if it is too wide, then share out what space is left."""
    if not row:
        return
    room = width * FRAMED - width * 0.025 * (len(row) - 1)
    _shrink([place for place in row if place.sign is not None], room * SIGNED)
    boards = sum(place.width for place in row if place.sign is not None)
    _shrink([place for place in row if place.sign is None], room - boards)
    between = (width * FRAMED - sum(place.width for place in row)) / (len(row) + 1)
    x = width * (1 - FRAMED) / 2 + between
    for place in row:
        place.x = x + place.width / 2
        x += place.width + between
    if len(row) == 1:
        row[0].x += (width * 0.12) * (1 if row[0].x >= width / 2 else -1)


def _shrink(places: list[Placed], room: float) -> None:
    """Scale `places` down together until they fit into `room` units."""
    total = sum(place.width for place in places)
    if total <= room:
        return
    for place in places:
        place.scale = room / total
        place.width *= place.scale
        place.size *= place.scale
        if place.sign is not None:
            place.sign = _smaller(place.sign, place.scale)


def _smaller(sign: Lettering, scale: float) -> Lettering:
    return Lettering(sign.lines, sign.size * scale, sign.width * scale, sign.height * scale)


def _face(row: list[Placed], width: float) -> None:
    """Turn the figures: towards each other, or all along when they move, a lone one to what is beside it."""
    figures = [place for place in row if place.actor is not None]
    moving = [place for place in figures if place.actor and place.actor.pose in FLOWING]
    middle = sum(place.x for place in figures) / max(1, len(figures))
    if len(figures) > 1 and len(moving) > 1:
        for place in figures:
            place.facing = 1
        return
    things = [place for place in row if place.actor is None and place.thing is not None]
    for place in figures:
        if len(figures) > 1:
            place.facing = 1 if place.x <= middle else -1
        elif things:
            place.facing = 1 if things[0].x > place.x else -1
        else:
            place.facing = 1 if place.x < width / 2 else -1
