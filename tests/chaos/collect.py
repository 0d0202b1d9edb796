"""Reads the end of a run into a snapshot: from REST, the databases, the bill, the store and the topics."""

from __future__ import annotations

import asyncio
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final

from google.protobuf.message import Message

from services.pricing.checks import LedgerMismatchError
from services.pricing.verify import verify
from storyreel.assets import ASIDE, Assets, StoreAddress
from storyreel.bus.kafka import read_topic
from storyreel.contracts.events.v1.asset_pb2 import StoredObject
from storyreel.documents import Document, Documents
from storyreel.outcomes import FAILED, KINDS, MADE
from storyreel.settings import Settings
from storyreel.topics import DEAD_LETTERS
from tests.chaos.engines.bill import Bill
from tests.chaos.records import BOARDS, Records
from tests.chaos.snapshot import (
    Asked,
    EntrySeen,
    HoldSeen,
    JobSeen,
    ObjectSeen,
    RowSeen,
    Snapshot,
    WalletSeen,
)
from tests.chaos.stories import Kind, Order
from tests.chaos.users import Users

READS_AT_ONCE: Final = 8


async def collect(
    settings: Settings,
    records: Records,
    users: Users,
    bill: Bill,
    orders: Iterable[Order],
    *,
    kills: Mapping[str, int],
    kills_wanted: Mapping[str, int],
) -> Snapshot:
    """The snapshot. Everything must be at rest, and the servers up."""
    by_title = {order.title: order for order in orders}
    jobs = await records.all("gateway", "jobs")
    assets = Assets(StoreAddress.of(settings))
    return Snapshot(
        jobs=await _jobs(jobs, records, users, by_title),
        rows=tuple([_row(board, row) for board in BOARDS for row in await records.all(board, "tasks")]),
        holds=tuple(_hold(hold) for hold in await records.all("pricing", "holds")),
        entries=tuple(_entry(entry) for entry in await records.all("pricing", "entries")),
        wallets=tuple(
            WalletSeen(wallet["_id"], wallet["available"], wallet["held"])
            for wallet in await records.all("pricing", "wallets")
        ),
        charges=bill.charges(),
        plans=tuple(_plan(job["plan_key"]) for job in jobs),
        stored=await stored_objects(assets),
        dead_letters=await _dead_letters(settings),
        unsent=tuple(await records.unsent()),
        ledger=await _ledger(settings),
        expected_jobs=sum(order.copies for order in by_title.values()),
        kills=dict(kills),
        kills_wanted=dict(kills_wanted),
    )


async def stored_objects(assets: Assets) -> dict[str, str]:
    """Every object that is not set aside, with the digest of its bytes."""
    gate = asyncio.Semaphore(READS_AT_ONCE)

    async def digest(key: str) -> tuple[str, str]:
        async with gate:
            return key, hashlib.sha256(await assets.read(key)).hexdigest()

    keys = [one.object_key for one in await assets.listing("")]
    # `.ready` is the probe's own.
    ours = [key for key in keys if not key.startswith((ASIDE, "."))]
    return dict(await asyncio.gather(*(digest(key) for key in ours)))


async def _jobs(
    jobs: list[Document], records: Records, users: Users, by_title: Mapping[str, Order]
) -> tuple[JobSeen, ...]:
    said: defaultdict[str, list[Document]] = defaultdict(list)
    for one in await records.all("gateway", "said"):
        said[one["job"]].append(one)
    outlines = {one["_id"]: one for one in await records.all("gateway", "outlines")}
    return tuple(
        [
            _job(
                await users.view(job["_id"]),
                outlines[job["_id"]],
                said[job["_id"]],
                by_title[job["title"]].kind,
                cancelled=job["_id"] in users.cancelled,
            )
            for job in jobs
        ]
    )


def _job(
    view: dict[str, Any], outline: Document, said: list[Document], kind: Kind, *, cancelled: bool
) -> JobSeen:
    terminals: defaultdict[str, list[str]] = defaultdict(list)
    for one in said:
        if one["type"] in MADE or one["type"] in FAILED:
            terminals[one["line"]].append(one["type"])
    return JobSeen(
        id=view["id"],
        owner=view["owner"],
        kind=kind,
        cancelled=cancelled,
        state=view["state"],
        settled=view["settled"],
        quoted=view["quote"]["credits"],
        charged=view["charged_credits"],
        reasons=tuple(failure["reason"] for failure in view["failures"]),
        lines={line["line_id"]: _line_state(terminals[line["line_id"]]) for line in outline["lines"]},
        terminals={line: tuple(types) for line, types in terminals.items() if types},
    )


def _line_state(types: list[str]) -> str:
    if not types:
        return "waiting"
    return "done" if types[0] in MADE else "failed"


def _row(board: str, row: Document) -> RowSeen:
    return RowSeen(
        board=board,
        key=row["_id"],
        owner=row["owner"],
        engine=row["engine"],
        state=row["state"],
        leased=row["lease"] is not None,
        attempts=row["attempts"],
        ambiguities=row["ambiguities"],
        asked=tuple(Asked(one["job_id"], one["line_id"], one["ended"]) for one in row["requesters"]),
        objects=_objects(row) if row["asset"] is not None else (),
    )


def _objects(row: Document) -> tuple[ObjectSeen, ...]:
    asset: Message = KINDS[row["kind"]].asset.FromString(bytes(row["asset"]))
    stored = [value for _, value in asset.ListFields() if isinstance(value, StoredObject)]
    return tuple(ObjectSeen(one.object_key, one.sha256) for one in stored)


def _plan(key: str) -> ObjectSeen:
    """Plans are named by their digest, as every object is."""
    return ObjectSeen(key, key.rsplit("/", 1)[1].split(".", 1)[0])


def _hold(hold: Document) -> HoldSeen:
    return HoldSeen(
        job=hold["_id"],
        owner=hold["owner"],
        state=hold["state"],
        total=hold.get("total", 0),
        captured=hold.get("captured", 0),
        released=hold.get("released", 0),
        open_lines=tuple(name for name, line in hold.get("lines", {}).items() if line["state"] == "open"),
    )


def _entry(entry: Document) -> EntrySeen:
    return EntrySeen(
        owner=entry["owner"],
        movement=entry["movement"],
        credits=entry["credits"],
        job=entry["job"],
        line=entry["cause"].get("line", ""),
        asset=entry["cause"].get("asset", ""),
    )


async def _ledger(settings: Settings) -> tuple[str, ...]:
    pricing = Documents(settings.mongo_url, settings.database("pricing"))
    gateway = Documents(settings.mongo_url, settings.database("gateway"))
    try:
        await verify(pricing, gateway, at_rest=True)
    except LedgerMismatchError as error:
        return (str(error),)
    finally:
        pricing.close()
        gateway.close()
    return ()


async def _dead_letters(settings: Settings) -> tuple[str, ...]:
    letters = await read_topic(settings.kafka_bootstrap, DEAD_LETTERS)
    return tuple(_reason(letter.headers) for letter in letters)


def _reason(headers: Mapping[str, bytes]) -> str:
    topic = headers.get("dead-letter-topic", b"?").decode()
    return f"{topic}: {headers.get('dead-letter-reason', b'no reason').decode()}"
