"""What is held, spread over a figure, on the table or at the figures' feet: the small things of a shot."""

from __future__ import annotations

from itertools import pairwise

from services.image.engines.local.acting import ROW_BACK, place_rider
from services.image.engines.local.brush import clamp
from services.image.engines.local.casting import Actor
from services.image.engines.local.composition import HANDY
from services.image.engines.local.placing import Placed
from services.image.engines.local.props import PROPS, Prop, Spot, dye, height_factor, prop_of
from services.image.engines.local.stage import Stage
from storyreel.reading import Reading, Thing


def draw_small_things(stage: Stage, reading: Reading, row: list[Placed]) -> None:
    """What is held, what is spread over a figure, what lies on the table or at the figures' feet."""
    held = _draw_held(stage, reading, row)
    slots = _foot_slots(stage, row)
    scale = min((place.scale for place in row if place.sign is None), default=1.0)
    table = next((place for place in row if place.thing and place.thing.name == "table"), None)
    for number, (thing, prop) in enumerate(_loose_things(reading, row, held)[:5]):
        size = prop.height * stage.reach * stage.camera.adult * height_factor(thing) * scale
        if thing.name in ("net", "rope") and (caught := _caught(row, thing.name)) is not None:
            size = max(caught.size * 0.9, caught.width * 0.45)
            PROPS["net"].draw(stage, caught.x, stage.ground + 6, size, dye(thing))
        elif table is not None and number < 3:
            x = table.x + (number - 1) * table.width * 0.28
            y = stage.ground - stage.reach * ROW_BACK - table.size * 0.97
            prop.draw(stage, x, y, size * 0.9, dye(thing))
        else:
            x, ahead = slots[number % len(slots)]
            room = {1: stage.width - x, -1: x}.get(ahead, stage.width)
            size = max(size * 0.45, min(size, room / prop.width))
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
            and not (thing.name == "flag" and reading.signs)
            and not any(thing.name in creature.dress.split() for creature in reading.creatures)
        ):
            loose.append((thing, prop))
    return loose


def _has(row: list[Placed], name: str) -> bool:
    return any(place.thing is not None and place.thing.name == name for place in row)


def _caught(row: list[Placed], thing: str) -> Placed | None:
    """Whom a net lies over: who is in it, else one much larger than the others (a lion, not its mouse)."""
    figures = sorted((place for place in row if place.actor is not None), key=lambda place: -place.size)
    for place in figures:
        at = place.actor.at if place.actor else None
        if at is not None and at.thing == "net" and at.word in ("in", "under"):
            return place
    if thing == "net" and len(figures) > 1 and figures[0].size > figures[-1].size * 1.4:
        return figures[0]
    return None


def _draw_held(stage: Stage, reading: Reading, row: list[Placed]) -> set[str]:
    """Draw what figures hold at their hands or beaks; return the names.

    Of one thing that many hold, one is drawn. A banner with words is a sign already.
    """
    named = {thing.name: thing for thing in reading.things}
    left = {name: thing.count for name, thing in named.items()}
    held: set[str] = set()
    holders = [
        (actor, place) for place in row for actor in [place.actor, *place.riders] if actor and actor.holds
    ]
    holders.sort(key=lambda pair: abs(pair[1].x - stage.width / 2))
    for actor, place in holders:
        name = actor.holds or ""
        prop = prop_of(Thing(name))
        if prop is None or not _is_handy(name, prop) or (name == "flag" and reading.signs):
            continue
        held.add(name)
        left[name] = left.get(name, 1) - 1
        if left[name] >= 0:
            _draw_in_hand(stage, actor, place, prop, named.get(name) or Thing(name))
    return held


def _is_handy(name: str, prop: Prop) -> bool:
    return prop.spot is Spot.SMALL or name in HANDY


def _draw_in_hand(stage: Stage, actor: Actor, place: Placed, prop: Prop, held: Thing) -> None:
    adult = stage.reach * stage.camera.adult
    if place.actor is actor:
        x, ground, size, facing = place.x, stage.ground - place.lift, place.size, place.facing
    else:
        x, ground, size, facing = place_rider(stage, actor, place, 0)
    thing = min(prop.height * adult, size * (0.14 if actor.holds in HANDY else 0.36))
    prop.draw(stage, x + facing * actor.right * size * 0.82, ground - size * 0.34, thing, dye(held))


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
