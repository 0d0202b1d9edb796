"""The worker of the model: claims a row, asks an engine as storyreel.work does, ends the attempt in some way.
The model remembers, as no real process could, who believes to hold what.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import count

from storyreel.board.leases import Claimed, Leases
from storyreel.board.rows import Row
from storyreel.errors import (
    EngineUnavailableError,
    InvalidError,
    LeaseLostError,
    OutcomeUnknownError,
    RefusedError,
    RetryableError,
    StoryreelError,
    UnavailableError,
)
from tests.board.model.crashes import linger
from tests.board.model.jobs import ENGINE, asset
from tests.board.model.promises import require

LEASE_SECONDS = 30.0
SEND_SECONDS = 10.0


class Outcome(StrEnum):
    """How an attempt goes, where nothing comes between."""

    MADE = "made"
    ACCEPTED = "accepted"
    BUSY = "busy"
    REFUSED = "refused"
    INVALID = "invalid"
    STOPPED = "stopped"
    UNKNOWN = "unknown"
    DOWN = "down"


@dataclass(frozen=True)
class Attempt:
    """One attempt: its outcome, whether its engine takes time, whether the lease is renewed after."""

    outcome: Outcome
    lingers: bool = False
    renews: bool = False


@dataclass
class Hold:
    """A worker's belief that it holds a row; `until` is when it knows that it may no longer.

    `at_work` from the intent until the worker begins to give the row up, `lost` if the row was taken from it
    before that.
    """

    claimed: Claimed
    until: float
    at_work: bool = False
    giving_up: bool = False
    lost: bool = False

    @property
    def key(self) -> str:
        """The row's key."""
        return self.claimed.row.key

    @property
    def token(self) -> str:
        """What proves the lease."""
        return self.claimed.token


class Holds:
    """All beliefs of all workers, dead ones left out."""

    def __init__(self) -> None:
        self._holds: list[Hold] = []
        self.makings = count(1)

    def take(self, claimed: Claimed) -> Hold:
        """A row was claimed."""
        assert claimed.row.lease is not None
        hold = Hold(claimed, claimed.row.lease.until)
        self._holds.append(hold)
        return hold

    def let_go(self, hold: Hold) -> None:
        """The worker is dead or done."""
        self._holds.remove(hold)

    def notice_lost(self, rows: Mapping[str, Row]) -> None:
        """Notes who does not hold its row any more, though it did not give it up."""
        for hold in self._holds:
            lease = rows[hold.key].lease
            if not hold.giving_up and (lease is None or lease.token != hold.token):
                hold.lost = True

    def at_work(self, now: float) -> list[Hold]:
        """Those whose engine is at work, under a lease that they know has not run out."""
        return [hold for hold in self._holds if hold.at_work and now < hold.until]


class Worker:
    """One attempt at one row, as a program of the model."""

    def __init__(
        self,
        leases: Leases,
        holds: Holds,
        clock: Callable[[], float],
        asking: Callable[[str], Awaitable[Callable[[], Awaitable[None]]]],
    ) -> None:
        self._leases = leases
        self._holds = holds
        self._clock = clock
        self._asking = asking

    async def attempt(self, attempt: Attempt) -> bool:
        """Claims a row and takes it to the attempt's outcome; whether there was one."""
        claimed = await self._leases.claim(ENGINE)
        if claimed is None:
            return False
        hold = self._holds.take(claimed)
        try:
            await self._carry_on(hold, attempt)
        except LeaseLostError:
            # As in storyreel.work: what was made is dropped, the row is another's.
            return True
        except UnavailableError as error:
            await self._try_to_say(hold, RetryableError(str(error)))
        finally:
            self._holds.let_go(hold)
        return True

    async def _carry_on(self, hold: Hold, attempt: Attempt) -> None:
        claimed = hold.claimed
        if claimed.row.engine_task is None:
            if not await self._is_settled(hold) or not await self._is_begun(hold):
                return
        elif not claimed.row.waiting_for_it and attempt.outcome is Outcome.REFUSED:
            await self._give_up(hold, self._leases.drop(claimed))
            return
        hold.at_work = True
        if attempt.lingers:
            await linger()
        if attempt.renews:
            until = self._clock() + LEASE_SECONDS
            await self._under_the_lease(hold, self._leases.renew(claimed))
            hold.until = until
        await self._give_up(hold, self._ending(claimed, attempt.outcome))

    async def _is_settled(self, hold: Hold) -> bool:
        """Whether nothing is left to know of an earlier request, of an engine that cannot look it up."""
        intent = hold.claimed.row.intent
        if intent is None:
            return True
        if self._clock() < intent.deadline:
            await self._give_up(hold, self._leases.postpone(hold.claimed, until=intent.deadline))
            return False
        return await self._leases.ask_again(hold.claimed, ambiguous=True)

    async def _is_begun(self, hold: Hold) -> bool:
        look_again = await self._asking(hold.key)
        if not await self._leases.still_wanted(hold.claimed):
            return False
        await self._under_the_lease(hold, self._leases.intend(hold.claimed, within_seconds=SEND_SECONDS))
        await look_again()
        return True

    async def _give_up(self, hold: Hold, write: Awaitable[object]) -> None:
        # From here on the row may be another's at any moment, by this worker's own write.
        hold.at_work, hold.giving_up = False, True
        await self._under_the_lease(hold, write)

    async def _under_the_lease(self, hold: Hold, write: Awaitable[object]) -> None:
        lost_before = hold.lost
        await write
        require(not lost_before, f"{hold.key} was changed by a worker whose lease was over")

    def _ending(self, claimed: Claimed, outcome: Outcome) -> Awaitable[object]:
        match outcome:
            case Outcome.MADE:
                return self._leases.finish(claimed, asset(claimed.row.key, next(self._holds.makings)))
            case Outcome.ACCEPTED:
                if claimed.row.engine_task is not None:
                    return self._leases.still_running(claimed, poll_after_seconds=1.0)
                task = f"task-{next(self._holds.makings)}"
                return self._leases.accepted(claimed, task, poll_after_seconds=1.0)
            case Outcome.BUSY:
                return self._leases.fail(claimed, RetryableError("busy", after_seconds=1.0))
            case Outcome.REFUSED:
                return self._leases.fail(claimed, RefusedError("no dragons"))
            case Outcome.INVALID:
                return self._leases.fail(claimed, InvalidError("cannot be drawn"))
            case Outcome.STOPPED:
                return self._leases.hand_back(claimed)
            case Outcome.UNKNOWN:
                return self._leases.fail(claimed, OutcomeUnknownError("the connection was lost"))
            case Outcome.DOWN:
                return self._leases.fail(claimed, EngineUnavailableError("connection refused"))

    async def _try_to_say(self, hold: Hold, error: RetryableError) -> None:
        try:
            await self._give_up(hold, self._leases.fail(hold.claimed, error))
        except StoryreelError:
            # As in storyreel.work: the lease runs out and another worker tries.
            return
