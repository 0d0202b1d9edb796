"""Random jobs, failures, retries, cancels, re-renders, price changes and events in any order: it adds up."""

from __future__ import annotations

import random
import time
import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from small_board import SmallBoard
from till import Till, catalogue_with, new_job, panel

from services.pricing.ledger import DECLINED
from services.pricing.verify import verify
from storyreel import topics
from storyreel.board.rows import Requester
from storyreel.contracts.events.v1.job_pb2 import JobSubmitted
from storyreel.contracts.pricing.v1.pricing_pb2 import LineItem, Quote
from storyreel.documents import Documents
from storyreel.events import Event
from storyreel.outcomes import MADE
from storyreel.settings import Settings

SHARED = tuple(f"ann:shared-{number}" for number in range(4))
AMPLE, SCARCE = 1000, 9


@dataclass(frozen=True)
class Submit:
    """A job of its own panel and of some that others want too, all of one tier."""

    shared: frozenset[str]
    tier: str


@dataclass(frozen=True)
class Ends:
    """A shared panel is made, or its engine refuses it; a later job tries again."""

    key: str
    made: bool


@dataclass(frozen=True)
class Cancel:
    """One of the jobs so far is cancelled."""

    pick: int


@dataclass(frozen=True)
class Reprice:
    """The catalogue changes under the jobs that are quoted already."""

    low: int


Step = Submit | Ends | Cancel | Reprice
STEPS = st.lists(
    st.one_of(
        st.builds(
            Submit, st.frozensets(st.sampled_from(SHARED), max_size=3), st.sampled_from(["low", "high"])
        ),
        st.builds(Submit, st.just(frozenset(SHARED[:2])), st.just("low")),
        st.builds(Ends, st.sampled_from(SHARED), st.booleans()),
        st.builds(Cancel, st.integers(0, 9)),
        st.builds(Reprice, st.integers(1, 5)),
    ),
    min_size=3,
    max_size=12,
)


@dataclass
class Run:
    """A live run: the real books over a database, the real board's decisions, events late and twice.

    `history` is every event that pricing reads; a cancel is for the boards alone.
    """

    till: Till
    dice: random.Random
    board: SmallBoard = field(default_factory=SmallBoard)
    quotes: dict[str, Quote] = field(default_factory=dict)
    own: dict[str, str] = field(default_factory=dict)
    cancelled: set[str] = field(default_factory=set)
    history: list[Event] = field(default_factory=list)
    undelivered: list[Event] = field(default_factory=list)

    async def step(self, step: Step) -> None:
        if isinstance(step, Submit):
            await self._submit(step)
        elif isinstance(step, Ends):
            self._say(self.board.finish(step.key) if step.made else self.board.fail(step.key))
        elif isinstance(step, Cancel):
            self._cancel(step)
        else:
            self._reprice(step)
        await self._deliver_some()

    async def end(self) -> None:
        """Everything that is still waited for is made, and every event arrives."""
        for key in self.board.waited_for():
            self._say(self.board.finish(key))
        while self.undelivered:
            await self._deliver_some()

    async def _submit(self, step: Submit) -> None:
        job = new_job()
        self.own[job] = f"ann:own-{job}"
        items = [
            panel(number, key, tier=step.tier)
            for number, key in enumerate([self.own[job], *sorted(step.shared)], start=1)
        ]
        quote = await self.till.books.quotes.make("ann", items)
        event = _submitted(job, quote)
        self.history.append(event)
        for _ in range(self.dice.choice([1, 2])):
            await self.till.books.accountant.handle(event)
        hold = await self.till.books.ledger.holds.find_one({"_id": job})
        assert hold is not None
        if hold["state"] == DECLINED:
            return
        self.quotes[job] = quote
        for item, line in zip(items, quote.lines, strict=True):
            self._post(job, item, priced=line.credits > 0)

    def _post(self, job: str, item: LineItem, *, priced: bool) -> None:
        self._say(self.board.post(item.asset_key, Requester(job, item.line_id, item.shot, priced=priced)))

    def _cancel(self, step: Cancel) -> None:
        jobs = list(self.quotes)
        if not jobs:
            return
        job = jobs[step.pick % len(jobs)]
        self.cancelled.add(job)
        self._say(self.board.cancel(job))

    def _reprice(self, step: Reprice) -> None:
        path = self.till.shelf.path
        changes = {"low = { 1K = 1, 2K = 2 }": f"low = {{ 1K = {step.low}, 2K = {step.low} }}"}
        catalogue_with(path, starting_credits=AMPLE, **changes)
        self.till.shelf.refresh()

    def _say(self, events: list[Event]) -> None:
        self.history += events
        self.undelivered += events

    async def _deliver_some(self) -> None:
        """Some of what was said arrives, in an order that its topics allow, some of it again."""
        arriving, self.undelivered = self.undelivered, []
        for event in shuffled(arriving, self.dice):
            if self.dice.random() < 0.3:
                self.undelivered.append(event)
            for _ in range(self.dice.choice([1, 1, 2])):
                await self.till.books.accountant.handle(event)


@settings(
    max_examples=12,
    deadline=None,
    # Each example takes a second or more: a short list of steps needs no shrinking to be read.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS, seed=st.integers(0, 2**32), credits=st.sampled_from([AMPLE, AMPLE, SCARCE]))
@pytest.mark.timeout(900)
async def test_whatever_happens_every_credit_is_explained(
    settings: Settings, tmp_path: Path, steps: list[Step], seed: int, credits: int
) -> None:
    dice = random.Random(seed)
    path = catalogue_with(tmp_path / "catalogue.toml", starting_credits=credits)
    documents = Documents(settings.mongo_url, f"test_{uuid.uuid4().hex[:12]}")
    run = Run(Till(documents, path), dice)
    await run.till.books.ensure_indexes()
    for step in [Submit(frozenset(), "low"), *steps]:
        await run.step(step)
    await run.end()
    await verify(documents, at_rest=True)
    await _check_charges(run)
    first = await ledger_of(documents)
    for event in [*run.history, *run.history]:
        await run.till.books.accountant.handle(event)
    assert await ledger_of(documents) == first
    if credits == AMPLE:
        again = await _replayed(settings, run, path)
        assert await ledger_of(again) == first
        await verify(again, at_rest=True)
        again.close()
    documents.close()


async def _check_charges(run: Run) -> None:
    paid = _paid_lines(run)
    assert run.quotes, "every run has a job that is approved"
    for job, quote in run.quotes.items():
        hold = await run.till.books.ledger.holds.find_one({"_id": job})
        assert hold is not None
        expected = sum(line.credits for line in quote.lines if line.line_id in paid[job])
        assert hold["captured"] == expected <= quote.total_credits
        assert hold["captured"] + hold["released"] == quote.total_credits
        if len(paid[job]) == len(quote.lines):
            assert hold["captured"] == quote.total_credits
        if job not in run.cancelled:
            assert hold["captured"] >= 1, "its own panel was made, and is never free"


def _paid_lines(run: Run) -> dict[str, set[str]]:
    """The lines that the board says were made for their job."""
    paid: dict[str, set[str]] = defaultdict(set)
    for event in run.history:
        message: Any = event.message()
        if event.topic in MADE and not message.reused:
            paid[message.line.job_id].add(message.line.line_id)
    return paid


async def _replayed(settings: Settings, run: Run, path: Path) -> Documents:
    """The whole history, twice, in an order that its topics allow, on books that know only the quotes."""
    documents = Documents(settings.mongo_url, f"test_{uuid.uuid4().hex[:12]}")
    till = Till(documents, path)
    await till.books.ensure_indexes()
    for quote in await run.till.documents.collection("quotes").find({}):
        await documents.collection("quotes").insert({**quote, "job": ""})
    for event in shuffled([*run.history, *run.history], run.dice):
        await till.books.accountant.handle(event)
    return documents


def shuffled(events: list[Event], dice: random.Random) -> list[Event]:
    """The events in an order that their topics allow: those of one topic and key stay in theirs."""
    lanes: dict[tuple[str, str], list[Event]] = defaultdict(list)
    for event in events:
        lanes[event.topic, event.key].append(event)
    order = []
    while lanes:
        lane = dice.choice(sorted(lanes))
        order.append(lanes[lane].pop(0))
        if not lanes[lane]:
            del lanes[lane]
    return order


async def ledger_of(documents: Documents) -> tuple[Any, ...]:
    """Everything the books say, but for when and in which order."""
    entries = sorted(
        (entry["_id"], entry["movement"], entry["credits"], sorted(entry["cause"].items()))
        for entry in await documents.collection("entries").find({})
    )
    holds = sorted(
        (hold["_id"], hold["state"], sorted((key, line["state"]) for key, line in hold["lines"].items()))
        for hold in await documents.collection("holds").find({"state": {"$ne": DECLINED}})
    )
    wallets = sorted(
        (wallet["_id"], wallet["available"], wallet["held"])
        for wallet in await documents.collection("wallets").find({})
    )
    return entries, holds, wallets


def _submitted(job: str, quote: Quote) -> Event:
    message = JobSubmitted(
        job_id=job,
        owner="ann",
        quote_id=quote.quote_id,
        accepted_at_ms=int(time.time() * 1000),
        items_sha256=quote.items_sha256,
    )
    return _event(topics.JOBS_SUBMITTED, message, job)


def _event(topic: str, message: Any, job: str) -> Event:
    return Event.of(topic, message, key=job, source="/test", subject="", cause=[job])
