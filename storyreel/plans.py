"""Plans in the store: immutable objects that events name by key and digest."""

from __future__ import annotations

import hashlib

from pydantic import ValidationError

from storyreel.assets import Assets
from storyreel.contracts.events.v1.job_pb2 import PlanRef
from storyreel.errors import StoryreelError
from storyreel.plan import Plan


async def store_plan(assets: Assets, plan: Plan) -> PlanRef:
    """Stores a plan; what events say of it."""
    stored = await assets.put(
        plan.owner, "plan", plan.model_dump_json().encode(), media_type="application/json"
    )
    return PlanRef(object_key=stored.object_key, sha256=stored.sha256)


async def read_plan(assets: Assets, reference: PlanRef) -> Plan:
    """The plan that an event names. Raises NotFoundError, or StoryreelError where it is not that plan."""
    body = await assets.read(reference.object_key)
    if hashlib.sha256(body).hexdigest() != reference.sha256:
        raise StoryreelError(f"plan {reference.object_key} is not the one that the event names")
    try:
        return Plan.model_validate_json(body)
    except ValidationError as error:
        raise StoryreelError(f"plan {reference.object_key} cannot be read: {error}") from error
