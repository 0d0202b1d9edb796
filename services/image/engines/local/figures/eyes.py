"""Eyes that look, blink and feel: the part of a face that carries its mood."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

import skia

from services.image.engines.local.figures.brush import Brush
from services.image.engines.local.figures.colours import INK, RGB, WHITE, darker, lightness, mix
from services.image.engines.local.figures.curves import Point, ellipse, polygon, smooth


@dataclass(frozen=True)
class Feeling:
    """A mood as a face shows it.

    `lid` is how much of the eye the upper lid covers and `slant` how far its inner end is lower
    (angry) or higher (sad), both in eye heights; `open` scales the eye, `pupil` the pupil;
    `smile` bends the mouth (-1 to 1), `gape` opens it (0 to 1), `brow` lifts the brows.
    """

    lid: float = 0.0
    slant: float = 0.0
    cheek: float = 0.0
    open: float = 1.0
    pupil: float = 1.0
    smile: float = 0.35
    gape: float = 0.0
    brow: float = 0.0
    ears: float = 0.0
    tail: float = 0.0
    gaze: Point = (0.25, 0.0)


FEELINGS = {
    "calm": Feeling(),
    "happy": Feeling(cheek=0.24, smile=1.0, brow=0.15, gape=0.45, tail=18),
    "sad": Feeling(lid=0.24, slant=-0.5, smile=-0.75, brow=0.1, ears=-24, tail=-22),
    "angry": Feeling(lid=0.3, slant=0.6, smile=-0.65, pupil=0.85, brow=-0.12, ears=-14, tail=8),
    "afraid": Feeling(
        slant=-0.3, open=1.18, pupil=0.62, smile=-0.5, gape=0.35, brow=0.32, ears=-30, tail=-30
    ),
    "surprised": Feeling(open=1.22, pupil=0.72, smile=0.0, gape=0.8, brow=0.42, ears=6, tail=10),
    "sly": Feeling(lid=0.42, slant=0.16, cheek=0.12, smile=0.8, brow=0.05, tail=6),
}


def feeling(mood: str, seed: int = 0) -> Feeling:
    """How a face shows `mood`; a `seed` varies gaze, ears and tail a little, as they vary from shot to shot.

    Raises ValueError naming the moods there are.
    """
    if mood not in FEELINGS:
        raise ValueError(f"unknown mood {mood!r}: choose one of {', '.join(FEELINGS)}")
    shown = FEELINGS[mood]
    if seed == 0:
        return shown
    draw = random.Random(seed)
    return replace(
        shown,
        ears=shown.ears + draw.uniform(-5, 5),
        tail=shown.tail + draw.uniform(-14, 14),
        gaze=(draw.uniform(0.08, 0.34), draw.uniform(-0.12, 0.16)),
    )


@dataclass(frozen=True)
class Eye:
    """One eye: its centre and half sizes; `inner` is +1 where the nose is to its right, else -1."""

    centre: Point
    rx: float
    ry: float
    inner: int
    iris: RGB
    lid: RGB
    brow: RGB | None
    white: bool = False


def draw_eye(brush: Brush, eye: Eye, mood: Feeling, asleep: bool = False) -> None:
    """Draw an eye; one that is `asleep` is a closed arc."""
    x, y = eye.centre
    rx, ry = eye.rx, eye.ry * mood.open
    if asleep:
        arc = smooth([(x - rx, y), (x, y + ry * 0.5), (x + rx, y)], closed=False)
        brush.line(arc, _line_colour(eye), ry * 0.26)
        return
    ball = ellipse((x, y), rx, ry)
    rim = _line_colour(eye)
    brush.fill(ellipse((x, y), rx * 1.1, ry * 1.08), rim, 0)
    bright = lightness(eye.iris) > 0.4
    brush.fill(ball, WHITE if eye.white or not bright else mix(eye.iris, WHITE, 0.15), 0.05)
    with brush.inside(ball):
        _draw_iris(brush, eye, (rx, ry), mood, bright)
    with brush.inside(ellipse((x, y), rx * 1.14, ry * 1.12)):
        _draw_lids(brush, eye, (rx, ry), mood)
    if eye.brow is not None and (mood.brow or mood.slant or eye.white):
        _draw_brow(brush, eye, (rx, ry), mood, eye.brow)


def _line_colour(eye: Eye) -> RGB:
    return mix(INK, eye.lid, 0.55) if lightness(eye.lid) < 0.3 else INK


def _draw_iris(brush: Brush, eye: Eye, size: Point, mood: Feeling, bright: bool) -> None:
    rx, ry = size
    x, y = eye.centre[0] + mood.gaze[0] * rx, eye.centre[1] - mood.gaze[1] * ry
    iris = mood.pupil * (0.74 if eye.white else 0.9)
    if not bright or eye.white:
        brush.fill(ellipse((x, y), rx * iris, ry * iris), darker(eye.iris, 0.1), 0.22)
    pupil = mood.pupil * (0.44 if eye.white else 0.52 if bright else 0.66)
    brush.fill(ellipse((x, y), rx * pupil, ry * pupil * 1.08), INK, 0)
    shine = min(rx, ry)
    brush.fill(ellipse((x + shine * 0.24, y - ry * 0.34), shine * 0.25, shine * 0.27), WHITE, 0)
    brush.fill(ellipse((x - shine * 0.22, y + ry * 0.34), shine * 0.11, shine * 0.11), WHITE, 0, 0.8)


def _draw_lids(brush: Brush, eye: Eye, size: Point, mood: Feeling) -> None:
    x, y = eye.centre
    rx, ry = size
    if mood.lid or mood.slant:
        inner = y - ry + 2 * ry * max(mood.lid + mood.slant * 0.5, -0.3)
        outer = y - ry + 2 * ry * max(mood.lid - mood.slant * 0.5, -0.3)
        left, right = (outer, inner) if eye.inner > 0 else (inner, outer)
        lid = polygon(
            [
                (x - rx * 1.3, y - ry * 2),
                (x + rx * 1.3, y - ry * 2),
                (x + rx * 1.3, right),
                (x - rx * 1.3, left),
            ]
        )
        brush.fill(lid, darker(eye.lid, 0.1), 0)
        edge = skia.Path()
        edge.moveTo(x - rx * 1.3, left)
        edge.lineTo(x + rx * 1.3, right)
        brush.line(edge, _line_colour(eye), ry * 0.16)
    if mood.cheek:
        brush.fill(ellipse((x, y + ry * (2.2 - mood.cheek * 2)), rx * 1.7, ry * 1.25), eye.lid, 0)


def _draw_brow(brush: Brush, eye: Eye, size: Point, mood: Feeling, colour: RGB) -> None:
    x, y = eye.centre
    rx, ry = size
    high = y - ry * (1.42 + mood.brow * 1.1)
    tilt = mood.slant * ry * 0.75 * eye.inner
    brow = smooth(
        [(x - rx * 1.05, high - tilt), (x, high - ry * 0.26), (x + rx * 1.05, high + tilt)], closed=False
    )
    brush.line(brow, colour, ry * (0.3 if eye.white else 0.22), 0.9)
