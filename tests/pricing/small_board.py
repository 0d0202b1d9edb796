"""The board's own transitions over rows in memory: it decides who pays, as it does in the product."""

from __future__ import annotations

from dataclasses import replace

from storyreel.board import transitions
from storyreel.board.rows import Lease, Requester, Row, State, Turn
from storyreel.contracts.events.v1.asset_pb2 import Panel
from storyreel.contracts.events.v1.outcome_pb2 import Failure, FailureKind
from storyreel.events import Event
from storyreel.lanes import Lane

NOW = 1_000.0
LEASE = Lease(worker="w", token="t", until=NOW + 60)


class SmallBoard:
    """One row for each asset key, and the events that the rows have said."""

    def __init__(self) -> None:
        self._rows: dict[str, Row] = {}

    def post(self, key: str, requester: Requester) -> list[Event]:
        """A line asks for the asset."""
        row = self._rows.get(key) or Row(
            key=key, owner="ann", kind="panel", engine="local", recipe={}, inputs=()
        )
        return self._put(transitions.request(row, requester, NOW))

    def finish(self, key: str) -> list[Event]:
        """The asset is made, where anybody waits for it."""
        row = self._claimed(key)
        return self._put(transitions.finish(row, LEASE.token, Panel(), NOW)) if row else []

    def fail(self, key: str) -> list[Event]:
        """The engine refuses it, where anybody waits for it."""
        row = self._claimed(key)
        if row is None:
            return []
        kind = FailureKind.FAILURE_KIND_REFUSED
        return self._put(transitions.fail(row, LEASE.token, kind, "no", NOW))

    def cancel(self, job: str) -> list[Event]:
        """The job is no longer wanted."""
        failure = Failure(kind=FailureKind.FAILURE_KIND_CANCELLED, reason="cancelled")
        return [
            event
            for row in list(self._rows.values())
            for event in self._put(transitions.fail_for_job(row, job, failure, NOW))
        ]

    def waited_for(self) -> list[str]:
        """Keys of assets that somebody waits for."""
        return [key for key, row in self._rows.items() if row.waiting_for_it]

    def _claimed(self, key: str) -> Row | None:
        row = self._rows.get(key)
        if row is None or not row.waiting_for_it:
            return None
        ready = transitions.make_ready(row, (), Turn(Lane.BULK, 1))
        return transitions.claim(ready, LEASE, NOW)

    def _put(self, row: Row) -> list[Event]:
        said, self._rows[row.key] = list(row.outbox), replace(row, outbox=())
        assert row.state is not State.LEASED
        return said
