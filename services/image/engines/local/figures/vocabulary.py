"""The words a description is read by, from `kinds/words.toml` and `kinds/people.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter

from services.image.engines.local.figures.colours import RGB, rgb

_KINDS: Final = Path(__file__).parent / "kinds"


@dataclass(frozen=True)
class Role:
    """What a trade or title says about a person. `outfit` is `garment` or `garment:colour` items."""

    words: tuple[str, ...] = ()
    sex: str = "none"
    age: str = "adult"
    outfit: str = ""
    beard: str = "none"
    hair: str = ""


def _load(table: str) -> dict[str, Any]:
    return tomllib.loads((_KINDS / f"{table}.toml").read_text(encoding="utf-8"))


def _inverted(rows: dict[str, list[str]]) -> dict[str, str]:
    return {word: canonical for canonical, words in rows.items() for word in words}


_WORDS: Final = _load("words")
_PEOPLE: Final = _WORDS["people"]

PARTS: Final = _inverted(_WORDS["parts"])
"""Words for parts of a body, to the part's canonical word."""
GARMENTS: Final = _inverted(_WORDS["garments"])
"""Words for what is worn or carried, to its canonical word."""
GARMENT_COLOURS: Final[dict[str, RGB]] = {kind: rgb(code) for kind, code in _WORDS["colours"].items()}
"""What colour a garment is where the description does not say."""
ROLES: Final[dict[str, Role]] = {
    word: role
    for role in TypeAdapter(dict[str, Role]).validate_python(_load("people")).values()
    for word in role.words
}
"""Words for people, with what they imply."""

HER: Final = frozenset(_PEOPLE["her"])
HIM: Final = frozenset(_PEOPLE["him"])
YOUNG: Final = frozenset(_PEOPLE["young"])
OLD: Final = frozenset(_PEOPLE["old"])
STOUT: Final = frozenset(_PEOPLE["stout"])
THIN: Final = frozenset(_PEOPLE["thin"])
BIG: Final = frozenset(_PEOPLE["big"])
SMALL: Final = frozenset(_PEOPLE["small"])
CUBS: Final = frozenset(_PEOPLE["cubs"])
"""Words for young animals."""
