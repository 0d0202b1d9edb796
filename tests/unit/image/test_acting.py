"""Verbs become poses, and figures come to be where the text has them: on, under, over, beside."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest
import skia

from services.image.engines.local.casting import Actor
from services.image.engines.local.composition import compose_row, row_things
from services.image.engines.local.figures import Pose, design_look, draw_sheet, seat_on
from services.image.engines.local.panel import draw_panel, read_scene
from services.image.engines.local.placing import Placed
from storyreel.reading import read
from storyreel.recipes import CastMember, PanelRecipe, SheetRecipe
from storyreel.storyboard import Setting

VERBS = {
    Pose.SLEEP: ["slept", "dozed", "snored", "fell asleep", "napped"],
    Pose.RUN: ["ran", "raced", "fled", "escaped", "rushed off", "hurried", "bolted", "galloped"],
    Pose.WALK: [
        "walked",
        "came",
        "wandered",
        "crept",
        "returned",
        "arrived",
        "followed",
        "climbed",
        "marched",
    ],
    Pose.SIT: ["sat", "perched", "knelt", "crouched", "rested", "hid"],
    Pose.EAT: ["ate", "drank", "nibbled", "grazed", "gnawed", "sniffed"],
    Pose.LOOK_UP: ["looked up", "gazed up", "howled", "lifted her head"],
    Pose.JUMP: ["jumped", "leapt", "danced", "hopped", "sprang", "pounced"],
    Pose.TALK: ["said", "cried", "laughed", "whispered", "sang", "begged", "answered", "growled", "wept"],
    Pose.STAND: ["stood", "waited", "listened", "smiled", "woke", "nodded", "turned away"],
    Pose.LIE: ["lay down", "fell over", "collapsed"],
    Pose.SWIM: ["swam", "dived"],
}


@pytest.mark.parametrize(("pose", "verb"), [(pose, verb) for pose, verbs in VERBS.items() for verb in verbs])
def test_a_verb_has_its_pose(pose: Pose, verb: str) -> None:
    (actor,) = actors_of(f"The fox {verb}.")
    assert actor.pose is pose


def recipe(text: str, **changes: object) -> PanelRecipe:
    fields: dict[str, object] = {
        "engine": "local", "model": "illustrator-1", "tier": "low", "style": "storybook", "text": text,
        "setting": Setting(place="field", time="day"), "cast": (), "width": 640, "height": 360,
    }  # fmt: skip
    return PanelRecipe.model_validate({**fields, **changes})


def actors_of(text: str) -> list[Actor]:
    return read_scene(recipe(text), {}).actors


def row_of(text: str) -> list[Placed]:
    things = row_things(read(text), "field", narrow=False)
    return compose_row(actors_of(text), things, [], width=1778, adult=500, mirrored=False)


def place_of(row: list[Placed], species: str) -> Placed:
    return next(place for place in row if place.actor and place.actor.look.species == species)


@pytest.mark.parametrize("thing", ["rock", "log", "fence", "wall", "cart", "table"])
def test_who_is_on_a_thing_rides_it(thing: str) -> None:
    (place,) = row_of(f"A cat sat on a {thing}.")
    assert place.thing is not None
    assert [rider.look.species for rider in place.riders] == ["cat"]


def test_a_rider_rides_its_mount_and_its_feet_are_on_the_back() -> None:
    (mount,) = row_of("The king rode on a horse.")
    assert mount.actor is not None
    assert (mount.actor.look.species, [rider.look.species for rider in mount.riders]) == ("horse", ["king"])
    back, head = (seat_on(mount.actor.look, Pose.STAND, head=head)[1] for head in (False, True))
    assert 0.3 < back < head < 1.05


def test_flyers_are_over_the_others() -> None:
    row = row_of("Three geese flew over the farmer.")
    flying = [place for place in row if place.actor and place.actor.pose is Pose.FLY]
    assert len(flying) == 3
    assert all(place.lift > 400 for place in flying)
    assert all(left.x < right.x for left, right in pairwise(flying))
    assert place_of(row, "farmer").lift == 0


def test_under_a_tree_is_beside_its_trunk() -> None:
    row = row_of("A fox slept under a tree.")
    tree = next(place for place in row if place.thing)
    assert abs(place_of(row, "fox").x - tree.x) < tree.width / 2 + place_of(row, "fox").width / 2


@pytest.mark.parametrize("thing", ["tree", "wall", "bush"])
def test_behind_a_thing_is_hidden_by_it(thing: str) -> None:
    row = row_of(f"A fox hid behind a {thing}, and a boy laughed.")
    fox, screen = place_of(row, "fox"), next(place for place in row if place.thing)
    assert fox.behind
    assert abs(fox.x - screen.x) < (fox.width + screen.width) / 2


def test_of_one_thing_that_three_hold_one_is_drawn() -> None:
    one, three = (
        pixels(f"Three hunters carried {many} in the snow.") for many in ("a red key", "three red keys")
    )
    assert red_of(three) > 2 * red_of(one) > 0


def red_of(drawn: npt.NDArray[np.int16]) -> int:
    """Pixels as red as a dyed key."""
    return int(((drawn[:, :, 0] > drawn[:, :, 1] + 70) & (drawn[:, :, 0] > drawn[:, :, 2] + 60)).sum())


def test_who_is_chased_runs_ahead() -> None:
    row = row_of("The goat was chased by the wolf.")
    goat, wolf = place_of(row, "goat"), place_of(row, "wolf")
    assert (goat.x < wolf.x, goat.facing, wolf.facing) == (True, -1, -1)


def test_who_turns_away_looks_away() -> None:
    assert place_of(row_of("The fox came to the tree."), "fox").facing == 1
    assert place_of(row_of("The fox turned away from the tree."), "fox").facing == -1


def sheet(name: str, description: str) -> bytes:
    return draw_sheet(
        SheetRecipe(
            engine="local", model="m", tier="low", style="storybook", name=name, description=description
        )
    )


@pytest.fixture(scope="module")
def sheets() -> dict[str, bytes]:
    return {"Leo": sheet("Leo", "a golden lion"), "Pip": sheet("Pip", "a grey mouse")}


def test_an_alias_means_the_character(sheets: dict[str, bytes]) -> None:
    cast = (CastMember(name="Leo", sheet="a", aliases=("the king of the beasts",)),)
    (actor,) = read_scene(recipe("The king of the beasts slept.", cast=cast), sheets).actors
    assert (actor.key, actor.pose) == ("Leo", Pose.SLEEP)


def test_what_she_does_the_one_does_whom_the_text_does_not_name(sheets: dict[str, bytes]) -> None:
    cast = (CastMember(name="Leo", sheet="a"), CastMember(name="Pip", sheet="b"))
    scene = read_scene(recipe("She jumped and jumped, until Leo slept.", cast=cast), sheets)
    assert {actor.key: actor.pose for actor in scene.actors} == {"Leo": Pose.SLEEP, "Pip": Pose.JUMP}


def test_what_she_did_before_she_was_named_comes_first(sheets: dict[str, bytes]) -> None:
    cast = (CastMember(name="Pip", sheet="b"),)
    text = "So she lay down. “I have all day,” yawned Pip, and she closed her eyes."
    (actor,) = read_scene(recipe(text, cast=cast), sheets).actors
    assert actor.pose is Pose.SLEEP


def test_the_season_carried_over_is_drawn_unless_the_text_names_one() -> None:
    setting = Setting(place="field", season="winter")
    assert read_scene(recipe("A fox sat.", setting=setting), {}).season == "winter"
    assert read_scene(recipe("In summer a fox sat.", setting=setting), {}).season == "summer"


def pixels(text: str) -> npt.NDArray[np.int16]:
    image = skia.Image.MakeFromEncoded(skia.Data.MakeWithCopy(draw_panel(recipe(text), {})))
    rgba: npt.NDArray[np.uint8] = image.toarray(colorType=skia.kRGBA_8888_ColorType)
    return rgba[:, :, :3].astype(np.int16)


@pytest.mark.parametrize("weather", ["snow", "rain", "fog"])
def test_a_moon_that_the_text_names_is_seen_in_any_weather(weather: str) -> None:
    with_moon = pixels(f"At night in the {weather} the moon shone on the land.")
    without = pixels(f"At night in the {weather} no moon shone on the land.")
    brighter = (with_moon - without).sum(axis=2) > 150
    assert brighter[:180].mean() > 0.004


def test_a_crow_in_a_waistcoat_stays_black() -> None:
    look = design_look("crow", "a glossy black crow with a small yellow waistcoat", "storybook")
    assert look.wears("vest") is not None
    assert max(look.coat) < 80
