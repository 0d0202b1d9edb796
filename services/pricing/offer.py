"""An offer of the catalogue: one kind of asset that one engine makes, its limits and its prices."""

from __future__ import annotations

from decimal import Decimal
from typing import Final, TypeVar

from pydantic import Field, model_validator

from storyreel.formats import TIERS
from storyreel.models import LOCAL, LOCAL_MODELS
from storyreel.storyboard import Frozen

UNITS: Final = {
    "sheet": "asset",
    "panel": "asset",
    "film": "asset",
    "footage": "second",
    "clip": "second",
    "narration": "character",
}
"""What is counted, by kind."""
WITHOUT_TIERS: Final = ("narration", "film")
MOST_UNITS: Final = 1_000_000
"""A line of more units than this is a mistake."""

N = TypeVar("N", int, Decimal)


class UnpricedError(ValueError):
    """The catalogue has no price for that; the message names what it has."""


class Offer(Frozen):
    """Prices are for every started `per` units, by tier and size; a number stands for every one of them.

    `sizes` are the most pixels that each covers, smallest first. `needs` names the setting without which no
    worker has the engine.
    """

    engine: str = Field(min_length=1)
    kind: str
    model: str = ""
    needs: str = ""
    modes: tuple[str, ...] = ()
    aspects: tuple[str, ...] = ()
    sizes: dict[str, int] = Field(default_factory=dict)
    seconds: tuple[int, int] | None = None
    references: int = Field(default=0, ge=0)
    per: int = Field(default=1, ge=1)
    credits: int | dict[str, int | dict[str, int]] | None = None
    usd: Decimal | dict[str, Decimal | dict[str, Decimal]] | None = None
    input_usd: Decimal = Field(default=Decimal(0), ge=0)

    @model_validator(mode="after")
    def _whole(self) -> Offer:
        if self.kind not in UNITS:
            raise ValueError(f"{self.name}: unknown kind, choose one of {', '.join(UNITS)}")
        if (self.credits is None) == (self.usd is None):
            raise ValueError(f"{self.name}: give either credits or usd")
        if self.engine == LOCAL and self.model:
            raise ValueError(f"{self.name}: leave the model out, it comes with the product")
        if self.engine == LOCAL and self.kind not in LOCAL_MODELS:
            raise ValueError(f"{self.name}: the local engine makes {', '.join(LOCAL_MODELS)}")
        if self.engine != LOCAL and not self.model:
            raise ValueError(f"{self.name}: name the model")
        if self.seconds and not 0 < self.seconds[0] <= self.seconds[1]:
            raise ValueError(f"{self.name}: seconds are [shortest, longest]")
        if sorted(self.sizes.values()) != list(self.sizes.values()):
            raise ValueError(f"{self.name}: name sizes from the smallest to the largest")
        self._check_table(self.usd if self.credits is None else self.credits)
        return self

    def _check_table(self, table: object) -> None:
        rows = table if isinstance(table, dict) else {}
        unknown = [tier for tier in rows if tier not in TIERS]
        if unknown or (rows and self.kind in WITHOUT_TIERS):
            raise ValueError(f"{self.name}: a {self.kind} has no tier {(unknown or list(rows))[0]!r}")
        for tier, row in rows.items():
            if isinstance(row, dict) and list(row) != list(self.sizes):
                raise ValueError(f"{self.name}: give {tier} a price for each of its sizes, in their order")

    @property
    def name(self) -> str:
        """The offer in an error."""
        return f"{self.kind} by {self.engine}"

    @property
    def recipe_model(self) -> str:
        """The model that recipes name."""
        return LOCAL_MODELS[self.kind] if self.engine == LOCAL else self.model

    @property
    def tiers(self) -> tuple[str, ...]:
        """The tiers it has; none where its kind has none."""
        if self.kind in WITHOUT_TIERS:
            return ()
        table = self.usd if self.credits is None else self.credits
        return tuple(tier for tier in TIERS if tier in table) if isinstance(table, dict) else TIERS

    def size_for(self, pixels: int) -> str:
        """The smallest size that covers `pixels`; empty where it has no sizes. Raises UnpricedError."""
        for size, most in self.sizes.items():
            if pixels <= most:
                return size
        if not self.sizes:
            return ""
        largest, most = list(self.sizes.items())[-1]
        raise UnpricedError(f"{pixels} pixels are too many ({self.name}): {largest} has {most} at most")

    def check(self, tier: str, units: int) -> None:
        """Raises UnpricedError where the offer has no such tier or length."""
        if self.tiers and tier not in self.tiers:
            raise UnpricedError(f"unknown tier {tier!r} ({self.name}): choose one of {', '.join(self.tiers)}")
        if tier and not self.tiers:
            raise UnpricedError(f"{self.name} has no tiers: leave {tier!r} out")
        if not 1 <= units <= MOST_UNITS:
            raise UnpricedError(f"{units} {UNITS[self.kind]}s cannot be priced: ask for 1 to {MOST_UNITS}")
        if self.seconds and not self.seconds[0] <= units <= self.seconds[1]:
            shortest, longest = self.seconds
            raise UnpricedError(f"{self.name} lasts {shortest} to {longest} s, not {units}")


def cell(table: N | dict[str, N | dict[str, N]], tier: str, size: str) -> N:
    """The number for a tier and size in a table that may have one number for several."""
    row = table[tier] if isinstance(table, dict) else table
    return row[size] if isinstance(row, dict) else row
