"""Checks every wallet, hold and entry against each other, and against the gateway's jobs where they are.

`python -m services.pricing.verify` says what it checked, or exits 1 at the first thing that does not add up.
It may run while credits move: a wallet that moved meanwhile is looked at again.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from services.pricing.checks import (
    LedgerMismatchError,
    check_at_rest,
    check_early,
    check_hold,
    check_job,
    check_wallet,
)
from storyreel.contracts.pricing.v1.pricing_pb2 import Quote
from storyreel.documents import Collection, Document, Documents
from storyreel.errors import StoryreelError, UnavailableError
from storyreel.settings import load_settings

LOOKS: Final = 100
PAUSE_SECONDS: Final = 0.05


@dataclass(frozen=True)
class Verified:
    """How many of each were found to add up."""

    wallets: int
    holds: int
    entries: int
    jobs: int

    def __str__(self) -> str:
        return (
            f"the ledger adds up: {self.wallets} wallets, {self.holds} holds, {self.entries} entries, "
            f"{self.jobs} jobs"
        )


async def verify(pricing: Documents, gateway: Documents | None = None, *, at_rest: bool = False) -> Verified:
    """Checks pricing's database, and the gateway's where it is given.

    `at_rest`: no hold may be open any more. Raises LedgerMismatchError naming the first thing that does not
    add up, UnavailableError.
    """
    return await _Verification(pricing, gateway, at_rest=at_rest).run()


class _Verification:
    def __init__(self, pricing: Documents, gateway: Documents | None, *, at_rest: bool) -> None:
        self._wallets: Collection = pricing.collection("wallets")
        self._entries: Collection = pricing.collection("entries")
        self._holds: Collection = pricing.collection("holds")
        self._quotes: Collection = pricing.collection("quotes")
        self._early: Collection = pricing.collection("early")
        self._jobs: Collection | None = gateway.collection("jobs") if gateway else None
        self._at_rest = at_rest

    async def run(self) -> Verified:
        owners = [document["_id"] for document in await self._wallets.find({}, fields=["_id"])]
        holds = entries = 0
        for owner in owners:
            held, entered = await self._check_owner(owner)
            holds += held
            entries += entered
        await self._check_strays(set(owners))
        return Verified(len(owners), holds, entries, await self._check_jobs())

    async def _check_owner(self, owner: str) -> tuple[int, int]:
        """The counts of the owner's holds and entries.

        Every movement changes the wallet, so what was read while the wallet stood still belongs together.
        """
        for _ in range(LOOKS):
            wallet = await self._wallets.find_one({"_id": owner})
            assert wallet is not None
            holds = await self._holds.find({"owner": owner})
            entries = await self._entries.find({"owner": owner}, sort="number")
            quotes = {hold["_id"]: await self._quote(hold) for hold in holds}
            again = await self._wallets.find_one({"_id": owner})
            if again == wallet:
                self._check_books(wallet, holds, entries, quotes)
                await self._check_early_outcomes(holds)
                return len(holds), len(entries)
            await asyncio.sleep(PAUSE_SECONDS)
        raise UnavailableError(f"wallet {owner} never stood still: verify again when less is going on")

    def _check_books(
        self,
        wallet: Document,
        holds: list[Document],
        entries: list[Document],
        quotes: dict[str, tuple[Quote | None, str]],
    ) -> None:
        by_job = defaultdict(list)
        for entry in entries:
            by_job[entry["job"]].append(entry)
        by_job.pop("", None)
        for hold in holds:
            check_hold(hold, by_job.pop(hold["_id"], []), *quotes[hold["_id"]])
            if self._at_rest:
                check_at_rest(hold)
        for job, strays in by_job.items():
            raise LedgerMismatchError(f"entry {strays[0]['_id']} speaks of job {job}, which has no hold")
        check_wallet(wallet, entries, holds)

    async def _quote(self, hold: Document) -> tuple[Quote | None, str]:
        document = await self._quotes.find_one({"_id": hold.get("quote", "")})
        return (Quote.FromString(bytes(document["body"])), document["job"]) if document else (None, "")

    async def _check_early_outcomes(self, holds: list[Document]) -> None:
        """Between a hold and its early outcomes a moment may pass: only what stays so is a fault."""
        for hold in holds:
            early = await self._early.find_one({"_id": hold["_id"]})
            for look in range(LOOKS if early else 0):
                current = await self._holds.find_one({"_id": hold["_id"]}) or hold
                try:
                    check_early(current, (early or {})["lines"])
                    break
                except LedgerMismatchError:
                    if look == LOOKS - 1:
                        raise
                    await asyncio.sleep(PAUSE_SECONDS)

    async def _check_strays(self, owners: set[str]) -> None:
        """No hold that moved credits and no entry belongs to an owner without a wallet."""
        for collection, query in ((self._holds, {"state": {"$ne": "declined"}}), (self._entries, {})):
            for document in await collection.find(query, fields=["_id", "owner"]):
                if document["owner"] in owners:
                    continue
                # Opened since the list of wallets was read.
                if await self._wallets.find_one({"_id": document["owner"]}) is None:
                    raise LedgerMismatchError(
                        f"{document['_id']} is of {document['owner']}, who has no wallet"
                    )

    async def _check_jobs(self) -> int:
        if self._jobs is None:
            return 0
        # Jobs first: what the gateway has heard, the ledger did before.
        jobs = await self._jobs.find({})
        for job in jobs:
            check_job(job, await self._holds.find_one({"_id": job["_id"]}))
        return len(jobs)


async def _main(at_rest: bool) -> Verified:
    settings = load_settings()
    pricing = Documents(settings.mongo_url, settings.database("pricing"))
    gateway = Documents(settings.mongo_url, settings.database("gateway"))
    try:
        return await verify(pricing, gateway, at_rest=at_rest)
    finally:
        pricing.close()
        gateway.close()


def main() -> None:
    """Verifies the deployment that the STORYREEL_ variables name."""
    parser = argparse.ArgumentParser(description="Check every wallet, hold, entry and job.")
    parser.add_argument("--at-rest", action="store_true", help="no hold may be open any more")
    try:
        print(asyncio.run(_main(parser.parse_args().at_rest)))
    except StoryreelError as error:
        sys.exit(
            f"the ledger does not add up: {error}" if isinstance(error, LedgerMismatchError) else str(error)
        )


if __name__ == "__main__":
    main()
