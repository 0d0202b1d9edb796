"""Repeated measurements, their table and their JSON."""

from __future__ import annotations

import json
import os
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True)
class Figure:
    """One measured quantity: the median of its runs, and the spread between the smallest and the largest."""

    name: str
    unit: str
    median: float
    smallest: float
    largest: float
    runs: int

    @property
    def noise_percent(self) -> float:
        """(largest - smallest) / median."""
        return 100 * (self.largest - self.smallest) / self.median if self.median else 0.0


def figure(name: str, unit: str, values: Sequence[float]) -> Figure:
    """A figure from its runs."""
    return Figure(name, unit, statistics.median(values), min(values), max(values), len(values))


def seconds_of(work: Callable[[], object]) -> float:
    """Wall seconds that a call takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def publish(name: str, title: str, figures: Sequence[Figure]) -> None:
    """Prints the table and writes `results/{name}.json`."""
    table = Table(title=f"{title} ({os.cpu_count()} cores, {platform.machine()})")
    for column in ("what", "median", "smallest", "largest", "runs", "noise"):
        table.add_column(column, justify="left" if column == "what" else "right")
    for one in figures:
        table.add_row(
            f"{one.name} [{one.unit}]".replace("[", "\\["),
            f"{one.median:.3g}",
            f"{one.smallest:.3g}",
            f"{one.largest:.3g}",
            str(one.runs),
            f"{one.noise_percent:.0f}%",
        )
    Console().print(table)
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.json"
    body = {
        "name": name,
        "title": title,
        "cores": os.cpu_count(),
        "figures": [asdict(one) for one in figures],
    }
    path.write_text(json.dumps(body, indent=2) + "\n")
    print(f"written to benchmarks/results/{path.name}")
