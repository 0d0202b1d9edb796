"""Jobs in the gateway's database: made with the event that submits them, changed by merging events.

A job is one small document. Its outline and what has been said of it lie in collections of their own: the
embedded database writes a whole document at every update, and a job of 200 shots has 600 lines.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import asdict
from typing import Any, Final

from services.gateway.jobs import Job, JobKind, Tally
from services.gateway.lines import JobDetail, Outline, OutlineLine, OutlineShot, Picture, Said, detail
from services.gateway.open_work import OpenWork, OpenWorkLimits
from services.gateway.projection import is_outcome, merge
from storyreel import outbox
from storyreel.documents import Collection, Document, Documents, Session
from storyreel.errors import DuplicateError, NotFoundError
from storyreel.events import Event
from storyreel.telemetry.logs import get_logger

log = get_logger(__name__)

OUTLINES_KEPT: Final = 64
"""Outlines in memory; they never change."""


class Jobs:
    """The collections `jobs`, `outlines`, `said` and `owners`."""

    def __init__(self, documents: Documents, limits: OpenWorkLimits) -> None:
        self.collection: Collection = documents.collection("jobs")
        self._documents = documents
        self._outlines: Collection = documents.collection("outlines")
        self._said: Collection = documents.collection("said")
        self._owners: Collection = documents.collection("owners")
        self._limits = limits
        self._known_outlines: OrderedDict[str, Outline] = OrderedDict()

    async def ensure_indexes(self) -> None:
        """What the relay, a listing, a reader of events and the cap on open work ask for."""
        await outbox.ensure_outbox_index(self.collection)
        await self.collection.index("owner", "created_at")
        await self.collection.index("owner", "open", only_where={"open": True})
        await self.collection.index("plan_key")
        await self._said.index("job", "seq")

    async def submit(self, job: Job, outline: Outline, submitted: Event) -> None:
        """Stores the job with its outline and the event that submits it: the moment it exists.

        Raises TooMuchOpenWorkError, and nothing is stored.
        """
        document = _to_document(job)
        document |= {"outbox": [outbox.to_document(submitted)], "unsent": True, "rev": 1}
        await self._owners.update({"_id": job.owner}, {"$setOnInsert": {"submitted": 0}}, upsert=True)

        async def work(session: Session) -> None:
            # One owner's submissions conflict here, so that none is counted past another.
            await self._owners.update({"_id": job.owner}, {"$inc": {"submitted": 1}}, session=session)
            self._limits.check(await self._open_work(job.owner, session), lines=len(outline.lines))
            await self._outlines.insert({"_id": job.id, **asdict(outline)}, session=session)
            await self.collection.insert(document, session=session)

        try:
            await self._documents.transaction(work)
        except DuplicateError:
            log.info("job stored by an attempt whose answer was lost", job=job.id)

    async def names_plan(self, object_key: str) -> bool:
        """Whether a job has this plan."""
        return bool(await self.collection.find({"plan_key": object_key}, fields=["_id"], limit=1))

    async def check_room(self, owner: str, *, lines: int) -> None:
        """Raises TooMuchOpenWorkError where a job of that many lines would be refused now."""
        self._limits.check(await self._open_work(owner), lines=lines)

    async def get(self, job_id: str, owner: str) -> Job:
        """An owner's job. Raises NotFoundError, for another owner's too."""
        document = await self.collection.find_one({"_id": job_id, "owner": owner})
        if document is None:
            raise NotFoundError(f"there is no job {job_id!r}")
        return _from_document(document)

    async def detail(self, job: Job) -> JobDetail:
        """The job with its shots and lines."""
        outline = await self._outline(job.id)
        assert outline is not None
        return detail(job, outline, await self.said(job, after=0))

    async def said(self, job: Job, *, after: int) -> list[Said]:
        """What has been said of the job after that `seq` and up to its own, in order."""
        documents = await self._said.find({"job": job.id, "seq": {"$gt": after, "$lte": job.seq}}, sort="seq")
        return [_said_from(document) for document in documents]

    async def ask_cancel(self, job: Job, cancelled: Event) -> None:
        """Marks the job, unless it has ended or was asked before, and says so in the same write."""
        await self.collection.update(
            {"_id": job.id, "open": True, "cancel_asked": False},
            {
                "$set": {"cancel_asked": True, "unsent": True},
                "$push": {"outbox": outbox.to_document(cancelled)},
                "$inc": {"rev": 1},
            },
        )

    async def merge(self, event: Event) -> None:
        """Merges an event into its job, once."""
        outline = await self._outline(event.key)
        if outline is None:
            log.warning("event of an unknown job", job=event.key, topic=event.topic)
            return

        async def work(session: Session) -> None:
            document = await self.collection.find_one({"_id": event.key}, session=session)
            assert document is not None
            job = _from_document(document)
            merged = merge(job, outline, event)
            if merged is None:
                return
            following, said = merged
            await self._said.insert(_said_document(event, said), session=session)
            await self.collection.update(
                {"_id": job.id}, {"$set": _changes(job, following), "$inc": {"rev": 1}}, session=session
            )

        try:
            await self._documents.transaction(work)
        except DuplicateError:
            log.debug("event merged before", job=event.key, topic=event.topic, id=event.id)

    async def _outline(self, job_id: str) -> Outline | None:
        if job_id not in self._known_outlines:
            document = await self._outlines.find_one({"_id": job_id})
            if document is None:
                return None
            self._known_outlines[job_id] = _outline_from(document)
            if len(self._known_outlines) > OUTLINES_KEPT:
                self._known_outlines.popitem(last=False)
        self._known_outlines.move_to_end(job_id)
        return self._known_outlines[job_id]

    async def _open_work(self, owner: str, session: Session | None = None) -> OpenWork:
        open_jobs = await self.collection.find(
            {"owner": owner, "open": True}, fields=["waiting"], session=session
        )
        return OpenWork(jobs=len(open_jobs), lines=sum(int(job["waiting"]) for job in open_jobs))


def _changes(job: Job, following: Job) -> dict[str, Any]:
    before, after = _to_document(job), _to_document(following)
    return {name: value for name, value in after.items() if value != before[name]}


def _to_document(job: Job) -> Document:
    """The job's fields, and `open` and `waiting` for the cap on open work."""
    document: dict[str, Any] = asdict(job)
    document["_id"] = document.pop("id")
    document["kind"] = str(job.kind)
    document["tallies"] = list(document["tallies"])
    return document | {"open": not job.ended, "waiting": job.waiting}


def _from_document(document: Document) -> Job:
    others = ("_id", "rev", "outbox", "unsent", "open", "waiting")
    fields = {name: value for name, value in document.items() if name not in others}
    return Job(
        **{
            **fields,
            "id": document["_id"],
            "kind": JobKind(document["kind"]),
            "tallies": tuple(Tally(**tally) for tally in document["tallies"]),
        }
    )


def _said_document(event: Event, said: Said) -> Document:
    """A line ends once, whatever is said of it; anything else is one fact by its event's id."""
    what = said.line if is_outcome(event) else event.id
    return {"_id": f"{event.key}/{what}", "job": event.key, **asdict(said)}


def _said_from(document: Document) -> Said:
    fields = {name: value for name, value in document.items() if name not in ("_id", "job")}
    picture = fields.pop("picture")
    return Said(**fields, picture=Picture(**picture) if picture else None)


def _outline_from(document: Document) -> Outline:
    return Outline(
        lines=tuple(OutlineLine(**line) for line in document["lines"]),
        shots=tuple(OutlineShot(**shot) for shot in document["shots"]),
    )
