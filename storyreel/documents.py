"""Documents in MongoDB. The only module that imports motor (and pymongo's errors beneath it).

motor is past its end of life; moving to PyMongo's own async client is a change of this module.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final, TypeVar

from bson import Binary
from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorClientSession, AsyncIOMotorCollection
from pymongo import ASCENDING, WriteConcern
from pymongo.errors import (
    BulkWriteError,
    ConnectionFailure,
    DuplicateKeyError,
    OperationFailure,
    PyMongoError,
)
from pymongo.read_concern import ReadConcern

from storyreel.errors import DuplicateError, UnavailableError

Session = AsyncIOMotorClientSession
Document = dict[str, Any]
T = TypeVar("T")

__all__ = ["Binary", "Collection", "Document", "Documents", "Session"]

REPEATABLE: Final = ("TransientTransactionError", "UnknownTransactionCommitResult")
SERVER_TROUBLE: Final = frozenset({1, 50, 91, 112, 189, 10107, 11600, 11602, 13435, 13436, 14031})
"""Codes of MongoDB that speak of the server and not of the operation: internal error (as on a full disk),
time-outs, write conflicts, shutdowns, elections, out of disk space."""
DUPLICATE_KEY: Final = 11000
TRANSACTION_ATTEMPTS: Final = 60
"""Transient conflicts on one wallet are retried this often before the caller hears of them."""


def _is_repeatable(error: PyMongoError) -> bool:
    return any(error.has_error_label(label) for label in REPEATABLE)


@asynccontextmanager
async def _our_errors() -> AsyncIterator[None]:
    """Maps the driver's errors to ours, at this one boundary."""
    try:
        yield
    except DuplicateKeyError as error:
        raise DuplicateError(str(error)) from error
    except ConnectionFailure as error:
        raise UnavailableError(f"MongoDB does not answer: {error}") from error
    except OperationFailure as error:
        if error.code in SERVER_TROUBLE and not _is_repeatable(error):
            raise UnavailableError(
                f"MongoDB could not do it: {(error.details or {}).get('errmsg')}"
            ) from error
        raise
    except PyMongoError as error:
        raise UnavailableError(f"MongoDB failed: {error}") from error


class Collection:
    """The operations on a collection that are right and fast on MongoDB and the embedded database alike.

    There is no find-and-modify on purpose: the embedded database scans the whole collection for it.
    """

    def __init__(self, collection: AsyncIOMotorCollection[Document]) -> None:
        self._collection = collection

    @property
    def name(self) -> str:
        """Its name in the database."""
        return str(self._collection.name)

    async def find_one(self, query: Mapping[str, Any], *, session: Session | None = None) -> Document | None:
        """The first match, or None."""
        async with _our_errors():
            found: Document | None = await self._collection.find_one(query, session=session)
            return found

    async def find(
        self,
        query: Mapping[str, Any],
        *,
        fields: Sequence[str] | None = None,
        sort: str | None = None,
        descending: bool = False,
        limit: int = 0,
        session: Session | None = None,
    ) -> list[Document]:
        """Matches in a list; `sort` should be the last field of an index that `query` uses."""
        async with _our_errors():
            cursor = self._collection.find(query, fields, limit=limit, session=session)
            if sort is not None:
                cursor = cursor.sort(sort, -1 if descending else 1)
            found: list[Document] = await cursor.to_list(None)
            return found

    async def insert(self, document: Mapping[str, Any], *, session: Session | None = None) -> None:
        """Inserts one. Raises DuplicateError where a unique key exists."""
        async with _our_errors():
            await self._collection.insert_one(dict(document), session=session)

    async def insert_many(self, documents: Sequence[Mapping[str, Any]]) -> None:
        """Inserts many at once, in any order. Raises DuplicateError where a unique key of one exists."""
        async with _our_errors():
            try:
                await self._collection.insert_many([dict(document) for document in documents], ordered=False)
            except BulkWriteError as error:
                if all(failed["code"] == DUPLICATE_KEY for failed in (error.details or {})["writeErrors"]):
                    raise DuplicateError(str(error)) from error
                raise

    async def update(
        self,
        query: Mapping[str, Any],
        change: Mapping[str, Any],
        *,
        upsert: bool = False,
        session: Session | None = None,
    ) -> bool:
        """Updates one match by update operators; whether there was one (or one was put in)."""
        async with _our_errors():
            result = await self._collection.update_one(query, change, upsert=upsert, session=session)
            return bool(result.matched_count or result.upserted_id is not None)

    async def delete(self, query: Mapping[str, Any]) -> int:
        """Deletes every match; how many there were."""
        async with _our_errors():
            return int((await self._collection.delete_many(query)).deleted_count)

    async def count(self, query: Mapping[str, Any]) -> int:
        """How many match."""
        async with _our_errors():
            return int(await self._collection.count_documents(query))

    async def index(
        self, *fields: str, unique: bool = False, only_where: Mapping[str, Any] | None = None
    ) -> None:
        """Makes sure of an ascending index over `fields`, partial where `only_where` is given."""
        options: dict[str, Any] = {"unique": unique}
        if only_where is not None:
            options["partialFilterExpression"] = dict(only_where)
        async with _our_errors():
            await self._collection.create_index([(field, ASCENDING) for field in fields], **options)


class Documents:
    """One service's database. Every write is acknowledged by a majority."""

    def __init__(self, url: str, database: str, *, timeout_seconds: float = 10.0) -> None:
        milliseconds = int(timeout_seconds * 1000)
        self._client: AsyncIOMotorClient[Document] = AsyncIOMotorClient(
            url, serverSelectionTimeoutMS=milliseconds, connectTimeoutMS=milliseconds, tz_aware=True
        )
        self._database = self._client.get_database(
            database, write_concern=WriteConcern("majority"), read_concern=ReadConcern("majority")
        )

    def collection(self, name: str) -> Collection:
        """A collection of this database."""
        return Collection(self._database.get_collection(name))

    async def ping(self) -> None:
        """Raises UnavailableError where the server does not answer."""
        async with _our_errors():
            await self._client.admin.command("ping")

    async def transaction(self, work: Callable[[Session], Awaitable[T]]) -> T:
        """Runs `work` in one transaction, again on transient conflicts: it must be safe to repeat.

        Raises UnavailableError when conflicts do not end.
        """
        for attempt in range(TRANSACTION_ATTEMPTS):
            async with _our_errors(), await self._client.start_session() as session:
                try:
                    async with session.start_transaction():
                        return await work(session)
                except PyMongoError as error:
                    if not _is_repeatable(error):
                        raise
            # Full jitter, so that contenders for one wallet do not meet again.
            await asyncio.sleep(random.uniform(0, min(0.5, 0.005 * 2**attempt)))
        raise UnavailableError(f"a transaction met conflicts {TRANSACTION_ATTEMPTS} times in a row")

    def close(self) -> None:
        """Closes the connections."""
        self._client.close()
