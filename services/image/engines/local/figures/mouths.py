"""Mouths of creatures that have no muzzle."""

from __future__ import annotations

from services.image.engines.local.figures.brush import Brush
from services.image.engines.local.figures.colours import INK
from services.image.engines.local.figures.curves import Point, ellipse, smooth
from services.image.engines.local.figures.eyes import Feeling


def draw_mouth(brush: Brush, at: Point, size: float, mood: Feeling, talking: bool) -> None:
    """A mouth on a face without a muzzle: a line that bends with the mood, or open."""
    bend = mood.smile * size * 0.5
    if talking or mood.gape:
        gape = max(mood.gape, 0.7 if talking else 0.0)
        brush.fill(
            ellipse((at[0], at[1] + size * 0.1), size * 0.62, size * 0.55 * gape, 8), (120, 36, 46), 0.1
        )
        return
    brush.line(
        smooth(
            [(at[0] - size, at[1] - bend), (at[0], at[1] + bend * 0.4), (at[0] + size * 0.8, at[1] - bend)],
            closed=False,
        ),
        INK,
        min(size * 0.2, 0.03),
    )
