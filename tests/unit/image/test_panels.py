"""Panels show what their text says: sizes, determinism, one-word edits, signs, figures that keep apart."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest
import skia

from services.image.engines.local.casting import Actor
from services.image.engines.local.composition import compose_row, row_things
from services.image.engines.local.figures import draw_sheet
from services.image.engines.local.lettering import LINES, MARGIN, measure, plan_sign, set_text
from services.image.engines.local.palette import HOURS, SEASONS, WEATHERS, make_palette
from services.image.engines.local.panel import draw_panel, read_scene
from services.image.engines.local.places import DRAWERS, INDOORS
from services.image.engines.local.placing import Placed
from services.image.engines.local.props import PROPS, prop_of
from services.image.engines.local.stage import CLOSE, MEDIUM, WIDE, Camera, Stage
from services.image.engines.local.treatment import TREATMENTS, treatment_of
from storyreel.formats import PIXELS
from storyreel.reading import Thing, lexicon, read
from storyreel.recipes import CastMember, PanelRecipe, SheetRecipe
from storyreel.storyboard import Setting

RUSTY = (CastMember(name="Rusty", sheet="its key"),)
Pixels = npt.NDArray[np.int16]
BASE = (
    "A red fox slept in the forest at night by a river, near a red cart"
    " and a sign that read “Hollow Creek”, in summer rain."
)


def recipe(text: str, width: int = 480, height: int = 270, **changes: object) -> PanelRecipe:
    fields: dict[str, object] = {
        "engine": "local",
        "model": "illustrator-1",
        "tier": "low",
        "style": "storybook",
        "text": text,
        "setting": Setting(),
        "cast": (),
        "width": width,
        "height": height,
    }
    return PanelRecipe.model_validate({**fields, **changes})


def pixels(wanted: PanelRecipe, sheets: Mapping[str, bytes] | None = None) -> Pixels:
    image = skia.Image.MakeFromEncoded(skia.Data.MakeWithCopy(draw_panel(wanted, sheets or {})))
    rgba: npt.NDArray[np.uint8] = image.toarray(colorType=skia.kRGBA_8888_ColorType)
    return rgba[:, :, :3].astype(np.int16)


def changed(one: Pixels, other: Pixels) -> float:
    """The share of pixels in which some channel differs by more than 24 of 255."""
    return float((np.abs(one - other).max(axis=2) > 24).mean())


@pytest.fixture(scope="module")
def base() -> Pixels:
    return pixels(recipe(BASE))


@pytest.mark.parametrize("aspect", PIXELS)
def test_a_panel_has_exactly_its_size_in_every_aspect(aspect: str) -> None:
    width, height = PIXELS[aspect]["720p"]
    assert pixels(recipe("A fox and an owl talked.", width, height)).shape == (height, width, 3)


def test_the_same_recipe_gives_the_same_bytes() -> None:
    assert draw_panel(recipe(BASE), {}) == draw_panel(recipe(BASE), {})


@pytest.mark.parametrize(
    ("word", "other", "least"),
    [
        ("night", "noon", 0.6),
        ("forest", "city", 0.2),
        ("fox", "owl", 0.008),
        ("rain", "snow", 0.2),
        ("Hollow", "Willow", 0.0008),
        ("summer rain", "winter light", 0.3),
        ("river", "road", 0.04),
        ("red cart", "blue cart", 0.02),
        ("slept", "ran", 0.015),
        ("rain", "fog", 0.2),
    ],
)
def test_one_word_changes_the_panel(base: Pixels, word: str, other: str, least: float) -> None:
    assert changed(base, pixels(recipe(BASE.replace(word, other)))) > least


def test_moon_or_sun_decides_the_light() -> None:
    moon, sun = (pixels(recipe(f"A boy stood under the {light}.")) for light in ("moon", "sun"))
    assert moon.mean() < sun.mean() - 60


def test_an_edit_far_from_the_scenery_leaves_the_scenery(base: Pixels) -> None:
    assert changed(base, pixels(recipe(BASE.replace("Hollow", "Willow")))) < 0.02


def test_the_setting_carried_over_is_drawn_unless_the_text_says_otherwise() -> None:
    carried = Setting(place="desert", time="night")
    assert read_scene(recipe("A camel sat.", setting=carried), {}).place == "desert"
    scene = read_scene(recipe("At noon a camel walked into the city.", setting=carried), {})
    assert (scene.place, scene.time) == ("city", "day")


def test_another_take_is_another_picture(base: Pixels) -> None:
    assert changed(base, pixels(recipe(BASE, take=2))) > 0.05


def sheet(name: str, description: str) -> bytes:
    return draw_sheet(
        SheetRecipe(
            engine="local",
            model="illustrator-1",
            tier="low",
            style="storybook",
            name=name,
            description=description,
        )
    )


@pytest.fixture(scope="module")
def fox() -> bytes:
    return sheet("Rusty", "a russet fox")


def test_the_cast_is_drawn_from_its_sheets(fox: bytes) -> None:
    wanted = recipe("Rusty slept.", cast=RUSTY)
    owl = sheet("Rusty", "a white owl")
    assert changed(pixels(wanted, {"Rusty": fox}), pixels(wanted, {"Rusty": owl})) > 0.01


def test_a_member_of_the_cast_is_not_drawn_twice(fox: bytes) -> None:
    (actor,) = read_scene(recipe("The fox ran, and Rusty slept.", cast=RUSTY), {"Rusty": fox}).actors
    assert actor.key == "Rusty"


def test_a_missing_sheet_is_named() -> None:
    with pytest.raises(ValueError, match="no sheet of 'Rusty'"):
        draw_panel(recipe("Rusty slept.", cast=RUSTY), {})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"tier": "ultra"}, "unknown tier 'ultra'"),
        ({"width": 8}, "8 x 270 pixels"),
        ({"setting": Setting(time="teatime")}, "unknown time of day 'teatime'"),
    ],
)
def test_what_cannot_be_drawn_is_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        draw_panel(recipe("A fox.").model_copy(update=changes), {})


def stage(width: float = 1778, height: float = 1000, camera: Camera = MEDIUM) -> Stage:
    canvas = skia.Surface(8, 8).getCanvas()
    return Stage(canvas, width, height, camera, make_palette("day", None, None), 0, 1)


@pytest.mark.parametrize("size", [(1778, 1000), (1000, 1778), (1000, 1000), (1000, 1250), (2333, 1000)])
@pytest.mark.parametrize("camera", [WIDE, MEDIUM, CLOSE], ids=lambda camera: camera.name)
@pytest.mark.parametrize(
    "words", ["Inn", "Hollow Creek", "The Royal Society of Exceptionally Long Signboards", "W" * 60]
)
def test_the_words_of_a_sign_fit_its_board(size: tuple[int, int], camera: Camera, words: str) -> None:
    sign = plan_sign(stage(*size, camera), words)
    assert 1 <= len(sign.lines) <= LINES
    for row in sign.lines:
        assert measure(row, sign.size) <= sign.width - 2 * MARGIN * sign.size + 0.01
    assert sign.width <= 0.42 * size[0]


def test_short_words_are_never_cut() -> None:
    assert " ".join(set_text("Keep out of the old mill", 400, 60, 20).lines) == "Keep out of the old mill"


CROWDED = [
    "A fox and an owl talked by a sign that read “Hollow Creek”.",
    "Three wolves and a girl ran past a cart, a well and a sign that read “North”.",
    "The king and the queen waited by a table, a door and a tree.",
    "A bear slept.",
]


def row_of(text: str, width: float) -> list[Placed]:
    wanted = recipe(text)
    actors: list[Actor] = read_scene(wanted, {}).actors
    reading = read(text)
    signs = [plan_sign(stage(width, 1000), words) for words in reading.signs]
    return compose_row(
        actors,
        row_things(reading, "field", narrow=False),
        signs,
        width=width,
        adult=500,
        mirrored=len(text) % 2 == 0,
    )


@pytest.mark.parametrize("text", CROWDED)
@pytest.mark.parametrize("width", [1000, 1778, 2333])
def test_nothing_in_the_row_overlaps_or_leaves_the_panel(text: str, width: float) -> None:
    row = row_of(text, width)
    edges = [(place.x - place.width / 2, place.x + place.width / 2) for place in row]
    assert edges == sorted(edges)
    assert all(left[1] <= right[0] + 0.01 for left, right in pairwise(edges))
    assert edges[0][0] >= 0
    assert edges[-1][1] <= width
    assert all(place.sign.size >= 22 for place in row if place.sign is not None)


def test_two_who_talk_face_each_other() -> None:
    figures = [place for place in row_of(CROWDED[0], 1778) if place.actor]
    assert [place.facing for place in figures] == [1, -1]


def test_runners_run_one_way() -> None:
    assert {place.facing for place in row_of("A dog and a cat ran.", 1778)} == {1}


@pytest.mark.parametrize("place", [*DRAWERS, *INDOORS])
@pytest.mark.parametrize("time", ["day", "night"])
def test_every_place_is_drawn_at_every_hour(place: str, time: str) -> None:
    setting = Setting(place=place, time=time)
    drawn = pixels(recipe("It was quiet.", 160, 90, setting=setting))
    assert drawn.std() > 8


def test_every_place_the_reader_knows_can_be_drawn() -> None:
    assert set(lexicon.load("places")) <= {*DRAWERS, *INDOORS}


def test_every_time_weather_and_season_the_reader_knows_has_colours() -> None:
    assert set(lexicon.load("times")["stated"]) == set(HOURS)
    assert set(lexicon.load("weather")) == set(WEATHERS)
    assert set(lexicon.load("seasons")) == set(SEASONS)


LAND_AND_SKY = {"sun", "moon", "star", "rainbow", "cloud", "river", "lake", "road", "hill", "mountain"}
FURNISHED = {"window", "fireplace", "bookshelf"}


def test_every_thing_the_reader_knows_can_be_drawn() -> None:
    undrawn = {name for name in lexicon.load("things") if prop_of(Thing(name)) is None}
    assert undrawn == LAND_AND_SKY | FURNISHED
    assert set(PROPS) <= set(lexicon.load("things"))


@pytest.mark.parametrize("style", TREATMENTS)
def test_every_style_looks_its_own(style: str, base: Pixels) -> None:
    drawn = pixels(recipe(BASE, style=style))
    assert style == "storybook" or changed(base, drawn) > 0.05
    if style == "noir":
        assert int((drawn.max(axis=2) - drawn.min(axis=2)).max()) <= 8


def test_an_unknown_style_is_a_storybook_in_hues_of_its_own() -> None:
    felt, clay = treatment_of("made of felt"), treatment_of("in clay")
    assert felt.turn != clay.turn
    assert treatment_of("Watercolour, loose") is TREATMENTS["watercolor"]
    assert treatment_of("all in pink") not in TREATMENTS.values()


@pytest.mark.parametrize("tier", ["low", "medium", "high"])
def test_every_tier_is_drawn(tier: str) -> None:
    assert pixels(recipe(BASE, tier=tier)).shape == (270, 480, 3)
