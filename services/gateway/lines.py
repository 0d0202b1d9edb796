"""The lines of a job and what became of each: read for its user, never to merge an event.

An outline is written once, with the job. What has been said of the job since is a list of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from services.gateway.jobs import Job
from storyreel.outcomes import FAILED, MADE
from storyreel.plan import Plan
from storyreel.recipes import ClipRecipe, FilmRecipe


class LineState(StrEnum):
    """Where a line stands."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True)
class OutlineLine:
    """One asset that the job will make."""

    line_id: str
    kind: str
    engine: str
    shot: int


@dataclass(frozen=True)
class OutlineShot:
    """A shot, and the lines of its assets: two shots may share one."""

    text: str
    panel: str
    narration: str
    clip: str


@dataclass(frozen=True)
class Outline:
    """What a job will make, as its plan has it."""

    lines: tuple[OutlineLine, ...]
    shots: tuple[OutlineShot, ...] = ()

    def line(self, line_id: str) -> OutlineLine | None:
        """The line of that id, or None."""
        return next((line for line in self.lines if line.line_id == line_id), None)


@dataclass(frozen=True)
class Picture:
    """A still that was made: its name in the store, and its size in pixels."""

    object_key: str
    width: int
    height: int


@dataclass(frozen=True)
class Said:
    """Something said of a job, under the job's `seq`: an event, and the state that it led to.

    `began_here` is False where a failure came from an input.
    """

    seq: int
    id: str
    type: str
    time: str
    state: str
    shot: int | None = None
    line: str | None = None
    reason: str | None = None
    began_here: bool = True
    picture: Picture | None = None


@dataclass(frozen=True)
class JobLine:
    """A line, and what became of it."""

    line_id: str
    kind: str
    engine: str
    shot: int
    state: LineState = LineState.WAITING
    reason: str = ""
    began_here: bool = True
    picture: Picture | None = None


@dataclass(frozen=True)
class JobDetail:
    """A job with its shots, and its lines by id, all as of the job's `seq`."""

    job: Job
    shots: tuple[OutlineShot, ...]
    lines: dict[str, JobLine]


def outline_of(plan: Plan) -> Outline:
    """The outline of a plan."""
    lines = tuple(OutlineLine(line.line_id, line.kind, line.engine, line.shot) for line in plan.lines)
    return Outline(lines, _shots_of(plan))


def _shots_of(plan: Plan) -> tuple[OutlineShot, ...]:
    """The shots of the plan's film; a plan without a film has none."""
    by_key = {line.asset_key: line for line in plan.lines}
    film = next((line.recipe for line in plan.lines if isinstance(line.recipe, FilmRecipe)), None)
    if film is None:
        return ()
    shots = []
    for shot, clip, narration in zip(plan.storyboard.shots, film.clips, film.narrations, strict=True):
        recipe = by_key[clip].recipe
        assert isinstance(recipe, ClipRecipe)
        shots.append(
            OutlineShot(
                text=shot.text,
                panel=by_key[recipe.panel].line_id,
                narration=by_key[narration].line_id,
                clip=by_key[clip].line_id,
            )
        )
    return tuple(shots)


def detail(job: Job, outline: Outline, said: Iterable[Said]) -> JobDetail:
    """The job with its lines, given everything that has been said of it."""
    ended = {event.line: event for event in said if event.type in MADE or event.type in FAILED}
    return JobDetail(
        job, outline.shots, {line.line_id: _job_line(line, ended.get(line.line_id)) for line in outline.lines}
    )


def _job_line(line: OutlineLine, ended: Said | None) -> JobLine:
    if ended is None:
        return JobLine(line.line_id, line.kind, line.engine, line.shot)
    return JobLine(
        line.line_id,
        line.kind,
        line.engine,
        line.shot,
        state=LineState.DONE if ended.type in MADE else LineState.FAILED,
        reason=ended.reason or "",
        began_here=ended.began_here,
        picture=ended.picture,
    )
