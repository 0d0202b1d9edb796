"""Faults that the model of the board found, one test each."""

from __future__ import annotations

import itertools

import pytest

from storyreel.board.ingest import Ingest, Posting
from storyreel.board.leases import Leases
from storyreel.board.rows import Requester, Row, State
from storyreel.contracts.events.v1.asset_pb2 import Sheet
from storyreel.contracts.events.v1.outcome_pb2 import Failure, FailureKind
from storyreel.documents import Documents
from storyreel.errors import LeaseLostError

PANEL = "ann:panel"
SHEET = "ann:sheet"
STEPS = ("post job1", "post job2", "supply", "fail job1")


async def post(ingest: Ingest, job_id: str, *, inputs: tuple[str, ...] = ()) -> None:
    requester = Requester(job_id=job_id, line_id="p1")
    await ingest.post(Posting(PANEL, "ann", "panel", "local", {}, inputs, requester))


async def row_of(ingest: Ingest) -> Row:
    row = await ingest.rows.get(PANEL)
    assert row is not None
    return row


async def take(ingest: Ingest, step: str) -> None:
    match step.split():
        case ["post", job_id]:
            await post(ingest, job_id, inputs=(SHEET,))
        case ["supply"]:
            await ingest.supply(SHEET, Sheet(width_px=8, height_px=8))
        case ["fail", job_id]:
            failure = Failure(kind=FailureKind.FAILURE_KIND_REFUSED, reason="no dragons")
            await ingest.supply_failure(SHEET, job_id, failure)


@pytest.mark.parametrize("order", list(itertools.permutations(STEPS)), ids=" ".join)
async def test_a_failed_input_counts_for_its_job_though_the_same_input_came_for_another(
    documents: Documents, order: tuple[str, ...]
) -> None:
    ingest = Ingest(documents)
    for step in order:
        await take(ingest, step)
    row = await row_of(ingest)
    assert row.state is State.READY
    assert {requester.job_id: requester.ended for requester in row.requesters} == {
        "job1": True,
        "job2": False,
    }
    assert [(event.topic, event.key) for event in row.outbox] == [("panels.failed", "job1")]


async def test_a_job_that_asked_after_the_claim_and_was_cancelled_is_not_begun(documents: Documents) -> None:
    ingest = Ingest(documents)
    leases = Leases(documents, worker="test", lease_seconds=30)
    await post(ingest, "job1")
    claimed = await leases.claim("local")
    assert claimed is not None
    await post(ingest, "job2")
    # The front died between the tombstone of job2 and its rows.
    await documents.collection("tombstones").insert({"_id": "job2", "at": 0.0})
    await ingest.cancel("job1")
    with pytest.raises(LeaseLostError):
        await leases.still_wanted(claimed)
    assert (await row_of(ingest)).state is State.CANCELLED
