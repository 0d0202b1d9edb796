"""Four-legged creatures, from mouse to elephant: one skeleton, many kits."""

from __future__ import annotations

import math

import skia

from services.image.engines.local.figures.brush import Brush
from services.image.engines.local.figures.colours import INK, darker
from services.image.engines.local.figures.covers import (
    draw_cover_behind,
    draw_cover_over,
    draw_mane_behind,
    draw_mane_over,
)
from services.image.engines.local.figures.curves import Point, ellipse, lerp, polar, smooth, tube
from services.image.engines.local.figures.eyes import Feeling
from services.image.engines.local.figures.gaits import Gait, gait
from services.image.engines.local.figures.heads import Head, draw_head
from services.image.engines.local.figures.kits import QuadKit
from services.image.engines.local.figures.limbs import Leg, draw_leg
from services.image.engines.local.figures.look import Look, Pose
from services.image.engines.local.figures.tails import draw_tail
from services.image.engines.local.figures.view import View
from services.image.engines.local.figures.wear import (
    draw_body_wear,
    draw_carried,
    draw_head_wear,
    draw_neck_wear,
)
from services.image.engines.local.figures.wings import draw_membrane_wing


def draw_quadruped(brush: Brush, look: Look, kit: QuadKit, pose: Pose, view: View, mood: Feeling) -> None:
    """Draw a four-legged creature facing right, the ground at y = 0."""
    bones = gait(kit, look, pose)
    head = _head(look, kit, bones, view, mood)
    body = _body(look, kit, bones, view, head)
    frontal = view.turn > 45
    wrapped = bones.lying and not frontal
    if kit.wings:
        draw_membrane_wing(
            brush,
            look,
            view.place(bones.chest[0] - 0.2, bones.chest[1] - kit.chest * 0.6, -0.2),
            bones.wings,
            far=True,
        )
    for index in (3, 2) if frontal else (3, 1):
        draw_leg(brush, _leg(look, kit, bones, view, index))
    root = view.place(bones.hip[0] - kit.hip * 0.72, bones.hip[1] - kit.hip * (0.1 if bones.seated else 0.42))
    if not wrapped:
        draw_tail(brush, look, kit, root, bones.tail + mood.tail * -0.6, wrapped=False)
    draw_cover_behind(brush, look, kit, bones, view)
    brush.fill(body, look.coat, 0.17)
    _draw_coat(brush, look, kit, bones, view, body)
    if bones.seated:
        _draw_haunch(brush, look, kit, bones, view)
    for index in (1, 0) if frontal else (2, 0):
        draw_leg(brush, _leg(look, kit, bones, view, index))
    draw_cover_over(brush, look, kit, bones, view)
    draw_body_wear(brush, look, body, view.place(*bones.chest), view.place(*bones.hip), kit.chest)
    if kit.wings:
        draw_membrane_wing(
            brush,
            look,
            view.place(bones.chest[0] - 0.25, bones.chest[1] - kit.chest * 0.6, 0.2),
            bones.wings,
            far=False,
        )
    if wrapped:
        draw_tail(brush, look, kit, root, bones.tail, wrapped=True)
    draw_neck_wear(brush, look, view.place(*bones.chest), head.centre, head.radius * 0.9, short=bones.lying)
    draw_mane_behind(brush, look, kit, head, view.place(*bones.chest))
    with brush.turned(head.centre, bones.tilt):
        draw_head(brush, head)
        draw_mane_over(brush, look, kit, head)
        draw_head_wear(brush, look, head.centre, head.radius, head.yaw)
    if pose is Pose.HOLD:
        draw_carried(
            brush,
            look,
            view.place(
                bones.feet[0][0] + kit.leg_thick * 1.6, -bones.feet[0][1] - kit.leg_thick, kit.chest * 0.5
            ),
            kit.leg * 1.5,
        )


def _head(look: Look, kit: QuadKit, bones: Gait, view: View, mood: Feeling) -> Head:
    return Head(
        kit.head,
        look,
        view.place(*bones.skull),
        kit.head_size * look.head,
        view.head_yaw(kit.head.yaw),
        mood,
        bones.asleep,
        bones.speaking,
    )


def _body(look: Look, kit: QuadKit, bones: Gait, view: View, head: Head) -> skia.Path:
    girth = look.build
    chest, hip = view.place(*bones.chest), view.place(*bones.hip)
    sag = kit.waist * 0.12 + (0.06 if bones.lying else 0.0)
    middle = lerp(hip, chest, 0.5)
    body = tube(
        [hip, (middle[0], middle[1] + sag), chest], [kit.hip * girth, kit.waist * girth, kit.chest * girth]
    )
    base = (chest[0] + kit.chest * 0.15, chest[1] - kit.chest * 0.2)
    neck = tube(
        [base, lerp(base, head.centre, 0.5), head.centre],
        [kit.chest * 0.68, kit.neck_thick, kit.neck_thick * 0.95],
    )
    body.addPath(neck)
    return body


def _draw_coat(brush: Brush, look: Look, kit: QuadKit, bones: Gait, view: View, body: skia.Path) -> None:
    chest, hip = view.place(*bones.chest), view.place(*bones.hip)
    with brush.inside(body):
        if saddle := look.mark("saddle"):
            up = kit.waist * 0.75
            brush.fill(
                tube(
                    [(hip[0] - 0.2, hip[1] - up), (chest[0], chest[1] - up)], [kit.hip * 0.7, kit.chest * 0.6]
                ),
                saddle,
                0.1,
            )
        if belly := look.mark("belly"):
            low = kit.waist * 0.95
            brush.fill(
                tube(
                    [(hip[0], hip[1] + low), (chest[0], chest[1] + low * 0.9)],
                    [kit.hip * 0.45, kit.chest * 0.5],
                ),
                belly,
                0.05,
            )
        if bib := look.mark("chest"):
            rise = math.degrees(math.atan2(bones.chest[1] - bones.skull[1], bones.skull[0] - bones.chest[0]))
            front = view.place(*polar(bones.chest, min(rise, 66) - 62, kit.chest * 0.64))
            brush.fill(ellipse(front, kit.chest * 0.62, kit.chest * 1.0, min(rise, 66) - 50), bib, 0.07)
        _draw_pattern(brush, look, kit, chest, hip)
        skull = view.place(*bones.skull)
        brush.glow(
            (skull[0] - 0.02, skull[1] + kit.head_size * 0.75),
            kit.head_size * 0.9,
            darker(look.coat, 0.7),
            0.4,
        )
    if kit.cover == "fur":
        brush.texture(body, look.coat, look.grain, 26, kit.chest * 0.28, 200, 0.016)


def _draw_pattern(brush: Brush, look: Look, kit: QuadKit, chest: Point, hip: Point) -> None:
    """Spots, patches or stripes: their places follow from the character's grain."""
    ring = [(look.grain >> shift) % 97 / 97 for shift in range(12)]
    if spots := look.mark("spots"):
        for index in range(11):
            at = lerp(hip, chest, ring[index] * 1.1 - 0.05)
            brush.fill(
                ellipse((at[0], at[1] - kit.waist * (ring[-index] * 1.3 - 0.35)), 0.06, 0.055), spots, 0
            )
    if patches := look.mark("patches"):
        for index in range(3):
            at = lerp(hip, chest, 0.02 + index * 0.44)
            size = kit.waist * (0.46 + 0.26 * ring[index])
            off = kit.waist * (ring[index + 4] * 0.9 - 0.85)
            blob = [
                (
                    at[0] + math.cos(a) * size * (0.8 + 0.4 * ring[(index + a) % 12]),
                    at[1] + off + math.sin(a) * size,
                )
                for a in range(6)
            ]
            brush.fill(smooth(blob), patches, 0.08)
    if stripes := look.mark("stripes"):
        for index in range(6):
            top = lerp(hip, chest, index / 5.5)
            stripe = smooth(
                [
                    (top[0], top[1] - kit.waist * 1.2),
                    (top[0] - 0.05, top[1] - kit.waist * 0.5),
                    (top[0] + 0.02, top[1] + kit.waist * 0.1),
                ],
                closed=False,
            )
            brush.line(stripe, stripes, kit.waist * 0.15)


def _draw_haunch(brush: Brush, look: Look, kit: QuadKit, bones: Gait, view: View) -> None:
    sides = (-1, 1) if view.turn > 45 else (1,)
    for side in sides:
        at = view.place(bones.hip[0] + kit.hip * 0.2, bones.hip[1] + kit.hip * 0.08, side * kit.hip * 0.55)
        brush.fill(
            ellipse(at, kit.hip * (0.85 if view.turn < 45 else 0.62), kit.hip * 0.86, 8),
            look.mark("haunch") or look.coat,
            0.17,
        )


def _leg(look: Look, kit: QuadKit, bones: Gait, view: View, index: int) -> Leg:
    front, near = index < 2, index % 2 == 0
    girth = kit.chest if front else kit.hip
    z = girth * 0.52 * (1 if near else -1)
    joint = bones.chest if front else bones.hip
    x, lift = bones.feet[index]
    top = view.place(joint[0] - (0 if front else 0.02), joint[1] + girth * 0.22, z)
    foot = view.place(x, -lift, z * 0.92)
    coat = look.mark("legs") or look.coat
    sock = look.mark("socks")
    boot = look.wears("boots")
    shade = 0.0 if near else 0.2 if view.turn < 45 else 0.03 if front else 0.2
    ankle = kit.leg_thick * (1.1 if kit.foot == "hoof" else 0.75)
    length = (kit.leg * look.legs - girth * 0.22 - ankle) * (1.004 if front else 1.02)
    if bones.seated and not (front and not bones.lying):
        top = view.place(x - kit.leg_thick * 2.2, -kit.leg_thick * 0.85, z)
        length = kit.leg_thick * 2.6
    return Leg(
        top=top,
        foot=foot,
        length=length,
        bend=1 if front or bones.seated else -1,
        thick=kit.leg_thick,
        thigh=kit.leg_thick * (1.45 if front else 1.6)
        if not (bones.seated and (bones.lying or not front))
        else kit.leg_thick * 0.95,
        hoofed=kit.foot == "hoof",
        coat=darker(coat, shade),
        sock=darker(sock, shade * 0.8) if sock else None,
        hoof=darker(look.mark("hooves") or INK, shade * 0.5),
        boot=darker(boot, shade) if boot else None,
    )
