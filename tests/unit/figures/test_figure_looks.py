"""Designing a character: words decide, and what they leave open is settled once and for all."""

import pytest

from services.image.engines.local.figures import Look, design_look, natural_height
from services.image.engines.local.figures.colours import COLOUR_WORDS
from storyreel.reading.lexicon import table


def look(description: str, name: str = "Someone") -> Look:
    return design_look(name, description, "storybook")


def test_the_same_words_give_the_same_look() -> None:
    assert look("a russet fox") == look("a russet fox")


def test_two_foxes_of_different_names_differ() -> None:
    assert look("a fox", "Tod").grain != look("a fox", "Ember").grain
    assert look("a fox", "Tod").coat != look("a fox", "Ember").coat


def test_a_look_survives_json() -> None:
    rusty = look("a russet fox with a green scarf")
    assert Look.model_validate_json(rusty.model_dump_json()) == rusty


@pytest.mark.parametrize(
    ("description", "species", "body"),
    [
        ("a russet fox with a white-tipped tail", "fox", "fox"),
        ("a mouse who once freed a lion", "mouse", "mouse"),
        ("an old grey wolf", "wolf", "wolf"),
        ("a raven, friend of the fox", "raven", "crow"),
        ("a mighty stag", "deer", "stag"),
        ("a girl with a small dog", "girl", "human"),
        ("the miller's donkey", "donkey", "donkey"),
        ("a shepherd who guards sheep", "shepherd", "human"),
        ("a grandmother with silver hair", "old woman", "human"),
        ("a mouse king", "mouse", "mouse"),
        ("brave and clever", "woman", "human"),
        ("a fuzzy blue being from the moon", "creature", "creature"),
    ],
)
def test_the_species_is_read_from_the_description(description: str, species: str, body: str) -> None:
    name = "Lady Ann" if species == "woman" else "Zib"
    drawn = look(description, name)
    assert (drawn.species, drawn.body) == (species, body)


def test_the_name_tells_the_species_where_the_description_does_not() -> None:
    assert look("sly, with a long tail", "Fox").body == "fox"
    assert look("kind, with round glasses", "Grandmother").species == "old woman"


def test_colour_words_bind_to_the_parts_they_stand_with() -> None:
    fox = look("a russet fox with a white-tipped tail, yellow eyes and a green scarf")
    assert fox.coat == COLOUR_WORDS["russet"]
    assert fox.mark("tail_tip") == COLOUR_WORDS["white"]
    assert fox.eye == COLOUR_WORDS["yellow"]
    assert fox.wears("scarf") == COLOUR_WORDS["green"]


def test_a_second_coat_colour_goes_to_the_underside_or_makes_patches() -> None:
    cat, cow = look("a black and white cat"), look("a brown and white cow")
    assert (cat.coat, cat.belly) == (COLOUR_WORDS["black"], COLOUR_WORDS["white"])
    assert (cow.coat, cow.mark("patches")) == (COLOUR_WORDS["brown"], COLOUR_WORDS["white"])
    assert look("a horse with white patches").mark("patches") == COLOUR_WORDS["white"]


def test_a_colour_in_the_name_counts_only_where_the_description_has_none() -> None:
    assert look("a fox", "Rusty").coat == COLOUR_WORDS["rusty"]
    said = look("a grey fox", "Rusty")
    assert said.coat == COLOUR_WORDS["grey"]
    assert said.mark("blaze") is None
    assert look("a girl", "Little Red Riding Hood").wears("hood") == COLOUR_WORDS["red"]


def test_colours_after_the_noun_bind_too() -> None:
    wolf = look("a wolf whose fur is silver and whose eyes are amber")
    assert wolf.coat == COLOUR_WORDS["silver"]
    assert wolf.eye == COLOUR_WORDS["amber"]


def test_people_wear_what_is_said_in_the_colours_said() -> None:
    girl = look("a girl in a red hood with blue eyes")
    assert girl.wears("hood") == COLOUR_WORDS["red"]
    assert girl.eye == COLOUR_WORDS["blue"]
    assert girl.age == "child"
    assert girl.sex == "female"
    woman = look("a woman with long black hair in a yellow dress")
    assert woman.wears("dress") == COLOUR_WORDS["yellow"]
    assert woman.hair_style == "long"


def test_in_a_colour_dyes_the_main_garment() -> None:
    man = look("a tall man in blue")
    assert man.wears("tunic") == COLOUR_WORDS["blue"]


def test_trades_bring_their_tokens() -> None:
    assert look("a king").wears("crown") is not None
    assert look("a wizard").beard == "long"
    assert look("a mouse king").wears("crown") is not None


def test_modifiers_darken_and_lighten() -> None:
    dark, plain, pale = (look(f"a frog in a {word}green hat").wears("hat") for word in ("dark ", "", "pale "))
    assert dark is not None and plain is not None and pale is not None
    assert sum(dark) < sum(plain) < sum(pale)


def test_heights_are_those_of_nature() -> None:
    mouse, fox, lion = (natural_height(look(f"a {word}")) for word in ("mouse", "fox", "lion"))
    assert mouse < fox < lion < natural_height(look("a man"))
    assert natural_height(look("a boy")) < natural_height(look("a man"))
    assert natural_height(look("a tiny mouse")) < mouse


def test_every_creature_that_stories_are_read_for_can_be_drawn() -> None:
    animals = {entry.canonical for entry in table("creatures", "animals").entries.values()}
    for noun in sorted(animals):
        drawn = look(f"a {noun}", noun.title())
        assert (drawn.species, drawn.body != "human") == (noun, True)
    people = {entry.canonical for entry in table("creatures", "people").entries.values()}
    for noun in sorted(people):
        drawn = look(noun, noun.title())
        assert (drawn.species, drawn.body) == (noun, "human")


def test_a_shepherd_boy_is_a_boy() -> None:
    boy = look("a young shepherd boy")
    assert (boy.species, boy.age, boy.sex) == ("boy", "child", "male")
