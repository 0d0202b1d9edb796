"""`storyreel ledger`: lets pricing check its books."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from storyreel.local.errors import LocalError
from storyreel.local.reach import environment_of
from storyreel.local.state import StateFolder

app = typer.Typer(help="Wallets, holds and what moved in them.", no_args_is_help=True)

HERE: Final = Path(".storyreel")
VERIFY_MODULE: Final = "services.pricing.verify"


@app.callback()
def ledger() -> None:
    """Makes `verify` a command of its own, with room for others beside it."""


@app.command()
def verify(
    state: Annotated[
        Path, typer.Option("--state", envvar="STORYREEL_STATE", help="The folder of a running stack.")
    ] = HERE,
    at_rest: Annotated[bool, typer.Option("--at-rest", help="No hold may be open any more.")] = False,
) -> None:
    """Check every wallet, hold and job; exit 1 at the first that does not add up, naming it."""
    environment = environment_of(StateFolder(state))
    command = [sys.executable, "-m", VERIFY_MODULE, *(["--at-rest"] if at_rest else [])]
    checked = subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    if checked.returncode != 0:
        said = checked.stderr.strip().splitlines() or ["it said nothing"]
        raise LocalError(said[-1])
    typer.echo(checked.stdout.strip())
