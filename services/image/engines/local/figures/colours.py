"""Colours as (red, green, blue) bytes: the words that name them, and the arithmetic of shading."""

from __future__ import annotations

import colorsys
from typing import Final

import skia

RGB = tuple[int, int, int]

INK: Final[RGB] = (44, 32, 38)
"""The darkest line of a figure: warm, so that it never looks like a hole."""
WHITE: Final[RGB] = (250, 246, 238)


def rgb(code: str) -> RGB:
    """The colour of a code such as `d9692a`."""
    return int(code[0:2], 16), int(code[2:4], 16), int(code[4:6], 16)


_CODES: Final = {
    "red": "c8372d", "scarlet": "d42f2a", "crimson": "a81f34", "ruby": "a01838", "maroon": "6e1f2a",
    "orange": "e58429", "russet": "b9532a", "rust": "b0502a", "rusty": "b0502a", "copper": "b86a3c",
    "ginger": "d77a33", "auburn": "8a3b22", "amber": "e0a030", "gold": "e2b13c", "golden": "e2b13c",
    "yellow": "efc443", "blond": "e6c577", "blonde": "e6c577", "straw": "e3c67c", "cream": "f2e3c4",
    "ivory": "f4ead6", "white": "f6f1e7", "snowy": "f6f3ee", "pale": "ecdcc6", "silver": "c3c8cf",
    "silvery": "c3c8cf", "grey": "8b9098", "gray": "8b9098", "ash": "9a9a9c", "ashen": "9a9a9c",
    "slate": "5f6b7a", "charcoal": "3c3e46", "black": "34323b", "ebony": "2e2a30", "jet": "2c2a33",
    "dark": "4a3a36", "brown": "84552f", "chestnut": "8c4a2a", "chocolate": "5e3a26", "hazel": "96713f",
    "tan": "c79a63", "tawny": "c98a45", "sandy": "d9b27a", "fawn": "cfa577", "bronze": "a8743a",
    "green": "4f8f4a", "emerald": "2f8f5f", "olive": "7d8440", "mossy": "6f8a48", "lime": "93c24a",
    "mint": "9fd8b8", "teal": "2f8a8c", "turquoise": "3fb4b0", "cyan": "4fbccb", "blue": "3f74c0",
    "azure": "4b95d8", "navy": "2b3d6e", "indigo": "453f86", "sapphire": "2a55a8", "violet": "7c55a8",
    "purple": "7a4a9c", "lilac": "b79ad4", "lavender": "b4a3dc", "magenta": "b8428c", "pink": "e89ab0",
    "rose": "d9708a", "rosy": "e08c92", "peach": "f0b48c", "coral": "e8775e", "beige": "dcc6a4",
}  # fmt: skip
COLOUR_WORDS: Final[dict[str, RGB]] = {word: rgb(code) for word, code in _CODES.items()}


def mix(first: RGB, second: RGB, share: float) -> RGB:
    """`first` with `share` (0 to 1) of `second` in it."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


def lighter(colour: RGB, amount: float) -> RGB:
    """Towards a warm light."""
    return mix(colour, (255, 247, 226), amount)


def darker(colour: RGB, amount: float) -> RGB:
    """Towards a cool shadow, so that shaded colours keep their life."""
    return mix(colour, (38, 22, 54), amount)


def lightness(colour: RGB) -> float:
    """How bright a colour looks, 0 to 1 (the luma weights of BT.601)."""
    return (0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2]) / 255


def nudged(colour: RGB, hue: float, light: float, saturation: float = 1.0) -> RGB:
    """`colour` with its hue moved by `hue` turns, its lightness by `light`, its saturation scaled."""
    h, li, s = colorsys.rgb_to_hls(*(part / 255 for part in colour))
    red, green, blue = colorsys.hls_to_rgb(
        (h + hue) % 1.0, min(max(li + light, 0.0), 1.0), min(max(s * saturation, 0.0), 1.0)
    )
    return round(red * 255), round(green * 255), round(blue * 255)


def paint_colour(colour: RGB, alpha: float = 1.0) -> int:
    """The colour as skia wants it."""
    return int(skia.Color(*colour, round(255 * alpha)))
