"""Post, supply, failure and cancel end in the same board, in whatever order they come and however often."""

from __future__ import annotations

import asyncio
import itertools
import random
import uuid
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

import hypothesis
import hypothesis.strategies as st
import pytest

from storyreel.board.ingest import Ingest, Posting
from storyreel.board.rows import Requester, Row, State
from storyreel.contracts.events.v1.asset_pb2 import Sheet
from storyreel.contracts.events.v1.outcome_pb2 import Failure, FailureKind
from storyreel.documents import Documents
from storyreel.lanes import Lane
from storyreel.outcomes import MADE
from storyreel.settings import Settings

SHEETS = ("lion", "fox")
JOBS = ("job1", "job2", "job3")
ORDERS = 8
"""How many orders of one set of calls are compared, where it has more."""

Call = Callable[[Ingest, str], Coroutine[Any, Any, None]]


@dataclass(frozen=True)
class Post:
    """A line of a job asks for the panel that is made from both sheets."""

    job: str
    line: str
    lane: Lane

    async def __call__(self, ingest: Ingest, owner: str) -> None:
        """Makes the call on the board of `owner`."""
        await ingest.post(
            Posting(
                key=f"{owner}:panel",
                owner=owner,
                kind="panel",
                engine="local",
                recipe={"prompt": "both"},
                inputs=tuple(f"{owner}:{sheet}" for sheet in SHEETS),
                requester=Requester(f"{owner}/{self.job}", self.line, lane=self.lane),
            )
        )


@dataclass(frozen=True)
class Supply:
    """A sheet is there."""

    sheet: str

    async def __call__(self, ingest: Ingest, owner: str) -> None:
        """Makes the call on the board of `owner`."""
        await ingest.supply(f"{owner}:{self.sheet}", Sheet(width_px=8, height_px=8))


@dataclass(frozen=True)
class Fail:
    """A sheet will not come, for one job."""

    sheet: str
    job: str

    async def __call__(self, ingest: Ingest, owner: str) -> None:
        """Makes the call on the board of `owner`."""
        failure = Failure(kind=FailureKind.FAILURE_KIND_REFUSED, reason="no dragons", cause_line_id="s1")
        await ingest.supply_failure(f"{owner}:{self.sheet}", f"{owner}/{self.job}", failure)


@dataclass(frozen=True)
class Cancel:
    """A job is no longer wanted."""

    job: str

    async def __call__(self, ingest: Ingest, owner: str) -> None:
        """Makes the call on the board of `owner`."""
        await ingest.cancel(f"{owner}/{self.job}")


POSTS = [
    Post(job, line, lane)
    for job, lane in zip(JOBS, (Lane.BULK, Lane.INTERACTIVE, Lane.BULK), strict=True)
    for line in ("p1", "p2")
]
CALLS = st.one_of(
    st.sampled_from(POSTS),
    st.builds(Supply, st.sampled_from(SHEETS)),
    st.builds(Fail, st.sampled_from(SHEETS), st.sampled_from(JOBS)),
    st.builds(Cancel, st.sampled_from(JOBS)),
)


def outline(row: Row | None) -> object:
    """What must not depend on the order: where the row stands, and for whom it has ended and how.

    Turns and times follow the order by their nature. So does which of several reasons ended a line that had
    more than one, and with it whether a row that nobody waits for failed or was cancelled: a line's end is
    said once and never taken back.
    """
    if row is None:
        return None
    unmade = row.state in (State.FAILED, State.CANCELLED)
    return (
        "unmade" if unmade else str(row.state),
        frozenset((r.job_id.split("/")[1], r.line_id, r.ended) for r in row.requesters),
        frozenset((event.key.split("/")[1], event.topic in MADE) for event in row.outbox),
        len(row.outbox),
        () if unmade else row.facts,
        row.turn.lane if row.turn is not None and row.state is State.READY else None,
        row.attempts,
        row.lease,
        row.intent,
    )


async def board_after(ingest: Ingest, calls: list[Call]) -> object:
    """A fresh board after these calls; every owner has one to itself."""
    owner = uuid.uuid4().hex
    for call in calls:
        await call(ingest, owner)
    return outline(await ingest.rows.get(f"{owner}:panel"))


def some_orders(calls: list[Call], chance: random.Random) -> list[list[Call]]:
    """Every order of few calls, some of many, in which some calls come again later."""
    if len(calls) <= 3:
        return [list(order) for order in itertools.permutations(calls)]
    orders = []
    for _ in range(ORDERS):
        again = chance.sample(calls, chance.randint(0, 2))
        order = [*calls, *again]
        chance.shuffle(order)
        orders.append(order)
    return orders


@pytest.mark.timeout(600)
def test_post_supply_failure_and_cancel_end_in_the_same_board_in_every_order(settings: Settings) -> None:
    loop = asyncio.new_event_loop()

    async def open_board() -> tuple[Documents, Ingest]:
        documents = Documents(settings.mongo_url, f"orders_{uuid.uuid4().hex[:12]}")
        ingest = Ingest(documents)
        await ingest.ensure_indexes()
        return documents, ingest

    documents, ingest = loop.run_until_complete(open_board())

    @hypothesis.settings(max_examples=40, deadline=None, derandomize=True, database=None)
    @hypothesis.given(calls=st.lists(CALLS, min_size=2, max_size=7, unique=True), chance=st.randoms())
    def same_board(calls: list[Call], chance: random.Random) -> None:
        expected = loop.run_until_complete(board_after(ingest, calls))
        for order in some_orders(calls, chance):
            found = loop.run_until_complete(board_after(ingest, order))
            assert found == expected, f"{order} ends in {found}, {calls} in {expected}"

    try:
        same_board()
    finally:
        documents.close()
        loop.close()
