"""Who is in a panel: the cast from their sheets and the unnamed creatures of the text, each with its pose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import skia

from services.image.engines.local.figures import (
    Light,
    Look,
    Pose,
    design_look,
    draw_figure,
    look_of_sheet,
    natural_height,
)
from storyreel.reading import Creature, Reading, Relation, lexicon
from storyreel.recipes import PanelRecipe

POSES: Final = {
    "sleep": Pose.SLEEP,
    "run": Pose.RUN,
    "walk": Pose.WALK,
    "fly": Pose.FLY,
    "swim": Pose.SWIM,
    "sit": Pose.SIT,
    "eat": Pose.EAT,
    "look_up": Pose.LOOK_UP,
    "jump": Pose.JUMP,
    "lie": Pose.LIE,
    "talk": Pose.TALK,
    "stand": Pose.STAND,
    "hold": Pose.HOLD,
    "rise": Pose.STAND,
    "turn_away": Pose.STAND,
    "flee": Pose.RUN,
    "chase": Pose.RUN,
}
PASSING: Final = frozenset({"talk", "stand", "hold"})
"""Actions that show less than any other told of the same creature."""
STORYBOOK: Final = 0.45
"""Exponent that brings natural heights together, so that a mouse beside a lion is still seen."""
WINGED: Final = frozenset({"fairy", "witch"})
"""People who fly."""
MOST_HIGH: Final = 1.22
"""The most that any figure stands above a grown person: an elephant has to fit the panel too."""
LEAST: Final = 0.8
"""The height that the tallest figure of a panel has at least, in grown people."""
LIGHT: Final = 0.75
"""The natural height below which a figure may sit in a tree."""
MOST: Final = 6
"""Figures in one panel."""
MOST_NARROW: Final = 4
"""Figures in a panel that is taller than wide."""


@dataclass(frozen=True)
class Actor:
    """One figure of a panel. `height` is in grown people; `at` and `holds` as in `Creature`.

    `light` ones may sit in trees, those that are `away` have turned their backs. `left` and `right` are how
    far the figure reaches from its centre when it faces right, in its heights.
    """

    key: str
    look: Look
    pose: Pose
    mood: str
    height: float
    left: float
    right: float
    light: bool = False
    holds: str | None = None
    at: Relation | None = None
    away: bool = False


def cast_actors(recipe: PanelRecipe, reading: Reading, sheets: Mapping[str, bytes]) -> list[Actor]:
    """The figures of a panel, in the order of the text, at most `MOST` or `MOST_NARROW`.

    Raises ValueError when a member of the cast has no sheet.
    """
    most = MOST if recipe.width >= recipe.height else MOST_NARROW
    looks = {member.name: _look(member.name, sheets) for member in recipe.cast}
    told = _claim(looks, reading)
    told = _give_loose(told, reading)
    actors: list[tuple[int, Actor]] = []
    for name, creature in told.items():
        actors.append((creature.start, _actor(name, looks[name], creature, reading)))
    claimed = {(creature.name, creature.start) for creature in told.values()}
    for creature in reading.creatures:
        if creature.quoted or (creature.name, creature.start) in claimed or _is_same_kind(creature, looks):
            continue
        count = min(creature.count, most // 2) if most == MOST_NARROW else creature.count
        crowd = [_unnamed(creature, number, recipe.style, reading) for number in range(count)]
        actors += [(creature.start, actor) for actor in crowd]
    actors.sort(key=lambda pair: pair[0])
    return _at_eye_level([actor for _, actor in actors][:most])


def _at_eye_level(actors: list[Actor]) -> list[Actor]:
    """Figures that are all small are seen from as near as they need."""
    tallest = max((actor.height for actor in actors), default=1.0)
    nearer = max(1.0, LEAST / tallest)
    return [replace(actor, height=actor.height * nearer) for actor in actors]


def _look(name: str, sheets: Mapping[str, bytes]) -> Look:
    if name not in sheets:
        raise ValueError(f"there is no sheet of {name!r} to draw it from: make its sheet first")
    return look_of_sheet(sheets[name])


def _claim(looks: Mapping[str, Look], reading: Reading) -> dict[str, Creature]:
    """For each member of the cast what the text tells of it, by its name or else by its species."""
    told: dict[str, Creature] = {}
    free = {creature.name: creature for creature in reading.creatures}
    for name in looks:
        if (named := free.get(name.lower())) is not None and named.species == name:
            told[name] = free.pop(name.lower())
    for name, look in looks.items():
        match = next((c for c in free.values() if c.species == look.species and c.count == 1), None)
        if match is None:
            told.setdefault(name, Creature(name=name.lower(), species=look.species, start=0))
        else:
            del free[match.name]
            told[name] = _joined(told[name], match) if name in told else match
    return told


def _joined(creature: Creature, other: Creature) -> Creature:
    return replace(
        creature,
        actions=creature.actions + other.actions,
        mood=creature.mood or other.mood,
        holds=creature.holds or other.holds,
        at=creature.at or other.at,
    )


def _give_loose(told: dict[str, Creature], reading: Reading) -> dict[str, Creature]:
    """Give what the text says of "she" or "they" to the first member that nothing is told of."""
    if not (reading.actions or reading.mood or reading.holds or reading.at) or not told:
        return told
    idle = [name for name, creature in told.items() if not creature.actions] or list(told)
    first = told[idle[0]]
    return {
        **told,
        idle[0]: replace(
            first,
            actions=reading.actions + first.actions,  # a pronoun that nobody was named for comes first
            mood=first.mood or reading.mood,
            holds=first.holds or reading.holds,
            at=first.at or reading.at,
        ),
    }


def _is_same_kind(creature: Creature, looks: Mapping[str, Look]) -> bool:
    """Whether one creature is only another word for a member of the cast ("the big cat", of a lion)."""
    return creature.count == 1 and any(creature.species == look.species for look in looks.values())


def _actor(key: str, look: Look, creature: Creature, reading: Reading) -> Actor:
    pose = _pose(creature, reading, grounded=look.species in lexicon.people() - WINGED)
    left, right = measure_figure(look, pose)
    return Actor(
        left=left,
        right=right,
        key=key,
        look=look,
        pose=pose,
        mood=creature.mood or reading.mood or "calm",
        height=min(MOST_HIGH, float(natural_height(look) ** STORYBOOK)),
        light=natural_height(look) < LIGHT,
        holds=creature.holds,
        at=creature.at,
        away=bool({"turn_away", "flee"}.intersection(creature.actions)),
    )


def _unnamed(creature: Creature, number: int, style: str, reading: Reading) -> Actor:
    name = creature.name if number == 0 else f"{creature.name} {number + 1}"
    look = design_look(name, " ".join((*creature.adjectives, creature.name, creature.dress)).strip(), style)
    return _actor(name, look, creature, reading)


def _pose(creature: Creature, reading: Reading, *, grounded: bool) -> Pose:
    """The last thing told that shows, else the last told at all; what is carried is held, kites are flown."""
    flown = {"fly"} if grounded else set()
    showing = [action for action in creature.actions if action not in PASSING | flown]
    action = (showing or [*creature.actions] or [_unsaid(creature, reading)])[-1]
    if action in ("rise", "turn_away"):
        later = creature.actions[creature.actions.index(action) + 1 :]
        action = later[-1] if later else action
    if grounded and action == "fly":
        return Pose.LOOK_UP
    if action in ("stand", "rise") and creature.holds:
        return Pose.HOLD
    return POSES[action]


def _unsaid(creature: Creature, reading: Reading) -> str:
    """What a creature does that nothing is told of: it holds what it has, or speaks if all is words."""
    if creature.holds:
        return "hold"
    told = [one for one in reading.creatures if not one.quoted]
    return "talk" if reading.speaks and not told and not reading.actions else "stand"


def measure_figure(look: Look, pose: Pose) -> tuple[float, float]:
    """How far a figure that faces right reaches to its left and right, in heights of the standing figure."""
    recorder = skia.PictureRecorder()
    canvas = recorder.beginRecording(skia.Rect.MakeLTRB(-500, -500, 500, 500))
    bounds = draw_figure(canvas, look, pose, x=0, ground=0, height=100, facing=1, light=Light())
    recorder.finishRecordingAsPicture()
    return -bounds.left() / 100, bounds.right() / 100
