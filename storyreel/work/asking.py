"""The conversation with an engine about one task: it must never be asked twice without the board knowing."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final

from google.protobuf.message import Message
from pydantic import TypeAdapter

from storyreel.assets import Assets
from storyreel.board.leases import Claimed, Leases
from storyreel.board.rows import Row
from storyreel.engine import Accepted, EngineRequest, Made, Running
from storyreel.errors import LeaseLostError, OutcomeUnknownError
from storyreel.outcomes import KINDS
from storyreel.recipes import Recipe
from storyreel.telemetry.logs import get_logger
from storyreel.work.calls import EngineCalls
from storyreel.work.insist import insist

log = get_logger(__name__)

RECIPE: Final[TypeAdapter[Recipe]] = TypeAdapter(Recipe)
SEND_SECONDS: Final = 10.0
"""A request is sent within this time of its intent, or not at all."""
MARGIN_SECONDS: Final = 5.0
"""How long after its deadline a request may still arrive: see `EngineRequest.ensure_sendable`."""


class Asking:
    """Asks one engine for what rows want, and remembers on the row what it was asked."""

    def __init__(self, leases: Leases, assets: Assets, calls: EngineCalls) -> None:
        self._leases = leases
        self._assets = assets
        self._calls = calls

    async def make(self, claimed: Claimed, scratch: Path) -> Made | None:
        """What the engine made; None where the row waits for a later time or has ended.

        Raises TaskError, LeaseLostError, UnavailableError.
        """
        row = claimed.row
        recipe = RECIPE.validate_python(row.recipe)
        if row.engine_task is not None:
            return await self._follow(claimed, row.engine_task, recipe, scratch)
        if row.intent is not None and not await self._settle(claimed, row.intent.deadline, recipe):
            return None
        if not await self._leases.still_wanted(claimed):
            return None
        return await self._ask(claimed, recipe, scratch)

    async def _ask(self, claimed: Claimed, recipe: Recipe, scratch: Path) -> Made | None:
        intent = await self._leases.intend(claimed, within_seconds=SEND_SECONDS)
        answer = await self._calls.submit(self._request(claimed.row, recipe, scratch, intent.deadline))
        if isinstance(answer, Accepted):
            await self._remember(claimed, answer)
            return None
        return answer

    async def _remember(self, claimed: Claimed, answer: Accepted) -> None:
        """Writes the engine's own id, however long the database takes: without it the request is lost."""
        try:
            await insist(
                lambda: self._leases.accepted(
                    claimed, answer.engine_task, poll_after_seconds=answer.poll_after_seconds
                )
            )
        except LeaseLostError:
            raise
        except Exception as error:  # whatever went wrong here, the engine is at work
            raise OutcomeUnknownError(
                f"accepted as {answer.engine_task}, and not recorded: {error}"
            ) from error

    async def _settle(self, claimed: Claimed, deadline: float, recipe: Recipe) -> bool:
        """Finds out what became of an earlier request whose answer was lost; whether to ask again now."""
        row, can = claimed.row, self._calls.can
        certain_at = deadline + MARGIN_SECONDS
        certain = time.time() >= certain_at  # judged before looking: the request may arrive while we look
        if can.repeatable:
            return await self._leases.ask_again(claimed, ambiguous=False)
        if can.looks_up and (known := await self._calls.look_up(row.key, recipe)) is not None:
            log.info("lost request found", task=row.key, engine=row.engine, engine_task=known)
            await self._leases.accepted(claimed, known, poll_after_seconds=0.0)
            return False
        if not certain:
            await self._leases.postpone(claimed, until=certain_at)
            return False
        if not can.looks_up:
            log.error("outcome unknown for ever, asking again", task=row.key, engine=row.engine)
        return await self._leases.ask_again(claimed, ambiguous=not can.looks_up)

    async def _follow(self, claimed: Claimed, engine_task: str, recipe: Recipe, scratch: Path) -> Made | None:
        """Takes the engine's own task further: stops it if nobody wants it, polls it, fetches its result."""
        if not claimed.row.waiting_for_it and await self._calls.cancel(engine_task, recipe):
            await self._leases.drop(claimed)
            return None
        status = await self._calls.poll(engine_task, recipe)
        if isinstance(status, Running):
            await self._leases.still_running(claimed, poll_after_seconds=status.poll_after_seconds)
            return None
        return await self._calls.fetch(engine_task, self._request(claimed.row, recipe, scratch, 0.0))

    def _request(self, row: Row, recipe: Recipe, scratch: Path, deadline: float) -> EngineRequest:
        inputs = {key: _input(recipe, key, fact) for key, fact in zip(row.inputs, row.facts, strict=True)}
        return EngineRequest(row.key, recipe, inputs, scratch, deadline, self._assets)


def _input(recipe: Recipe, key: str, fact: bytes) -> Message:
    """The asset behind an input's key: its kind follows from where the recipe names the key."""
    return KINDS[recipe.input_kinds()[key]].asset.FromString(fact)
