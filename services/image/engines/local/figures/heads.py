"""Heads of four-legged creatures, from any side: features sit on a ball that turns towards the viewer."""

from __future__ import annotations

import math
from dataclasses import dataclass

import skia

from services.image.engines.local.figures.brush import Brush
from services.image.engines.local.figures.colours import INK, WHITE, darker, lighter, mix
from services.image.engines.local.figures.curves import Point, ellipse, joined, lerp, smooth, tube
from services.image.engines.local.figures.ears import draw_ear
from services.image.engines.local.figures.eyes import Eye, Feeling, draw_eye
from services.image.engines.local.figures.horns import draw_horn, draw_trunk
from services.image.engines.local.figures.kits import HeadKit
from services.image.engines.local.figures.look import Look


@dataclass(frozen=True)
class Head:
    """A head at `centre` with skull radius `radius`, turned `yaw` degrees away from the viewer."""

    kit: HeadKit
    look: Look
    centre: Point
    radius: float
    yaw: float
    mood: Feeling
    asleep: bool = False
    speaking: bool = False

    def point(self, azimuth: float, elevation: float, distance: float = 1.0) -> Point:
        """Where a direction from the centre is seen; azimuth 0 is the nose, negative the near side."""
        a, e = math.radians(azimuth + self.yaw), math.radians(elevation)
        reach = self.radius * distance
        return (
            self.centre[0] + math.sin(a) * math.cos(e) * reach * self.kit.wide,
            self.centre[1] - math.sin(e) * reach * self.kit.tall,
        )

    def facing(self, azimuth: float) -> float:
        """How squarely a direction faces the viewer: 1 straight on, 0 at the edge, negative behind."""
        return math.cos(math.radians(azimuth + self.yaw))

    @property
    def tip(self) -> Point:
        """The end of the muzzle."""
        return self.point(0, self.kit.drop, 0.62 + self.kit.muzzle)

    @property
    def gape(self) -> float:
        """How far the mouth is open, 0 to 1."""
        return 0.0 if self.asleep else max(self.mood.gape, 0.75 if self.speaking else 0.0)


def draw_head(brush: Brush, head: Head) -> None:
    """Draw a whole head, far parts first."""
    for side in (1, -1):
        draw_horn(brush, head, side)
        draw_ear(brush, head, side)
    skull = _skull(head)
    brush.fill(skull, head.look.mark("skull") or head.look.coat, 0.15)
    _draw_markings(brush, head, skull)
    _draw_muzzle(brush, head)
    _draw_eyes(brush, head)


def _skull(head: Head) -> skia.Path:
    x, y = head.centre
    rx, ry = head.radius * head.kit.wide, head.radius * head.kit.tall
    ball = ellipse((x, y), rx, ry)
    if not head.kit.cheeks:
        return ball
    size = head.kit.cheeks
    ruff = ball
    for side in (-1, 1):
        reach = 1 + size * 0.42 * (1.0 if side < 0 else max(0.0, 1 - head.yaw / 26))
        tuft = smooth(
            [
                (x + side * rx * 0.55, y - ry * 0.35), (x + side * rx * 0.98, y + ry * 0.08),
                (x + side * rx * reach, y + ry * 0.4), (x + side * rx * (reach - 0.2), y + ry * 0.5),
                (x + side * rx * (reach - 0.14), y + ry * 0.74), (x + side * rx * 0.62, y + ry * 0.82),
                (x + side * rx * 0.2, y + ry * 0.98), (x, y + ry * 0.3),
            ],
            tension=0.55,
        )  # fmt: skip
        ruff = joined(ruff, tuft)
    return ruff


def _draw_markings(brush: Brush, head: Head, skull: skia.Path) -> None:
    look, r = head.look, head.radius
    with brush.inside(skull):
        if mask := look.mark("mask"):
            for side in (-1, 1):
                eye = head.point(side * head.kit.eye_azimuth, head.kit.eye_elevation, 0.97)
                brush.fill(
                    tube(
                        [head.point(side * 16, -24, 1.1), eye, head.point(side * 34, 72, 1.0)],
                        [r * 0.2, r * 0.27, r * 0.2],
                    ),
                    mask,
                    0.06,
                )
        if face := look.mark("face"):
            for side in (-1, 1):
                cheek = head.point(side * 50, -34, 1.02)
                brush.fill(ellipse(cheek, r * 0.62, r * 0.5, side * -28), face, 0.06)
            low = head.point(0, -46, 0.86)
            brush.fill(ellipse(low, r * 0.62, r * 0.42), face, 0.05)
        if blaze := look.mark("blaze"):
            brush.fill(
                tube(
                    [head.point(0, 82, 0.95), head.point(0, 30, 1.0), head.point(0, -10, 1.05)],
                    [r * 0.1, r * 0.17, r * 0.2],
                ),
                blaze,
                0.05,
            )
        if stripes := look.mark("stripes"):
            for azimuth in (-22, 0, 22):
                brush.line(
                    smooth([head.point(azimuth, 82, 0.99), head.point(azimuth * 0.9, 48, 1.0)], closed=False),
                    stripes,
                    r * 0.1,
                )
        if patch := look.mark("eye_patch"):
            spot = head.point(-head.kit.eye_azimuth, head.kit.eye_elevation + 4, 0.98)
            brush.fill(ellipse(spot, r * 0.4, r * 0.46, 15), patch, 0.06)
    for side in (-1, 1) if head.yaw < 15 else (-1,):
        brush.glow(head.point(side * 58, -16, 0.95), r * 0.34, (232, 96, 92), 0.26)


def _draw_muzzle(brush: Brush, head: Head) -> None:
    kit, look, r = head.kit, head.look, head.radius
    base, tip = head.point(0, kit.drop + 4, 0.4), head.tip
    if kit.nose_kind == "trunk":
        draw_trunk(brush, head)
        return
    if head.gape:
        _draw_jaw(brush, head, base, tip)
    body = tube(
        [base, lerp(base, tip, 0.55), tip],
        [r * kit.muzzle_base, r * (kit.muzzle_base + kit.muzzle_tip) * 0.5, r * kit.muzzle_tip],
    )
    top = look.mark("muzzle") or look.mark("skull") or look.coat
    brush.fill(body, top, 0.12)
    if face := look.mark("face"):
        with brush.inside(body):
            drop = r * (kit.muzzle_tip * 0.85)
            brush.fill(
                tube(
                    [
                        (
                            base[0] - r * 0.4 * math.sin(math.radians(head.yaw)),
                            base[1] + r * kit.muzzle_base * 0.75,
                        ),
                        (tip[0], tip[1] + drop),
                    ],
                    [r * kit.muzzle_base * 0.8, r * kit.muzzle_tip],
                ),
                face,
                0.05,
            )
    _draw_mouth(brush, head, base, tip)
    _draw_nose(brush, head, tip)
    if kit.whiskers:
        _draw_whiskers(brush, head)


def _draw_jaw(brush: Brush, head: Head, base: Point, tip: Point) -> None:
    kit, r = head.kit, head.radius
    drop = r * (kit.muzzle_tip * 0.6 + 0.25 * head.gape)
    start = (lerp(base, tip, 0.35)[0], base[1] + r * kit.muzzle_base * 0.35)
    end = (lerp(base, tip, 0.86)[0], tip[1] + drop)
    jaw = tube([start, end], [r * kit.muzzle_base * 0.62, r * kit.muzzle_tip * 0.74])
    brush.fill(jaw, head.look.mark("face") or head.look.coat, 0.2)
    inner = tube(
        [(start[0] + r * 0.04, start[1]), (end[0] + r * 0.03, end[1] - r * 0.07)],
        [r * kit.muzzle_base * 0.46, r * kit.muzzle_tip * 0.62],
    )
    brush.fill(inner, (112, 34, 44), 0.1)
    with brush.inside(inner):
        brush.fill(
            ellipse(
                (end[0] - r * 0.03, end[1] + r * 0.02), r * kit.muzzle_tip * 0.62, r * kit.muzzle_tip * 0.42
            ),
            (226, 112, 112),
            0.08,
        )


def _draw_mouth(brush: Brush, head: Head, base: Point, tip: Point) -> None:
    kit, r = head.kit, head.radius
    ink = darker(mix(head.look.mark("face") or head.look.coat, INK, 0.7), 0.2)
    under = (tip[0], tip[1] + r * kit.muzzle_tip * 0.62)
    smile = head.mood.smile * r * 0.12
    ends = (-1, 1) if head.yaw < 20 else (-1,)
    for side in ends:
        corner = lerp(under, head.point(side * 40, kit.drop - 4, 0.98), 0.62)
        corner = (corner[0], corner[1] - smile)
        middle = lerp(under, corner, 0.55)
        bend = r * 0.07 * (1 if head.mood.smile >= 0 else -0.6)
        brush.line(smooth([under, (middle[0], middle[1] + bend), corner], closed=False), ink, r * 0.045)


def _draw_nose(brush: Brush, head: Head, tip: Point) -> None:
    kit, r = head.kit, head.radius
    size = r * kit.nose
    at = (
        tip[0] + r * kit.muzzle_tip * 0.55 * math.sin(math.radians(head.yaw)),
        tip[1] - r * kit.muzzle_tip * 0.45,
    )
    colour = head.look.mark("nose") or INK
    if kit.nose_kind == "snout":
        disc = ellipse(
            (tip[0] + r * 0.06, tip[1]),
            r * kit.muzzle_tip * (0.62 + 0.34 * head.facing(0)),
            r * kit.muzzle_tip * 1.02,
        )
        brush.fill(disc, lighter(colour, 0.1), 0.12)
        for side in (-0.32, 0.32):
            hole = (tip[0] + r * 0.08 + side * r * kit.muzzle_tip, tip[1])
            brush.fill(ellipse(hole, r * 0.05, r * 0.09), darker(colour, 0.55), 0)
        return
    if kit.nose_kind == "nostrils":
        for side in (-26, 18):
            hole = lerp(tip, head.point(side, kit.drop, 0.7 + kit.muzzle), 0.7)
            brush.fill(
                ellipse((hole[0], hole[1] - r * kit.muzzle_tip * 0.25), r * 0.05, r * 0.07, 20),
                darker(head.look.mark("muzzle") or head.look.coat, 0.55),
                0,
            )
        return
    nose = smooth(
        [
            (at[0] - size, at[1] - size * 0.35),
            (at[0], at[1] - size * 0.75),
            (at[0] + size, at[1] - size * 0.35),
            (at[0] + size * 0.55, at[1] + size * 0.5),
            (at[0], at[1] + size * 0.85),
            (at[0] - size * 0.55, at[1] + size * 0.5),
        ]
    )
    brush.fill(nose, colour, 0.1)
    brush.fill(ellipse((at[0] - size * 0.2, at[1] - size * 0.32), size * 0.36, size * 0.18), WHITE, 0, 0.55)


def _draw_whiskers(brush: Brush, head: Head) -> None:
    r, tip = head.radius, head.tip
    for side in (-1, 1):
        if side > 0 and head.yaw > 45:
            continue
        start = (tip[0] + side * r * 0.14, tip[1] + r * 0.02)
        for rise in (-0.12, 0.04, 0.2):
            end = (start[0] + side * r * 0.78, start[1] + r * rise)
            brush.line(
                smooth(
                    [start, (lerp(start, end, 0.5)[0], lerp(start, end, 0.5)[1] - r * 0.05), end],
                    closed=False,
                ),
                WHITE,
                r * 0.022,
                0.75,
            )


def _draw_eyes(brush: Brush, head: Head) -> None:
    kit, r = head.kit, head.radius
    for side in (1, -1):
        azimuth = side * kit.eye_azimuth
        square = head.facing(azimuth)
        if square < 0.12:
            continue
        ry = r * kit.eye
        eye = Eye(
            centre=head.point(azimuth, kit.eye_elevation, 0.96),
            rx=ry * 0.88 * (0.45 + 0.55 * square),
            ry=ry,
            inner=-side,
            iris=head.look.eye,
            lid=head.look.mark("mask") or head.look.mark("skull") or head.look.coat,
            brow=darker(head.look.coat, 0.5),
        )
        draw_eye(brush, eye, head.mood, head.asleep)
