"""What must hold on every board after every step, and of one that has come to rest."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from storyreel.board.rows import Row, State
from storyreel.board.transitions import MAX_ATTEMPTS
from storyreel.events import Event
from storyreel.outcomes import FAILED, MADE
from tests.board.model.crashes import RecordingPublisher
from tests.board.model.promises import require
from tests.board.model.worker import Holds

ENDED = (State.DONE, State.FAILED, State.CANCELLED)

LineId = tuple[str, str]
"""A job's id and its line's."""


def line_of(event: Event) -> LineId:
    """The line that a terminal event ends."""
    message: Any = event.message()
    return message.line.job_id, message.line.line_id


class Checks:
    """Compares the board with what it was before, with what was said and with who is at work."""

    def __init__(self, publisher: RecordingPublisher, holds: Holds) -> None:
        self._publisher = publisher
        self._holds = holds
        self._heard = 0
        self._before: dict[str, Row] = {}
        self._inputs: dict[str, tuple[Any, ...]] = {}
        self._events: dict[str, Event] = {}
        self._said: dict[LineId, str] = {}

    def look(self, rows: Mapping[str, Row], now: float) -> None:
        """After a step. Raises ViolationError."""
        self._live_leases_are_on_their_rows(rows, now)
        self._holds.notice_lost(rows)
        self._hear()
        for row in rows.values():
            self._attempts_are_limited(row)
            self._inputs_stay(row)
            self._what_ended_stays(row)
            self._every_ending_is_said_or_will_be(row)
        self._nothing_was_said_too_early(rows)
        self._before = dict(rows)

    def rest(self, rows: Mapping[str, Row], posted: Collection[LineId]) -> None:
        """When nothing moves any more: every line has had its one event, and no work is left."""
        require(
            set(self._said) == set(posted),
            f"no terminal event for {sorted(set(posted) - set(self._said))}, "
            f"one that nobody asked for: {sorted(set(self._said) - set(posted))}",
        )
        for row in rows.values():
            require(not row.outbox, f"{row.key} still has something to say")
            require(row.state in ENDED, f"{row.key} is {row.state} for ever")

    def _live_leases_are_on_their_rows(self, rows: Mapping[str, Row], now: float) -> None:
        """A worker whose engine is at work holds the row until its lease runs out, so no other can."""
        for hold in self._holds.at_work(now):
            row = rows[hold.key]
            require(
                row.state is State.LEASED and row.lease is not None and row.lease.token == hold.token,
                f"{row.key} is {row.state} under a live lease of a worker that did not give it up",
            )

    def _hear(self) -> None:
        for event in self._publisher.said[self._heard :]:
            known = self._events.setdefault(event.id, event)
            require(known == event, f"event {event.id} was said twice, not the same each time")
            first = self._said.setdefault(line_of(event), event.id)
            require(first == event.id, f"line {line_of(event)} ended twice, by {first} and {event.id}")
        self._heard = len(self._publisher.said)

    def _attempts_are_limited(self, row: Row) -> None:
        require(row.attempts <= MAX_ATTEMPTS, f"{row.key} was tried {row.attempts} times")

    def _inputs_stay(self, row: Row) -> None:
        now = (row.recipe, row.inputs, row.facts)
        claimed = self._inputs.get(row.key)
        if claimed is not None:
            require(claimed == now, f"the inputs of {row.key} changed after it was claimed")
        elif row.state is State.LEASED:
            require(len(row.facts) == len(row.inputs), f"{row.key} was claimed without all its inputs")
            self._inputs[row.key] = now

    def _what_ended_stays(self, row: Row) -> None:
        before = self._before.get(row.key)
        if before is None:
            return
        if before.state is State.DONE:
            require(row.state is State.DONE, f"{row.key} was made and is {row.state} now")
            require(row.asset == before.asset, f"{row.key} was made and its asset changed")
        now = {(r.job_id, r.line_id): r for r in row.requesters}
        for requester in before.requesters:
            kept = now.get((requester.job_id, requester.line_id))
            require(kept is not None, f"{row.key} forgot requester {requester}")
            assert kept is not None
            require(kept.ended or not requester.ended, f"{row.key}: {requester} had ended, and waits again")

    def _every_ending_is_said_or_will_be(self, row: Row) -> None:
        endings = {line_of(event): event for event in row.outbox}
        require(len(endings) == len(row.outbox), f"{row.key} is about to end a line twice")
        events = []
        for requester in row.requesters:
            line = (requester.job_id, requester.line_id)
            stored, said = endings.get(line), self._events.get(self._said.get(line, ""))
            require(stored is None or said is None or stored == said, f"{line} is said anew, differently")
            event = stored or said
            require(
                (event is not None) == requester.ended,
                f"{row.key}: {line} has {'ended' if requester.ended else 'not ended'}, "
                f"its event is {'there' if event else 'nowhere'}",
            )
            events += [event] if event is not None else []
        self._events_tell_the_outcome(row, events)

    def _events_tell_the_outcome(self, row: Row, events: Collection[Event]) -> None:
        made: list[Any] = [event.message() for event in events if event.topic in MADE]
        for message in made:
            asset = MADE[f"{row.kind}s.rendered"].asset_of(message)
            require(
                asset.SerializeToString(deterministic=True) == row.asset,
                f"{row.key}: {message.line.job_id} was told of another asset than the row has",
            )
        payers = [message.line.job_id for message in made if not message.reused]
        require(len(payers) <= 1, f"{row.key} was made once and is to be paid by {payers}")
        require(
            all(event.topic in MADE or event.topic in FAILED for event in events),
            f"{row.key} said something else than how it ended",
        )

    def _nothing_was_said_too_early(self, rows: Mapping[str, Row]) -> None:
        ended = {
            (requester.job_id, requester.line_id)
            for row in rows.values()
            for requester in row.requesters
            if requester.ended
        }
        early = set(self._said) - ended
        require(not early, f"the end of {sorted(early)} was said before it was written")
