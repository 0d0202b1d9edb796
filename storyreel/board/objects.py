"""Which objects of the store the board names: each done row keeps the keys of its asset's files."""

from __future__ import annotations

from collections.abc import Sequence

from storyreel.assets import Assets
from storyreel.board.rows import State
from storyreel.board.store import Rows, from_document, object_keys
from storyreel.documents import Documents
from storyreel.sweeps import Sweep
from storyreel.uploads import Uploads


class BoardObjects:
    """Answers for one service's board."""

    def __init__(self, documents: Documents) -> None:
        self._rows = Rows(documents).collection

    async def is_named(self, object_key: str) -> bool:
        """Whether a row's asset holds this object."""
        return bool(await self._rows.find({"objects": object_key}, fields=["_id"], limit=1))

    async def name_missing(self, age_seconds: float) -> int:
        """Names the objects of rows that were done before rows named any; how many rows.

        It comes before every other sweep, however young such a row is: a worker of an earlier version may
        still be writing them.
        """
        unnamed = await self._rows.find({"state": str(State.DONE), "objects": None})
        for document in unnamed:
            keys = object_keys(from_document(document))
            await self._rows.update({"_id": document["_id"]}, {"$set": {"objects": keys}})
        return len(unnamed)


def board_sweeps(documents: Documents, assets: Assets, kinds: Sequence[str]) -> list[Sweep]:
    """What a board's front sweeps in the store: the objects of the kinds that its workers make."""
    objects = BoardObjects(documents)
    uploads = Uploads(assets, kinds, objects.is_named)
    return [Sweep("rows without objects", objects.name_missing), *uploads.sweeps()]
