"""Composition: how near the camera is, who and what stands where, and which way they face."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from services.image.engines.local.casting import Actor
from services.image.engines.local.figures import Pose
from services.image.engines.local.lettering import Lettering
from services.image.engines.local.places import INDOORS
from services.image.engines.local.placing import Placed
from services.image.engines.local.props import Prop, Spot, height_factor, prop_of
from services.image.engines.local.seating import (
    go_to,
    is_called,
    part_flyers,
    place_flyers,
    seat_on_figures,
    seat_on_things,
    tuck_in,
)
from services.image.engines.local.stage import CLOSE, MEDIUM, WIDE, Camera
from storyreel.reading import Reading, Thing

FLOWING: Final = frozenset({Pose.RUN, Pose.WALK, Pose.FLY, Pose.SWIM})
SIGNED: Final = 0.45
"""Share of the row that signs may take, so that their words stay large enough to read."""
HANDY: Final = frozenset({"rock"})
"""Things of the row that are small if somebody holds them."""
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
    if up_high or reading.signs or grown or any(_is_perched(actor, actors) for actor in actors):
        return (WIDE, MEDIUM, MEDIUM)[seed % 3]
    if any(actor.pose in FLOWING for actor in actors):
        return (MEDIUM, WIDE)[seed % 2]
    if len(actors) <= 2 and (reading.speaks or words <= 9):
        return CLOSE
    return (MEDIUM, CLOSE, WIDE)[seed % 3]


def vary_camera(camera: Camera, seed: int) -> Camera:
    """`camera` a little higher or lower, nearer or further, so that shots of one place differ."""
    tilt, near = (-0.065, 0.0, 0.045)[seed // 7 % 3], (0.82, 1.0, 1.22)[seed // 29 % 3]
    return replace(camera, horizon=camera.horizon + tilt, zoom=camera.zoom * near)


def _is_tall(thing: Thing) -> bool:
    prop = prop_of(thing)
    return prop is not None and prop.height > 1.0


def _is_perched(actor: Actor, actors: list[Actor]) -> bool:
    if actor.at is None or actor.at.word not in ("on", "in", "atop"):
        return False
    seat = actor.at.thing
    if any(is_called(other, seat) for other in actors if other is not actor):
        return True
    prop = prop_of(Thing(seat))
    return prop is not None and prop.perch is not None


def row_things(reading: Reading, place: str, *, narrow: bool) -> list[tuple[Thing, Prop]]:
    """The things that stand among the figures, each as often as the text says, at most four.

    A `narrow` panel has room for one; one that a figure is on goes before the others.
    """
    row: list[tuple[Thing, Prop]] = []
    for thing in with_vine(reading, place):
        prop = prop_of(thing)
        if (
            prop is not None
            and prop.spot is Spot.ROW
            and not thing.quoted
            and not _is_in_hand(thing, reading)
        ):
            row += [(thing, prop)] * min(thing.count, 3)
    seats = {creature.at.thing for creature in reading.creatures if creature.at is not None}
    row.sort(key=lambda pair: pair[0].name not in seats)
    return row[: 1 if narrow else 4]


def _is_in_hand(thing: Thing, reading: Reading) -> bool:
    """Whether it is a stone that somebody carries."""
    held = {creature.holds for creature in reading.creatures} | {reading.holds}
    return thing.name in HANDY and thing.name in held


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
    middle_taken: bool = False,
    spots: Mapping[str, float] | None = None,
) -> list[Placed]:
    """The row from left to right, fitted into `width` units without overlaps, figures facing each other.

    Who flies over others comes last and takes no room in the row. One that stands alone leaves the middle
    free if that is `middle_taken`, and goes to what it is at if that is one of the `spots` (shares of the
    width).
    """
    places = [_place_thing(thing, prop, adult) for thing, prop in things]
    grounded, flyers = part_flyers(actors)
    standing = seat_on_things(grounded, places)
    figures = seat_on_figures([_place_actor(actor, adult) for actor in standing])
    boards = [Placed(sign.width * 1.12 + sign.size, sign=sign, size=sign.height) for sign in signs]
    row = _order(figures, places, boards)
    if mirrored:
        row.reverse()
    _spread(row, width, mirrored=mirrored)
    if middle_taken and len(row) == 1:
        row[0].x = width * (0.8 if mirrored else 0.2)
    go_to(row, width, spots or {})
    tuck_in(row)
    _face(row, width, spots or {})
    return [*row, *place_flyers(flyers, width, adult, mirrored=mirrored)]


def _place_thing(thing: Thing, prop: Prop, adult: float) -> Placed:
    size = prop.height * adult * height_factor(thing)
    return Placed(size * prop.width, thing=thing, prop=prop, size=size)


def _place_actor(actor: Actor, adult: float) -> Placed:
    size = actor.height * adult
    return Placed(size * (actor.left + actor.right), actor=actor, size=size)


def _order(figures: list[Placed], places: list[Placed], boards: list[Placed]) -> list[Placed]:
    """Figures in the middle, the first thing at one end, the sign at the other, further things in turn."""
    left: list[Placed] = []
    right: list[Placed] = []
    for number, place in enumerate(places):
        (right if number % 2 == 0 else left).append(place)
    for number, board in enumerate(boards):
        (left if number % 2 == 0 else right).append(board)
    figures = [*figures]
    figures.sort(key=lambda place: _is_at(place, right) - _is_at(place, left))
    return [*reversed(left), *figures, *right]


def _is_at(figure: Placed, places: list[Placed]) -> bool:
    """Whether the text has the figure under, behind or beside one of `places`."""
    at = figure.actor.at if figure.actor is not None else None
    return at is not None and any(
        place.thing is not None and place.thing.name == at.thing for place in places
    )


def _spread(row: list[Placed], width: float, *, mirrored: bool) -> None:
    """Scale the row down if it is too wide, then share out what space is left; one alone stands aside."""
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
        row[0].x += width * (-0.12 if mirrored else 0.12)


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


def _face(row: list[Placed], width: float, spots: Mapping[str, float]) -> None:
    """Turn the figures: towards each other, or all along when they move, a lone one to what is beside it.

    Who has turned away looks the other way, and is shown going out of the picture's middle.
    """
    figures = [place for place in row if place.actor is not None]
    moving = [place for place in figures if place.actor and place.actor.pose in FLOWING]
    middle = sum(place.x for place in figures) / max(1, len(figures))
    chased = [place.x for place in moving if place.actor and place.actor.away]
    heading = -1 if chased and min(chased) < middle else 1
    things = [place for place in row if place.actor is None and (place.thing or place.sign)]
    for place in figures:
        if len(figures) > 1 and len(moving) > 1:
            place.facing = heading
        elif len(figures) > 1:
            place.facing = 1 if place.x <= middle else -1
        elif things:
            place.facing = 1 if things[0].x > place.x else -1
        elif spots and place.actor is not None and place.actor.at and place.actor.at.thing in spots:
            place.facing = 1 if spots[place.actor.at.thing] > 0.5 else -1
        else:
            place.facing = 1 if place.x < width / 2 else -1
        if place.actor is not None and place.actor.away and len(moving) < 2 and (things or len(figures) > 1):
            place.facing = -place.facing
