"""Shows a job while it is made: a live picture on a terminal, plain lines anywhere else."""

from __future__ import annotations

from collections.abc import Iterable
from types import TracebackType
from typing import Final, Protocol, Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from storyreel.local.gateway import Job, ShotProgress, Stage

STAGE_NAMES: Final = {
    "sheet": "sheets",
    "panel": "panels",
    "narration": "narrations",
    "clip": "clips",
    "film": "film",
}
_MARKS: Final = {"done": ("●", "green"), "failed": ("✗", "red"), "waiting": ("○", "dim")}
_SHOT_ROWS: Final = 8


class Display(Protocol):
    """What a rendering tells its user, as an async-free context."""

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
    def say(self, line: str) -> None:
        """One line that stays."""
        ...

    def show(self, job: Job) -> None:
        """The job as it is now."""
        ...


def display_for(console: Console) -> Display:
    """The live display on a terminal, the plain one elsewhere."""
    return LiveDisplay(console) if console.is_terminal else PlainDisplay(console)


class PlainDisplay:
    """One line for each thing that has changed: for logs and pipes."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._last: Job | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def say(self, line: str) -> None:
        """One line that stays."""
        self._console.print(line, markup=False, highlight=False, soft_wrap=True)

    def show(self, job: Job) -> None:
        """Print what has changed since the last time."""
        for line in changes(self._last, job):
            self.say(line)
        self._last = job


class LiveDisplay:
    """Bars for the stages and rows for the shots at work, redrawn in place."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._live = Live(console=console, refresh_per_second=8, transient=True)

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()

    def say(self, line: str) -> None:
        """One line that stays, above the picture."""
        self._console.print(line, markup=False, highlight=False)

    def show(self, job: Job) -> None:
        """Redraw."""
        self._live.update(picture(job))


def changes(before: Job | None, now: Job) -> Iterable[str]:
    """What has changed, as lines: the state, stages, and single shots."""
    if before is None or before.state != now.state:
        yield f"the job is {now.state}"
    if not now.ended and now.notice != (before.notice if before else None):
        yield now.notice or "every engine answers again"
    old_stages = {stage.stage: stage for stage in before.stages} if before else {}
    for stage in now.stages:
        if stage != old_stages.get(stage.stage) and stage.total:
            yield f"{STAGE_NAMES.get(stage.stage, stage.stage)}: {_count(stage)}"
    old_shots = {shot.number: shot for shot in before.shots} if before else {}
    for shot in now.shots:
        old = old_shots.get(shot.number)
        for asset in ("panel", "narration", "clip"):
            state: str = getattr(shot, asset)
            if state != "waiting" and (old is None or getattr(old, asset) != state):
                yield f"shot {shot.number}: {asset} {state}"


def picture(job: Job) -> RenderableType:
    """The job as a picture: title and state, a bar a stage, and the shots that are being made."""
    quote = f"  {job.quote.credits} credits quoted" if job.quote else ""
    head = Text.assemble((job.title or "untitled", "bold"), f"  {job.state}", (quote, "dim"))
    heading: RenderableType = head if job.ended else Spinner("dots", text=head, style="cyan")
    parts: list[RenderableType] = [heading, _bars(job.stages)]
    if job.notice and not job.ended:
        parts.append(Text(f"  {job.notice}", style="yellow"))
    if job.shots:
        parts.append(_shots(job.shots))
    return Group(*parts)


def _bars(stages: Iterable[Stage]) -> Table:
    table = Table.grid(padding=(0, 2))
    for stage in stages:
        if stage.total:
            color = "red" if stage.failed else "green"
            bar = ProgressBar(
                total=stage.total, completed=stage.done, width=32, complete_style=color, finished_style=color
            )
            table.add_row(f"  {STAGE_NAMES.get(stage.stage, stage.stage)}", bar, _count(stage))
    return table


def _shots(shots: tuple[ShotProgress, ...]) -> Table:
    """The first few shots that are not finished, failed ones included; and how many follow."""
    open_shots = [shot for shot in shots if not shot.panel == shot.narration == shot.clip == "done"]
    table = Table.grid(padding=(0, 2))
    if open_shots:
        table.add_row("  shot", "panel", "narration", "clip", "", style="dim")
    for shot in open_shots[:_SHOT_ROWS]:
        marks = (Text(*_MARKS.get(it, ("?", ""))) for it in (shot.panel, shot.narration, shot.clip))
        table.add_row(f"  {shot.number:>4}", *marks, Text(_short(shot.text), style="dim"))
    if len(open_shots) > _SHOT_ROWS:
        table.add_row("", "", "", "", Text(f"and {len(open_shots) - _SHOT_ROWS} more", style="dim italic"))
    return table


def _count(stage: Stage) -> str:
    failed = f", {stage.failed} failed" if stage.failed else ""
    return f"{stage.done} of {stage.total}{failed}"


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59].rstrip()}…"
