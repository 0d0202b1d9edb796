"""Jobs as the REST API shows them, with links signed at the moment of asking."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any

from services.gateway.api.models import (
    FailureView,
    FilmView,
    ImageView,
    JobView,
    QuoteView,
    ShotView,
    StageView,
)
from services.gateway.jobs import Job, JobKind, JobState
from services.gateway.lines import JobDetail, JobLine, LineState, Picture
from storyreel.assets import LINK_LIFETIME, Assets

STORY_NOTICE = (
    "some shots failed: edit or drop them and render again; what was made is kept and costs nothing"
)
IMAGE_NOTICE = "the image failed: change the prompt and try again"


async def job_view(detail: JobDetail, assets: Assets, *, waits: str | None) -> JobView:
    """The job with links to its images and its film; `waits` says which of its engines do not answer."""
    job = detail.job
    return JobView(
        id=job.id,
        owner=job.owner,
        kind=str(job.kind),
        state=str(job.state),
        title=job.title,
        seq=job.seq,
        quote=QuoteView(id=job.quote_id, credits=job.quoted_credits),
        charged_credits=job.charged_credits,
        settled=job.settled,
        stages=[
            StageView(stage=kind, total=total, done=done, failed=failed)
            for kind, (total, done, failed) in job.counts().items()
        ],
        shots=_shots(detail),
        failures=[_failure(line) for line in detail.lines.values() if _began(line)],
        notice=_notice(job) or waits,
        film=await _film(job, assets) if job.film else None,
        images=await _images(detail, assets),
        created_at=job.created_at,
        ended_at=job.ended_at,
    )


def _shots(detail: JobDetail) -> list[ShotView]:
    return [
        ShotView(
            number=number,
            text=shot.text,
            panel=str(detail.lines[shot.panel].state),
            narration=str(detail.lines[shot.narration].state),
            clip=str(detail.lines[shot.clip].state),
        )
        for number, shot in enumerate(detail.shots, start=1)
    ]


def _began(line: JobLine) -> bool:
    return line.state is LineState.FAILED and line.began_here


def _failure(line: JobLine) -> FailureView:
    return FailureView(shot=line.shot or None, stage=line.kind, reason=line.reason)


def _notice(job: Job) -> str | None:
    if job.declined is not None:
        return job.declined
    if job.state is not JobState.ATTENTION:
        return None
    return STORY_NOTICE if job.kind is JobKind.STORY else IMAGE_NOTICE


async def _film(job: Job, assets: Assets) -> FilmView:
    film: dict[str, Any] = job.film or {}
    name = _file_name(job.title) or "film"
    links = {
        part: await assets.link(film[part]["object_key"], file_name=f"{name}.{ending}")
        for part, ending in (("video", "mp4"), ("poster", "jpg"), ("srt", "srt"), ("vtt", "vtt"))
    }
    return FilmView(
        url=links["video"],
        poster_url=links["poster"],
        srt_url=links["srt"],
        vtt_url=links["vtt"],
        expires_at=_link_expiry(),
        duration_seconds=film["frames"] / film["fps"],
        frames=film["frames"],
        width=film["width_px"],
        height=film["height_px"],
        fps=film["fps"],
    )


async def _images(detail: JobDetail, assets: Assets) -> list[ImageView]:
    """What is there to be seen. A story's panels wait for its end: nobody needs 200 links at every look."""
    job = detail.job
    if job.kind is JobKind.STORY and not job.ended:
        return []
    expires_at = _link_expiry()
    return [
        ImageView(
            url=await assets.link(line.picture.object_key, file_name=_picture_name(job, line, line.picture)),
            expires_at=expires_at,
            width=line.picture.width,
            height=line.picture.height,
            shot=line.shot or None,
        )
        for line in detail.lines.values()
        if line.picture
    ]


def _picture_name(job: Job, line: JobLine, picture: Picture) -> str:
    """The title; and the shot, or the number of the image where the job has several."""
    of_several = line.shot or job.counts()["panel"][0] > 1
    which = f"-{line.line_id.removeprefix('panel-')}" if of_several else ""
    name = _file_name(job.title) or str(job.kind)
    return f"{name}{which}{PurePosixPath(picture.object_key).suffix}"


def _link_expiry() -> str:
    return (datetime.now(UTC) + LINK_LIFETIME).isoformat(timespec="seconds").replace("+00:00", "Z")


def _file_name(title: str) -> str:
    """A title as a file name: letters and digits of ASCII, the rest dashes; empty where it has none."""
    kept = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in title.lower())
    return "-".join(part for part in kept.split("-") if part)[:60]
