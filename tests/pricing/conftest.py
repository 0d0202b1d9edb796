"""Pricing's books on a real database."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio
from till import Till, catalogue_with

from storyreel.documents import Documents

OpenTill = Callable[[int], Awaitable[Till]]


@pytest.fixture
def open_till(documents: Documents, tmp_path: Path) -> OpenTill:
    """Opens books whose wallets start with so many credits."""

    async def open_with(credits: int) -> Till:
        till = Till(documents, catalogue_with(tmp_path / "catalogue.toml", starting_credits=credits))
        await till.books.ensure_indexes()
        return till

    return open_with


@pytest_asyncio.fixture
async def till(open_till: OpenTill) -> Till:
    """Books whose wallets start with 100 credits."""
    return await open_till(100)
