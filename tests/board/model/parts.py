"""The board under test, put together as the services do, on a database and a bus that can fail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from storyreel.board.ingest import Ingest
from storyreel.board.leases import Leases
from storyreel.board.sweep import Sweeper
from storyreel.bus.publisher import Publisher
from storyreel.documents import Documents
from storyreel.outbox import Relay
from tests.board.model.crashes import RecordingPublisher
from tests.board.model.worker import LEASE_SECONDS

WORKERS = 3
KINDS = ("sheet", "panel")


@dataclass
class Clock:
    """Seconds since 1970; it stands still until the model moves it."""

    now: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass(frozen=True)
class Board:
    """Every part of one service's board."""

    ingest: Ingest
    leases: tuple[Leases, ...]
    sweeper: Sweeper
    relay: Relay


Build = Callable[[Documents, RecordingPublisher, Clock], Board]


def sound_board(documents: Documents, publisher: RecordingPublisher, clock: Clock) -> Board:
    """The board as it is shipped."""
    ingest = Ingest(documents, clock=clock)
    return Board(
        ingest=ingest,
        leases=tuple(
            Leases(documents, worker=f"worker-{number}", lease_seconds=LEASE_SECONDS, clock=clock)
            for number in range(WORKERS)
        ),
        sweeper=Sweeper(documents, KINDS, clock=clock),
        relay=Relay(ingest.rows.collection, cast(Publisher, publisher)),
    )
