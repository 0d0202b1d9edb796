"""The joints of a four-legged body in every pose."""

from __future__ import annotations

from dataclasses import dataclass, replace

from services.image.engines.local.figures.curves import Point, polar
from services.image.engines.local.figures.kits import QuadKit
from services.image.engines.local.figures.look import Look, Pose

Feet = tuple[Point, Point, Point, Point]


@dataclass(frozen=True)
class Gait:
    """A body in profile, facing right, the ground at y = 0. Feet are (x, height above ground):
    front near, front far, hind near, hind far. `tail` and `tilt` are degrees."""

    chest: Point
    hip: Point
    skull: Point
    feet: Feet
    tilt: float = 0.0
    tail: float = 145.0
    seated: bool = False
    lying: bool = False
    asleep: bool = False
    speaking: bool = False
    wings: float = -1.0


def gait(kit: QuadKit, look: Look, pose: Pose) -> Gait:
    """Where the joints of a body are in `pose`."""
    leg, half = kit.leg * look.legs, kit.length / 2
    chest, hip = (half, -leg), (-half, -leg * 0.97)
    skull = _skull(kit, chest, kit.neck_angle)
    stand = Gait(
        chest,
        hip,
        skull,
        ((half + 0.04, 0), (half - 0.02, 0), (-half - 0.06, 0), (-half + 0.02, 0)),
        wings=150.0,
    )
    if pose in (Pose.SIT, Pose.HOLD):
        return _sitting(kit, leg, half, holding=pose is Pose.HOLD)
    if pose in (Pose.SLEEP, Pose.LIE):
        return _lying(kit, look, half, asleep=pose is Pose.SLEEP)
    if pose in (Pose.RUN, Pose.JUMP, Pose.FLY):
        return _bounding(kit, leg, half, pose)
    if pose is Pose.WALK:
        step = leg * 0.3
        feet: Feet = (
            (half + step, leg * 0.1),
            (half - step * 0.8, 0),
            (-half - step, leg * 0.02),
            (-half + step * 0.9, leg * 0.06),
        )
        return replace(stand, feet=feet, tail=160)
    if pose is Pose.SWIM:
        step = leg * 0.4
        feet = (
            (half + step, leg * 0.35),
            (half - step * 0.4, leg * 0.2),
            (-half - step, leg * 0.3),
            (-half + step, leg * 0.25),
        )
        return replace(stand, feet=feet, skull=_skull(kit, chest, kit.neck_angle - 8), tilt=8, tail=172)
    if pose is Pose.LOOK_UP:
        return replace(stand, skull=_skull(kit, chest, kit.neck_angle + 16), tilt=30)
    if pose is Pose.EAT:
        return _grazing(kit, look, stand)
    if pose is Pose.TALK:
        feet = ((half + leg * 0.28, leg * 0.3), *stand.feet[1:])
        return replace(stand, feet=feet, speaking=True, tilt=4)
    return stand


def _skull(kit: QuadKit, chest: Point, angle: float) -> Point:
    return polar((chest[0], chest[1] - kit.chest * 0.25), angle, kit.neck)


def _sitting(kit: QuadKit, leg: float, half: float, holding: bool) -> Gait:
    chest = (half * 0.42, -max(leg * 0.98, kit.hip * 1.7))
    hip = (-half * 0.52, -kit.hip * 0.95)
    raised = (chest[0] + leg * 0.55, leg * 0.62) if holding else (chest[0] + 0.1, 0)
    feet = (raised, (chest[0] + 0.04, 0), (hip[0] + kit.hip * 1.15, 0), (hip[0] + kit.hip * 1.3, 0))
    return Gait(chest, hip, _skull(kit, chest, min(kit.neck_angle + 10, 84)), feet, tail=168, seated=True)


def _lying(kit: QuadKit, look: Look, half: float, asleep: bool) -> Gait:
    chest, hip = (half * 0.72, -kit.chest * 0.92), (-half * 0.72, -kit.hip * 0.95)
    size = kit.head_size * look.head
    skull = _skull(kit, chest, kit.neck_angle)
    if asleep:
        skull = (chest[0] + kit.chest * 0.35 + size * 0.55, -_resting(kit, size))
    reach = kit.chest * 0.9 + size * 0.35
    feet = (
        (chest[0] + reach, 0),
        (chest[0] + reach * 1.1, 0),
        (hip[0] + kit.hip * 1.2, 0),
        (hip[0] + kit.hip, 0),
    )
    return Gait(
        chest, hip, skull, feet, tilt=-6 if asleep else 0, tail=172, seated=True, lying=True, asleep=asleep
    )


def _resting(kit: QuadKit, size: float) -> float:
    """How high the middle of a head is that lies on the ground; a lion's mane lies under its head."""
    return size * (1.62 if kit.mane == "lion" else 0.78)


def _bounding(kit: QuadKit, leg: float, half: float, pose: Pose) -> Gait:
    if pose is Pose.RUN:
        chest, hip = (half * 1.08, -leg * 1.06), (-half * 1.06, -leg * 1.02)
        feet = (
            (chest[0] + leg * 0.82, leg * 0.42),
            (chest[0] + leg * 0.5, leg * 0.16),
            (hip[0] - leg * 0.72, leg * 0.12),
            (hip[0] - leg * 0.95, leg * 0.36),
        )
        return Gait(chest, hip, _skull(kit, chest, kit.neck_angle - 14), feet, tilt=-4, tail=176)
    rise = 0.26 if pose is Pose.JUMP else 0.12
    chest, hip = (half, -leg * (1.05 + rise)), (-half, -leg * (1.0 - rise))
    feet = (
        (chest[0] + leg * 0.55, leg * 0.95),
        (chest[0] + leg * 0.7, leg * 0.72),
        (hip[0] - leg * 0.62, leg * 0.02),
        (hip[0] - leg * 0.78, leg * 0.16),
    )
    return Gait(chest, hip, _skull(kit, chest, kit.neck_angle - 2), feet, tilt=10, tail=186, wings=118.0)


def _grazing(kit: QuadKit, look: Look, stand: Gait) -> Gait:
    size = kit.head_size * look.head
    low = min(1.0, (kit.neck + size + kit.chest * 0.6) / kit.leg / look.legs)
    chest = (stand.chest[0], stand.chest[1] * (0.62 + 0.36 * low))
    skull = (
        chest[0] + kit.chest * 0.5 + size * 0.7,
        -max(size * (1.0 + kit.head.muzzle * 0.25), _resting(kit, size)),
    )
    if kit.head.nose_kind == "trunk":
        skull = (skull[0], -size * 2.15)
    feet = ((chest[0] + 0.16, 0), (chest[0] + 0.02, 0), *stand.feet[2:])
    return replace(stand, chest=chest, skull=skull, feet=feet, tilt=-24, tail=130)
