"""`storyreel deadletters`: looks at messages that could not be handled, sends them again or drops them."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.table import Table

from storyreel.bus.deadletters import DeadLetter, DeadLetters
from storyreel.local.errors import LocalError
from storyreel.local.reach import BOOTSTRAP, environment_of
from storyreel.local.state import StateFolder

app = typer.Typer(help="Messages that could not be handled: list, show, replay, drop.", no_args_is_help=True)

State = Annotated[
    Path, typer.Option("--state", envvar="STORYREEL_STATE", help="The folder of a running stack.")
]
Ids = Annotated[list[str] | None, typer.Argument(help="Ids as `list` shows them, such as 0:17.")]
HERE: Final = Path(".storyreel")
_WIDE: Final = 200


@app.command("list")
def list_letters(
    state: State = HERE,
    everything: Annotated[bool, typer.Option("--all", help="Also those replayed or dropped.")] = False,
) -> None:
    """List what waits for a decision, the oldest first."""
    letters = _letters(state)
    found = asyncio.run(letters.every() if everything else letters.unresolved())
    if not found:
        typer.echo("no dead letters" if everything else "no dead letters wait for a decision")
        return
    console = Console()
    if not console.is_terminal:
        console = Console(width=_WIDE)
    console.print(_table(found, everything=everything))


@app.command()
def show(identity: Annotated[str, typer.Argument(metavar="ID")], state: State = HERE) -> None:
    """Show one letter: where it came from, its headers, and its body, decoded where that can be done."""
    (letter,) = asyncio.run(_letters(state).named([identity]))
    facts = {
        "id": letter.id,
        "origin": letter.origin,
        "group": letter.group,
        "time": letter.time,
        "reason": letter.reason,
        "trace": _trace(letter),
        "resolved": str(letter.resolved or "no"),
        "key": repr((letter.key or b"").decode(errors="replace")),
    }
    for name, value in facts.items():
        typer.echo(f"{name:<9} {value}")
    typer.echo("headers")
    for name, content in letter.headers.items():
        typer.echo(f"  {name}: {content.decode(errors='replace')}")
    typer.echo("body")
    typer.echo(letter.body_text())


@app.command()
def replay(
    ids: Ids = None,
    state: State = HERE,
    everything: Annotated[bool, typer.Option("--all", help="All that wait for a decision.")] = False,
) -> None:
    """Send letters again where they came from. What was handled already changes nothing."""
    letters = _letters(state)

    async def work() -> tuple[int, int]:
        chosen = await _chosen(letters, ids, everything=everything)
        return len(chosen), await letters.replay(chosen)

    count, sent = asyncio.run(work())
    typer.echo(f"replayed {count} dead letters: {sent} messages sent")


@app.command()
def drop(
    ids: Ids = None,
    state: State = HERE,
    everything: Annotated[bool, typer.Option("--all", help="All that wait for a decision.")] = False,
) -> None:
    """Decide that letters are not needed: `list` no longer shows them."""
    letters = _letters(state)

    async def work() -> int:
        chosen = await _chosen(letters, ids, everything=everything)
        await letters.drop(chosen)
        return len(chosen)

    typer.echo(f"dropped {asyncio.run(work())} dead letters")


def _letters(state: Path) -> DeadLetters:
    return DeadLetters(environment_of(StateFolder(state))[BOOTSTRAP])


async def _chosen(letters: DeadLetters, ids: list[str] | None, *, everything: bool) -> list[DeadLetter]:
    if everything == bool(ids):
        raise LocalError("Name the dead letters by their ids, or say --all.")
    return await (letters.unresolved() if everything else letters.named(ids or []))


def _table(letters: list[DeadLetter], *, everything: bool) -> Table:
    table = Table(box=None, padding=(0, 2))
    for column in ("id", "time", "origin", "group", "event type", "trace", "reason"):
        table.add_column(column, no_wrap=column == "id", overflow="fold")
    if everything:
        table.add_column("resolved")
    for letter in letters:
        resolved = [str(letter.resolved or "")] if everything else []
        table.add_row(
            letter.id,
            letter.time,
            letter.origin,
            letter.group,
            letter.event_type or "unknown",
            _trace(letter),
            letter.reason,
            *resolved,
        )
    return table


def _trace(letter: DeadLetter) -> str:
    """The trace's id, as trace stores search for it: the second part of `00-trace-span-flags`."""
    parts = letter.traceparent.split("-")
    return parts[1] if len(parts) == 4 else ""
