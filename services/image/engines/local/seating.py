"""Who is on what: figures on things and on other figures' backs, in the air over the others, under a tree."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Final

from services.image.engines.local.casting import Actor
from services.image.engines.local.figures import Pose
from services.image.engines.local.placing import Placed

RIDERS: Final = 2
"""Figures that one seat has room for."""
SHADE: Final = frozenset({"tree", "pine", "palm"})
FLIGHT: Final = 1.02
"""How high flying figures are over the others, in grown people."""


def part_flyers(actors: list[Actor]) -> tuple[list[Actor], list[Actor]]:
    """Those on the ground and those in the air above them; who fly alone take the middle of the panel."""
    grounded = [actor for actor in actors if actor.pose is not Pose.FLY]
    if not grounded:
        return actors, []
    return grounded, [actor for actor in actors if actor.pose is Pose.FLY]


def place_flyers(flyers: list[Actor], width: float, adult: float, *, mirrored: bool) -> list[Placed]:
    """The flyers spread over the panel, by turns higher and lower."""
    placed = []
    for number, actor in enumerate(flyers):
        size = actor.height * adult * 0.9
        share = (number + 0.72) / (len(flyers) + 0.44)
        placed.append(
            Placed(
                size * (actor.left + actor.right),
                actor=actor,
                size=size,
                x=width * (1 - share if mirrored else share),
                lift=adult * (FLIGHT + 0.2 * (number % 2)),
                facing=-1 if mirrored else 1,
            )
        )
    return placed


def seat_on_things(actors: list[Actor], places: list[Placed]) -> list[Actor]:
    """Put the actors that are on or in a thing that can be sat on there; return the others."""
    standing: list[Actor] = []
    for actor in actors:
        seat = _thing_under(actor, places)
        if seat is None:
            standing.append(actor)
        else:
            seat.riders.append(actor)
    return standing


def _thing_under(actor: Actor, places: list[Placed]) -> Placed | None:
    """The thing in the row that the text puts the actor on or in; trees carry the light ones only."""
    if actor.at is None or actor.at.word not in ("on", "in") or actor.pose is Pose.FLY:
        return None
    if actor.at.thing == "tree" and not actor.light:
        return None
    for place in places:
        named = place.thing is not None and place.thing.name == actor.at.thing
        if named and place.prop is not None and place.prop.perch is not None and len(place.riders) < RIDERS:
            return place
    return None


def seat_on_figures(figures: list[Placed]) -> list[Placed]:
    """Put the figures that the text has riding on another there; return the others."""
    riding = {id(figure): mount for figure in figures if (mount := _mount_of(figure, figures)) is not None}
    for figure in figures:
        if (mount := riding.get(id(figure))) is not None and figure.actor is not None:
            mount.riders.append(figure.actor)
    return [figure for figure in figures if id(figure) not in riding]


def _mount_of(figure: Placed, figures: list[Placed]) -> Placed | None:
    at = figure.actor.at if figure.actor is not None else None
    if at is None or at.word not in ("on", "atop"):
        return None
    for other in figures:
        if other is not figure and other.actor is not None and is_called(other.actor, at.thing):
            return other if _mount_of(other, [one for one in figures if one is not figure]) is None else None
    return None


def is_called(actor: Actor, noun: str) -> bool:
    """Whether a text means `actor` by `noun`: its name, or what it is."""
    return noun in (actor.key.lower(), actor.look.species)


def go_to(row: list[Placed], width: float, spots: Mapping[str, float]) -> None:
    """Move a lone figure to the window or the hearth that the text has it at."""
    if len(row) != 1 or row[0].actor is None or row[0].actor.at is None:
        return
    spot = spots.get(row[0].actor.at.thing)
    if spot is not None and row[0].actor.at.word != "on":
        row[0].x = width * (0.5 + (spot - 0.5) * 0.55)


def tuck_in(row: list[Placed]) -> None:
    """Move who is under a tree from beside its crown to beside its trunk, who is behind a thing behind it."""
    pairs = list(pairwise(row))
    for place, other in [*pairs, *((right, left) for left, right in pairs)]:
        at = place.actor.at if place.actor is not None else None
        if at is None or other.thing is None or at.thing != other.thing.name:
            continue
        side = 1 if place.x > other.x else -1
        if at.word == "under" and at.thing in SHADE:
            place.x = other.x + side * (other.size * 0.07 + place.width / 2)
        elif at.word == "behind":
            broad = other.size * 0.14 if at.thing in SHADE else other.width
            place.x = other.x + side * max(broad * 0.3, place.width * 0.5 - broad * 0.2)
            place.behind = True
