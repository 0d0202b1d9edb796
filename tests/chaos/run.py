"""One run: sets everything up, lets users and monkey loose, waits until all is at rest, looks at the end."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Final

from storyreel.errors import UnavailableError
from storyreel.local.sweep import Swept, sweep_all
from tests.chaos.checks import violations
from tests.chaos.collect import collect
from tests.chaos.comparison import Frames, differences, films_of
from tests.chaos.engines.bill import Bill
from tests.chaos.gossip import Gossip
from tests.chaos.monkey import Act, Monkey, Step, plan_steps
from tests.chaos.options import LOCAL, ChaosOptions
from tests.chaos.pace import Pace
from tests.chaos.records import BOARDS, Records
from tests.chaos.report import Report
from tests.chaos.seeds import stream
from tests.chaos.snapshot import Snapshot
from tests.chaos.stand import Stand, set_up
from tests.chaos.stories import Order, idle_services, spare_orders, write_orders
from tests.chaos.users import Users

LOOK_SECONDS: Final = 0.5
TELL_SECONDS: Final = 10.0
QUIET_SECONDS: Final = 5.0
"""All is at rest when nothing has been open for so long: repeated events may still be on the way."""
SAME_FRAMES: Final = "films are frame for frame those of an undisturbed run"

Say = Callable[[str], None]
Films = dict[str, list[Frames]]


async def run_chaos(options: ChaosOptions, say: Say) -> Report:
    """The run's report. Raises LocalError where the product does not come up."""
    orders = write_orders(options)
    async with set_up(options, say) as stand:
        report, films, sent = await _disturbed(stand, options, orders, say)
    if options.engines != LOCAL:
        return report
    say("the same stories once more, in peace")
    return _compared(report, films, await _in_peace(options, sent, say))


async def _disturbed(
    stand: Stand, options: ChaosOptions, orders: Sequence[Order], say: Say
) -> tuple[Report, Films, list[Order]]:
    started = time.monotonic()
    idle = idle_services(orders)
    steps = plan_steps(options, sorted(set(stand.processes) - set(idle)))
    records = Records(stand.settings)
    pace = Pace(steps=len(steps), orders=len(orders))
    users = Users(stand.stack.gateway_url, records, pace)
    gossip = Gossip(stand.settings, stream(options.seed, "gossip"))
    monkey = Monkey(options, stand.processes, records, pace, gossip, say)
    bill = Bill(stand.bill)
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(users.run(orders, () if idle else spare_orders(options)))
            group.create_task(_until_done(monkey, steps, pace))
        say("the monkey is done; waiting for the last jobs")
        await _at_rest(records, options.end_within, say)
        # Nothing is at work any more, so an age of nothing takes nothing from under an attempt.
        swept = await sweep_all(stand.stack.servers.environment, 0, stand.stack.options.services)
        end = await collect(
            stand.settings,
            records,
            users,
            bill,
            users.sent,
            kills=monkey.kills,
            kills_wanted=_kills_of(steps),
        )
        report = _report(options, end, monkey, gossip, users, bill, swept, time.monotonic() - started)
        if idle:
            report = replace(report, notes=(f"nothing to do for {', '.join(idle)}: not killed",))
        return report, await _films(options, "disturbed", records, users), users.sent
    finally:
        bill.close()
        records.close()
        await gossip.stop()
        await users.close()


async def _until_done(monkey: Monkey, steps: list[Step], pace: Pace) -> None:
    await monkey.run(steps)
    await pace.over()


async def _in_peace(options: ChaosOptions, orders: Sequence[Order], say: Say) -> Films:
    """The films of the same orders on a fresh stack that nobody disturbs."""
    async with set_up(replace(options, state=options.state / "peace"), say) as stand:
        records = Records(stand.settings)
        users = Users(stand.stack.gateway_url, records, Pace(steps=0, orders=len(orders)))
        try:
            await users.run(orders)
            await _at_rest(records, options.end_within, say)
            return await _films(options, "undisturbed", records, users)
        finally:
            records.close()
            await users.close()


async def _films(options: ChaosOptions, folder: str, records: Records, users: Users) -> Films:
    if options.engines != LOCAL:
        return {}
    return await films_of(await records.all("gateway", "jobs"), users, options.state / folder)


def _compared(report: Report, disturbed: Films, undisturbed: Films) -> Report:
    differing = list(differences(disturbed, undisturbed))
    if differing:
        return replace(report, violations=report.violations | {SAME_FRAMES: differing})
    frames = sum(films[0].count for films in disturbed.values())
    return replace(
        report,
        notes=(
            *report.notes,
            f"{len(disturbed)} {SAME_FRAMES}: {frames} frames compared",
        ),
    )


async def _at_rest(records: Records, within: float, say: Say) -> None:
    """Waits until no job, row or outbox is open for a while; if that takes too long the checks will tell."""
    deadline = time.monotonic() + within
    quiet_since: float | None = None
    told = 0.0
    while time.monotonic() < deadline:
        with suppress(UnavailableError):
            jobs = len(await records.unfinished())
            rows = sum([await records.backlog(board) for board in BOARDS])
            unsent = len(await records.unsent())
            if jobs or rows or unsent:
                quiet_since = None
                if time.monotonic() - told > TELL_SECONDS:
                    say(f"still open: {jobs} jobs, {rows} tasks, {unsent} outboxes")
                    told = time.monotonic()
            elif quiet_since is None:
                quiet_since = time.monotonic()
            elif time.monotonic() - quiet_since > QUIET_SECONDS:
                return
        await asyncio.sleep(LOOK_SECONDS)


def _kills_of(steps: Sequence[Step]) -> dict[str, int]:
    return dict(Counter(step.target for step in steps if step.act is Act.KILL))


def _report(
    options: ChaosOptions,
    end: Snapshot,
    monkey: Monkey,
    gossip: Gossip,
    users: Users,
    bill: Bill,
    swept: Swept,
    seconds: float,
) -> Report:
    return Report(
        command=options.command,
        seed=options.seed,
        servers=str(options.servers),
        engines=options.engines,
        jobs=len(end.jobs),
        states=dict(Counter(job.state for job in end.jobs)),
        assets=sum(row.made for row in end.rows),
        submits=bill.accepted(),
        billed=len(end.charges),
        ambiguities=sum(row.ambiguities for row in end.rows),
        attempts=sum(row.attempts for row in end.rows),
        faults=bill.faults(),
        kills=dict(monkey.kills),
        idle_kills=dict(monkey.idle_kills),
        pauses=dict(monkey.pauses),
        repeated=gossip.repeated,
        reordered=gossip.reordered,
        users=dict(users.counts),
        swept=dict(sum((Counter(counts) for counts in swept.values()), Counter())),
        seconds=seconds,
        violations=violations(end),
    )
