"""Treatments: what a style does to a finished drawing - colour, paper, grain, edges."""

from __future__ import annotations

import hashlib
import math
import re
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import skia

from services.image.engines.local.brush import hexc, ink


@dataclass(frozen=True)
class Treatment:
    """How a style finishes a panel.

    `saturation` 1 keeps the colours, `turn` rotates their hues in degrees, `tone` is a colour mixed in by
    `wash`, `contrast` 1 keeps it, `lift` is added light. `paper` and `grain` are strengths of texture,
    `bloom` of glowing lights, `deckle` the width of an unpainted ragged edge, as a share of the shorter side.
    """

    saturation: float = 1.0
    turn: float = 0.0
    tone: str = "#ffffff"
    wash: float = 0.0
    contrast: float = 1.0
    lift: float = 0.0
    paper: float = 0.0
    grain: float = 0.0
    bloom: float = 0.0
    deckle: float = 0.0


TREATMENTS: Final = {
    "storybook": Treatment(saturation=1.05, tone="#fff1d6", wash=0.03, paper=0.5, grain=0.35),
    "watercolor": Treatment(
        saturation=0.92, tone="#fff8ec", wash=0.20, contrast=0.98, lift=0.06, paper=1.5, deckle=0.035
    ),
    "noir": Treatment(saturation=0.0, contrast=1.32, grain=1.2),
    "sepia": Treatment(
        saturation=0.08, tone="#e8a94f", wash=0.26, contrast=1.3, lift=0.02, paper=1.0, grain=0.6
    ),
    "pastel": Treatment(saturation=0.95, tone="#fff0f4", wash=0.30, lift=0.10, paper=0.6),
    "night-glow": Treatment(saturation=1.32, tone="#2b1f6b", wash=0.12, contrast=1.12, bloom=0.55),
    "comic": Treatment(saturation=1.38, contrast=1.14),
    "cinematic": Treatment(saturation=0.95, tone="#1f5a66", wash=0.09, contrast=1.12, grain=0.7, bloom=0.2),
}

WORDS: Final = {
    "storybook": ("storybook", "picture book", "picture-book", "illustration", "fairy tale", "gouache"),
    "watercolor": ("watercolor", "watercolour", "aquarelle", "ink wash", "wash"),
    "noir": (
        "noir",
        "mono",
        "black and white",
        "black-and-white",
        "charcoal",
        "pencil",
        "ink",
        "grayscale",
        "greyscale",
    ),
    "sepia": ("sepia", "vintage", "antique", "old photo", "etching", "woodcut"),
    "pastel": ("pastel", "soft", "chalk", "dreamy"),
    "night-glow": ("night-glow", "night glow", "neon", "glow", "cyberpunk"),
    "comic": ("comic", "cartoon", "pop", "vivid", "anime", "manga", "flat"),
    "cinematic": ("cinematic", "film", "photo", "realistic", "epic"),
}


def treatment_of(style: str) -> Treatment:
    """The treatment of a style by its words; one that is unknown is a storybook in hues of its own."""
    text = style.lower()
    for name, words in WORDS.items():
        if any(re.search(rf"\b{word}\b", text) for word in words):
            return TREATMENTS[name]
    digest = hashlib.sha256(text.encode()).digest()
    turn = (digest[0] / 255 - 0.5) * 30
    return Treatment(
        saturation=0.9 + digest[1] / 255 * 0.3, turn=turn, tone="#fff1d6", wash=0.03, paper=0.5, grain=0.35
    )


def apply_treatment(surface: skia.Surface, treatment: Treatment, detail: int) -> None:
    """Finish the drawing on `surface` in place; slight textures only from `detail` 1 up."""
    canvas = surface.getCanvas()
    canvas.resetMatrix()
    width, height = surface.width(), surface.height()
    paint = skia.Paint(
        ColorFilter=skia.ColorFilters.Matrix(_matrix(treatment)), BlendMode=skia.BlendMode.kSrc
    )
    canvas.drawImage(surface.makeImageSnapshot(), 0, 0, skia.SamplingOptions(), paint)
    if treatment.bloom:
        _bloom(surface, treatment.bloom)
    if treatment.paper >= 1 or (treatment.paper and detail):
        _texture(canvas, width, height, "paper", treatment.paper)
    if treatment.grain >= 1 or (treatment.grain and detail):
        _texture(canvas, width, height, "grain", treatment.grain)
    if treatment.deckle:
        _deckle(canvas, width, height, treatment.deckle)


def _matrix(treatment: Treatment) -> list[float]:
    """Hue, saturation, contrast and wash as one 4 x 5 colour matrix (luma weights of Rec. 601)."""
    luma = np.array([0.299, 0.587, 0.114])
    grey = np.tile(luma, (3, 1))
    keep = np.eye(3) * treatment.saturation + grey * (1 - treatment.saturation)
    turn = math.radians(treatment.turn)
    axis = np.full((3, 3), 1 / 3)
    cross = np.array([[0, -1, 1], [1, 0, -1], [-1, 1, 0]]) / math.sqrt(3)
    rotate = np.eye(3) * math.cos(turn) + axis * (1 - math.cos(turn)) + cross * math.sin(turn)
    colour = (rotate @ keep) * treatment.contrast * (1 - treatment.wash)
    tone = np.array(hexc(treatment.tone)) / 255 * treatment.wash
    offset = tone + 0.5 * (1 - treatment.contrast) * (1 - treatment.wash) + treatment.lift
    rows = []
    for channel in range(3):
        rows += [*colour[channel].tolist(), 0.0, float(offset[channel])]
    return [*rows, 0.0, 0.0, 0.0, 1.0, 0.0]


@cache
def _tile(kind: str) -> skia.Image:
    """A seamless 512 x 512 tile around mid grey: paper is rough in patches, grain in single pixels."""
    noise = np.random.default_rng(7).standard_normal((512, 512))
    if kind == "paper":
        spectrum = np.fft.fft2(noise)
        across, down = np.meshgrid(np.fft.fftfreq(512), np.fft.fftfreq(512))
        far = np.hypot(across, down)
        noise = np.fft.ifft2(
            spectrum * (np.exp(-((far * 22) ** 2)) * 10 + np.exp(-((far * 5) ** 2)) * 1.2)
        ).real
        noise /= noise.std()
    grey = np.clip(128 + noise * 9, 0, 255).astype(np.uint8)
    pixels = np.dstack([grey, grey, grey, np.full_like(grey, 255)])
    return skia.Image.fromarray(np.ascontiguousarray(pixels))


def _texture(canvas: skia.Canvas, width: int, height: int, kind: str, strength: float) -> None:
    shader = _tile(kind).makeShader(skia.TileMode.kRepeat, skia.TileMode.kRepeat, skia.SamplingOptions())
    paint = skia.Paint(Shader=shader, BlendMode=skia.BlendMode.kSoftLight)
    paint.setAlphaf(min(1.0, strength * 0.6))
    canvas.drawRect(skia.Rect.MakeWH(width, height), paint)


def _bloom(surface: skia.Surface, strength: float) -> None:
    """Let bright parts glow: a small blurred copy screened over the picture."""
    canvas = surface.getCanvas()
    width, height = surface.width(), surface.height()
    small = surface.makeImageSnapshot().resize(max(1, width // 8), max(1, height // 8))
    blur = skia.ImageFilters.Blur(4, 4)
    glowing = skia.Surface(small.width(), small.height())
    glowing.getCanvas().drawImage(small, 0, 0, skia.SamplingOptions(), skia.Paint(ImageFilter=blur))
    paint = skia.Paint(BlendMode=skia.BlendMode.kScreen)
    paint.setAlphaf(strength)
    canvas.drawImageRect(
        glowing.makeImageSnapshot(),
        skia.Rect.MakeWH(width, height),
        skia.SamplingOptions(skia.FilterMode.kLinear),
        paint,
    )


def _deckle(canvas: skia.Canvas, width: int, height: int, share: float) -> None:
    """Bare paper around the painting, its edge ragged and soft."""
    edge = min(width, height) * share
    dice = np.random.default_rng(11)
    path = skia.Path()
    points = []
    steps = 160
    for step in range(steps):
        along = step / steps * 4
        side, share_along = int(along), along - int(along)
        inset = edge * (0.75 + 0.5 * float(dice.random()))
        x, y = (
            (share_along * width, inset),
            (width - inset, share_along * height),
            ((1 - share_along) * width, height - inset),
            (inset, (1 - share_along) * height),
        )[side]
        points.append((min(max(x, inset), width - inset), min(max(y, inset), height - inset)))
    path.addPoly([skia.Point(x, y) for x, y in points], True)
    path.setFillType(skia.PathFillType.kInverseWinding)
    paint = skia.Paint(
        AntiAlias=True,
        Color=ink(hexc("#fdf9f0")),
        MaskFilter=skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, edge * 0.12),
    )
    canvas.drawPath(path, paint)
