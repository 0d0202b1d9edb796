"""The terminal events of a row, one per requester, put into its outbox by the same write that ends it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from google.protobuf.message import Message

from storyreel.board.rows import Requester, Row
from storyreel.contracts.events.v1.outcome_pb2 import Failure, Line
from storyreel.events import Event
from storyreel.outcomes import KINDS


def end(row: Row, ending: Iterable[Requester], failure: Failure, *, work: str = "") -> Row:
    """Tells the requesters that the asset will not come. `work` is the traceparent of the attempt."""
    kind = KINDS[row.kind]
    events = [
        _event(row, requester, kind.failed_topic, kind.failed(_line(row, requester), failure), work)
        for requester in ending
    ]
    return _put_out(row, ending, events)


def answer(row: Row, waiting: Iterable[Requester], *, payer: Requester | None, work: str = "") -> Row:
    """Tells the requesters that the asset is there; for all but the payer it was there already."""
    kind = KINDS[row.kind]
    asset = row.asset or b""
    events = [
        _event(
            row,
            requester,
            kind.made_topic,
            kind.made(_line(row, requester), asset, reused=requester is not payer),
            work,
        )
        for requester in waiting
    ]
    return _put_out(row, waiting, events)


def _put_out(row: Row, ending: Iterable[Requester], events: Sequence[Event]) -> Row:
    ended = {(requester.job_id, requester.line_id) for requester in ending}
    requesters = tuple(
        replace(requester, ended=True) if (requester.job_id, requester.line_id) in ended else requester
        for requester in row.requesters
    )
    return replace(row, requesters=requesters, outbox=(*row.outbox, *events))


def _line(row: Row, requester: Requester) -> Line:
    return Line(
        job_id=requester.job_id,
        owner=row.owner,
        line_id=requester.line_id,
        asset_key=row.key,
        shot=requester.shot,
    )


def _event(row: Row, requester: Requester, topic: str, message: Message, work: str) -> Event:
    return Event.of(
        topic,
        message,
        key=requester.job_id,
        source=f"/storyreel/{row.kind}",
        subject=row.key,
        cause=[row.key, requester.job_id, requester.line_id],
        traceparent=work if _same_trace(work, requester.traceparent) else requester.traceparent,
    )


def _same_trace(left: str, right: str) -> bool:
    """Whether two traceparents (`00-trace-span-flags`) name one trace."""
    return bool(left) and left.split("-")[1:2] == right.split("-")[1:2]
