"""Birds, from sparrow to swan: an egg of a body that leans by species and pose, a neck, a beak, wings."""

from __future__ import annotations

import skia

from services.image.engines.local.figures.beaks import draw_bird_head
from services.image.engines.local.figures.brush import Brush
from services.image.engines.local.figures.colours import RGB, darker
from services.image.engines.local.figures.curves import Point, ellipse, lerp, polar, smooth, tube
from services.image.engines.local.figures.eyes import Feeling
from services.image.engines.local.figures.heads import Head
from services.image.engines.local.figures.kits import BirdKit, HeadKit
from services.image.engines.local.figures.look import Look, Pose
from services.image.engines.local.figures.perches import Perch, perch
from services.image.engines.local.figures.plumes import draw_tail_feathers
from services.image.engines.local.figures.view import View
from services.image.engines.local.figures.waistcoats import draw_bird_wear
from services.image.engines.local.figures.wear import (
    draw_carried,
    draw_head_wear,
    draw_neck_wear,
)
from services.image.engines.local.figures.wings import draw_folded_wing, draw_spread_wing

_BEAK = (232, 164, 60)


def draw_bird(brush: Brush, look: Look, kit: BirdKit, pose: Pose, view: View, mood: Feeling) -> None:
    """Draw a bird facing right."""
    joints = perch(kit, look, pose)
    narrow = 1.0 if view.turn < 45 else 0.72
    breast, rump = _ends(kit, joints, narrow)
    spread = joints.wings == "spread"
    wing_root = lerp(joints.body, breast, 0.35)
    if spread:
        draw_spread_wing(
            brush,
            (wing_root[0] + 0.12, wing_root[1] - 0.2),
            1.5,
            66,
            0.62,
            darker(_wing(look), 0.2),
            darker(_tips(look), 0.2),
        )
    for far in (True, False):
        _draw_leg(brush, look, kit, joints, narrow, far)
    draw_tail_feathers(brush, look, kit, rump, 180 + joints.slope * 0.72 + mood.tail * -0.3, _tips(look))
    _draw_body(brush, look, kit, joints, breast, rump)
    draw_bird_wear(brush, look, _barrel(kit, look, joints, breast, rump), breast, rump, kit.body * 0.8)
    if spread:
        draw_spread_wing(
            brush, (wing_root[0] - 0.12, wing_root[1] - 0.08), 1.7, 118, 0.7, _wing(look), _tips(look)
        )
    elif view.turn < 45:
        _draw_wing(brush, look, kit, joints, breast)
    else:
        for side in (-1, 1):
            at = (joints.body[0] + side * kit.body * 0.72, joints.body[1] - kit.body * 0.3)
            draw_folded_wing(
                brush, at, kit.body * 1.3, 270 + side * 6, kit.body * 0.5, _wing(look), _tips(look)
            )
    head = _head(look, kit, joints, view, mood)
    draw_neck_wear(
        brush,
        look,
        (breast[0], breast[1]),
        (head.centre[0], head.centre[1] + head.radius * 0.1),
        head.radius * 0.86,
    )
    with brush.turned(head.centre, joints.tilt):
        draw_bird_head(brush, head, kit)
        draw_head_wear(brush, look, head.centre, head.radius, head.yaw)
    if pose is Pose.HOLD:
        tip = head.point(0, -10, 0.9 + kit.beak_length * 0.8)
        draw_carried(brush, look, tip, kit.body * 1.3)


def _wing(look: Look) -> RGB:
    return look.mark("wings") or darker(look.coat, 0.1)


def _tips(look: Look) -> RGB:
    return look.mark("wing_tips") or darker(look.mark("wings") or look.coat, 0.24)


def _ends(kit: BirdKit, perch: Perch, narrow: float) -> tuple[Point, Point]:
    reach = kit.body * (kit.stretch - 0.72)
    breast, rump = polar(perch.body, perch.slope, reach), polar(perch.body, perch.slope + 180, reach * 1.15)
    if narrow < 1:
        breast, rump = ((point[0] * 0.35, point[1]) for point in (breast, rump))
    return breast, rump


def _barrel(kit: BirdKit, look: Look, perch: Perch, breast: Point, rump: Point) -> skia.Path:
    girth = kit.body * look.build
    return tube([rump, perch.body, breast], [girth * 0.5, girth * 0.82, girth * 0.78])


def _trunk(kit: BirdKit, look: Look, perch: Perch, breast: Point, rump: Point) -> skia.Path:
    girth = kit.body * look.build
    body = _barrel(kit, look, perch, breast, rump)
    neck_base = lerp(breast, perch.body, 0.15)
    bow = kit.neck * (0.3 if kit.neck > 0.5 and not perch.asleep else 0.0)
    low, high = lerp(neck_base, perch.skull, 0.35), lerp(neck_base, perch.skull, 0.78)
    neck = [neck_base, (low[0] + bow * 0.75, low[1]), (high[0] - bow * 0.7, high[1]), perch.skull]
    body.addPath(
        tube(neck, [girth * 0.62, kit.neck_thick * 1.25, kit.neck_thick * 0.92, kit.neck_thick * 0.9])
    )
    return body


def _draw_body(brush: Brush, look: Look, kit: BirdKit, perch: Perch, breast: Point, rump: Point) -> None:
    girth = kit.body * look.build
    trunk = _trunk(kit, look, perch, breast, rump)
    brush.fill(trunk, look.coat, 0.16)
    with brush.inside(trunk):
        if chest := look.mark("chest"):
            front = polar(breast, perch.slope - 62, girth * 0.42)
            brush.fill(
                tube(
                    [
                        polar(rump, perch.slope - 70, girth * 0.7),
                        front,
                        polar(front, perch.slope + 50, girth * 0.7),
                    ],
                    [girth * 0.3, girth * 0.62, girth * 0.42],
                ),
                chest,
                0.08,
            )
        else:
            low = polar(perch.body, perch.slope - 88, girth * 0.78)
            brush.fill(ellipse(low, girth * 0.85, girth * 0.34, perch.slope), look.belly, 0.05, 0.75)
        if spots := look.mark("spots"):
            for index in range(9):
                at = polar(
                    polar(breast, perch.slope - 70, girth * (0.1 + 0.22 * (index // 3))),
                    perch.slope - 160 + 2 * index,
                    girth * (0.24 * (index % 3) - 0.1),
                )
                brush.line(
                    smooth(
                        [(at[0] - 0.045, at[1] - 0.02), (at[0], at[1] + 0.04), (at[0] + 0.045, at[1] - 0.02)],
                        closed=False,
                    ),
                    spots,
                    0.032,
                    0.8,
                )
        brush.glow(
            (perch.skull[0], perch.skull[1] + kit.head_size * 0.8),
            kit.head_size * 0.8,
            darker(look.coat, 0.7),
            0.3,
        )
    brush.texture(trunk, look.coat, look.grain, 14, girth * 0.22, 200, 0.014)


def _draw_wing(brush: Brush, look: Look, kit: BirdKit, perch: Perch, breast: Point) -> None:
    girth = kit.body * look.build
    root = polar(lerp(perch.body, breast, 0.55), perch.slope + 90, girth * 0.18)
    draw_folded_wing(
        brush,
        root,
        kit.body * (kit.stretch + 0.32),
        180 + perch.slope * 0.86 + 6,
        girth * 0.86,
        _wing(look),
        _tips(look),
    )


def _draw_leg(brush: Brush, look: Look, kit: BirdKit, perch: Perch, narrow: float, far: bool) -> None:
    t, leg = kit.leg_thick, kit.leg * look.legs
    colour = darker(look.mark("legs") or _BEAK, 0.22 if far else 0.0)
    spread = (0.17 if far else -0.12) * (1.0 if narrow == 1.0 else 1.35)
    top = (perch.body[0] + spread * kit.body * 1.4, perch.body[1] + kit.body * 0.62)
    if perch.legs == "tucked":
        foot = (top[0] - kit.body * 0.75 - leg * 0.35, top[1] + kit.body * 0.12)
        brush.fill(tube([top, lerp(top, foot, 0.6), foot], [t * 1.4, t, t * 0.9]), colour, 0.1)
        return
    ground = -t * 0.4 - (0.05 if far else 0.0)
    stride = {"stride": 0.34 * max(leg, 0.3) * (-1 if far else 1)}.get(perch.legs, 0.0)
    foot = (top[0] + 0.04 + stride, ground)
    if perch.legs == "stand" or perch.legs == "stride":
        knee = (lerp(top, foot, 0.5)[0] - leg * 0.1, lerp(top, foot, 0.5)[1])
        thigh = tube([(top[0], top[1] - 0.1), lerp(top, knee, 0.7)], [kit.body * 0.24, t * 1.5])
        brush.fill(thigh, darker(look.coat, 0.2 if far else 0.06), 0.12)
        brush.fill(tube([top, knee, foot], [t * 1.1, t, t * 0.85]), colour, 0.1)
    _draw_foot(brush, foot, t, kit.webbed, colour)


def _draw_foot(brush: Brush, foot: Point, t: float, webbed: bool, colour: RGB) -> None:
    x, y = foot
    size = 0.1 + t * 2.4
    if webbed:
        brush.fill(
            smooth(
                [
                    (x - t, y - t),
                    (x + size * 1.1, y - t * 0.3),
                    (x + size * 1.15, y + t * 0.4),
                    (x - size * 0.3, y + t * 0.4),
                ],
                tension=0.5,
            ),
            colour,
            0.12,
        )
        return
    for dx in (1.0, 0.55, -0.5):
        brush.fill(
            tube([(x, y - t * 0.4), (x + size * dx, y + t * 0.05)], [t * 0.62, t * 0.34]), colour, 0.08
        )


def _head(look: Look, kit: BirdKit, perch: Perch, view: View, mood: Feeling) -> Head:
    usual = 20.0 if kit.face == "disc" else 50.0
    shape = HeadKit(
        wide=1.0,
        tall=0.97,
        ear="none",
        eye=0.27 if kit.face == "disc" else 0.21,
        eye_azimuth=26 if kit.face == "disc" else 30,
        eye_elevation=12,
        yaw=usual,
    )
    return Head(
        shape,
        look,
        perch.skull,
        kit.head_size * look.head,
        view.head_yaw(usual),
        mood,
        perch.asleep,
        perch.speaking,
    )
