"""The command line: `storyreel up`, `down`, `status`, `render`, `doctor` and what else keeps a stack well.

Whatever goes wrong is one sentence on stderr and a non-zero exit; `--debug` shows the traceback as well.
"""

from __future__ import annotations

import asyncio
import errno
import signal
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar

import typer
from rich.console import Console
from rich.text import Text

from storyreel.errors import StoryreelError
from storyreel.formats import DEFAULT_RESOLUTION
from storyreel.local import deadletters, ledger
from storyreel.local import doctor as checks
from storyreel.local.choice import Kind, ServerChoice, make_choice
from storyreel.local.control import running_stack, start_in_background, stop_stack
from storyreel.local.errors import LocalError
from storyreel.local.fetch import cache_folder
from storyreel.local.fetch import fetch_servers as fetch
from storyreel.local.gateway import StoryRequest
from storyreel.local.overview import processes_table, where_table
from storyreel.local.progress import display_for
from storyreel.local.reach import environment_of
from storyreel.local.render import RenderOptions, render
from storyreel.local.script import check_format, check_output, read_script
from storyreel.local.server_checks import Check
from storyreel.local.stack import DEFAULT_PORT, Stack, StackOptions
from storyreel.local.state import StateFolder
from storyreel.local.sweep import sweep_all

Result = TypeVar("Result")

app = typer.Typer(
    help="Storyreel turns a written story into a narrated, subtitled film.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
_INTERRUPTED: Final = 130
"""The exit code of a command ended by Ctrl-C, as shells have it."""
_WIDE: Final = 160

State = Annotated[
    Path, typer.Option("--state", envvar="STORYREEL_STATE", help="Where data and logs are kept.")
]
DEFAULT_STATE: Final = Path(".storyreel")
Servers = Annotated[
    Kind | None,
    typer.Option(
        help="embedded; real: Apache Kafka and MinIO; given: those that STORYREEL_ variables name. "
        "Unless said, what the state folder was made with."
    ),
]
Brokers = Annotated[int | None, typer.Option(help="1 or, of the real servers, 3.")]
MongoUrl = Annotated[str | None, typer.Option(help="A MongoDB for the real servers.")]


app.add_typer(deadletters.app, name="deadletters")
app.add_typer(ledger.app, name="ledger")


@app.callback()
def options(
    debug: Annotated[bool, typer.Option("--debug", help="Show a traceback with an error.")] = False,
) -> None:
    """Read by `main` from the arguments, so that it holds for errors of every kind."""


@app.command()
def up(
    state: State = DEFAULT_STATE,
    host: Annotated[str, typer.Option(help="The address the gateway listens on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The gateway's port.")] = DEFAULT_PORT,
    any_port: Annotated[bool, typer.Option(help="Take another free port if 8080 is taken.")] = False,
    detach: Annotated[bool, typer.Option(help="Return once it is ready; `down` stops it.")] = False,
    servers: Servers = None,
    brokers: Brokers = None,
    mongo_url: MongoUrl = None,
) -> None:
    """Start Storyreel on this machine, until Ctrl-C."""
    folder = StateFolder(state)
    choice = _ready_choice(folder, servers, brokers, mongo_url)
    if detach:
        gateway = ["--host", host, *(["--any-port"] if any_port else ["--port", str(port)])]
        url = interruptible(start_in_background(folder, [*gateway, *choice.arguments]))
        typer.echo(f"Storyreel is ready at {url}; `storyreel down` stops it.")
        return
    stack = Stack(StackOptions(folder.root, host, None if any_port else port, servers=choice), typer.echo)
    try:
        interruptible(run_stack(stack))
    except asyncio.CancelledError:  # Ctrl-C or SIGTERM: how a stack is meant to end
        typer.echo("stopped")


def _ready_choice(
    folder: StateFolder, kind: Kind | None, brokers: int | None, mongo_url: str | None
) -> ServerChoice:
    """The servers asked for, once they are fetched and everything they need is here."""
    choice = make_choice(folder, kind, brokers, mongo_url)
    if choice.kind == "real":
        fetch(typer.echo)
    checks.require_basics(folder.root, choice)
    return choice


async def run_stack(stack: Stack) -> None:
    """Keep `stack` up until cancelled, having said where everything is."""
    async with stack:
        if record := stack.state.read_record():
            _console().print(where_table(stack.state, record))
        typer.echo("Ctrl-C stops everything; what was made is kept.")
        await stack.supervise()


@app.command()
def down(state: State = DEFAULT_STATE) -> None:
    """Stop the stack that runs on the state folder."""
    stopped = interruptible(stop_stack(StateFolder(state)))
    typer.echo("stopped" if stopped else f"no stack is running on {state.absolute()}")


@app.command()
def status(state: State = DEFAULT_STATE) -> None:
    """Say whether a stack runs on the state folder, and how each part of it is."""
    folder = StateFolder(state)
    record = running_stack(folder)
    if record is None:
        raise LocalError(f"No stack is running on {folder.root}: start one with `storyreel up`.")
    console = _console()
    console.print(where_table(folder, record))
    console.print(interruptible(processes_table(record)))


@app.command("render")
def render_command(
    story: Annotated[Path, typer.Argument(help="The story: a UTF-8 text file.")],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="The film, an .mp4 file.")] = None,
    aspect: Annotated[str | None, typer.Option(help="16:9, 9:16, 1:1, 4:5 or 21:9.")] = None,
    resolution: Annotated[str, typer.Option(help="720p or 1080p.")] = DEFAULT_RESOLUTION,
    tier: Annotated[str, typer.Option(help="low, medium or high.")] = "low",
    engine: Annotated[str, typer.Option(help="local needs no key.")] = "local",
    style: Annotated[str | None, typer.Option(help="The look, for example storybook.")] = None,
    url: Annotated[str | None, typer.Option(help="A gateway that runs elsewhere.")] = None,
    keep_up: Annotated[bool, typer.Option("--keep-up", help="Leave the stack running.")] = False,
    timeout: Annotated[float, typer.Option(min=1, help="Seconds without news to give up after.")] = 900,
    state: State = DEFAULT_STATE,
) -> None:
    """Turn STORY into a film, with subtitles (.srt, .vtt) and a poster (.jpg) beside it."""
    script = read_script(story)
    film = output or Path(f"{story.stem}.mp4")
    check_output(film)
    check_format(aspect, resolution, tier)
    request = StoryRequest(
        script=script, aspect=aspect, resolution=resolution, tier=tier, engine=engine, style=style
    )
    with display_for(_console()) as display:
        interruptible(
            render(RenderOptions(request, film, StateFolder(state), url, keep_up, timeout), display)
        )


@app.command()
def doctor(
    state: State = DEFAULT_STATE,
    port: Annotated[int, typer.Option(help="The port the gateway is to have.")] = DEFAULT_PORT,
    servers: Servers = None,
    brokers: Brokers = None,
    mongo_url: MongoUrl = None,
) -> None:
    """Check that this machine can run Storyreel; say how to install what is missing."""
    console = _console()
    missing = 0
    choice = make_choice(StateFolder(state), servers, brokers, mongo_url)
    for check in checks.everything(state, port, choice):
        word, colour = _verdict(check)
        console.print(Text.assemble((f"{word:<8}", colour), f"{check.name}: {check.detail}"), soft_wrap=True)
        if not check.ok:
            console.print(Text(f"        {check.remedy}", style="bold"), soft_wrap=True)
            missing += check.required
    if missing:
        raise LocalError(f"{missing} needed {'thing is' if missing == 1 else 'things are'} missing.")
    typer.echo("Storyreel can run here.")


@app.command("fetch-servers")
def fetch_servers() -> None:
    """Fetch Apache Kafka (with Maven) and MinIO (with Go), once, for `--servers real`."""
    fetch(typer.echo)
    typer.echo(f"Apache Kafka and MinIO are in {cache_folder()}.")


@app.command()
def sweep(
    age: Annotated[float, typer.Option(min=0, help="Seconds; what is younger is left alone.")] = 86_400,
    state: State = DEFAULT_STATE,
) -> None:
    """Remove now what crashes left behind; services do it by themselves in time."""
    swept = interruptible(sweep_all(environment_of(StateFolder(state)), age))
    for service, counts in swept.items():
        typer.echo(f"{service}: {', '.join(f'{name} {count}' for name, count in counts.items())}")


def _console() -> Console:
    """The terminal; a pipe or file gets wide lines, so that no path is broken."""
    console = Console()
    return console if console.is_terminal else Console(width=_WIDE)


def _verdict(check: Check) -> tuple[str, str]:
    if check.ok:
        return "ok", "green"
    return ("missing", "red") if check.required else ("warning", "yellow")


def interruptible(work: Coroutine[Any, Any, Result]) -> Result:
    """Run `work`; Ctrl-C, SIGTERM and a closed terminal cancel it, so that it can end in order."""

    async def with_signals() -> Result:
        task = asyncio.current_task()
        assert task is not None
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, task.cancel)
        return await work

    return asyncio.run(with_signals())


def main() -> None:
    """The entry point. Exit codes: 0 done, 1 failed, 2 wrong arguments, 130 interrupted."""
    debug = "--debug" in sys.argv
    try:
        app(standalone_mode=True)
    except StoryreelError as error:
        _fail(str(error), debug)
    except OSError as error:
        _fail(_explain(error), debug)
    except asyncio.CancelledError:
        sys.exit(_INTERRUPTED)
    except Exception as error:  # a mistake of ours: still a sentence, and the way to the traceback
        _fail(f"Unexpected {type(error).__name__}: {error} (run `storyreel --debug ...` for more).", debug)


def _fail(message: str, debug: bool) -> None:
    if debug:
        raise
    typer.echo(f"storyreel: {message}", err=True)
    sys.exit(1)


def _explain(error: OSError) -> str:
    where = f" ({error.filename})" if error.filename else ""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The disk is full{where}: free some space and start again."
    return f"{error.strerror or error}{where}."


if __name__ == "__main__":
    main()
