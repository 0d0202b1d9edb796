"""The sweep of stale quotes: those that no job took go a while after they expired."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from services.pricing.quotes import LIFETIME_SECONDS
from storyreel.documents import Documents
from storyreel.errors import NotFoundError
from tests.pricing.till import Till, catalogue_with, new_job

DAY = 86_400.0


async def test_a_quote_that_no_job_took_goes_a_day_after_it_expired(
    documents: Documents, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    till = Till(documents, catalogue_with(tmp_path / "catalogue.toml"))
    await till.books.ensure_indexes()
    stale, taken = await till.quote("ann:1"), await till.quote("ann:2")
    await till.submit(taken, new_job())
    quotes = till.books.quotes
    now = time.time()
    monkeypatch.setattr("services.pricing.quotes.time.time", lambda: now + LIFETIME_SECONDS + DAY - 60)
    assert await quotes.forget_stale(DAY) == 0
    monkeypatch.setattr("services.pricing.quotes.time.time", lambda: now + LIFETIME_SECONDS + DAY + 60)
    assert await quotes.forget_stale(DAY) == 1
    assert await quotes.forget_stale(DAY) == 0
    with pytest.raises(NotFoundError):
        await quotes.get(stale.quote_id, "ann")
    assert (await quotes.get(taken.quote_id, "ann")).quote == taken
