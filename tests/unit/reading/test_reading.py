"""What a sentence shows: settings, creatures and what they do, things, signs, and what it denies."""

from __future__ import annotations

import pytest

from storyreel.reading import Reading, Relation, lexicon, read

PLACES = [
    ("They walked through the dark forest.", "forest"),
    ("A fox slept in the forest by a river.", "forest"),
    ("He left the village and went into the woods.", "forest"),
    ("She sat by the river.", "river"),
    ("A creek ran past.", "river"),
    ("The ship sailed across the ocean.", "sea"),
    ("Grandmother was in the kitchen.", "kitchen"),
    ("He slipped and lay on the bank, well away from the well.", None),
    ("The road wound on.", "road"),
    ("He came from the city.", None),
    ("The town mouse ate.", None),
    ("They rode to the castle.", "castle"),
]
TIMES = [
    ("At dawn the cock crowed.", "dawn"),
    ("The sun rose.", "dawn"),
    ("The sun was setting.", "dusk"),
    ("It was midnight.", "night"),
    ("The moon shone on the hill.", "night"),
    ("The sun shone.", "day"),
    ("There was no moon.", None),
    ("By day he slept, at night he hunted.", "night"),
]
WEATHERS = [
    ("Rain fell.", "rain"),
    ("It began to snow.", "snow"),
    ("A day without rain.", None),
    ("Thunder rolled.", "storm"),
    ("Mist lay over the field.", "fog"),
    ("When she awoke, the rain had stopped.", "clear"),
    ("The train passed the terrain.", None),
]
SIGNS = [
    ("near a sign that pointed toward Hollow Creek.", ("Hollow Creek",)),
    ("a sign that read “Old Vineyard.”", ("Old Vineyard",)),
    ('A sign said "Keep out!" in red.', ("Keep out",)),
    ("The words 'Golden Inn' were painted above the door.", ("Golden Inn",)),
    ("A sign read CITY 3 MILES.", ("CITY 3 MILES",)),
    ("The door was marked “Bakery”.", ("Bakery",)),
    ("A sign read “North” and a sign read “South”.", ("North", "South")),
    ("He knocked at the door and said, “Let me in.”", ()),
    ("He saw the sign and said, “Home at last.”", ()),
]


@pytest.mark.parametrize(("text", "place"), PLACES)
def test_place(text: str, place: str | None) -> None:
    assert read(text).place == place


@pytest.mark.parametrize(("text", "time"), TIMES)
def test_time(text: str, time: str | None) -> None:
    assert read(text).time == time


@pytest.mark.parametrize(("text", "weather"), WEATHERS)
def test_weather(text: str, weather: str | None) -> None:
    assert read(text).weather == weather


@pytest.mark.parametrize(("text", "signs"), SIGNS)
def test_signs(text: str, signs: tuple[str, ...]) -> None:
    assert read(text).signs == signs


def test_words_on_a_sign_are_not_things_or_places() -> None:
    reading = read("A sign that read “Fox River Castle” stood in the desert.")
    assert (reading.place, reading.creatures) == ("desert", ())
    assert not any(thing.name in ("river", "castle") for thing in reading.things)


def test_the_colour_of_a_sign() -> None:
    assert read("beside a red sign that said “Keep Out.”").sign_colour == "red"


@pytest.mark.parametrize(
    ("text", "species", "count"),
    [
        ("a fox", "fox", 1),
        ("Two mice", "mouse", 2),
        ("The wolves", "wolf", 3),
        ("a flock of geese", "goose", 5),
        ("The sheep grazed", "sheep", 3),
        ("a sheep grazed", "sheep", 1),
        ("12 oxen", "ox", 12),
    ],
)
def test_creatures_and_how_many(text: str, species: str, count: int) -> None:
    (creature,) = read(text).creatures
    assert (creature.species, creature.count) == (species, count)


@pytest.mark.parametrize(
    "text", ["He ran like a lion.", "as sly as a fox", "the farmer's boots", "They could bear it", "no wolf"]
)
def test_likened_owning_and_denied_creatures_are_not_there(text: str) -> None:
    assert read(text).creatures == ()


def test_who_does_what() -> None:
    reading = read("The hare lay down under a tree and slept, while the tortoise plodded on.")
    hare, tortoise = reading.creatures
    assert hare.actions == ("lie", "sleep")
    assert hare.at == Relation("under", "tree")
    assert tortoise.actions == ("walk",)


def test_two_joined_by_and_do_the_same() -> None:
    assert [c.actions for c in read("The king and the old woman talked.").creatures] == [("talk",), ("talk",)]


def test_a_pronoun_means_the_creature_spoken_of() -> None:
    (fox,) = read("The fox looked up. Then he ran.").creatures
    assert fox.actions == ("look_up", "run")


def test_what_she_does_is_loose_when_nobody_is_named() -> None:
    assert read("She slept.").actions == ("sleep",)


def test_the_speaker_may_follow_the_verb() -> None:
    fox, crow = read("“Sing!” said the fox, and the crow flew away.").creatures
    assert (fox.actions, crow.actions) == (("talk",), ("fly",))


def test_spoken_of_is_not_seen() -> None:
    boy, wolf = read("The boy cried, “A wolf!”").creatures
    assert (boy.quoted, wolf.quoted) == (False, True)


def test_names_are_creatures() -> None:
    (rusty,) = read("Rusty slept.", names=["Rusty"]).creatures
    assert (rusty.species, rusty.actions) == ("Rusty", ("sleep",))


def test_two_mice_told_apart_and_one_fox_told_twice() -> None:
    assert len(read("The town mouse met the country mouse.").creatures) == 2
    assert len(read("A hungry fox came. The fox jumped.").creatures) == 1


def test_held_things() -> None:
    (crow,) = read("A crow with a piece of cheese in her beak sat on a branch.").creatures
    assert (crow.holds, crow.at) == ("cheese", Relation("on", "tree"))


def test_a_phrase_put_first_places_the_creature_after_it() -> None:
    (crow,) = read("On the fence, a crow tilted her head.").creatures
    assert crow.at == Relation("on", "fence")


def test_what_hangs_on_the_vine_is_not_the_fox() -> None:
    (fox,) = read("A fox saw a bunch of grapes high on the vine.").creatures
    assert fox.at is None


def test_dress_and_adjectives() -> None:
    (girl,) = read("A brave little girl in a red hood walked on.").creatures
    assert (girl.adjectives, girl.dress) == (("brave", "little"), "in a red hood")


def test_things_with_colour_size_and_number() -> None:
    (cart,) = read("three small blue carts").things
    assert (cart.name, cart.count, cart.colour, cart.size) == ("cart", 3, "blue", "small")


def test_doubtful_words_need_a_determiner() -> None:
    assert read("He felt well, and the boat began to rock.").things[0].name == "boat"
    assert [thing.name for thing in read("the well and a rock").things] == ["well", "rock"]


def test_no_moon_is_absent() -> None:
    reading = read("There was no moon, and without rain the river was low.")
    assert reading.absent == ("moon",)
    assert [thing.name for thing in reading.things] == ["river"]


def test_an_empty_text_shows_nothing() -> None:
    assert read("") == Reading()


def test_every_table_loads_and_plurals_are_right() -> None:
    for name in ("places", "weather", "seasons", "things", "actions", "moods"):
        assert lexicon.table(name).entries
    assert [lexicon.plural_of(noun) for noun in ("fox", "berry", "old woman", "donkey")] == [
        "foxes",
        "berries",
        "old women",
        "donkeys",
    ]
