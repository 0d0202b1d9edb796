"""Colour scripts: how sky, light and land look at a time of day, in a weather, in a season."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeAlias, TypeVar

from services.image.engines.local.brush import Colour, hexc, mix, shade

Row = TypeVar("Row")
Factors: TypeAlias = tuple[float, float, float]


@dataclass(frozen=True)
class Palette:
    """The colours of one panel.

    `sky` runs from the zenith to the horizon. `ambient` is multiplied onto everything lit, `haze` is what
    distance fades into, `thickness` how soon it does (0 to 1). `dark` says that windows are lit.
    """

    sky: tuple[Colour, Colour, Colour]
    haze: Colour
    light: Colour
    ambient: Factors
    rim: Colour | None
    thickness: float
    grass: Colour
    leaves: tuple[Colour, Colour, Colour]
    earth: Colour
    water: Colour
    dark: bool
    snowy: bool
    bare: bool
    bloom: tuple[Colour, ...]


@dataclass(frozen=True)
class Hour:
    """The light of a time of day."""

    sky: tuple[str, str, str]
    haze: str
    light: str
    ambient: Factors
    rim: str | None
    dark: bool = False


HOURS: Final = {
    "dawn": Hour(("#6f8fc9", "#f0b7a8", "#ffe3b0"), "#f7d6bd", "#fff0c4", (1.0, 0.90, 0.86), "#ffd9a0"),
    "day": Hour(("#3f94d6", "#8cc8ec", "#dff2f4"), "#d3e9ee", "#fffbe0", (1.0, 1.0, 1.0), None),
    "dusk": Hour(("#3b3a78", "#c9607a", "#ffb066"), "#e88d74", "#ffd08a", (0.93, 0.72, 0.68), "#ffa65a"),
    "night": Hour(
        ("#0a1030", "#1b2a60", "#41538f"), "#4a5d9c", "#fff3cf", (0.40, 0.48, 0.74), "#a9c1ff", dark=True
    ),
}


@dataclass(frozen=True)
class Season:
    """The land in a season."""

    grass: str
    leaves: tuple[str, str, str]
    earth: str
    bloom: tuple[str, ...]


SEASONS: Final = {
    "spring": Season(
        "#86bd5a", ("#7fb850", "#a5d06a", "#5f9c48"), "#9a7448", ("#f7a8c4", "#fdf3f6", "#f6d55c", "#c39be8")
    ),
    "summer": Season(
        "#7ab04a", ("#4f9142", "#73ad4d", "#3a7a40"), "#a67c4c", ("#f2594b", "#fbf1df", "#f7c744", "#8b6bd1")
    ),
    "autumn": Season(
        "#b3a04c", ("#d9772c", "#e8a33a", "#b8482d"), "#8a6238", ("#e0662f", "#f0b343", "#9c3b2a")
    ),
    "winter": Season("#e4edf4", ("#3f6b5c", "#507c68", "#35594f"), "#8b7b70", ("#ffffff", "#dce8f2")),
}


@dataclass(frozen=True)
class Air:
    """What a weather does: `grey` pulls the sky to `cast`, `dim` darkens, `thickness` is the haze."""

    cast: str
    grey: float
    dim: float
    thickness: float


WEATHERS: Final = {
    "clear": Air("#ffffff", 0.0, 1.0, 0.55),
    "wind": Air("#c8d4d8", 0.15, 0.98, 0.5),
    "cloud": Air("#c3ccd3", 0.45, 0.92, 0.6),
    "rain": Air("#8698a6", 0.66, 0.78, 0.75),
    "storm": Air("#3d4658", 0.80, 0.58, 0.7),
    "snow": Air("#d5dfe8", 0.55, 0.96, 0.75),
    "fog": Air("#d9dedc", 0.72, 0.92, 1.0),
}


def make_palette(time: str | None, weather: str | None, season: str | None) -> Palette:
    """The palette of a shot; what is None is a clear summer's day. Raises ValueError for an unknown word."""
    hour = _known(HOURS, time or "day", "time of day")
    air = _known(WEATHERS, weather or "clear", "weather")
    snowy = weather == "snow" or season == "winter"
    land = _known(SEASONS, "winter" if snowy else season or "summer", "season")
    cast = _multiply(hexc(air.cast), hour.ambient if hour.dark else (1.0, 1.0, 1.0))
    zenith, middle, horizon = (
        mix(hexc(code), shade(cast, by), air.grey)
        for code, by in zip(hour.sky, (-0.25, -0.08, 0.1), strict=True)
    )
    return Palette(
        sky=(zenith, middle, horizon),
        haze=mix(hexc(hour.haze), cast, air.grey * 0.8),
        light=hexc(hour.light),
        ambient=(hour.ambient[0] * air.dim, hour.ambient[1] * air.dim, hour.ambient[2] * (air.dim + 0.04)),
        rim=hexc(hour.rim) if hour.rim and air.grey < 0.6 else None,
        thickness=air.thickness,
        grass=hexc(land.grass),
        leaves=(hexc(land.leaves[0]), hexc(land.leaves[1]), hexc(land.leaves[2])),
        earth=hexc(land.earth),
        water=mix(hexc("#3f8fc4"), cast, air.grey * 0.5),
        dark=hour.dark,
        snowy=snowy,
        bare=snowy,
        bloom=tuple(hexc(code) for code in land.bloom),
    )


def _known(table: Mapping[str, Row], word: str, kind: str) -> Row:
    if word not in table:
        raise ValueError(f"unknown {kind} {word!r}: choose one of {', '.join(table)}")
    return table[word]


def dry(palette: Palette) -> Palette:
    """The palette of a land of sand and dry grass."""
    return replace(palette, grass=hexc("#d9b45f"), leaves=(hexc("#8f9a48"), hexc("#a9ad58"), hexc("#75813c")))


def lamplit(palette: Palette) -> Palette:
    """The palette inside a room: daylight by day, warm lamplight when it is dark outside."""
    ambient = (0.86, 0.72, 0.64) if palette.dark else palette.ambient
    return replace(palette, ambient=ambient, rim=None)


def _multiply(colour: Colour, by: Factors) -> Colour:
    red, green, blue = (min(255, round(part * factor)) for part, factor in zip(colour, by, strict=True))
    return red, green, blue


def lit(palette: Palette, colour: Colour, depth: float = 0.0) -> Colour:
    """`colour` as it looks in this light, `depth` (0 near, 1 at the horizon) away."""
    return mix(_multiply(colour, palette.ambient), palette.haze, depth * palette.thickness)
