"""A person's clothes: the garment that gives the figure its outline, and what is worn over it."""

from __future__ import annotations

from dataclasses import dataclass

import skia

from services.image.engines.local.figures.brush import Brush
from services.image.engines.local.figures.colours import RGB, darker, lighter
from services.image.engines.local.figures.curves import Point, ellipse, lerp, smooth, tube
from services.image.engines.local.figures.look import Look

TOPS = ("robe", "dress", "coat", "armour", "tunic", "vest", "sweater", "shirt")
"""What gives the torso its outline, the longest first; a person always has one."""

HEMS = {
    "robe": 0.97,
    "dress": 0.72,
    "coat": 0.55,
    "tunic": 0.32,
    "armour": 0.22,
    "vest": 0.1,
    "sweater": 0.1,
    "shirt": 0.08,
}
"""How far down the leg a garment reaches, in leg lengths."""


def top_of(look: Look) -> tuple[str, RGB]:
    """The garment that outlines a person's torso, and its colour. Raises ValueError if there is none."""
    for kind in TOPS:
        if (colour := look.wears(kind)) is not None:
            return kind, colour
    raise ValueError(f"{look.name!r} wears none of {', '.join(TOPS)}: design the look with design_look")


@dataclass(frozen=True)
class Torso:
    """Where a torso is on the page: `neck`, `waist` and the end of the skirt, and half widths there."""

    neck: Point
    waist: Point
    hem: Point
    shoulder: float
    girth: float
    flare: float
    hip: float


def draw_torso(brush: Brush, look: Look, torso: Torso) -> None:
    """Draw the garment over the torso, its belt, and an apron."""
    kind, colour = top_of(look)
    shape = _outline(torso)
    brush.fill(shape, colour, 0.18)
    with brush.inside(shape):
        _draw_folds(brush, torso, colour, kind)
        if kind == "vest":
            _draw_shirt_front(brush, look, torso)
        if kind in ("coat", "armour", "sweater"):
            _draw_trim(brush, torso, colour, kind)
        if (trim := look.wears("trim")) is not None:
            edge = [
                (torso.hem[0] - torso.flare * 1.3, torso.hem[1] - 0.03),
                (torso.hem[0], torso.hem[1] + 0.02),
                (torso.hem[0] + torso.flare * 1.3, torso.hem[1] - 0.03),
            ]
            brush.fill(tube(edge, [0.09, 0.09, 0.09]), trim, 0.08)
            brush.fill(tube([torso.neck, torso.hem], [0.07, 0.1]), trim, 0.06)
        if (apron := look.wears("apron")) is not None:
            _draw_apron(brush, torso, apron)
    if kind in ("tunic", "robe", "coat", "dress", "shirt") and look.wears("trim") is None:
        _draw_belt(brush, torso, look.wears("belt") or darker(colour, 0.45))


def _outline(torso: Torso) -> skia.Path:
    n, w, h = torso.neck, torso.waist, torso.hem
    upper = lerp(n, w, 0.2)
    left = [
        (n[0] - torso.shoulder * 0.4, n[1]),
        (upper[0] - torso.shoulder, upper[1]),
        (w[0] - torso.girth, w[1]),
    ]
    right = [
        (w[0] + torso.girth, w[1]),
        (upper[0] + torso.shoulder, upper[1]),
        (n[0] + torso.shoulder * 0.4, n[1]),
    ]
    hips = lerp(w, h, min(0.38 / max(abs(h[1] - w[1]), 0.4), 0.9))
    skirt = [
        (hips[0] - max(torso.hip, torso.girth), hips[1]), (h[0] - torso.flare, h[1] - 0.04),
        (h[0], h[1] + 0.03),
        (h[0] + torso.flare, h[1] - 0.04), (hips[0] + max(torso.hip, torso.girth), hips[1]),
    ]  # fmt: skip
    return smooth([*left, *skirt, *right], tension=0.62)


def _draw_folds(brush: Brush, torso: Torso, colour: RGB, kind: str) -> None:
    if kind not in ("robe", "dress", "coat", "tunic"):
        return
    for share in (-0.55, -0.1, 0.4):
        top = (torso.waist[0] + torso.girth * share * 0.7, torso.waist[1] + 0.12)
        end = (torso.hem[0] + torso.flare * share * 1.1, torso.hem[1])
        brush.line(smooth([top, lerp(top, end, 0.5), end], closed=False), darker(colour, 0.32), 0.03, 0.5)
    side = [
        (torso.neck[0] - torso.shoulder, torso.neck[1]),
        (torso.waist[0] - torso.girth * 1.1, torso.waist[1]),
        (torso.hem[0] - torso.flare, torso.hem[1]),
    ]
    brush.fill(tube(side, [0.12, 0.1, 0.16]), darker(colour, 0.5), 0, 0.22)


def _draw_shirt_front(brush: Brush, look: Look, torso: Torso) -> None:
    front = lerp(torso.neck, torso.waist, 0.5)
    brush.fill(
        smooth(
            [
                (torso.neck[0] - 0.02, torso.neck[1] - 0.05),
                (torso.neck[0] + torso.shoulder * 0.75, torso.neck[1] - 0.05),
                (front[0] + torso.shoulder * 0.5, front[1] + 0.12),
                (front[0] + torso.shoulder * 0.36, torso.waist[1]),
            ],
            tension=0.5,
        ),
        look.wears("shirt") or (244, 236, 220),
        0.08,
    )
    for index in range(3):
        at = (front[0] + torso.shoulder * 0.1, lerp(torso.neck, torso.waist, 0.5 + index * 0.2)[1])
        brush.fill(ellipse(at, 0.035, 0.035), (230, 196, 110), 0.1)


def _draw_trim(brush: Brush, torso: Torso, colour: RGB, kind: str) -> None:
    if kind == "coat":
        line = [
            (torso.neck[0] + torso.shoulder * 0.3, torso.neck[1]),
            (torso.waist[0] + torso.girth * 0.3, torso.waist[1]),
            (torso.hem[0] + torso.flare * 0.3, torso.hem[1]),
        ]
        brush.line(smooth(line, closed=False), darker(colour, 0.4), 0.035)
        for index in range(3):
            at = lerp(torso.neck, torso.waist, 0.3 + index * 0.3)
            brush.fill(ellipse((at[0] + torso.shoulder * 0.48, at[1]), 0.04, 0.04), (230, 196, 110), 0.15)
    elif kind == "armour":
        for share in (0.35, 0.6, 0.85):
            at = lerp(torso.neck, torso.waist, share)
            brush.line(
                smooth(
                    [
                        (at[0] - torso.shoulder, at[1] - 0.03),
                        (at[0], at[1] + 0.05),
                        (at[0] + torso.shoulder, at[1] - 0.03),
                    ],
                    closed=False,
                ),
                darker(colour, 0.35),
                0.03,
            )
        brush.fill(
            ellipse((torso.neck[0] + torso.shoulder * 0.4, torso.neck[1] + 0.35), 0.08, 0.3, -10),
            lighter(colour, 0.6),
            0,
            0.7,
        )
    else:
        for share in (0.3, 0.5, 0.7):
            at = lerp(torso.neck, torso.waist, share)
            brush.line(
                smooth(
                    [(at[0] - torso.shoulder * 1.1, at[1]), (at[0] + torso.shoulder * 1.1, at[1])],
                    closed=False,
                ),
                lighter(colour, 0.35),
                0.05,
                0.8,
            )


def _draw_apron(brush: Brush, torso: Torso, colour: RGB) -> None:
    n, w, h = torso.neck, torso.waist, torso.hem
    bib = [
        (n[0] + torso.shoulder * 0.02, n[1] + 0.3),
        (n[0] + torso.shoulder * 0.72, n[1] + 0.3),
        (w[0] + torso.girth * 0.95, w[1]),
        (h[0] + torso.flare * 0.8, h[1] - 0.12),
        (h[0] - torso.flare * 0.2, h[1] - 0.08),
        (w[0] - torso.girth * 0.3, w[1]),
    ]
    brush.fill(smooth(bib, tension=0.4), colour, 0.1)
    brush.line(
        smooth(
            [(w[0] - torso.girth * 1.2, w[1] + 0.02), (w[0] + torso.girth * 1.2, w[1] + 0.02)], closed=False
        ),
        darker(colour, 0.14),
        0.05,
    )


def _draw_belt(brush: Brush, torso: Torso, colour: RGB) -> None:
    w, g = torso.waist, torso.girth * 0.97
    brush.fill(
        tube([(w[0] - g, w[1] - 0.01), (w[0], w[1] + 0.05), (w[0] + g, w[1] - 0.01)], [0.055, 0.06, 0.055]),
        colour,
        0.1,
    )
    buckle = skia.Path()
    buckle.addRoundRect(skia.Rect.MakeXYWH(w[0] + g * 0.3 - 0.06, w[1] - 0.03, 0.12, 0.13), 0.03, 0.03)
    brush.fill(buckle, (222, 182, 92), 0.15)


def draw_cloak(brush: Brush, torso: Torso, ground: float, colour: RGB) -> None:
    """A cloak, behind everything."""
    n = torso.neck
    low = min(max(torso.hem[1], ground - 0.5), ground - 0.12)
    drape = [
        (n[0] + torso.shoulder * 0.7, n[1] - 0.02),
        (n[0] - torso.shoulder * 0.5, n[1] - 0.06),
        (n[0] - torso.shoulder * 1.35, n[1] + 0.4),
        (n[0] - torso.shoulder * 1.75 - 0.2, low - 0.15),
        (n[0] - torso.shoulder * 0.9, low),
        (n[0] + torso.shoulder * 0.9, low - 0.05),
        (n[0] + torso.shoulder * 1.3, n[1] + 0.5),
    ]
    brush.fill(smooth(drape, tension=0.75), darker(colour, 0.12), 0.24)


def draw_mantle(brush: Brush, torso: Torso, colour: RGB) -> None:
    """The part of a cloak or hood that lies over the shoulders."""
    n, s = torso.neck, torso.shoulder
    shape = smooth(
        [
            (n[0] - s * 0.55, n[1] - 0.1),
            (n[0] + s * 0.6, n[1] - 0.1),
            (n[0] + s * 1.2, n[1] + 0.34),
            (n[0] + s * 0.42, n[1] + 0.42),
            (n[0] - s * 0.5, n[1] + 0.5),
            (n[0] - s * 1.25, n[1] + 0.42),
        ],
        tension=0.75,
    )
    brush.fill(shape, colour, 0.2)
    brush.fill(ellipse((n[0] + s * 0.28, n[1] + 0.06), 0.06, 0.06), (230, 192, 96), 0.15)
