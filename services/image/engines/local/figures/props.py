"""Things that are carried in a hand or paw."""

from __future__ import annotations

import skia

from services.image.engines.local.figures.brush import Brush
from services.image.engines.local.figures.colours import RGB, darker, lighter
from services.image.engines.local.figures.curves import Point, ellipse, polar, polygon, smooth, tube

PROPS = ("lantern", "basket", "staff", "sword", "book", "flower", "key", "letter", "bag", "broom",
"fishing_rod", "axe", "umbrella", "balloon")  # fmt: skip


def draw_prop(brush: Brush, kind: str, hand: Point, size: float, colour: RGB) -> None:
    """Draw what the hand at `hand` holds; `size` is about an arm's length."""
    _DRAWERS[kind](brush, hand, size, colour)


def _lantern(brush: Brush, hand: Point, s: float, colour: RGB) -> None:
    x, y = hand[0], hand[1] + s * 0.1
    brush.glow((x, y + s * 0.32), s * 0.75, (255, 214, 120), 0.55)
    brush.line(
        smooth([(x - s * 0.12, y + s * 0.14), (x, y - s * 0.1), (x + s * 0.12, y + s * 0.14)], closed=False),
        darker(colour, 0.3),
        s * 0.03,
    )
    glass = skia.Path()
    glass.addRoundRect(skia.Rect.MakeXYWH(x - s * 0.14, y + s * 0.16, s * 0.28, s * 0.32), s * 0.05, s * 0.05)
    brush.fill(glass, (255, 226, 140), 0.12)
    brush.fill(
        smooth(
            [(x, y + s * 0.24), (x + s * 0.06, y + s * 0.38), (x, y + s * 0.44), (x - s * 0.06, y + s * 0.38)]
        ),
        (250, 160, 60),
        0.1,
    )
    for top, height, half in ((0.12, 0.07, 0.17), (0.46, 0.07, 0.17)):
        brush.fill(
            polygon(
                [
                    (x - s * half, y + s * (top + height)),
                    (x - s * (half - 0.05), y + s * top),
                    (x + s * (half - 0.05), y + s * top),
                    (x + s * half, y + s * (top + height)),
                ]
            ),
            colour,
            0.2,
        )


def _basket(brush: Brush, hand: Point, s: float, colour: RGB) -> None:
    x, y = hand[0], hand[1]
    brush.line(
        smooth(
            [
                (x - s * 0.3, y + s * 0.36),
                (x - s * 0.22, y),
                (x, y - s * 0.08),
                (x + s * 0.22, y),
                (x + s * 0.3, y + s * 0.36),
            ],
            closed=False,
        ),
        darker(colour, 0.2),
        s * 0.055,
    )
    for dx, fruit in ((-0.14, (206, 62, 52)), (0.02, (226, 150, 60)), (0.16, (206, 62, 52))):
        brush.fill(ellipse((x + s * dx, y + s * 0.34), s * 0.1, s * 0.1), fruit, 0.2)
    bowl = smooth(
        [
            (x - s * 0.34, y + s * 0.34),
            (x + s * 0.34, y + s * 0.34),
            (x + s * 0.26, y + s * 0.62),
            (x - s * 0.26, y + s * 0.62),
        ],
        tension=0.45,
    )
    brush.fill(bowl, colour, 0.22)
    with brush.inside(bowl):
        for row in range(3):
            for column in range(7):
                at = (x + s * (-0.33 + column * 0.11 + (row % 2) * 0.05), y + s * (0.4 + row * 0.08))
                brush.line(
                    smooth([at, (at[0] + s * 0.06, at[1])], closed=False), darker(colour, 0.3), s * 0.022, 0.7
                )


def _staff(brush: Brush, hand: Point, s: float, colour: RGB) -> None:
    x, y = hand
    rod = tube(
        [
            (x - s * 0.04, y + s * 1.05),
            (x, y),
            (x + s * 0.03, y - s * 0.85),
            (x + s * 0.2, y - s * 1.12),
            (x + s * 0.36, y - s * 0.92),
        ],
        [s * 0.04, s * 0.045, s * 0.045, s * 0.045, s * 0.035],
    )
    brush.fill(rod, colour, 0.15)


def _sword(brush: Brush, hand: Point, s: float, colour: RGB) -> None:
    x, y = hand
    blade = polygon(
        [
            (x - s * 0.05, y - s * 0.1),
            (x - s * 0.05, y - s * 1.0),
            (x, y - s * 1.16),
            (x + s * 0.05, y - s * 1.0),
            (x + s * 0.05, y - s * 0.1),
        ]
    )
    brush.fill(blade, (206, 214, 222), 0.2)
    brush.fill(tube([(x - s * 0.18, y - s * 0.1), (x + s * 0.18, y - s * 0.1)], [s * 0.045] * 2), colour, 0.2)
    brush.fill(tube([(x, y - s * 0.08), (x, y + s * 0.16)], [s * 0.045] * 2), darker(colour, 0.4), 0.1)


def _book(brush: Brush, hand: Point, s: float, colour: RGB) -> None:
    x, y = hand
    for side in (-1, 1):
        cover = polygon(
            [
                (x, y + s * 0.1),
                (x + side * s * 0.34, y + s * 0.02),
                (x + side * s * 0.34, y - s * 0.34),
                (x, y - s * 0.26),
            ]
        )
        brush.fill(cover, colour, 0.15)
        page = polygon(
            [
                (x, y + s * 0.05),
                (x + side * s * 0.3, y - s * 0.02),
                (x + side * s * 0.3, y - s * 0.33),
                (x, y - s * 0.27),
            ]
        )
        brush.fill(page, (248, 240, 220), 0.08)


def _flower(brush: Brush, hand: Point, s: float, colour: RGB) -> None:
    x, y = hand
    brush.line(
        smooth([(x, y + s * 0.2), (x + s * 0.03, y - s * 0.2), (x, y - s * 0.5)], closed=False),
        (88, 140, 74),
        s * 0.045,
    )
    for angle in range(0, 360, 60):
        brush.fill(ellipse(polar((x, y - s * 0.52), angle, s * 0.12), s * 0.1, s * 0.1), colour, 0.08)
    brush.fill(ellipse((x, y - s * 0.52), s * 0.08, s * 0.08), (246, 206, 90), 0.1)


def _key(brush: Brush, hand: Point, s: float, colour: RGB) -> None:
    x, y = hand
    brush.line(ellipse((x, y - s * 0.34), s * 0.11, s * 0.11), colour, s * 0.06)
    brush.line(polygon([(x, y - s * 0.22), (x, y + s * 0.14)]), colour, s * 0.055)
    for dy in (0.12, 0.03):
        brush.line(polygon([(x, y + s * dy), (x + s * 0.1, y + s * dy)]), colour, s * 0.05)


def _letter(brush: Brush, hand: Point, s: float, colour: RGB) -> None:
    x, y = hand
    sheet = polygon(
        [
            (x - s * 0.24, y - s * 0.26),
            (x + s * 0.24, y - s * 0.26),
            (x + s * 0.24, y + s * 0.08),
            (x - s * 0.24, y + s * 0.08),
        ]
    )
    brush.fill(sheet, colour, 0.08)
    brush.line(
        smooth(
            [(x - s * 0.24, y - s * 0.26), (x, y - s * 0.06), (x + s * 0.24, y - s * 0.26)],
            closed=False,
            tension=0.2,
        ),
        darker(colour, 0.3),
        s * 0.02,
    )
    brush.fill(ellipse((x, y - s * 0.06), s * 0.05, s * 0.05), (190, 50, 48), 0.15)


def _bag(brush: Brush, hand: Point, s: float, colour: RGB) -> None:
    x, y = hand
    brush.fill(
        smooth(
            [
                (x - s * 0.07, y),
                (x + s * 0.07, y),
                (x + s * 0.28, y + s * 0.34),
                (x + s * 0.2, y + s * 0.6),
                (x - s * 0.2, y + s * 0.6),
                (x - s * 0.28, y + s * 0.34),
            ]
        ),
        colour,
        0.22,
    )
    brush.line(
        smooth([(x - s * 0.1, y + s * 0.08), (x + s * 0.1, y + s * 0.08)], closed=False),
        darker(colour, 0.4),
        s * 0.05,
    )


def _broom(brush: Brush, hand: Point, s: float, colour: RGB) -> None:
    x, y = hand
    brush.fill(tube([(x, y - s * 0.7), (x, y + s * 0.65)], [s * 0.035] * 2), (140, 92, 56), 0.12)
    brush.fill(
        smooth(
            [
                (x - s * 0.07, y + s * 0.6),
                (x + s * 0.07, y + s * 0.6),
                (x + s * 0.2, y + s * 1.04),
                (x - s * 0.2, y + s * 1.04),
            ],
            tension=0.5,
        ),
        colour,
        0.2,
    )


def _fishing_rod(brush: Brush, hand: Point, s: float, colour: RGB) -> None:
    x, y = hand
    tip = (x + s * 0.85, y - s * 1.0)
    brush.line(
        smooth([(x - s * 0.15, y + s * 0.2), (x + s * 0.3, y - s * 0.45), tip], closed=False),
        colour,
        s * 0.04,
    )
    brush.line(
        smooth([tip, (tip[0] + s * 0.02, tip[1] + s * 0.9)], closed=False), lighter(colour, 0.6), s * 0.012
    )


def _axe(brush: Brush, hand: Point, s: float, colour: RGB) -> None:
    x, y = hand
    brush.fill(tube([(x, y - s * 0.6), (x, y + s * 0.3)], [s * 0.04] * 2), (140, 92, 56), 0.12)
    brush.fill(
        smooth(
            [(x, y - s * 0.6), (x + s * 0.28, y - s * 0.7), (x + s * 0.3, y - s * 0.3), (x, y - s * 0.4)],
            tension=0.5,
        ),
        colour,
        0.22,
    )


def _umbrella(brush: Brush, hand: Point, s: float, colour: RGB) -> None:
    x, y = hand
    brush.line(smooth([(x, y + s * 0.2), (x, y - s * 1.1)], closed=False), (90, 66, 54), s * 0.04)
    top = (x, y - s * 1.05)
    rim = [
        (x - s * 0.75, top[1] + s * 0.3),
        (x - s * 0.55, top[1] - s * 0.12),
        (x, top[1] - s * 0.32),
        (x + s * 0.55, top[1] - s * 0.12),
        (x + s * 0.75, top[1] + s * 0.3),
        (x + s * 0.36, top[1] + s * 0.18),
        (x, top[1] + s * 0.3),
        (x - s * 0.36, top[1] + s * 0.18),
    ]
    brush.fill(smooth(rim, tension=0.8), colour, 0.2)


def _balloon(brush: Brush, hand: Point, s: float, colour: RGB) -> None:
    x, y = hand
    brush.line(
        smooth([(x, y), (x + s * 0.06, y - s * 0.5), (x, y - s * 0.95)], closed=False),
        (120, 110, 110),
        s * 0.02,
    )
    brush.fill(ellipse((x, y - s * 1.3), s * 0.3, s * 0.37), colour, 0.22)
    brush.fill(ellipse((x - s * 0.1, y - s * 1.42), s * 0.06, s * 0.1, 20), (255, 255, 255), 0, 0.6)


_DRAWERS = {
    "lantern": _lantern, "basket": _basket, "staff": _staff, "sword": _sword, "book": _book,
    "flower": _flower, "key": _key, "letter": _letter, "bag": _bag, "broom": _broom,
    "fishing_rod": _fishing_rod, "axe": _axe, "umbrella": _umbrella, "balloon": _balloon,
}  # fmt: skip
