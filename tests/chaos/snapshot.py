"""Everything that the checks look at, as plain data: what users see, boards, ledger, bill and store."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.chaos.engines.bill import Charge
from tests.chaos.stories import Kind


@dataclass(frozen=True)
class JobSeen:
    """A job as its user sees it, and what its order was for. `terminals` has the types said of each line."""

    id: str
    owner: str
    kind: Kind
    cancelled: bool
    state: str
    settled: bool
    quoted: int
    charged: int | None
    reasons: tuple[str, ...] = ()
    lines: dict[str, str] = field(default_factory=dict)
    """Line ids to "done", "failed" or "waiting"."""
    terminals: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """A line of a job that wanted a row's asset, and whether it has had its terminal event."""

    job: str
    line: str
    ended: bool


@dataclass(frozen=True)
class ObjectSeen:
    """An object that a row or a job names."""

    key: str
    sha256: str


@dataclass(frozen=True)
class RowSeen:
    """A board's row."""

    board: str
    key: str
    owner: str
    engine: str
    state: str
    leased: bool = False
    attempts: int = 1
    ambiguities: int = 0
    asked: tuple[Asked, ...] = ()
    objects: tuple[ObjectSeen, ...] = ()

    @property
    def made(self) -> bool:
        """Whether the asset is there."""
        return self.state == "done"


@dataclass(frozen=True)
class HoldSeen:
    """The hold of a job, in credits."""

    job: str
    owner: str
    state: str
    total: int = 0
    captured: int = 0
    released: int = 0
    open_lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class EntrySeen:
    """An entry of the ledger, in credits; `line` and `asset` where it closes a line."""

    owner: str
    movement: str
    credits: int
    job: str = ""
    line: str = ""
    asset: str = ""


@dataclass(frozen=True)
class WalletSeen:
    """A wallet, in credits."""

    owner: str
    available: int
    held: int


@dataclass(frozen=True)
class Snapshot:
    """The end of a run. `stored` maps the objects of the bucket to the digests of their bytes."""

    jobs: tuple[JobSeen, ...]
    rows: tuple[RowSeen, ...]
    holds: tuple[HoldSeen, ...]
    entries: tuple[EntrySeen, ...]
    wallets: tuple[WalletSeen, ...]
    charges: tuple[Charge, ...]
    plans: tuple[ObjectSeen, ...]
    stored: dict[str, str]
    dead_letters: tuple[str, ...] = ()
    unsent: tuple[str, ...] = ()
    ledger: tuple[str, ...] = ()
    """What `storyreel ledger verify` complains of."""
    expected_jobs: int = 0
    kills: dict[str, int] = field(default_factory=dict)
    kills_wanted: dict[str, int] = field(default_factory=dict)

    def rows_of(self, engine: str) -> tuple[RowSeen, ...]:
        """The rows that an engine was to make."""
        return tuple(row for row in self.rows if row.engine == engine)
