"""The catalogue: every offer with its price in credits, under one version, read from a TOML file."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from pydantic import Field, ValidationError, model_validator

from services.pricing.derivation import Credit
from services.pricing.offer import Offer, UnpricedError, cell
from storyreel.errors import StoryreelError
from storyreel.models import COMPOSER, COMPOSER_MODEL
from storyreel.storyboard import Frozen

CATALOGUE_FILE: Final = Path(__file__).with_name("catalogue.toml")

__all__ = ["CATALOGUE_FILE", "Catalogue", "CatalogueError", "UnpricedError", "load_catalogue"]


class CatalogueError(StoryreelError):
    """A catalogue file that cannot be used; the message says what is wrong with it."""


class Catalogue(Frozen):
    """Every price. `version` is the file's own and the first digits of its SHA-256."""

    version: str = Field(min_length=1)
    starting_credits: int = Field(ge=0, le=1_000_000_000)
    film_credits: int = Field(default=0, ge=0)
    credit: Credit = Credit()
    offer: tuple[Offer, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _priced(self) -> Catalogue:
        seen = set()
        for offer in self.offer:
            if (offer.engine, offer.kind) in seen or offer.engine == COMPOSER:
                raise ValueError(f"{offer.name} is there already: name it once")
            seen.add((offer.engine, offer.kind))
            for tier, size, credits in self.prices(offer):
                if credits < 1:
                    raise ValueError(f"{offer.name}, {tier} {size}: a price is at least 1 credit")
        return self

    @cached_property
    def offers(self) -> tuple[Offer, ...]:
        """Every offer, the composer's films among them."""
        film = Offer(engine=COMPOSER, kind="film", model=COMPOSER_MODEL, credits=self.film_credits)
        return (*self.offer, film)

    def find(self, engine: str, kind: str) -> Offer:
        """An engine's offer of a kind. Raises UnpricedError naming what there is."""
        of_kind = [offer for offer in self.offers if offer.kind == kind]
        if not of_kind:
            kinds = ", ".join(dict.fromkeys(offer.kind for offer in self.offers))
            raise UnpricedError(f"unknown kind of asset {kind!r}: choose one of {kinds}")
        for offer in of_kind:
            if offer.engine == engine:
                return offer
        offered = ", ".join(offer.engine for offer in of_kind)
        raise UnpricedError(f"unknown engine {engine!r} for {kind}: choose one of {offered}")

    def credits_for(self, engine: str, kind: str, tier: str, units: int, *, pixels: int = 0) -> int:
        """The price of one asset in whole credits. Raises UnpricedError naming what there is."""
        offer = self.find(engine, kind)
        offer.check(tier, units)
        return self._each(offer, tier, offer.size_for(pixels)) * -(-units // offer.per)

    def prices(self, offer: Offer) -> Iterator[tuple[str, str, int]]:
        """(tier, size, credits for every started `per` units) for each tier and size of an offer."""
        for tier in offer.tiers or ("",):
            for size in offer.sizes or ("",):
                yield tier, size, self._each(offer, tier, size)

    def _each(self, offer: Offer, tier: str, size: str) -> int:
        if offer.credits is not None:
            return cell(offer.credits, tier, size)
        assert offer.usd is not None
        return self.credit.credits_for(cell(offer.usd, tier, size) * offer.per + offer.input_usd)


def load_catalogue(path: Path = CATALOGUE_FILE) -> Catalogue:
    """The catalogue in a file. Raises CatalogueError saying what is wrong with it."""
    try:
        text = path.read_bytes()
        read: dict[str, Any] = tomllib.loads(text.decode(), parse_float=Decimal)
        if isinstance(read.get("version"), str):
            read["version"] += f"+{hashlib.sha256(text).hexdigest()[:8]}"
        return Catalogue.model_validate(read)
    except OSError as error:
        raise CatalogueError(f"the catalogue {path} cannot be read: {error.strerror}") from error
    except ValidationError as error:
        wrong = error.errors()[0]
        where = ".".join(str(part) for part in wrong["loc"])
        raise CatalogueError(
            f"the catalogue {path} is wrong at {where or 'the top'}: {wrong['msg']}"
        ) from error
    except ValueError as error:
        raise CatalogueError(f"the catalogue {path} is no TOML: {error}") from error
