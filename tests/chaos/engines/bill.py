"""The engines' bill: every request that was accepted, with our asset key, and every fault dealt out."""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Final

KEYED: Final = "chaos-keyed"
SYNC: Final = "chaos-sync"
ENGINES: Final = (KEYED, SYNC)

_TABLES: Final = """
CREATE TABLE IF NOT EXISTS submits (
    id INTEGER PRIMARY KEY,
    engine TEXT NOT NULL,
    key TEXT NOT NULL,
    request TEXT NOT NULL,
    accepted_at REAL NOT NULL,
    ready_at REAL NOT NULL,
    fails INTEGER NOT NULL,
    cancelled INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS submits_by_key ON submits (key);
CREATE TABLE IF NOT EXISTS faults (
    engine TEXT NOT NULL,
    kind TEXT NOT NULL,
    times INTEGER NOT NULL,
    PRIMARY KEY (engine, kind)
);
"""
_TASK: Final = "SELECT id, key, request, ready_at, fails, cancelled FROM submits"


@dataclass(frozen=True)
class Task:
    """An accepted request. `ready_at` is in seconds since 1970; one that `fails` ends without a result."""

    id: int
    key: str
    request: str
    ready_at: float
    fails: bool
    cancelled: bool


@dataclass(frozen=True)
class Charge:
    """An asset that an engine's owner has to pay for."""

    engine: str
    key: str


class Bill:
    """The bill in a file. Safe to use from many threads."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        self._database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.executescript(_TABLES)

    def accept(self, engine: str, key: str, request: str, *, at: float, ready_at: float, fails: bool) -> Task:
        """Puts a request on the bill."""
        with self._lock:
            cursor = self._database.execute(
                "INSERT INTO submits (engine, key, request, accepted_at, ready_at, fails) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                (engine, key, request, at, ready_at, fails),
            )
        assert cursor.lastrowid is not None
        return Task(cursor.lastrowid, key, request, ready_at, fails, cancelled=False)

    def task(self, number: int) -> Task | None:
        """A request by its number."""
        return self._one(f"{_TASK} WHERE id = ?", number)

    def last_task(self, engine: str, key: str) -> Task | None:
        """The newest request of an asset key."""
        return self._one(f"{_TASK} WHERE engine = ? AND key = ? ORDER BY id DESC LIMIT 1", engine, key)

    def cancel(self, number: int) -> None:
        """Takes a request off the bill."""
        with self._lock:
            self._database.execute("UPDATE submits SET cancelled = 1 WHERE id = ?", (number,))

    def note_fault(self, engine: str, kind: str) -> None:
        """Counts a fault that was dealt out."""
        with self._lock:
            self._database.execute(
                "INSERT INTO faults VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET times = times + 1",
                (engine, kind),
            )

    def charges(self) -> tuple[Charge, ...]:
        """What is billed: everything accepted that neither failed nor was cancelled."""
        with self._lock:
            rows = self._database.execute(
                "SELECT engine, key FROM submits WHERE NOT fails AND NOT cancelled ORDER BY id"
            ).fetchall()
        return tuple(Charge(engine, key) for engine, key in rows)

    def accepted(self) -> int:
        """Requests accepted in all."""
        with self._lock:
            return int(self._database.execute("SELECT COUNT(*) FROM submits").fetchone()[0])

    def faults(self) -> dict[str, int]:
        """Faults dealt out, as "engine kind"."""
        with self._lock:
            rows = self._database.execute("SELECT engine, kind, times FROM faults ORDER BY 1, 2").fetchall()
        return {f"{engine} {kind}": times for engine, kind, times in rows}

    def close(self) -> None:
        """Closes the file."""
        self._database.close()

    def _one(self, query: str, *values: object) -> Task | None:
        with self._lock:
            row = self._database.execute(query, values).fetchone()
        if row is None:
            return None
        number, key, request, ready_at, fails, cancelled = row
        return Task(number, key, request, ready_at, bool(fails), bool(cancelled))
