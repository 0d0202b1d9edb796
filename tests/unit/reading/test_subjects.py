"""A deed belongs to the grammatical subject of its clause, and to no creature if a thing does it."""

from __future__ import annotations

import pytest

from storyreel.reading import Relation, read

DOERS = [
    # sentence, and who does what in it
    ("At dawn, mist lay over the forest, and a hungry fox trotted out.", {"fox": ("walk",)}),
    ("The river ran past, and the deer drank from it.", {"deer": ("eat",)}),
    ("The leaves danced and the boy smiled.", {"boy": ("stand",)}),
    ("One great paw came down on the mouse.", {"mouse": ()}),
    ("The hen was chased by the fox.", {"hen": ("flee",), "fox": ("run",)}),
    ("The wolf chased two sheep.", {"wolf": ("run",), "sheep": ("flee",)}),
    ("The boy was carried by an old horse.", {"boy": (), "horse": ("hold",)}),
    ("Under the tree slept a fox.", {"fox": ("sleep",)}),
    ("The boy saw a fox sleeping under a tree.", {"boy": (), "fox": ("sleep",)}),
    ("On the fence a crow tilted her head and sang.", {"crow": ("talk",)}),
    ("At dawn the fox woke and ran.", {"fox": ("rise", "run")}),
    ("Then one day the fox sat down and wept.", {"fox": ("sit", "talk")}),
    ("The fox gave the cheese to the crow and ran.", {"fox": ("hold", "run"), "crow": ()}),
    ("The frog and the mouse were friends, but then they ran.", {"frog": ("run",), "mouse": ("run",)}),
    ("The wolf, dressed as a king, lay down.", {"wolf": ("lie",)}),
    ("The sun set, and along the road trotted a fox.", {"fox": ("walk",)}),
    ("The girl opened the door, and in came a bear.", {"girl": ("stand",), "bear": ("walk",)}),
    ("A sleeping fox lay by the fire.", {"fox": ("sleep", "lie")}),
    ("The fox saw the crow and laughed.", {"fox": ("talk",), "crow": ()}),
    ("The fox took six steps back, ran as fast as he could, and jumped.", {"fox": ("hold", "run", "jump")}),
    ("When the fox came, the crow flew off and sang.", {"fox": ("walk",), "crow": ("fly", "talk")}),
    ("The fox with the red scarf slept.", {"fox": ("sleep",)}),
    ("A fox, a crow and a hare danced.", {"fox": ("jump",), "crow": ("jump",), "hare": ("jump",)}),
    ("“Nobody can run as fast as I can,” said the hare.", {"hare": ("talk",)}),
    ("High above the fox hung a bunch of grapes.", {"fox": ("look_up",)}),
    ("Nobody saw where the owl went, but the owl slept.", {"owl": ("sleep",)}),
    ("The ropes fell on the lion, and the harder he pulled, the tighter they held.", {"lion": ("walk",)}),
]


@pytest.mark.parametrize(("text", "doers"), DOERS)
def test_who_does_it(text: str, doers: dict[str, tuple[str, ...]]) -> None:
    assert {creature.name: creature.actions for creature in read(text).creatures} == doers


@pytest.mark.parametrize(
    "text",
    [
        "His teeth snapped shut.",
        "High above the fox hung a bunch of grapes.",
        "Nobody came.",
        "The stars slept.",
        "Snow fell.",
    ],
)
def test_what_no_creature_does_is_not_left_over_for_one(text: str) -> None:
    assert read(text).actions == ()


def test_a_deed_of_her_is_loose_when_nobody_is_named() -> None:
    reading = read("She jumped and jumped.")
    assert (reading.creatures, reading.actions) == ((), ("jump", "jump"))


WHERE = [
    ("A cat sat on a rock.", "cat", Relation("on", "rock")),
    ("Two crows sat in a tree.", "crow", Relation("in", "tree")),
    ("The king rode on a horse along the road.", "king", Relation("on", "horse")),
    ("And the mouse rode home on the lion’s head.", "mouse", Relation("atop", "lion")),
    ("A girl lay in the shade of an apple tree.", "girl", Relation("under", "tree")),
    ("The cat slept by the fire.", "cat", Relation("beside", "fire")),
    ("The ropes fell on the lion.", "lion", Relation("under", "net")),
    ("The boy saw a fox under the tree.", "fox", Relation("under", "tree")),
]


@pytest.mark.parametrize(("text", "who", "where"), WHERE)
def test_where_one_is(text: str, who: str, where: Relation) -> None:
    assert {creature.name: creature.at for creature in read(text).creatures}[who] == where


def test_who_carries_another_is_there() -> None:
    assert [creature.name for creature in read("A bird sat on the cow’s back.").creatures] == ["bird", "cow"]


@pytest.mark.parametrize(
    "text", ["an old grey crow", "the clever old black crow", "a glossy crow", "three big crows"]
)
def test_several_adjectives_may_stand_before_a_doubtful_noun(text: str) -> None:
    assert [creature.species for creature in read(text).creatures] == ["crow"]


def test_a_character_is_known_by_its_name_and_aliases() -> None:
    reading = read(
        "The King of the Beasts slept, and Mr. Stone ran.",
        {"Leo": ["the king of the beasts"], "Mr. Stone": []},
    )
    assert {creature.species: creature.actions for creature in reading.creatures} == {
        "Leo": ("sleep",),
        "Mr. Stone": ("run",),
    }


@pytest.mark.parametrize("text", ["Clouds covered the sun.", "The sun went behind a cloud."])
def test_a_covered_light_is_absent(text: str) -> None:
    reading = read(text)
    assert reading.absent == ("sun",)
    assert "sun" not in {thing.name for thing in reading.things}
