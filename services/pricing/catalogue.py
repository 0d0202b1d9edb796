"""The catalogue: what each engine's assets cost, read from `catalogue.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from pydantic import Field, model_validator

from storyreel.storyboard import Frozen

CATALOGUE_FILE = Path(__file__).with_name("catalogue.toml")


class UnpricedError(ValueError):
    """The catalogue has no such engine, kind or tier."""


class Price(Frozen):
    """Credits for every started `per` units, the same for every tier or by tier."""

    engine: str
    kind: str
    per: int = Field(ge=1)
    credits: int | None = Field(default=None, ge=0)
    tiers: dict[str, int] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _either(self) -> Price:
        if (self.credits is None) == (not self.tiers):
            raise ValueError(f"{self.engine} {self.kind}: give either credits or tiers")
        return self

    def credits_for(self, tier: str, units: int) -> int:
        """The price of `units`. Raises UnpricedError."""
        each = self.credits if self.credits is not None else self.tiers.get(tier)
        if each is None:
            raise UnpricedError(f"unknown tier {tier!r}: choose one of {', '.join(self.tiers)}")
        return each * -(-units // self.per)


class Catalogue(Frozen):
    """Every price, under one version."""

    version: str
    starting_credits: int = Field(ge=0)
    price: tuple[Price, ...]

    def credits_for(self, engine: str, kind: str, tier: str, units: int) -> int:
        """The price of one asset in whole credits. Raises UnpricedError naming what there is."""
        of_kind = [price for price in self.price if price.kind == kind]
        if not of_kind:
            raise UnpricedError(f"unknown kind of asset {kind!r}")
        for price in of_kind:
            if price.engine == engine:
                return price.credits_for(tier, units)
        offered = ", ".join(price.engine for price in of_kind)
        raise UnpricedError(f"unknown engine {engine!r} for a {kind}: choose one of {offered}")


@cache
def load_catalogue(path: Path = CATALOGUE_FILE) -> Catalogue:
    """The catalogue in a file. Raises ValueError where it cannot be read."""
    return Catalogue.model_validate(tomllib.loads(path.read_text()))
