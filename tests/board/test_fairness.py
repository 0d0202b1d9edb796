"""Turns between owners and between lanes, on a real database."""

from __future__ import annotations

import itertools
from typing import Any, Final

import pytest

from storyreel.board.claims import BULK_EVERY
from storyreel.board.ingest import Ingest, Posting
from storyreel.board.leases import Leases
from storyreel.board.rows import Requester, Row, State, Turn
from storyreel.board.store import to_document
from storyreel.board.turns import ROUND, turn_after
from storyreel.contracts.events.v1.asset_pb2 import Sheet
from storyreel.documents import Documents
from storyreel.errors import RetryableError
from storyreel.lanes import INTERACTIVE_LINES, Lane, lane_of

SLOTS: Final = 4


class Queue:
    """A board whose rows are all for one engine, unless the test says otherwise."""

    def __init__(self, documents: Documents) -> None:
        self.ingest = Ingest(documents)
        self.documents = documents
        self.leases = Leases(documents, worker="test", lease_seconds=600)

    async def post(
        self,
        key: str,
        *,
        job: str = "job",
        lane: Lane = Lane.BULK,
        engine: str = "local",
        inputs: tuple[str, ...] = (),
    ) -> None:
        requester = Requester(job_id=job, line_id="panel-001", lane=lane)
        owner = key.split(":", maxsplit=1)[0]
        await self.ingest.post(Posting(key, owner, "panel", engine, {}, inputs, requester))

    async def fill(self, owner: str, count: int) -> None:
        """Ready rows of an owner as ingest leaves them, put in at once; the last is posted."""
        await self.ingest.ensure_indexes()
        rows, number = [], 0
        for nth in range(count - 1):
            number = turn_after(number, owner)
            rows.append(
                Row(
                    key=f"{owner}:{nth:04d}",
                    owner=owner,
                    kind="panel",
                    engine="local",
                    recipe={},
                    inputs=(),
                    state=State.READY,
                    requesters=(Requester("job", f"panel-{nth}"),),
                    turn=Turn(Lane.BULK, number),
                )
            )
        await self.ingest.rows.collection.insert_many([to_document(row) | {"rev": 1} for row in rows])
        last = {"_id": f"owner/local/{Lane.BULK}/{owner}", "last": number}
        await self.documents.collection("turns").insert(last)
        await self.post(f"{owner}:{count - 1:04d}")

    async def claim(self, engine: str = "local") -> Row | None:
        claimed = await self.leases.claim(engine)
        return claimed.row if claimed else None

    async def claim_owners(self, count: int) -> list[str]:
        rows = [await self.claim() for _ in range(count)]
        return [row.owner for row in rows if row is not None]

    async def row(self, key: str) -> Row:
        row = await self.ingest.rows.get(key)
        assert row is not None
        return row


@pytest.fixture
def queue(documents: Documents) -> Queue:
    return Queue(documents)


async def test_a_single_row_waits_for_no_more_than_one_row_of_every_other_owner(queue: Queue) -> None:
    await queue.fill("big", 1000)
    await queue.fill("middling", 50)
    assert len(await queue.claim_owners(SLOTS)) == SLOTS
    await queue.post("small:only", job="single")
    following = await queue.claim_owners(3)
    assert "small" in following, "at most one of each of the two others goes before"


async def test_owners_of_different_sizes_take_turns(queue: Queue) -> None:
    for owner, count in (("big", 12), ("middling", 6), ("small", 3)):
        for number in range(count):
            await queue.post(f"{owner}:{number}")
    claimed = await queue.claim_owners(21)
    assert [sorted(claimed[start : start + 3]) for start in (0, 3, 6)] == [["big", "middling", "small"]] * 3
    assert [sorted(claimed[start : start + 2]) for start in (9, 11, 13)] == [["big", "middling"]] * 3
    assert claimed[15:] == ["big"] * 6


async def test_a_newcomer_does_not_wait_for_what_a_slower_engine_has_left_behind(queue: Queue) -> None:
    for number in range(6):
        await queue.post(f"big:slow{number}", engine="slow")
        await queue.post(f"big:fast{number}", engine="fast")
    for _ in range(6):
        assert await queue.claim("fast") is not None
    await queue.post("small:slow", engine="slow")
    owners = [row.owner for row in [await queue.claim("slow"), await queue.claim("slow")] if row]
    assert "small" in owners


async def test_rows_that_are_tried_again_and_ready_ones_take_turns(queue: Queue) -> None:
    for number in range(4):
        await queue.post(f"big:{number}")
    for _ in range(4):
        claimed = await queue.leases.claim("local")
        assert claimed is not None
        await queue.leases.fail(claimed, RetryableError("busy", after_seconds=0.0))
    await queue.post("small:0")
    assert "small" in await queue.claim_owners(2)


async def test_interactive_rows_go_first_and_bulk_ones_never_starve(queue: Queue) -> None:
    for number in range(10):
        await queue.post(f"a:bulk{number}")
        await queue.post(f"b:seen{number}", lane=Lane.INTERACTIVE)
    lanes = [row.turn.lane for row in [await queue.claim() for _ in range(10)] if row and row.turn]
    assert lanes == 2 * [*[Lane.INTERACTIVE] * (BULK_EVERY - 1), Lane.BULK]


@pytest.mark.parametrize("lane", list(Lane))
async def test_a_lane_without_rows_leaves_its_turn_to_the_other(queue: Queue, lane: Lane) -> None:
    for number in range(BULK_EVERY + 1):
        await queue.post(f"a:{number}", lane=lane)
    assert len(await queue.claim_owners(BULK_EVERY + 2)) == BULK_EVERY + 1


async def test_a_request_that_is_waited_for_moves_a_bulk_row_up(queue: Queue) -> None:
    for number in range(3):
        await queue.post(f"a:{number}")
    await queue.post("a:2", job="waited for", lane=Lane.INTERACTIVE)
    row = await queue.claim()
    assert row is not None
    assert row.key == "a:2"


async def test_a_cancel_of_the_one_who_waits_moves_the_row_down_again(queue: Queue) -> None:
    await queue.post("a:0")
    await queue.post("a:1")
    await queue.post("a:1", job="waited for", lane=Lane.INTERACTIVE)
    await queue.ingest.cancel("waited for")
    row = await queue.claim()
    assert row is not None
    assert row.key == "a:0"


STEPS: Final = ("bulk", "waited for", "supply", "cancel")


@pytest.mark.parametrize("order", list(itertools.permutations(STEPS)), ids=" ".join)
async def test_the_lane_is_the_same_in_every_order_of_post_supply_and_cancel(
    queue: Queue, order: tuple[str, ...]
) -> None:
    steps: dict[str, Any] = {
        "bulk": lambda: queue.post("a:panel", job="bulk", inputs=("a:sheet",)),
        "waited for": lambda: queue.post(
            "a:panel", job="waited for", lane=Lane.INTERACTIVE, inputs=("a:sheet",)
        ),
        "supply": lambda: queue.ingest.supply("a:sheet", Sheet(width_px=8)),
        "cancel": lambda: queue.ingest.cancel("bulk"),
    }
    for step in order:
        await steps[step]()
    row = await queue.row("a:panel")
    assert row.state is State.READY
    assert row.turn is not None
    assert row.turn.lane is row.lane is Lane.INTERACTIVE
    assert [(one.job_id, one.ended) for one in sorted(row.requesters, key=lambda one: one.job_id)] == [
        ("bulk", True),
        ("waited for", False),
    ]
    assert [event.topic for event in row.outbox] == ["panels.failed"]


async def test_a_row_in_the_database_is_the_row_that_was_put_in(queue: Queue) -> None:
    await queue.post("a:1", lane=Lane.INTERACTIVE)
    row = await queue.row("a:1")
    assert isinstance(row.requesters[0].lane, Lane)
    assert row.turn is not None
    assert isinstance(row.turn.lane, Lane)


def test_every_owner_has_one_turn_in_a_round() -> None:
    for owner in ("a", "local", "owner with a long name"):
        first = turn_after(0, owner)
        assert 1 <= first <= ROUND
        assert turn_after(first, owner) == first + ROUND
        assert turn_after(first - 1, owner) == first
        assert turn_after(5 * ROUND + 7, owner) - (5 * ROUND + 7) <= ROUND


def test_what_a_person_waits_for_is_interactive() -> None:
    assert lane_of(1) is Lane.INTERACTIVE
    assert lane_of(INTERACTIVE_LINES) is Lane.INTERACTIVE
    assert lane_of(INTERACTIVE_LINES + 1) is Lane.BULK
