"""People of every age and trade."""

from __future__ import annotations

import math

from services.image.engines.local.figures.brush import Brush
from services.image.engines.local.figures.colours import RGB, darker
from services.image.engines.local.figures.curves import Point, ellipse, lerp, smooth, tube
from services.image.engines.local.figures.eyes import Feeling
from services.image.engines.local.figures.faces import HUMAN_HEAD, draw_face
from services.image.engines.local.figures.hair import draw_back_hair
from services.image.engines.local.figures.hats import HATS
from services.image.engines.local.figures.heads import Head
from services.image.engines.local.figures.limbs import bent
from services.image.engines.local.figures.look import Look, Pose
from services.image.engines.local.figures.outfits import (
    HEMS,
    Torso,
    draw_cloak,
    draw_mantle,
    draw_torso,
    top_of,
)
from services.image.engines.local.figures.postures import Frame, Posture, frame, posture
from services.image.engines.local.figures.view import View
from services.image.engines.local.figures.wear import draw_carried, draw_head_wear, draw_neck_wear


def draw_person(brush: Brush, look: Look, pose: Pose, view: View, mood: Feeling) -> None:
    """Draw a person facing right, standing on y = 0."""
    view = View(turn=max(view.turn, 12.0) + (36.0 if view.head is None else 0.0), head=view.head)
    body = frame(look)
    joints = posture(body, look, pose)
    pivot = (0.0, -body.leg * 0.5)
    with brush.turned(pivot, joints.lean):
        _draw(brush, look, body, joints, view, mood, pose)


def _draw(
    brush: Brush, look: Look, body: Frame, joints: Posture, view: View, mood: Feeling, pose: Pose
) -> None:
    torso = _torso(look, body, joints, view)
    head = _head(look, body, joints, view, mood)
    cloak, hood = look.wears("cloak"), look.wears("hood")
    if cloak is not None:
        draw_cloak(brush, torso, 0.0, cloak)
    _draw_arm(brush, look, body, joints, view, far=True)
    with brush.turned(head.centre, joints.tilt):
        draw_back_hair(brush, head)
    if joints.seated:
        draw_torso(brush, look, torso)
    for far in (True, False):
        _draw_leg(brush, look, body, joints, view, far)
    if not joints.seated:
        draw_torso(brush, look, torso)
    _draw_neck(brush, look, torso, head)
    if hood is not None:
        _draw_hood_back(brush, head, hood)
    if cloak is not None or hood is not None:
        draw_mantle(brush, torso, hood or cloak or look.accent)
    with brush.turned(head.centre, joints.tilt):
        hatted = any(look.wears(kind) is not None for kind in HATS) or hood is not None
        draw_face(brush, head, hatted)
        if hood is not None:
            _draw_hood(brush, head, hood)
        draw_head_wear(brush, look, head.centre, head.radius, head.yaw)
    draw_neck_wear(
        brush,
        look,
        (torso.neck[0], torso.neck[1] + 0.3),
        (head.centre[0], head.centre[1] + head.radius * 0.18),
        body.head * 0.85,
    )
    hand = _hand(joints, body, view, far=False)
    _draw_held(brush, look, hand, body, pose)
    _draw_arm(brush, look, body, joints, view, far=False)


def _draw_held(brush: Brush, look: Look, hand: Point, body: Frame, pose: Pose) -> None:
    """What the near hand holds: shown where the pose leaves a hand free to carry."""
    if pose in (Pose.STAND, Pose.WALK, Pose.HOLD):
        draw_carried(brush, look, hand, body.arm)


def _half(view: View, side: float, depth: float) -> float:
    """Half the width at which an oval cross-section is seen."""
    angle = math.radians(view.turn)
    return math.hypot(side * math.sin(angle), depth * math.cos(angle))


def _torso(look: Look, body: Frame, joints: Posture, view: View) -> Torso:
    kind, _ = top_of(look)
    neck, hip = view.place(*joints.neck), view.place(*joints.hip)
    waist = lerp(neck, hip, 0.66)
    drop = HEMS[kind] * body.leg
    shoulder, girth = (
        _half(view, body.shoulder, 0.27 * look.build),
        _half(view, body.hip * 0.98, 0.26 * look.build),
    )
    hips = _half(view, body.hip * 1.1, 0.29 * look.build)
    spread = abs(joints.feet[0][0] - joints.feet[1][0]) * 0.42 * HEMS[kind]
    flare = (
        hips + spread + {"robe": 0.34, "dress": 0.4, "coat": 0.2, "tunic": 0.12}.get(kind, 0.0) * drop**0.5
    )
    hem = (hip[0], hip[1] + drop)
    if joints.seated:
        hem, flare = (hip[0], hip[1] + body.hip * 0.8), hips * 1.02
    return Torso(neck, waist, hem, shoulder, girth, flare, hips)


def _head(look: Look, body: Frame, joints: Posture, view: View, mood: Feeling) -> Head:
    neck = view.place(*joints.neck)
    forward = 0.1 + (0.1 if look.age == "old" else 0.0)
    centre = (neck[0] + forward, neck[1] - body.head * 0.98)
    return Head(
        HUMAN_HEAD,
        look,
        centre,
        body.head,
        view.head_yaw(HUMAN_HEAD.yaw),
        mood,
        joints.asleep,
        joints.speaking,
    )


def _draw_neck(brush: Brush, look: Look, torso: Torso, head: Head) -> None:
    base = (torso.neck[0], torso.neck[1] + 0.04)
    brush.fill(
        tube([base, lerp(base, head.centre, 0.6)], [head.radius * 0.4, head.radius * 0.36]),
        darker(look.coat, 0.14),
        0.1,
    )


def _hand(joints: Posture, body: Frame, view: View, far: bool) -> Point:
    x, y = joints.hands[1 if far else 0]
    side = body.shoulder * (-1.05 if far else 1.12)
    return view.place(x, y, side)


def _draw_arm(brush: Brush, look: Look, body: Frame, joints: Posture, view: View, far: bool) -> None:
    kind, colour = top_of(look)
    if kind == "vest":
        colour = look.wears("shirt") or (240, 230, 212)
    shade = 0.2 if far else 0.0
    shoulder = view.place(
        joints.neck[0], joints.neck[1] + body.limb * 1.7, body.shoulder * (-0.86 if far else 0.86)
    )
    hand = _hand(joints, body, view, far)
    stretch = min(body.arm * 0.98, math.dist(shoulder, hand) * joints.crook)
    elbow = bent(shoulder, hand, stretch, -1 if hand[1] > shoulder[1] - body.arm * 0.3 else 1)
    cuff = lerp(elbow, hand, 0.66)
    skin = darker(look.coat, shade * 0.7)
    t = body.limb
    brush.fill(tube([lerp(elbow, hand, 0.5), hand], [t * 0.6, t * 0.62]), skin, 0.08)
    brush.fill(ellipse(hand, t * 0.92, t * 0.9), skin, 0.1)
    wide = 1.25 if kind == "robe" else 1.0
    sleeve = tube([shoulder, elbow, cuff], [t * 1.2, t * 1.02, t * 0.92 * wide])
    brush.fill(sleeve, darker(colour, shade), 0.17)
    brush.fill(
        ellipse(cuff, t * 0.96 * wide, t * 0.5, _slope(elbow, cuff)), darker(colour, shade + 0.2), 0.05, 0.7
    )


def _slope(first: Point, second: Point) -> float:
    return -math.degrees(math.atan2(second[1] - first[1], second[0] - first[0])) + 90


def _draw_leg(brush: Brush, look: Look, body: Frame, joints: Posture, view: View, far: bool) -> None:
    kind, colour = top_of(look)
    shade = 0.2 if far else 0.0
    t = body.limb * 1.25
    side = body.hip * (-0.5 if far else 0.5)
    hip = view.place(joints.hip[0], joints.hip[1], side)
    x, y = joints.feet[1 if far else 0]
    foot = view.place(x, y, side)
    ankle = (foot[0], foot[1] - t * 0.62)
    knee = bent(hip, ankle, body.leg - t * 0.6, 1)
    bare = kind in ("dress", "robe") and look.wears("trousers") is None
    cloth = look.wears("trousers") or (look.coat if bare else darker(colour, 0.5))
    brush.fill(
        tube([hip, knee, ankle], [t * 1.15, t * 0.98, t * (0.66 if bare else 0.82)]),
        darker(cloth, shade),
        0.14,
    )
    if joints.seated and HEMS[kind] > 0.2:
        reach = lerp(knee, ankle, max(HEMS[kind] * 2 - 1.1, 0.0))
        lap = [hip, lerp(hip, knee, 0.5), knee, reach]
        brush.fill(tube(lap, [t * 1.5, t * 1.5, t * 1.3, t * 1.35]), darker(colour, shade), 0.16)
    _draw_shoe(
        brush,
        ankle,
        knee,
        foot,
        t,
        darker(look.wears("boots") or (86, 60, 46), shade),
        look.wears("boots") is not None,
    )


def _draw_shoe(
    brush: Brush, ankle: Point, knee: Point, foot: Point, t: float, colour: RGB, tall: bool
) -> None:
    if tall:
        brush.fill(tube([lerp(ankle, knee, 0.55), ankle], [t * 1.05, t * 0.86]), colour, 0.14)
    x, y = foot
    sole = smooth(
        [
            (x - t * 0.9, y - t * 0.1),
            (x - t * 0.85, y - t * 0.95),
            (x + t * 0.2, y - t * 1.1),
            (x + t * 1.35, y - t * 0.72),
            (x + t * 1.75, y - t * 0.22),
            (x + t * 1.5, y),
            (x - t * 0.6, y),
        ],
        tension=0.8,
    )
    brush.fill(sole, colour, 0.18)


def _draw_hood_back(brush: Brush, head: Head, colour: RGB) -> None:
    x, y, r = *head.centre, head.radius
    shape = smooth(
        [
            (x + r * 0.75, y - r * 0.95),
            (x - r * 0.1, y - r * 1.45),
            (x - r * 1.05, y - r * 0.9),
            (x - r * 1.3, y + r * 0.1),
            (x - r * 0.95, y + r * 1.15),
            (x + r * 0.5, y + r * 1.2),
            (x + r * 1.12, y + r * 0.5),
            (x + r * 1.12, y - r * 0.3),
        ]
    )
    brush.fill(shape, darker(colour, 0.3), 0.16)


def _draw_hood(brush: Brush, head: Head, colour: RGB) -> None:
    x, y, r = *head.centre, head.radius
    outer = [
        (x + r * 0.78, y - r * 0.92),
        (x - r * 0.1, y - r * 1.4),
        (x - r * 1.02, y - r * 0.9),
        (x - r * 1.26, y + r * 0.1),
        (x - r * 0.95, y + r * 1.1),
        (x - r * 0.3, y + r * 1.16),
    ]
    inner = [
        (x - r * 0.66, y + r * 0.62),
        (x - r * 0.78, y - r * 0.1),
        (x - r * 0.42, y - r * 0.72),
        (x + r * 0.3, y - r * 0.86),
        (x + r * 0.86, y - r * 0.5),
        (x + r * 1.06, y - r * 0.4),
    ]
    brush.fill(smooth([*outer, *inner], tension=0.8), colour, 0.2)
