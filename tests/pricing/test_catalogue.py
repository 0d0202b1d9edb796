"""The catalogue: what it refuses, how a provider's price becomes credits, and how a change is taken up."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
from till import catalogue_with

from services.pricing.availability import Availability
from services.pricing.catalogue import CatalogueError, UnpricedError, load_catalogue
from services.pricing.shelf import Shelf
from storyreel.models import LOCAL, LOCAL_MODELS

DOCUMENT = Path(__file__).parents[2] / "docs" / "pricing.md"
SMALL = """
version = "small"
starting_credits = 50

[[offer]]
engine = "clay"
kind = "panel"
model = "clay-1"
{more}
"""


def small(path: Path, more: str) -> Path:
    path.write_text(SMALL.format(more=more))
    return path


@pytest.mark.parametrize(
    ("engine", "kind", "tier", "units", "pixels", "credits"),
    [
        # usd of the provider, of one asset, second or 80 characters × 1.25 / $0.01, rounded up
        ("gpt-image-2", "panel", "low", 1, 1536 * 864, 6),  # (.006 + .037) × 125 = 5.375
        ("gpt-image-2", "panel", "medium", 1, 1920 * 1080, 17),  # (.098 + .037) × 125 = 16.875
        ("gpt-image-2", "panel", "high", 1, 3840 * 2160, 94),  # (.712 + .037) × 125 = 93.625
        ("kling-3", "footage", "high", 5, 1280 * 720, 55),  # .084 × 125 = 10.5 -> 11 a second
        ("kling-3", "footage", "high", 15, 1920 * 1080, 210),  # .112 × 125 = 14 exactly
        ("seedance-2", "footage", "high", 4, 1280 * 720, 80),  # .152153 × 125 = 19.02 -> 20 a second
        ("seedance-2", "footage", "high", 4, 1920 * 1080, 188),  # .37422 × 125 = 46.78 -> 47 a second
        ("elevenlabs", "narration", "", 80, 0, 1),  # 80 × .0001 × 125 = 1 exactly
        ("elevenlabs", "narration", "", 81, 0, 2),
        ("local", "narration", "", 1000, 0, 1),
        ("local", "narration", "", 1001, 0, 2),
        ("local", "clip", "low", 15, 1280 * 720, 1),
        ("local", "clip", "low", 16, 1280 * 720, 2),
        ("local", "clip", "high", 15, 1920 * 1080, 6),
        ("composer", "film", "", 1, 0, 0),
    ],
)
def test_worked_examples(engine: str, kind: str, tier: str, units: int, pixels: int, credits: int) -> None:
    assert load_catalogue().credits_for(engine, kind, tier, units, pixels=pixels) == credits


def test_seedance_is_priced_by_the_tokens_of_its_largest_frames() -> None:
    for frame, usd_per_million, stated in (
        ((1112, 834), Decimal("7"), Decimal("0.152153")),
        ((1920, 1080), Decimal("7.7"), Decimal("0.37422")),
        ((3840, 2160), Decimal("4"), Decimal("0.7776")),
    ):
        exact = Decimal(frame[0] * frame[1] * 24) / 1024 * usd_per_million / 1_000_000
        assert 0 <= stated - exact < Decimal("0.000001")


def test_no_price_is_under_the_providers_own_with_the_margin() -> None:
    catalogue = load_catalogue()
    for offer in catalogue.offer:
        for tier, size, credits in catalogue.prices(offer):
            assert credits >= 1
            if isinstance(offer.usd, dict):
                row = offer.usd[tier]
                own = (row[size] if isinstance(row, dict) else row) + offer.input_usd
                assert credits * catalogue.credit.usd >= own * (1 + catalogue.credit.margin)


def test_local_prices_rise_with_tier_and_size() -> None:
    catalogue = load_catalogue()
    for kind in ("panel", "clip"):
        prices = {(tier, size): n for tier, size, n in catalogue.prices(catalogue.find(LOCAL, kind))}
        sizes = list(dict.fromkeys(size for _, size in prices))
        for tier in ("low", "medium", "high"):
            row = [prices[tier, size] for size in sizes]
            assert row == sorted(set(row))
        for size in sizes:
            column = [prices[tier, size] for tier in ("low", "medium", "high")]
            assert column == sorted(set(column))


def test_the_document_shows_the_prices_that_are_charged() -> None:
    catalogue = load_catalogue()
    rows = {
        tuple(cell.strip() for cell in line.strip("|").split("|"))
        for line in DOCUMENT.read_text().splitlines()
        if line.startswith("|")
    }
    shown = {(row[0], row[1], row[2], row[3], row[-1]) for row in rows if len(row) >= 5}
    for offer in catalogue.offer:
        for tier, size, credits in catalogue.prices(offer):
            assert (offer.engine, offer.kind, tier or "–", size or "–", str(credits)) in shown, offer.name


def test_the_local_engines_models_are_their_own() -> None:
    catalogue = load_catalogue()
    assert {kind: catalogue.find(LOCAL, kind).recipe_model for kind in LOCAL_MODELS} == LOCAL_MODELS


@pytest.mark.parametrize(
    ("engine", "kind", "tier", "units", "pixels", "says"),
    [
        ("oil", "panel", "low", 1, 0, "unknown engine 'oil' for panel: choose one of local, gpt-image-2"),
        ("local", "panel", "ultra", 1, 0, "unknown tier 'ultra' .*: choose one of low, medium, high"),
        ("kling-3", "footage", "low", 5, 0, "unknown tier 'low' .*: choose one of high"),
        ("local", "opera", "low", 1, 0, "unknown kind of asset 'opera': choose one of sheet, panel"),
        ("local", "narration", "low", 9, 0, "narration by local has no tiers: leave 'low' out"),
        ("local", "panel", "low", 1, 9_000_000, "9000000 pixels are too many .*: 2K has 3686400 at most"),
        ("local", "panel", "low", 0, 0, "0 assets cannot be priced"),
        ("local", "narration", "", 4_000_000_000, 0, "4000000000 characters cannot be priced"),
        ("kling-3", "footage", "high", 16, 0, "footage by kling-3 lasts 3 to 15 s, not 16"),
    ],
)
def test_what_has_no_price_is_refused_with_what_there_is(
    engine: str, kind: str, tier: str, units: int, pixels: int, says: str
) -> None:
    with pytest.raises(UnpricedError, match=says):
        load_catalogue().credits_for(engine, kind, tier, units, pixels=pixels)


def test_a_price_may_be_one_number_for_everything(tmp_path: Path) -> None:
    catalogue = load_catalogue(small(tmp_path / "c.toml", "credits = 7"))
    assert catalogue.credits_for("clay", "panel", "medium", 1, pixels=1920 * 1080) == 7


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ("", "give either credits or usd"),
        ("credits = 0", "a price is at least 1 credit"),
        ("credits = -1", "a price is at least 1 credit"),
        ("credits = 1.5", "offer.0.credits"),
        ("credits = { ultra = 1 }", "has no tier 'ultra'"),
        ("credits = 1\ncolour = 'red'", "offer.0.colour"),
        ("credits = 1\nsizes = { 2K = 20, 1K = 10 }", "from the smallest to the largest"),
        ("sizes = { 1K = 10, 2K = 20 }\ncredits = { low = { 1K = 1 } }", "a price for each of its sizes"),
        ("credits = 1\nseconds = [9, 3]", "seconds are"),
        ("credits = [", "is no TOML"),
    ],
)
def test_a_wrong_catalogue_is_refused_saying_what_is_wrong(tmp_path: Path, more: str, says: str) -> None:
    with pytest.raises(CatalogueError, match=re.escape(says)):
        load_catalogue(small(tmp_path / "c.toml", more))


def test_a_catalogue_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"none\.toml cannot be read"):
        Shelf(tmp_path / "none.toml")


def test_a_change_of_the_file_is_taken_up_and_a_wrong_one_is_not(tmp_path: Path) -> None:
    path = catalogue_with(tmp_path / "c.toml", starting_credits=5)
    shelf = Shelf(path)
    replace(path, catalogue_with(tmp_path / "next.toml", starting_credits=77))
    shelf.refresh()
    assert shelf.catalogue.starting_credits == 77
    good = shelf.catalogue
    (tmp_path / "wrong.toml").write_text("version = 3")
    replace(path, tmp_path / "wrong.toml")
    shelf.refresh()
    assert shelf.catalogue is good
    path.unlink()
    shelf.refresh()
    assert shelf.catalogue is good
    catalogue_with(path, starting_credits=78)
    shelf.refresh()
    assert shelf.catalogue.starting_credits == 78


def replace(path: Path, by: Path) -> None:
    by.replace(path)


def test_versions_of_different_files_differ(tmp_path: Path) -> None:
    one = load_catalogue(catalogue_with(tmp_path / "one.toml", starting_credits=1))
    two = load_catalogue(catalogue_with(tmp_path / "two.toml", starting_credits=2))
    assert one.version != two.version
    assert one.version.startswith("2026-11-24+")


def test_an_engine_without_its_key_is_unavailable_and_says_what_it_needs() -> None:
    availability = Availability(())
    catalogue = load_catalogue()
    assert availability.reason_against(catalogue.find("local", "panel")) == ""
    against = availability.reason_against(catalogue.find("kling-3", "footage"))
    assert against == "no running service offers footage by kling-3: it needs KLING_API_KEY to be set there"
