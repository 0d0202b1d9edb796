"""A brush that paints softly shaded shapes and remembers the bounds of what it painted."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager

import skia

from services.image.engines.local.figures.colours import RGB, darker, lighter, paint_colour
from services.image.engines.local.figures.curves import Point, polar, smooth


class Brush:
    """Paints on one canvas, in the canvas's own coordinates (y grows downwards)."""

    def __init__(self, canvas: skia.Canvas) -> None:
        self.canvas = canvas
        self.bounds: skia.Rect | None = None
        self.shapes: list[skia.Path] = []
        """The filled shapes, which together are the silhouette, in the canvas's outer coordinates."""
        self._clips = 0

    def _note(self, path: skia.Path, reach: float = 0.0) -> None:
        if self._clips:
            return  # a clip only ever restricts to a shape that was painted before
        placed = skia.Path(path)
        placed.transform(self.canvas.getTotalMatrix())
        box = placed.computeTightBounds()
        box.outset(reach, reach)
        if self.bounds is None:
            self.bounds = box
        else:
            self.bounds.join(box)
        if not reach:
            self.shapes.append(placed)

    def fill(self, path: skia.Path, colour: RGB, depth: float = 0.16, alpha: float = 1.0) -> None:
        """Fill with a soft gradient, lit from above; `depth` is how far light and shadow go apart."""
        box = path.getBounds()
        self._note(path)
        paint = skia.Paint(AntiAlias=True)
        if depth:
            top = paint_colour(lighter(colour, depth * 0.75), alpha)
            low = paint_colour(darker(colour, depth * 1.25), alpha)
            ends = [
                skia.Point(box.centerX() - box.width() * 0.15, box.top()),
                skia.Point(box.centerX() + box.width() * 0.1, box.bottom()),
            ]
            shader = skia.GradientShader.MakeLinear(
                ends, [top, paint_colour(colour, alpha), low], [0.0, 0.5, 1.0]
            )
            paint.setShader(shader)
        else:
            paint.setColor(paint_colour(colour, alpha))
        self.canvas.drawPath(path, paint)

    def line(self, path: skia.Path, colour: RGB, width: float, alpha: float = 1.0) -> None:
        """Draw along a path with round ends."""
        self._note(path, width / 2)
        self.canvas.drawPath(
            path,
            skia.Paint(
                AntiAlias=True,
                Style=skia.Paint.kStroke_Style,
                StrokeWidth=width,
                StrokeCap=skia.Paint.kRound_Cap,
                StrokeJoin=skia.Paint.kRound_Join,
                Color=paint_colour(colour, alpha),
            ),
        )

    def glow(self, centre: Point, radius: float, colour: RGB, alpha: float) -> None:
        """A soft round patch that fades to nothing at `radius`: a shadow, a blush, a light."""
        shader = skia.GradientShader.MakeRadial(
            skia.Point(*centre), radius, [paint_colour(colour, alpha), paint_colour(colour, 0.0)]
        )
        self.canvas.drawCircle(*centre, radius, skia.Paint(AntiAlias=True, Shader=shader))

    @contextmanager
    def inside(self, path: skia.Path) -> Iterator[None]:
        """Restrict what follows to the inside of a shape."""
        self.canvas.save()
        self.canvas.clipPath(path, True)
        self._clips += 1
        try:
            yield
        finally:
            self._clips -= 1
            self.canvas.restore()

    @contextmanager
    def turned(self, centre: Point, degrees: float) -> Iterator[None]:
        """Turn what follows about a point, anticlockwise."""
        self.canvas.save()
        self.canvas.rotate(-degrees, *centre)
        try:
            yield
        finally:
            self.canvas.restore()

    def texture(
        self, path: skia.Path, colour: RGB, seed: int, count: int, length: float, slant: float, width: float
    ) -> None:
        """A few short strokes of fur or feather inside a shape, at `slant` degrees."""
        draw = random.Random(seed)
        box = path.getBounds()
        with self.inside(path):
            for _ in range(count):
                start = (
                    box.left() + draw.random() * box.width(),
                    box.top() + draw.random() * box.height(),
                )
                angle = slant + draw.uniform(-18, 18)
                middle = polar(start, angle + 8, length * 0.5)
                tone = darker(colour, 0.28) if draw.random() < 0.6 else lighter(colour, 0.35)
                stroke = smooth([start, middle, polar(start, angle, length)], closed=False)
                self.line(stroke, tone, width, 0.4)
