"""The routes: stories in, jobs and their events out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Header, Request, Response
from sse_starlette import EventSourceResponse, ServerSentEvent

from services.gateway.api.models import EventView, JobView, StoryRequest
from services.gateway.api.problems import MEDIA_TYPE, Problem
from services.gateway.api.views import job_view
from services.gateway.jobs import ENDED, Job
from services.gateway.repository import Jobs
from services.gateway.storyboard import StoryOptions
from services.gateway.submission import Submissions
from storyreel.assets import Assets

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


def _problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    return {status: {"model": Problem, "content": {MEDIA_TYPE: {}}} for status in statuses}


def make_router(deps: Deps) -> APIRouter:
    """The routes of version 1."""
    router = APIRouter(prefix="/v1")

    @router.post(
        "/stories",
        status_code=202,
        response_model=JobView,
        responses=_problems(413, 422, 503),
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
        return await job_view(job, deps.assets)

    @router.get(
        "/jobs/{job_id}",
        response_model=JobView,
        responses=_problems(404),
        tags=["jobs"],
        summary="Read a job",
    )
    async def read_job(job_id: str) -> JobView:
        """The job's state, its shots, and its film's links once there is one."""
        return await job_view(await deps.jobs.get(job_id, OWNER), deps.assets)

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
        if job.state not in ENDED:
            await deps.submissions.cancel(job)
        return await job_view(job, deps.assets)

    @router.get(
        "/jobs/{job_id}/events",
        response_class=EventSourceResponse,
        responses={
            200: {"model": EventView, "content": {"text/event-stream": {}}},
            **_problems(404),
        },
        tags=["jobs"],
        summary="Follow a job",
    )
    async def follow_job(
        job_id: str, request: Request, last_event_id: Annotated[int, Header(ge=0)] = 0
    ) -> EventSourceResponse:
        """Every event of the job, from `Last-Event-ID` on; the stream ends when the job is settled."""
        await deps.jobs.get(job_id, OWNER)
        return EventSourceResponse(_events(deps, request, job_id, last_event_id), ping=PING_SECONDS)

    return router


async def _events(deps: Deps, request: Request, job_id: str, last: int) -> AsyncIterator[ServerSentEvent]:
    """Events after `last`, as they come. Any gateway process can serve them: they stand in the job."""
    while not deps.stopping.is_set() and not await request.is_disconnected():
        job = await deps.jobs.get(job_id, OWNER)
        for said in job.events[last:]:
            view = EventView.of(said)
            yield ServerSentEvent(view.model_dump_json(), id=str(view.seq), event=view.type)
        last = max(last, job.seq)
        if _over(job):
            return
        await asyncio.sleep(EVENT_POLL_SECONDS)


def _over(job: Job) -> bool:
    return job.state in ENDED and job.settled
