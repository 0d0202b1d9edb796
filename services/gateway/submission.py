"""From a script or a prompt to a submitted job: storyboard, lines, quote, plan, and what makes it exist.

Until the job is stored nothing has happened that anybody would notice: only a plan that no event names.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime

from services.gateway.jobs import Job, JobKind, new_job
from services.gateway.lines import outline_of
from services.gateway.pricing_client import PricingClient
from services.gateway.repository import Jobs
from services.gateway.storyboard import StoryOptions, make_picture, make_storyboard
from storyreel import topics
from storyreel.assets import Assets
from storyreel.contracts.events.v1 import job_pb2
from storyreel.events import Event
from storyreel.lanes import lane_of
from storyreel.plan import Plan, PlanLine, RenderOptions, plan_images, plan_lines
from storyreel.plans import store_plan
from storyreel.quoting import accept
from storyreel.storyboard import Storyboard
from storyreel.telemetry.traces import current_traceparent

SOURCE = "/storyreel/gateway"


class Submissions:
    """Takes stories, images, and cancels of jobs.

    What it cannot take raises ValueError where the request is wrong, TooMuchOpenWorkError, and
    UnavailableError where pricing, the database or the store does not answer; nothing is submitted then.
    """

    def __init__(self, jobs: Jobs, assets: Assets, pricing: PricingClient) -> None:
        self._jobs = jobs
        self._assets = assets
        self._pricing = pricing

    async def submit_story(
        self, owner: str, script: str, story: StoryOptions, *, resolution: str, tier: str, engine: str
    ) -> Job:
        """Submits a story's rendering. Raises StoryError where the script is wrong."""
        storyboard = await asyncio.to_thread(make_storyboard, script, story)
        options = RenderOptions(aspect=storyboard.aspect, resolution=resolution, tier=tier, engine=engine)
        lines = plan_lines(owner, storyboard, options, await self._pricing.offers())
        return await self._submit(JobKind.STORY, owner, storyboard, options, lines)

    async def submit_image(
        self, owner: str, prompt: str, *, style: str | None, options: RenderOptions
    ) -> Job:
        """Submits an image. Raises PromptError where the prompt is wrong."""
        storyboard = await asyncio.to_thread(make_picture, prompt, style=style, aspect=options.aspect)
        lines = plan_images(owner, storyboard, options, await self._pricing.offers())
        return await self._submit(JobKind.IMAGE, owner, storyboard, options, lines)

    async def _submit(
        self,
        kind: JobKind,
        owner: str,
        storyboard: Storyboard,
        options: RenderOptions,
        lines: Sequence[PlanLine],
    ) -> Job:
        await self._jobs.check_room(owner, lines=len(lines))
        quote = await self._pricing.quote(owner, lines)
        credits = {priced.line_id: priced.credits for priced in quote.lines}
        plan = Plan(
            job_id=f"job_{uuid.uuid4().hex}",
            owner=owner,
            quote_id=quote.quote_id,
            options=options,
            storyboard=storyboard,
            lines=tuple(line.model_copy(update={"credits": credits[line.line_id]}) for line in lines),
            lane=lane_of(sum(not priced.exists for priced in quote.lines)),
        )
        reference = await store_plan(self._assets, plan)
        job = new_job(kind, plan, reference, _now())
        submitted = job_pb2.JobSubmitted(
            job_id=job.id,
            owner=owner,
            plan=reference,
            quote_id=quote.quote_id,
            accepted_at_ms=accept(quote, owner, lines),
            items_sha256=quote.items_sha256,
        )
        await self._jobs.submit(job, outline_of(plan), _event(topics.JOBS_SUBMITTED, job.id, submitted))
        return job

    async def cancel(self, job: Job) -> None:
        """Asks for the job to be cancelled; what was made is kept."""
        cancelled = job_pb2.JobCancelled(job_id=job.id, owner=job.owner)
        await self._jobs.ask_cancel(job, _event(topics.JOBS_CANCELLED, job.id, cancelled))


def _event(topic: str, job_id: str, message: job_pb2.JobSubmitted | job_pb2.JobCancelled) -> Event:
    return Event.of(
        topic,
        message,
        key=job_id,
        source=SOURCE,
        subject=job_id,
        cause=[job_id],
        traceparent=current_traceparent(),
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
