"""The joints of a person in every pose."""

from __future__ import annotations

from dataclasses import dataclass, replace

from services.image.engines.local.figures.curves import Point
from services.image.engines.local.figures.look import Look, Pose


@dataclass(frozen=True)
class Frame:
    """A person's proportions: lengths of leg and torso, half widths of shoulders and hips, head radius."""

    leg: float
    torso: float
    shoulder: float
    hip: float
    head: float
    limb: float

    @property
    def arm(self) -> float:
        """Shoulder to hand."""
        return self.torso * 0.98


@dataclass(frozen=True)
class Posture:
    """Joints in profile, facing right, the ground at y = 0. Hands and feet are near, far. `lean` turns
    the whole person anticlockwise, in degrees; `crook` is how much longer a bent arm is than its reach."""

    hip: Point
    neck: Point
    hands: tuple[Point, Point]
    feet: tuple[Point, Point]
    lean: float = 0.0
    tilt: float = 0.0
    seated: bool = False
    asleep: bool = False
    speaking: bool = False
    crook: float = 1.07


def frame(look: Look) -> Frame:
    """The proportions that follow from age, sex and build."""
    broad = look.build * (1.0 if look.sex == "male" else 0.88)
    if look.age == "child":
        return Frame(0.92 * look.legs, 0.84, 0.3 * look.build, 0.26 * look.build, 0.49 * look.head, 0.12)
    if look.age == "old":
        return Frame(1.28 * look.legs, 1.1, 0.42 * broad, 0.36 * broad, 0.48 * look.head, 0.14)
    return Frame(1.52 * look.legs, 1.14, 0.46 * broad, 0.33 * broad, 0.46 * look.head, 0.145)


def posture(body: Frame, look: Look, pose: Pose) -> Posture:
    """Where the joints of a person are in `pose`."""
    stoop = 0.12 if look.age == "old" else 0.0
    hip: Point = (0.0, -body.leg)
    neck: Point = (stoop, -body.leg - body.torso)
    arm = body.arm
    rest = ((neck[0] + 0.1, neck[1] + arm * 1.14), (neck[0] + 0.16, neck[1] + arm * 1.12))
    stand = Posture(hip, neck, rest, ((0.05, 0.0), (0.0, 0.0)), tilt=-4 if stoop else 0)
    match pose:
        case Pose.SIT:
            return _sitting(body, stoop, stand)
        case Pose.WALK:
            step = body.leg * 0.3
            hands = (
                (neck[0] - arm * 0.42, neck[1] + arm * 0.82),
                (neck[0] + arm * 0.5, neck[1] + arm * 0.78),
            )
            return replace(stand, feet=((step, 0.0), (-step * 1.1, -0.06)), hands=hands)
        case Pose.RUN:
            step = body.leg * 0.52
            hands = (
                (neck[0] - arm * 0.42, neck[1] + arm * 0.45),
                (neck[0] + arm * 0.72, neck[1] + arm * 0.3),
            )
            feet = ((step * 0.95, -body.leg * 0.22), (-step * 1.25, -body.leg * 0.3))
            return replace(
                stand, feet=feet, hands=hands, neck=(neck[0] + 0.22, neck[1] + 0.03), lean=-6, crook=1.4
            )
        case Pose.JUMP:
            hands = ((neck[0] - arm * 0.5, neck[1] - arm * 0.42), (neck[0] + arm * 1.0, neck[1] - arm * 0.42))
            feet = ((body.leg * 0.34, -body.leg * 0.42), (-body.leg * 0.42, -body.leg * 0.16))
            return replace(stand, feet=feet, hands=hands, tilt=8)
        case Pose.FLY | Pose.SWIM:
            hands = (
                (neck[0] + arm * 0.25, neck[1] - arm * 0.85),
                (neck[0] + arm * 0.55, neck[1] - arm * 0.55),
            )
            feet = ((-body.leg * 0.16, -body.leg * 0.06), (0.16, -0.05))
            lean = -64 if pose is Pose.FLY else -74
            return replace(stand, feet=feet, hands=hands, lean=lean, tilt=46)
        case Pose.SLEEP | Pose.LIE:
            hands = ((0.3, hip[1] - body.torso * 0.42), (0.3, hip[1] - body.torso * 0.5))
            feet = ((0.06, 0.0), (0.16, -0.12))
            return replace(
                stand, neck=(0.0, neck[1]), hands=hands, feet=feet, lean=86, asleep=pose is Pose.SLEEP
            )
        case Pose.LOOK_UP:
            hands = (rest[0], (neck[0] + arm * 0.62, neck[1] + arm * 0.12))
            return replace(stand, tilt=24, hands=hands)
        case Pose.EAT:
            near = (neck[0] + 1.25, neck[1] - body.head * 0.3)
            return replace(stand, hands=(near, (neck[0] + 0.5, neck[1] + arm * 0.5)), tilt=-6, crook=1.3)
        case Pose.TALK:
            hands = (
                (neck[0] + arm * 1.62, neck[1] + arm * 0.62),
                (neck[0] + arm * 0.95, neck[1] + arm * 0.36),
            )
            return replace(stand, hands=hands, speaking=True)
        case Pose.HOLD:
            return replace(stand, hands=((neck[0] + arm * 1.75, neck[1] + arm * 0.5), rest[1]))
        case _:
            return stand


def _sitting(body: Frame, stoop: float, stand: Posture) -> Posture:
    hip: Point = (-0.3, -body.hip * 1.0)
    neck: Point = (hip[0] - 0.02 + stoop, hip[1] - body.torso)
    reach = body.leg * 0.74
    feet = ((hip[0] + reach, 0.0), (hip[0] + reach * 1.1, 0.0))
    knee = (hip[0] + reach * 0.56, hip[1] - body.leg * 0.2)
    return replace(
        stand, hip=hip, neck=neck, feet=feet, hands=(knee, (knee[0] + 0.1, knee[1] + 0.02)), seated=True
    )
