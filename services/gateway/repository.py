"""Jobs in the gateway's database: made with the event that submits them, changed by merging events."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

from services.gateway.jobs import Job, JobLine, LineState
from services.gateway.projection import merge
from storyreel import outbox
from storyreel.documents import Collection, Document, Documents
from storyreel.errors import NotFoundError, UnavailableError
from storyreel.events import Event
from storyreel.telemetry.logs import get_logger

log = get_logger(__name__)

CONFLICTS: Final = 50


class Jobs:
    """The collection `jobs`."""

    def __init__(self, documents: Documents) -> None:
        self.collection: Collection = documents.collection("jobs")

    async def ensure_indexes(self) -> None:
        """What the relay and a listing ask for."""
        await outbox.ensure_outbox_index(self.collection)
        await self.collection.index("owner", "created_at")

    async def submit(self, job: Job, submitted: Event) -> None:
        """Stores the job and the event that submits it in one write: the moment it exists."""
        document = _to_document(job)
        document |= {"outbox": [outbox.to_document(submitted)], "unsent": True, "rev": 1}
        await self.collection.insert(document)

    async def get(self, job_id: str, owner: str) -> Job:
        """An owner's job. Raises NotFoundError, for another owner's too."""
        document = await self.collection.find_one({"_id": job_id, "owner": owner})
        if document is None:
            raise NotFoundError(f"there is no job {job_id!r}")
        return _from_document(document)

    async def ask_cancel(self, job: Job, cancelled: Event) -> None:
        """Puts the event that cancels the job into its outbox; asked twice, it is the same event."""
        await self.collection.update(
            {"_id": job.id, "outbox.id": {"$ne": cancelled.id}},
            {
                "$set": {"unsent": True},
                "$push": {"outbox": outbox.to_document(cancelled)},
                "$inc": {"rev": 1},
            },
        )

    async def merge(self, event: Event) -> None:
        """Merges an event into its job, in one write that fails where another came between."""
        for _ in range(CONFLICTS):
            document = await self.collection.find_one({"_id": event.key})
            if document is None:
                log.warning("event of an unknown job", job=event.key, topic=event.topic)
                return
            job = _from_document(document)
            following = merge(job, event)
            if following is None:
                return
            if await self.collection.update(
                {"_id": event.key, "rev": document["rev"]}, _changes(job, following)
            ):
                return
        raise UnavailableError(f"job {event.key} was changed by others {CONFLICTS} times in a row")


def _changes(job: Job, following: Job) -> dict[str, Any]:
    """Update operators from one job to the next: only what differs, the new event pushed."""
    before, after = _to_document(job), _to_document(following)
    changed = {
        name: value
        for name, value in after.items()
        if name not in ("lines", "events") and value != before[name]
    }
    for line_id, line in after["lines"].items():
        if line != before["lines"][line_id]:
            changed[f"lines.{line_id}"] = line
    return {"$set": changed, "$push": {"events": after["events"][-1]}, "$inc": {"rev": 1}}


def _to_document(job: Job) -> Document:
    document: dict[str, Any] = asdict(job)
    document["_id"] = document.pop("id")
    document["shots"] = list(job.shots)
    document["events"] = list(job.events)
    for line in document["lines"].values():
        line["state"] = str(line["state"])
    return document


def _from_document(document: Document) -> Job:
    fields = {key: value for key, value in document.items() if key not in ("_id", "rev", "outbox", "unsent")}
    lines = {
        line_id: JobLine(**{**line, "state": LineState(line["state"])})
        for line_id, line in document["lines"].items()
    }
    return Job(
        **{
            **fields,
            "id": document["_id"],
            "lines": lines,
            "shots": tuple(document["shots"]),
            "events": tuple(document["events"]),
        }
    )
