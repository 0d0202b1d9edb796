"""All species, found by the words that name them."""

from __future__ import annotations

from typing import Final

from services.image.engines.local.figures.colours import rgb
from services.image.engines.local.figures.kits import SmallKit
from services.image.engines.local.figures.species import HUMAN, Species, load_species

PERSON: Final = Species(HUMAN, (), 1.0, HUMAN, SmallKit(), ((rgb("e9bc9c"), rgb("faf4ea"), rgb("b4463c")),))
UNKNOWN: Final = "creature"
"""The species of whatever no word is known for."""

SPECIES: Final[dict[str, Species]] = {
    kind.name: kind for table in ("wild", "farm", "birds", "small") for kind in load_species(table)
} | {HUMAN: PERSON}
_BY_WORD: Final[dict[str, Species]] = {word: kind for kind in SPECIES.values() for word in kind.words}


def species_of(word: str) -> Species | None:
    """The species a word names, in the singular or plural; None if it names none."""
    for form in (word, word.removesuffix("s"), word.removesuffix("es")):
        if form in _BY_WORD:
            return _BY_WORD[form]
    if word.endswith("ves"):
        return _BY_WORD.get(word[:-3] + "f")
    return None
