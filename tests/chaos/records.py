"""What stands in the six databases, read while the run goes on. The suite writes nothing there."""

from __future__ import annotations

from typing import Any, Final

from storyreel.board.rows import BACKLOG
from storyreel.documents import Document, Documents
from storyreel.settings import Settings

BOARDS: Final = ("image", "narration", "video", "composer")
SERVICES: Final = ("gateway", "pricing", *BOARDS)
_READ_SECONDS: Final = 3.0


class Records:
    """Reads jobs, boards and the ledger. Every call raises UnavailableError while the database is down."""

    def __init__(self, settings: Settings) -> None:
        self._documents = {
            name: Documents(settings.mongo_url, f"storyreel_{name}", timeout_seconds=_READ_SECONDS)
            for name in SERVICES
        }

    async def all(self, service: str, collection: str) -> list[Document]:
        """Every document of a collection."""
        return await self._find(service, collection, {})

    async def open_jobs(self) -> int:
        """Jobs that have not ended."""
        return await self._documents["gateway"].collection("jobs").count({"ended_at": None})

    async def ended_jobs(self) -> int:
        """Jobs that have ended."""
        jobs = self._documents["gateway"].collection("jobs")
        return await jobs.count({}) - await jobs.count({"ended_at": None})

    async def jobs_titled(self, title: str) -> list[str]:
        """The ids of the jobs with that title."""
        return [str(job["_id"]) for job in await self._find("gateway", "jobs", {"title": title})]

    async def unfinished(self) -> list[str]:
        """The ids of the jobs that have not ended or whose money is not settled."""
        ended_not = {"$or": [{"ended_at": None}, {"captured_credits": None, "declined": None}]}
        return [str(job["_id"]) for job in await self._find("gateway", "jobs", ended_not)]

    async def backlog(self, service: str) -> int:
        """Rows of a worker service that are ready, leased or delayed; open jobs for any other process."""
        if service not in BOARDS:
            return await self.open_jobs()
        tasks = self._documents[service].collection("tasks")
        return await tasks.count({"state": {"$in": [str(state) for state in BACKLOG]}})

    async def unsent(self) -> list[str]:
        """The documents with events that are not published yet."""
        places = [("gateway", "jobs"), ("pricing", "holds"), *((board, "tasks") for board in BOARDS)]
        return [
            f"{service} {collection} {document['_id']}"
            for service, collection in places
            for document in await self._find(service, collection, {"unsent": True})
        ]

    def close(self) -> None:
        """Closes the connections."""
        for documents in self._documents.values():
            documents.close()

    async def _find(self, service: str, collection: str, query: dict[str, Any]) -> list[Document]:
        return await self._documents[service].collection(collection).find(query)
