"""Jobs as the REST API shows them, with links signed at the moment of asking."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from services.gateway.api.models import FailureView, FilmView, JobView, QuoteView, ShotView, StageView
from services.gateway.jobs import Job, JobLine, JobState, LineState
from storyreel.assets import LINK_LIFETIME, Assets

ATTENTION_NOTICE = (
    "some shots failed: edit or drop them and render again; what was made is kept and costs nothing"
)


async def job_view(job: Job, assets: Assets) -> JobView:
    """The job with its film's links."""
    return JobView(
        id=job.id,
        owner=job.owner,
        state=str(job.state),
        title=job.title,
        seq=job.seq,
        quote=QuoteView(id=job.quote_id, credits=job.quoted_credits),
        charged_credits=job.captured_credits,
        settled=job.settled,
        stages=[
            StageView(stage=kind, total=total, done=done, failed=failed)
            for kind, (total, done, failed) in job.counts().items()
        ],
        shots=_shots(job),
        failures=[_failure(line) for line in job.lines.values() if _began(line)],
        notice=_notice(job),
        film=await _film(job, assets) if job.film else None,
        created_at=job.created_at,
        ended_at=job.ended_at,
    )


def _shots(job: Job) -> list[ShotView]:
    views = []
    for number, text in enumerate(job.shots, start=1):
        states = {kind: _state_of(job, kind, number) for kind in ("panel", "narration", "clip")}
        views.append(ShotView(number=number, text=text, **states))
    return views


def _state_of(job: Job, kind: str, shot: int) -> str:
    line = job.lines.get(f"{kind}-{shot:03d}")
    if line is None:
        # The same asset as an earlier shot's: that shot's line stands for both.
        twin = job.shots.index(job.shots[shot - 1]) + 1
        line = job.lines.get(f"{kind}-{twin:03d}")
    return str(line.state) if line else str(LineState.WAITING)


def _began(line: JobLine) -> bool:
    return line.state is LineState.FAILED and line.began_here


def _failure(line: JobLine) -> FailureView:
    return FailureView(shot=line.shot or None, stage=line.kind, reason=line.reason)


def _notice(job: Job) -> str | None:
    if job.declined is not None:
        return job.declined
    return ATTENTION_NOTICE if job.state is JobState.ATTENTION else None


async def _film(job: Job, assets: Assets) -> FilmView:
    film: dict[str, Any] = job.film or {}
    name = _file_name(job.title)
    links = {
        part: await assets.link(film[part]["object_key"], file_name=f"{name}.{ending}")
        for part, ending in (("video", "mp4"), ("poster", "jpg"), ("srt", "srt"), ("vtt", "vtt"))
    }
    return FilmView(
        url=links["video"],
        poster_url=links["poster"],
        srt_url=links["srt"],
        vtt_url=links["vtt"],
        expires_at=(datetime.now(UTC) + LINK_LIFETIME).isoformat(timespec="seconds").replace("+00:00", "Z"),
        duration_seconds=film["frames"] / film["fps"],
        frames=film["frames"],
        width=film["width_px"],
        height=film["height_px"],
        fps=film["fps"],
    )


def _file_name(title: str) -> str:
    """A title as a file name: letters and digits of ASCII, the rest dashes."""
    kept = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in title.lower())
    return "-".join(part for part in kept.split("-") if part)[:60] or "film"
