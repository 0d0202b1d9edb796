"""The jobs of the model: few assets, asked for by several jobs, by two lines of one job, with and without a
price. Panels are made from sheets of the same board, so that the board's own events come back to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from google.protobuf.message import Message

from storyreel.board.ingest import Posting
from storyreel.board.rows import Requester
from storyreel.contracts.events.v1.asset_pb2 import Panel, Sheet

ENGINE: Final = "local"

INPUTS: Final[dict[str, tuple[str, ...]]] = {
    "ann:lion": (),
    "ann:fox": (),
    "ann:lion-alone": ("ann:lion",),
    "ann:both": ("ann:lion", "ann:fox"),
    "bob:owl": (),
    "bob:owl-alone": ("bob:owl",),
}
"""What every asset is made from: sheets from nothing, panels from sheets."""


@dataclass(frozen=True)
class Asked:
    """One line of a job."""

    line_id: str
    key: str
    priced: bool = True


JOBS: Final[dict[str, tuple[Asked, ...]]] = {
    "lion": (Asked("s1", "ann:lion"), Asked("p1", "ann:lion-alone"), Asked("p2", "ann:lion-alone")),
    "both": (Asked("s1", "ann:lion"), Asked("s2", "ann:fox"), Asked("p1", "ann:both")),
    "free": (Asked("s1", "ann:lion", priced=False), Asked("p1", "ann:lion-alone", priced=False)),
    "again": (
        Asked("s1", "ann:lion"),
        Asked("s2", "ann:fox"),
        Asked("p1", "ann:lion-alone"),
        Asked("p2", "ann:both"),
    ),
    "owl": (Asked("s1", "bob:owl"), Asked("p1", "bob:owl-alone")),
}


def kind_of(key: str) -> str:
    """The kind of the asset behind a key."""
    return "panel" if INPUTS[key] else "sheet"


def posting(job_id: str, asked: Asked) -> Posting:
    """The board's own view of a line."""
    return Posting(
        key=asked.key,
        owner=asked.key.split(":")[0],
        kind=kind_of(asked.key),
        engine=ENGINE,
        recipe={"prompt": asked.key},
        inputs=INPUTS[asked.key],
        requester=Requester(job_id=job_id, line_id=asked.line_id, priced=asked.priced),
    )


def asset(key: str, making: int) -> Message:
    """What the `making`-th try at an asset yields: every try something else, as an engine does."""
    made: type[Sheet] | type[Panel] = Panel if INPUTS[key] else Sheet
    return made(width_px=16, height_px=making)
