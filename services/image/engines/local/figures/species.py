"""What a species is: the words that name it, how tall it stands, its usual colours and its body kit."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter

from services.image.engines.local.figures.colours import RGB, rgb
from services.image.engines.local.figures.kits import BirdKit, HeadKit, Kit, QuadKit, SmallKit

HUMAN: Final = "human"
_KINDS: Final = Path(__file__).parent / "kinds"
_EYE: Final[RGB] = (62, 40, 30)
Coat = tuple[RGB, RGB, RGB]


@dataclass(frozen=True)
class Species:
    """`coats` are (coat, belly, accent) in the order a story would expect them; `marks` name a part and
    where its colour comes from: `coat`, `belly`, `accent` or a colour code. `height` is in adult humans."""

    name: str
    words: tuple[str, ...]
    height: float
    family: str
    kit: Kit
    coats: tuple[Coat, ...]
    marks: tuple[tuple[str, str], ...] = ()
    eye: RGB = _EYE


def load_species(table: str) -> list[Species]:
    """The species of one table in `kinds/`, in its order. Raises ValidationError for a kit that is wrong."""
    rows = tomllib.loads((_KINDS / f"{table}.toml").read_text(encoding="utf-8"))
    family = {"birds": "bird", "small": ""}.get(table, "quadruped")
    return [_species(name, row, row.get("family", family)) for name, row in rows.items()]


def _species(name: str, row: dict[str, Any], family: str) -> Species:
    return Species(
        name=name,
        words=tuple(row["words"]),
        height=float(row["height"]),
        family=family,
        kit=_kit(row, family),
        coats=tuple(_coat(codes) for codes in row["coats"]),
        marks=tuple(_mark(item) for item in row.get("marks", "").split()),
        eye=rgb(row["eye"]) if "eye" in row else _EYE,
    )


def _kit(row: dict[str, Any], family: str) -> Kit:
    said = row.get("kit", {})
    if family == "quadruped":
        head = TypeAdapter(HeadKit).validate_python(row.get("head", {}))
        return TypeAdapter(QuadKit).validate_python({**said, "head": head})
    if family == "bird":
        return TypeAdapter(BirdKit).validate_python(said)
    return TypeAdapter(SmallKit).validate_python(said)


def _coat(codes: str) -> Coat:
    coat, belly, accent = (rgb(code) for code in codes.split())
    return coat, belly, accent


def _mark(item: str) -> tuple[str, str]:
    part, _, source = item.partition(":")
    return part, source
