"""The routes: stories and images in, jobs and their events out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Header, Request, Response
from sse_starlette import EventSourceResponse, ServerSentEvent

from services.gateway.api.models import EventView, ImageRequest, JobView, NoticeView, StoryRequest
from services.gateway.api.problems import MEDIA_TYPE, Problem
from services.gateway.api.views import job_view
from services.gateway.engines import Engines
from services.gateway.jobs import Job
from services.gateway.repository import Jobs
from services.gateway.storyboard import StoryOptions
from services.gateway.submission import Submissions
from storyreel.assets import Assets
from storyreel.plan import RenderOptions

OWNER: Final = "local"
"""Until there are accounts, everything belongs to one owner."""
EVENT_POLL_SECONDS: Final = 0.25
PING_SECONDS: Final = 15


@dataclass(frozen=True)
class Deps:
    """What the routes work with."""

    jobs: Jobs
    submissions: Submissions
    assets: Assets
    stopping: asyncio.Event
    engines: Engines


def _problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    return {status: {"model": Problem, "content": {MEDIA_TYPE: {}}} for status in statuses}


def make_router(deps: Deps) -> APIRouter:
    """The routes of version 1."""
    router = APIRouter(prefix="/v1")

    async def show(job: Job) -> JobView:
        waits = await deps.engines.notice(job)
        return await job_view(await deps.jobs.detail(job), deps.assets, waits=waits)

    @router.post(
        "/stories",
        status_code=202,
        response_model=JobView,
        responses=_problems(413, 422, 429, 503, 507),
        tags=["stories"],
        summary="Render a story as a film",
    )
    async def submit_story(story: StoryRequest, response: Response) -> JobView:
        """Makes the storyboard, quotes it and submits the job. Follow it at the `Location`."""
        job = await deps.submissions.submit_story(
            OWNER,
            story.script,
            StoryOptions(aspect=story.aspect, style=story.style),
            resolution=story.resolution,
            tier=story.tier,
            engine=story.engine,
        )
        response.headers["Location"] = f"/v1/jobs/{job.id}"
        return await show(job)

    @router.post(
        "/images",
        status_code=202,
        response_model=JobView,
        responses=_problems(413, 422, 429, 503, 507),
        tags=["images"],
        summary="Draw an image",
    )
    async def submit_image(image: ImageRequest, response: Response) -> JobView:
        """Quotes the image and submits the job. Follow it at the `Location`."""
        job = await deps.submissions.submit_image(
            OWNER,
            image.prompt,
            style=image.style,
            options=RenderOptions(
                aspect=image.aspect, resolution=image.resolution, tier=image.tier, engine=image.engine
            ),
        )
        response.headers["Location"] = f"/v1/jobs/{job.id}"
        return await show(job)

    @router.get(
        "/jobs/{job_id}",
        response_model=JobView,
        responses=_problems(404),
        tags=["jobs"],
        summary="Read a job",
    )
    async def read_job(job_id: str) -> JobView:
        """The job's state, its shots, and links to its images and its film once they are there."""
        return await show(await deps.jobs.get(job_id, OWNER))

    @router.post(
        "/jobs/{job_id}/cancel",
        status_code=202,
        response_model=JobView,
        responses=_problems(404),
        tags=["jobs"],
        summary="Cancel a job",
    )
    async def cancel_job(job_id: str) -> JobView:
        """Stops what has not started; what was made is kept. A job that has ended stays as it is."""
        job = await deps.jobs.get(job_id, OWNER)
        if not job.ended:
            await deps.submissions.cancel(job)
        return await show(job)

    @router.get(
        "/jobs/{job_id}/events",
        response_class=EventSourceResponse,
        responses={
            200: {"model": EventView | NoticeView, "content": {"text/event-stream": {}}},
            **_problems(404),
        },
        tags=["jobs"],
        summary="Follow a job",
    )
    async def follow_job(
        job_id: str, request: Request, last_event_id: Annotated[int, Header(ge=0)] = 0
    ) -> EventSourceResponse:
        """Every event of the job, from `Last-Event-ID` on; the stream ends when the job is settled.

        Between them, an event `notice` says when the job waits for an engine that does not answer.
        """
        await deps.jobs.get(job_id, OWNER)
        return EventSourceResponse(_events(deps, request, job_id, last_event_id), ping=PING_SECONDS)

    return router


async def _events(deps: Deps, request: Request, job_id: str, last: int) -> AsyncIterator[ServerSentEvent]:
    """Events after `last`, as they come. Any gateway process can serve them: they stand in the job."""
    noticed = None
    while not deps.stopping.is_set() and not await request.is_disconnected():
        job = await deps.jobs.get(job_id, OWNER)
        if job.seq > last:
            for said in await deps.jobs.said(job, after=last):
                view = EventView.of(said)
                yield ServerSentEvent(view.model_dump_json(), id=str(view.seq), event=view.type)
            last = job.seq
        notice = await deps.engines.notice(job)
        if notice != noticed:
            noticed = notice
            told = NoticeView(seq=job.seq, state=str(job.state), notice=notice)
            yield ServerSentEvent(told.model_dump_json(), event=told.type)
        if job.ended and job.settled:
            return
        await asyncio.sleep(EVENT_POLL_SECONDS)
