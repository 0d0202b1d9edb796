"""The catalogue of a run: the product's own, and the suite's engines beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from services.pricing.catalogue import CATALOGUE_FILE
from tests.chaos.engines.bill import ENGINES

CREDITS: Final = {"sheet": 4, "panel": 3, "narration": 2, "clip": 5}
"""Different for each kind, so that one taken for another would show in the sums."""
STARTING_CREDITS: Final = 10_000_000
"""More than any run costs: a declined job is a violation."""


def write_catalogue(target: Path) -> Path:
    """Writes it; the file's path."""
    own = CATALOGUE_FILE.read_text()
    start = next(line for line in own.splitlines() if line.startswith("starting_credits"))
    offers = [
        f'[[offer]]\nengine = "{engine}"\nkind = "{kind}"\nmodel = "{engine}-1"\n'
        f"per = {1000 if kind == 'narration' else 60 if kind == 'clip' else 1}\ncredits = {credits}\n"
        for engine in ENGINES
        for kind, credits in CREDITS.items()
    ]
    text = own.replace(start, f"starting_credits = {STARTING_CREDITS}")
    target.write_text("\n".join([text, *offers]))
    return target
