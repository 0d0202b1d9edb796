"""The kinds of asset, and the terminal event in which each one's task ends, well or badly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from google.protobuf.message import Message

from storyreel import topics
from storyreel.contracts.events.v1 import asset_pb2, outcome_pb2
from storyreel.events import MESSAGES


@dataclass(frozen=True)
class AssetKind:
    """One kind of asset: what it is as a message, and the topics that say it is there or will not come."""

    name: str
    plural: str
    asset: type[Message]
    made_topic: str
    failed_topic: str

    def made(self, line: outcome_pb2.Line, asset: bytes, *, reused: bool) -> Message:
        """The message that says the asset is there."""
        message: Message = self._message(self.made_topic)(
            line=line, reused=reused, **{self.name: self.asset.FromString(asset)}
        )
        return message

    def failed(self, line: outcome_pb2.Line, failure: outcome_pb2.Failure) -> Message:
        """The message that says the asset will not come."""
        message: Message = self._message(self.failed_topic)(line=line, failure=failure)
        return message

    def asset_of(self, made: Any) -> Message:
        """The asset in a message of the made topic."""
        asset: Message = getattr(made, self.name)
        return asset

    def object_keys(self, asset: bytes) -> list[str]:
        """The objects of the store that hold a made asset's files."""
        values = (value for _, value in self.asset.FromString(asset).ListFields())
        return [value.object_key for value in values if isinstance(value, asset_pb2.StoredObject)]

    @staticmethod
    def _message(topic: str) -> Any:
        return MESSAGES[topic]


KINDS: Final = {
    kind.name: kind
    for kind in (
        AssetKind("sheet", "sheets", asset_pb2.Sheet, topics.SHEETS_RENDERED, topics.SHEETS_FAILED),
        AssetKind("panel", "panels", asset_pb2.Panel, topics.PANELS_RENDERED, topics.PANELS_FAILED),
        AssetKind(
            "narration", "narrations", asset_pb2.Narration, topics.NARRATIONS_SPOKEN, topics.NARRATIONS_FAILED
        ),
        AssetKind("clip", "clips", asset_pb2.Clip, topics.CLIPS_RENDERED, topics.CLIPS_FAILED),
        AssetKind("film", "films", asset_pb2.Film, topics.FILMS_RENDERED, topics.FILMS_FAILED),
    )
}
"""Every kind by name, in the order in which a film comes about."""

MADE: Final = {kind.made_topic: kind for kind in KINDS.values()}
"""The kind that each made topic speaks of."""
FAILED: Final = {kind.failed_topic: kind for kind in KINDS.values()}
"""The kind that each failed topic speaks of."""
