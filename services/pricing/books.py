"""Pricing's books over one database: quotes, wallets, the ledger, and the accountant who keeps them."""

from __future__ import annotations

from dataclasses import dataclass

from services.pricing.accountant import Accountant, settled_event
from services.pricing.ledger import Ledger
from services.pricing.quotes import Quotes
from services.pricing.shelf import Shelf
from services.pricing.wallets import Wallets
from storyreel.documents import Documents


@dataclass(frozen=True)
class Books:
    """The parts, wired."""

    quotes: Quotes
    wallets: Wallets
    ledger: Ledger
    accountant: Accountant

    @classmethod
    def over(cls, documents: Documents, shelf: Shelf) -> Books:
        """The books in a database, with the prices of a catalogue."""
        quotes = Quotes(documents, shelf)
        wallets = Wallets(documents, lambda: shelf.catalogue.starting_credits)
        ledger = Ledger(documents, quotes, wallets, settled_event)
        return cls(quotes, wallets, ledger, Accountant(quotes, ledger))

    async def ensure_indexes(self) -> None:
        """What the relay, listings and `verify` ask for."""
        await self.quotes.ensure_indexes()
        await self.wallets.ensure_indexes()
        await self.ledger.ensure_indexes()
