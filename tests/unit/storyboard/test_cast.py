"""Who is in each shot, and who the characters are when nobody declares them."""

from __future__ import annotations

import pytest

from services.gateway.storyboard import DeclaredCharacter, StoryOptions, make_storyboard
from services.gateway.storyboard.cast import Cast
from services.gateway.storyboard.casting import declared_cast
from services.gateway.storyboard.lines import read_story, split_prose
from services.gateway.storyboard.prose import read_prose
from services.gateway.storyboard.script import split_script
from storyreel.voices import VOICES

FOX = DeclaredCharacter(name="Reynard", description="a red fox with a green scarf, and his hat")
CROW = DeclaredCharacter(name="Corva", aliases=("the black one",), description="a crow in her yellow coat")
MOUSE = DeclaredCharacter(name="mouse")
ROSE = DeclaredCharacter(name="Rose", description="a girl in a blue dress")
ANTS = DeclaredCharacter(name="the ants", description="three small red ants")

BREAK = "\n\n---\n\n"
PRESENCE = [
    # declared, paragraphs that are shots of their own, and who is in each
    ((FOX,), ["Reynard ran."], ["Reynard"]),
    ((FOX,), ["The FOX ran."], ["Reynard"]),
    ((FOX,), ["Nobody ran."], [""]),
    ((FOX,), ["There was no fox."], [""]),
    ((FOX,), ["He ran like a fox."], [""]),
    ((CROW,), ["Then came the black one."], ["Corva"]),
    ((FOX, CROW), ["The crow saw Reynard."], ["Corva Reynard"]),
    ((FOX,), ["Reynard ran. He fell."], ["Reynard"]),
    ((ROSE,), ["Rose slept."], ["Rose"]),
    ((ROSE,), ["The sun rose."], [""]),
    ((ROSE,), ["The girl slept."], ["Rose"]),
    ((ANTS,), ["The ants sang. They slept."], ["the ants"]),
]


@pytest.mark.parametrize(("declared", "scenes", "present"), PRESENCE)
def test_who_is_named_is_in_the_shot(
    declared: tuple[DeclaredCharacter, ...], scenes: list[str], present: list[str]
) -> None:
    assert _casts(declared, scenes) == present


PRONOUNS = [
    # who is in the last sentence
    ("Reynard sat down. He slept.", "Reynard"),
    ("Reynard sat down. Nobody came. He slept.", "Reynard"),
    ("Reynard sat down. Nobody came. Nobody called. Nobody knew. He slept.", ""),
    ("Reynard and Corva sat down. She slept.", "Corva"),
    ("Reynard and Corva sat down. They slept.", "Reynard Corva"),
    ("Reynard, Corva and the mouse sat down. They slept.", ""),
    ("Reynard and the mouse sat down. He slept.", ""),
    ("Corva and the mouse sat down. It slept.", "mouse"),
    ("Reynard called. The mouse came. He slept.", "mouse"),
    ("The mouse sat down. It was a cold day.", ""),
    ("The mouse sat in a red boat. It was broken.", ""),
    ("Reynard sat down. Nobody came.", ""),
    ("Corva sat down. A woman came. She slept.", ""),
    ("Corva sat down. A man came. She slept.", "Corva"),
    ("Reynard sat down.\n\n---\n\nHe slept.", ""),
    ("Reynard slept. Far away in his burrow, the mouse woke.", "mouse"),
    ("The mouse licked her paw. Reynard and the mouse sat down. She slept.", "mouse"),
    ("The mouse licked her paw. Reynard and the mouse sat down. He slept.", "Reynard"),
]


@pytest.mark.parametrize(("text", "present"), PRONOUNS)
def test_a_pronoun_stands_for_a_character_only_where_one_fits(text: str, present: str) -> None:
    prose = read_prose(split_script(text))
    story = read_story(prose, split_prose(prose))
    cast = Cast(story, declared_cast((FOX, CROW, MOUSE)))
    assert " ".join(cast.present(story.sentences[-1].span)) == present


def test_who_is_only_talked_about_is_not_in_the_shot() -> None:
    assert _casts((FOX, CROW), ["“I saw Reynard,” said the crow."]) == ["Corva"]


def test_who_is_talked_to_is() -> None:
    script = "Reynard sat under a tree by the river.\n\n“Good morning to you, Reynard,” said the crow."
    board = make_storyboard(script, StoryOptions(characters=(FOX, CROW)))
    assert board.shots[-1].cast == ("Reynard", "Corva")


UNDECLARED = """
One day a hungry young fox met a grey owl in the forest. A bear slept nearby. The villagers danced.

The fox looked at the owl. The villagers sang, and the birds flew off.
"""


def test_creatures_that_come_up_twice_are_the_characters() -> None:
    board = make_storyboard(UNDECLARED)
    assert [(one.name, one.description) for one in board.characters] == [
        ("fox", "a hungry young fox"),
        ("owl", "a grey owl"),
    ]
    assert board.shots[-1].cast == ("fox", "owl")


def test_two_of_a_kind_are_told_apart_by_the_word_before() -> None:
    board = make_storyboard(
        "A town mouse came to see a country mouse. “Welcome,” said the country mouse. The town mouse sniffed."
    )
    assert [one.name for one in board.characters] == ["town mouse", "country mouse"]
    assert {run.speaker for shot in board.shots for run in shot.speech} == {None, "country mouse"}


def test_a_shepherd_boy_is_the_boy() -> None:
    board = make_storyboard("A lonely shepherd boy sat on a hill. The boy was bored. “Wolf!” cried the boy.")
    assert [one.name for one in board.characters] == ["shepherd boy"]
    assert all(shot.cast == ("shepherd boy",) for shot in board.shots)


WOLF = """
A bored shepherd boy sat on a hill. To amuse himself, the boy took a deep breath and cried, "Wolf!"

The villagers came. "There is no wolf here," said an old farmer. The boy laughed. "It was a joke," he said.

The next day a grey wolf crept out of the forest. The wolf saw the sheep.
"Help!" screamed the boy who cried wolf.
"Nobody believes a liar," said the farmer.
"""


def test_a_whole_fable_finds_its_cast_and_their_words() -> None:
    board = make_storyboard(WOLF)
    assert {one.name: one.voice for one in board.characters} == {
        "shepherd boy": "boy",
        "farmer": "old_man",
        "wolf": "gruff",
    }
    spoken = [(run.speaker, run.text) for shot in board.shots for run in shot.speech if run.speaker]
    assert spoken == [
        ("shepherd boy", '"Wolf!"'),
        ("farmer", '"There is no wolf here,"'),
        ("shepherd boy", '"It was a joke,"'),
        ("shepherd boy", '"Help!"'),
        ("farmer", '"Nobody believes a liar,"'),
    ]


def test_people_called_by_name_are_characters_and_places_are_not() -> None:
    board = make_storyboard(
        "A small girl named Anna lived in Paris. Paris was cold. On Sunday, Anna woke early. "
        "Sunday was quiet. The girl met Tom, a tall boy in a red hat. “Hello,” said Tom. Paris slept."
    )
    assert [(one.name, one.description) for one in board.characters] == [
        ("Anna", "a small girl"),
        ("Tom", "a tall boy in a red hat"),
    ]


def test_declared_characters_are_the_only_ones() -> None:
    board = make_storyboard(UNDECLARED, StoryOptions(characters=(FOX,)))
    assert [one.name for one in board.characters] == ["Reynard"]


VOICES_OF = [
    ("a tiny mouse", "small"),
    ("a huge lion", "deep"),
    ("an old tortoise", "old_man"),
    ("an old woman with a basket", "old_woman"),
    ("an old fisherman", "old_man"),
    ("a girl with her father's lantern", "girl"),
    ("a shepherd boy", "boy"),
    ("a brave queen", "woman"),
    ("a dragon", "giant"),
    ("a robot", "robot"),
]


@pytest.mark.parametrize(("description", "voice"), VOICES_OF)
def test_a_voice_suits_its_character(description: str, voice: str) -> None:
    board = make_storyboard(
        "Sam slept.", StoryOptions(characters=(DeclaredCharacter(name="Sam", description=description),))
    )
    assert board.character("Sam").voice == voice


def test_no_two_characters_share_a_voice_while_voices_last() -> None:
    mice = tuple(DeclaredCharacter(name=f"Pip {word}", description="a mouse") for word in "abcdefghijklmn")
    board = make_storyboard("They slept.", StoryOptions(characters=mice))
    voices = [one.voice for one in board.characters]
    assert len(set(voices)) == len(VOICES) - 1
    assert "narrator" not in voices


def test_a_declared_voice_is_given_to_nobody_else() -> None:
    pip = DeclaredCharacter(name="Pip", description="a mouse")
    tom = DeclaredCharacter(name="Tom", description="a bear", voice="small")
    board = make_storyboard("They slept.", StoryOptions(characters=(pip, tom)))
    assert board.character("Tom").voice == "small"
    assert board.character("Pip").voice != "small"


def _casts(declared: tuple[DeclaredCharacter, ...], scenes: list[str]) -> list[str]:
    board = make_storyboard(BREAK.join(scenes), StoryOptions(characters=declared))
    return [" ".join(shot.cast) for shot in board.shots]
