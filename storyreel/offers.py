"""What engines offer, as a plan needs to know it: the model that recipes name, and the limits they keep.

The catalogue is pricing's; the gateway asks for it and plans with these.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from storyreel.formats import TIERS
from storyreel.models import LOCAL, LOCAL_MODELS


class UnofferedError(ValueError):
    """No engine offers that; the message names what there is."""


@dataclass(frozen=True)
class Offer:
    """One kind of asset that one engine makes. Empty tiers or aspects: the kind has none, or any will do.

    `min_seconds` and `max_seconds` are the whole seconds it makes; 0 where there is no such limit.
    """

    engine: str
    kind: str
    model: str
    tiers: tuple[str, ...] = ()
    aspects: tuple[str, ...] = ()
    min_seconds: int = 0
    max_seconds: int = 0

    def legal_seconds(self, seconds: int) -> int:
        """The nearest number of seconds that the engine makes."""
        at_least = max(seconds, self.min_seconds)
        return min(at_least, self.max_seconds) if self.max_seconds else at_least


class Offers:
    """Every offer of a catalogue."""

    def __init__(self, offers: Iterable[Offer]) -> None:
        self._offers = {(offer.kind, offer.engine): offer for offer in offers}

    def choose(self, engine: str, kind: str, *, tier: str = "", aspect: str = "") -> Offer:
        """The offer of `engine` for a kind of asset. Raises UnofferedError naming what there is."""
        offer = self._offers.get((kind, engine))
        if offer is None:
            raise UnofferedError(f"unknown engine {engine!r} for {kind}: {self._choices(kind)}")
        if tier and offer.tiers and tier not in offer.tiers:
            raise UnofferedError(
                f"unknown tier {tier!r} ({kind} by {engine}): choose one of {', '.join(offer.tiers)}"
            )
        if aspect and offer.aspects and aspect not in offer.aspects:
            raise UnofferedError(
                f"unknown aspect {aspect!r} ({kind} by {engine}): choose one of {', '.join(offer.aspects)}"
            )
        return offer

    def _choices(self, kind: str) -> str:
        engines = sorted(offered for of_kind, offered in self._offers if of_kind == kind)
        return f"choose one of {', '.join(engines)}" if engines else f"no engine offers {kind}"


LOCAL_OFFERS: Final = Offers(
    Offer(LOCAL, kind, model, tiers=() if kind == "narration" else TIERS)
    for kind, model in LOCAL_MODELS.items()
)
"""What needs no catalogue: the engines that ship with the product."""
