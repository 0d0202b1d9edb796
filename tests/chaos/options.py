"""What a chaos run is asked to do."""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, Self

from storyreel.local.choice import ServerChoice

CHAOS: Final = "chaos"
LOCAL: Final = "local"

Engines = Literal["chaos", "local"]


@dataclass(frozen=True)
class ChaosOptions:
    """One run. `images` of its `jobs` are single images, the others short stories; times are seconds."""

    state: Path
    seed: int = 1
    jobs: int = 60
    images: int = 0
    servers: ServerChoice = field(default_factory=ServerChoice)
    engines: Engines = CHAOS
    kills_each: int = 3
    """Of every process, each broker of a cluster among them."""
    pauses: int = 4
    repeats: int = 6
    """Bursts of events that are said again, in another order."""
    lease_seconds: float = 5.0
    end_within: float = 900.0
    """How long the jobs may take to end once the monkey has stopped."""

    @classmethod
    def of(cls, arguments: argparse.Namespace) -> Self:
        """From the command line."""
        return cls(
            state=arguments.state,
            seed=arguments.seed,
            jobs=arguments.jobs,
            images=arguments.images,
            servers=ServerChoice(
                kind=arguments.servers,
                brokers=arguments.brokers,
                mongo_url=os.environ.get("STORYREEL_MONGO_URL") if arguments.servers == "real" else None,
            ),
            engines=arguments.engines,
            kills_each=arguments.kills,
            pauses=arguments.pauses,
            repeats=arguments.repeats,
        )

    @property
    def command(self) -> str:
        """The command that repeats this run."""
        words = [
            "python -m tests.chaos",
            f"--seed {self.seed}",
            f"--jobs {self.jobs}",
            f"--images {self.images}" if self.images else "",
            f"--servers {self.servers.kind}",
            f"--brokers {self.servers.brokers}" if self.servers.brokers > 1 else "",
            f"--engines {self.engines}" if self.engines != CHAOS else "",
            f"--kills {self.kills_each} --pauses {self.pauses} --repeats {self.repeats}",
        ]
        return " ".join(word for word in words if word)


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    made.add_argument("--seed", type=int, default=1, help="drives every choice of the run")
    made.add_argument("--jobs", type=int, default=60)
    made.add_argument("--images", type=int, default=0, help="how many of the jobs are single images")
    made.add_argument("--servers", choices=("embedded", "real"), default="embedded")
    made.add_argument("--brokers", type=int, choices=(1, 3), default=1)
    made.add_argument("--engines", choices=(CHAOS, LOCAL), default=CHAOS)
    made.add_argument("--kills", type=int, default=3, help="of each process, with work in flight")
    made.add_argument("--pauses", type=int, default=4, help="of processes, past their leases")
    made.add_argument("--repeats", type=int, default=6, help="bursts of repeated, reordered events")
    made.add_argument("--state", type=Path, default=None, help="folder to keep; else a temporary one")
    made.add_argument("--report", type=Path, default=None, help="file for the report as JSON")
    return made
