"""The stage of one panel: canvas, size, camera, light and the random numbers that fix its details."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Final

import skia

from services.image.engines.local.brush import Colour, ink
from services.image.engines.local.palette import Palette, lit

SHORT_EDGE: Final = 1000.0
"""Units of the canvas along a panel's shorter edge, whatever its pixels."""


@dataclass(frozen=True)
class Camera:
    """How near the viewer is. All but `zoom` are shares of the panel's height.

    `horizon` is where land meets sky, `ground` where the figures stand, `adult` the height of a grown
    person relative to the reach (see `Stage.reach`); `zoom` scales what stands behind.
    """

    name: str
    horizon: float
    ground: float
    adult: float
    zoom: float


WIDE: Final = Camera("wide", 0.56, 0.85, 0.40, 0.85)
MEDIUM: Final = Camera("medium", 0.53, 0.875, 0.50, 1.1)
CLOSE: Final = Camera("close", 0.48, 0.93, 0.68, 1.45)


@dataclass
class Stage:
    """What every layer is drawn with. `width` and `height` are in units, see SHORT_EDGE.

    `detail` is 0, 1 or 2 by the recipe's tier. `seed` fixes the scenery; each layer draws its own numbers
    from `dice`, so that one layer more or less does not move the others.
    """

    canvas: skia.Canvas
    width: float
    height: float
    camera: Camera
    palette: Palette
    detail: int
    seed: int
    sun: tuple[float, float] = (0.0, 0.0)
    lamps: list[tuple[float, float, float]] = field(default_factory=list)

    @property
    def horizon(self) -> float:
        """Where land meets sky, in units from the top."""
        return self.height * self.camera.horizon

    @property
    def ground(self) -> float:
        """Where the figures' feet are, in units from the top."""
        return self.height * self.camera.ground

    @property
    def reach(self) -> float:
        """The height that figures are sized by, in units: the panel's, or less where it is narrow."""
        return min(self.height, 1.22 * self.width)

    @property
    def unit(self) -> float:
        """The scale of scenery: 1 in a wide 16:9 panel."""
        return self.camera.zoom * self.reach / SHORT_EDGE

    def dice(self, layer: str) -> random.Random:
        """The random numbers of one layer."""
        return random.Random(f"{self.seed}:{layer}")

    def tint(self, colour: Colour, depth: float = 0.0) -> Colour:
        """`colour` in this panel's light, `depth` (0 near, 1 at the horizon) away."""
        return lit(self.palette, colour, depth)

    def depth_at(self, y: float) -> float:
        """How far away the ground at `y` is: 0 where the figures stand, 1 at the horizon."""
        return max(0.0, min(1.0, (self.ground - y) / (self.ground - self.horizon)))

    def scale_at(self, y: float) -> float:
        """How large a thing standing on the ground at `y` is, relative to one beside the figures."""
        return 0.22 + 0.78 * (1 - self.depth_at(y))

    def shadow(self, x: float, y: float, rx: float, ry: float, strength: float = 0.32) -> None:
        """A soft shadow on the ground around (x, y)."""
        shader = skia.GradientShader.MakeRadial(
            (0, 0),
            1,
            [ink((8, 12, 30), strength), ink((8, 12, 30), strength * 0.7), ink((8, 12, 30), 0)],
            [0, 0.55, 1],
        )
        self.canvas.save()
        self.canvas.translate(x, y)
        self.canvas.scale(rx, ry)
        self.canvas.drawCircle(0, 0, 1, skia.Paint(Shader=shader, AntiAlias=True))
        self.canvas.restore()
