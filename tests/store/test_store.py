"""Documents and assets on real servers."""

from __future__ import annotations

import asyncio
import urllib.request
from pathlib import Path

import pytest

from storyreel.assets import Assets, StoreAddress
from storyreel.contracts.events.v1.asset_pb2 import StoredObject
from storyreel.documents import Documents, Session
from storyreel.errors import DuplicateError, NotFoundError, StoryreelError, UnavailableError
from storyreel.settings import Settings


async def test_bytes_are_stored_under_their_owner_and_digest_and_read_back(assets: Assets) -> None:
    stored = await assets.put("ann", "panel", b"picture", "image/png")
    again = await assets.put("ann", "panel", b"picture", "image/png")
    assert stored == again
    assert stored.object_key == f"ann/panel/{stored.sha256}.png"
    assert await assets.read(stored.object_key) == b"picture"


async def test_a_download_is_checked_against_its_digest(assets: Assets, tmp_path: Path) -> None:
    stored = await assets.put("ann", "panel", b"picture", "image/png")
    await assets.download(stored, tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == b"picture"
    wrong = StoredObject(object_key=stored.object_key, sha256="0" * 64)
    with pytest.raises(StoryreelError, match="other bytes"):
        await assets.download(wrong, tmp_path / "other")


async def test_what_is_not_there_is_not_found(assets: Assets) -> None:
    with pytest.raises(NotFoundError):
        await assets.read("ann/panel/none.png")


async def test_a_link_fetches_the_object_under_a_good_name(assets: Assets) -> None:
    stored = await assets.put("ann", "film", b"film", "video/mp4")
    link = await assets.link(stored.object_key, file_name="the-fox.mp4")
    with await asyncio.to_thread(urllib.request.urlopen, link) as response:
        assert response.read() == b"film"
        assert response.headers["Content-Disposition"] == 'attachment; filename="the-fox.mp4"'


async def test_a_store_that_is_away_is_unavailable(settings: Settings) -> None:
    away = Assets(StoreAddress("http://127.0.0.1:9", "key", "secret", "bucket", "http://127.0.0.1:9"))
    with pytest.raises(UnavailableError):
        await away.read("ann/panel/none.png")


async def test_a_unique_key_is_refused_the_second_time(documents: Documents) -> None:
    things = documents.collection("things")
    await things.insert({"_id": "one"})
    with pytest.raises(DuplicateError):
        await things.insert({"_id": "one"})


async def test_a_transaction_that_raises_leaves_nothing(documents: Documents) -> None:
    things = documents.collection("things")
    await things.insert({"_id": "other"})

    async def work(session: Session) -> None:
        await things.insert({"_id": "new"}, session=session)
        await things.insert({"_id": "other"}, session=session)

    with pytest.raises(DuplicateError):
        await documents.transaction(work)
    assert await things.find_one({"_id": "new"}) is None


async def test_transactions_on_one_document_add_up(documents: Documents) -> None:
    wallets = documents.collection("wallets")
    await wallets.insert({"_id": "ann", "available": 5})

    async def spend(session: Session) -> bool:
        wallet = await wallets.find_one({"_id": "ann"}, session=session)
        assert wallet is not None
        if wallet["available"] < 1:
            return False
        await wallets.update({"_id": "ann"}, {"$inc": {"available": -1}}, session=session)
        return True

    spent = await asyncio.gather(*(documents.transaction(spend) for _ in range(12)))
    wallet = await wallets.find_one({"_id": "ann"})
    assert spent.count(True) == 5
    assert wallet is not None
    assert wallet["available"] == 0
