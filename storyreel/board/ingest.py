"""What events do to the board: post, supply, failures that travel, cancel. Every call may come twice.

Post, supply, failure and cancel commute: each writes its own fact first and then looks for the others', so
whichever comes second finds the first.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from google.protobuf.message import Message

from storyreel.board import transitions
from storyreel.board.rows import Requester, Row, State, Turn
from storyreel.board.store import Rows
from storyreel.board.turns import Turns
from storyreel.contracts.events.v1.outcome_pb2 import Failure, FailureKind
from storyreel.documents import Binary, Collection, Document, Documents
from storyreel.errors import DuplicateError

CANCELLED_REASON = "the job was cancelled"


@dataclass(frozen=True)
class Posting:
    """An asset to be made for a line of a job; `inputs` are the asset keys that it is made from."""

    key: str
    owner: str
    kind: str
    engine: str
    recipe: dict[str, Any]
    inputs: tuple[str, ...]
    requester: Requester


class Ingest:
    """The board as the front role writes it."""

    def __init__(self, documents: Documents, *, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self.rows = Rows(documents)
        self._turns = Turns(documents)
        self._facts: Collection = documents.collection("facts")
        self._failures: Collection = documents.collection("failures")
        self._tombstones: Collection = documents.collection("tombstones")

    async def ensure_indexes(self) -> None:
        """Indexes of the rows; the other collections are asked by `_id` alone."""
        await self.rows.ensure_indexes()

    async def post(self, posting: Posting) -> None:
        """Asks for an asset."""
        now = self._clock()
        row = Row(
            key=posting.key,
            owner=posting.owner,
            kind=posting.kind,
            engine=posting.engine,
            recipe=posting.recipe,
            inputs=posting.inputs,
            requesters=(posting.requester,),
            posted_at=now,
        )
        try:
            await self.rows.insert(row)
        except DuplicateError:
            await self.rows.change(
                posting.key, lambda known: transitions.request(known, posting.requester, now)
            )
        await self._settle(posting.key)

    async def supply(self, key: str, asset: Message) -> None:
        """An input is there."""
        await self._facts.update(
            {"_id": key},
            {"$setOnInsert": {"body": Binary(asset.SerializeToString(deterministic=True))}},
            upsert=True,
        )
        await self._settle_all({"inputs": key, "state": str(State.WAITING)})

    async def supply_failure(self, key: str, job_id: str, failure: Failure) -> None:
        """An input will not come, for the requesters of this job alone."""
        await self._failures.update(
            {"_id": f"{job_id}/{key}"},
            {"$setOnInsert": {"body": Binary(failure.SerializeToString(deterministic=True))}},
            upsert=True,
        )
        await self._settle_all({"inputs": key, "requesters.job_id": job_id})

    async def cancel(self, job_id: str) -> None:
        """The job is no longer wanted. The tombstone comes first: see `_settle`."""
        await self._tombstones.update({"_id": job_id}, {"$setOnInsert": {"at": self._clock()}}, upsert=True)
        for document in await self.rows.collection.find({"requesters.job_id": job_id}, fields=["_id"]):
            await self._cancel_row(document["_id"], job_id)
            await self._take_lane(await self.rows.get(document["_id"]))

    async def is_cancelled(self, job_id: str) -> bool:
        """Whether the job has a tombstone."""
        return await self._tombstones.find_one({"_id": job_id}) is not None

    async def drop_cancelled(self, row: Row) -> None:
        """Ends the requesters of a row whose jobs are cancelled: read after a claim, and before an engine."""
        for job_id in sorted({requester.job_id for requester in row.waiting_for_it}):
            if await self.is_cancelled(job_id):
                await self._cancel_row(row.key, job_id)

    async def _settle_all(self, query: Mapping[str, Any]) -> None:
        for document in await self.rows.collection.find(query, fields=["_id"]):
            await self._settle(document["_id"])

    async def _settle(self, key: str) -> None:
        """Takes a row as far as what is known now allows."""
        row = await self.rows.get(key)
        if row is None or not row.waiting_for_it:
            return
        await self.drop_cancelled(row)
        # Also where other jobs' inputs have come already: a job's failure must count whenever it is heard.
        await self._fail_by_inputs(row)
        if row.state is State.WAITING:
            await self._make_ready_if_supplied(row)
        await self._take_lane(await self.rows.get(key))

    async def _make_ready_if_supplied(self, row: Row) -> None:
        facts = [await self._facts.find_one({"_id": wanted}) for wanted in row.inputs]
        if all(facts):
            turn = await self._turns.next_turn(row.engine, row.lane, row.owner)
            bodies = [_body(fact) for fact in facts]
            await self.rows.change(row.key, lambda known: _ready_if_wanted(known, bodies, turn))

    async def _take_lane(self, row: Row | None) -> None:
        """Moves a ready row to the lane of those who want it now: a request moves it up, a cancel down."""
        if row is not None and not row.is_in_its_lane:
            turn = await self._turns.next_turn(row.engine, row.lane, row.owner)
            await self.rows.change(row.key, lambda known: transitions.change_lane(known, turn))

    async def _fail_by_inputs(self, row: Row) -> None:
        for job_id in sorted({requester.job_id for requester in row.waiting_for_it}):
            for wanted in row.inputs:
                known = await self._failures.find_one({"_id": f"{job_id}/{wanted}"})
                if known is not None:
                    await self._fail_row(row.key, job_id, _passed_on(Failure.FromString(_body(known))))
                    break

    async def _fail_row(self, key: str, job_id: str, failure: Failure) -> None:
        now = self._clock()
        await self.rows.change(key, lambda row: transitions.fail_for_job(row, job_id, failure, now))

    async def _cancel_row(self, key: str, job_id: str) -> None:
        failure = Failure(kind=FailureKind.FAILURE_KIND_CANCELLED, reason=CANCELLED_REASON)
        await self._fail_row(key, job_id, failure)


def _ready_if_wanted(row: Row, facts: Sequence[bytes], turn: Turn) -> Row | None:
    return transitions.make_ready(row, facts, turn) if row.waiting_for_it else None


def _passed_on(failure: Failure) -> Failure:
    """The failure as those downstream see it: its reason and where it began stay."""
    passed = Failure()
    passed.CopyFrom(failure)
    if failure.kind != FailureKind.FAILURE_KIND_CANCELLED:
        passed.kind = FailureKind.FAILURE_KIND_INPUT
    return passed


def _body(document: Document | None) -> bytes:
    assert document is not None
    return bytes(document["body"])
