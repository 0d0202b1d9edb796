"""The joints of a bird in every pose."""

from __future__ import annotations

import math
from dataclasses import dataclass

from services.image.engines.local.figures.curves import Point, lerp, polar
from services.image.engines.local.figures.kits import BirdKit
from services.image.engines.local.figures.look import Look, Pose


@dataclass(frozen=True)
class Perch:
    """A bird's joints, facing right, the ground at y = 0: the body's centre and slope (degrees, head end
    up), the skull, and how its legs, wings and eyes are."""

    body: Point
    slope: float
    skull: Point
    legs: str = "stand"
    wings: str = "folded"
    tilt: float = 0.0
    asleep: bool = False
    speaking: bool = False


def perch(kit: BirdKit, look: Look, pose: Pose) -> Perch:
    """Where the joints of a bird are in `pose`."""
    leg = kit.leg * look.legs
    rise = kit.body * (0.86 + 0.3 * math.sin(math.radians(kit.upright)))
    body = (0.0, -leg - rise)
    stand = Perch(body, kit.upright, _skull(kit, body, kit.upright))
    match pose:
        case Pose.FLY | Pose.JUMP:
            slope = min(kit.upright, 14)
            return Perch(body, slope, _skull(kit, body, slope + 4), legs="tucked", wings="spread")
        case Pose.SIT | Pose.LIE | Pose.SLEEP | Pose.SWIM:
            low, slope = (0.0, -rise * 0.92), kit.upright * 0.5
            skull = _skull(kit, low, slope)
            if pose is Pose.SLEEP:
                skull = lerp(
                    skull,
                    (low[0] + kit.body * 0.2, low[1] - kit.body * 0.72),
                    0.65 if kit.neck > 0.3 else 0.2,
                )
            return Perch(
                low,
                slope,
                skull,
                legs="tucked" if pose is Pose.SWIM else "seated",
                asleep=pose is Pose.SLEEP,
                tilt=-8 if pose is Pose.SLEEP else 0,
            )
        case Pose.EAT:
            slope = -24.0
            breast = polar(body, slope, kit.body * kit.stretch * 0.62)
            skull = (
                breast[0] + kit.body * 0.42 + kit.neck * 0.3,
                -kit.head_size * 1.25 - kit.beak_length * kit.head_size * 0.5,
            )
            return Perch(body, slope, skull, tilt=-48)
        case Pose.WALK | Pose.RUN:
            wings = "spread" if pose is Pose.RUN else "folded"
            return Perch(
                body, kit.upright - 6, _skull(kit, body, kit.upright - 6), legs="stride", wings=wings
            )
        case Pose.LOOK_UP:
            return Perch(body, kit.upright + 8, _skull(kit, body, kit.upright + 8), tilt=34)
        case Pose.TALK:
            return Perch(body, kit.upright + 4, _skull(kit, body, kit.upright + 4), tilt=6, speaking=True)
        case _:
            return stand


def _skull(kit: BirdKit, body: Point, slope: float) -> Point:
    breast = polar(body, slope, kit.body * kit.stretch * 0.42)
    return polar(breast, 50 + slope * 0.42, kit.body * 0.46 + kit.neck + kit.head_size * 0.42)
