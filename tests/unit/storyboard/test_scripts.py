"""What of a script is narrated, and what its front matter says."""

from __future__ import annotations

import pytest

from services.gateway.storyboard import StoryOptions, make_storyboard

NARRATED = [
    # script, and its narrated scenes
    ("A fox ran.\nIt fell.", ["A fox ran. It fell."]),
    ("# The Fox\n\nA fox ran.", ["A fox ran."]),
    ("## One\n\nA fox ran.\n\n## Two\n\nIt fell.", ["A fox ran.", "It fell."]),
    ("A fox ran.\n***\nIt fell.", ["A fox ran.", "It fell."]),
    ("A fox ran.\n---\nIt fell.", ["A fox ran.", "It fell."]),
    ("---\n\nA fox ran.", ["A fox ran."]),
    ("A fox ran.\n\n⁂\n\nIt fell.", ["A fox ran.", "It fell."]),
    ("A *very* **red** `fox` ran_fast.", ["A very red fox ran_fast."]),
    ("A [red fox](http://fox.example \"x\") ran.", ["A red fox ran."]),
    ("A fox ![picture](fox.png) ran.", ["A fox ran."]),
    ("A fox <!-- which one? --> ran.<br>It <b>fell</b>.", ["A fox ran.It fell."]),
    ("<!--\nA long\n\ncomment\n-->\nA fox ran.", ["A fox ran."]),
    ("- A fox ran.\n- It fell.", ["A fox ran. It fell."]),
    ("1. A fox ran.\n2. It fell.", ["A fox ran. It fell."]),
    ("1984. It was cold.", ["1984. It was cold."]),
    ("> A fox ran.", ["A fox ran."]),
    ("A fox ran.\n\n    It fell.", ["A fox ran. It fell."]),
    ("[Fox]: Hello", ["[Fox]: Hello"]),
    ("Salt &amp; pepper, 3 < 4 * 5 * 6.", ["Salt & pepper, 3 < 4 * 5 * 6."]),
    ("A\u00a0fox  ran.", ["A fox ran."]),
]  # fmt: skip


@pytest.mark.parametrize(("script", "scenes"), NARRATED)
def test_words_are_narrated_and_marks_are_not(script: str, scenes: list[str]) -> None:
    assert [shot.text for shot in make_storyboard(script).shots] == scenes


FRONT = """---
title: "The Fox: a story"
style: watercolor
aspect: 9:16
narrator: man
characters:
  - name: Reynard
    aliases: Master Fox, the red one
    description: a fox
    voice: boy
  - Corva
---

# Another title

A fox ran.
"""


def test_front_matter_declares_the_story() -> None:
    board = make_storyboard(FRONT)
    assert (board.title, board.style, board.aspect) == ("The Fox: a story", "watercolor", "9:16")
    assert board.shots[0].speech[0].voice == "man"
    reynard = board.character("Reynard")
    assert (reynard.aliases, reynard.description, reynard.voice) == (
        ("Master Fox", "the red one"),
        "a fox",
        "boy",
    )
    assert board.character("Corva").voice not in ("boy", "narrator")
    assert board.shots[0].text == "A fox ran."


def test_the_request_wins_over_the_front_matter() -> None:
    board = make_storyboard(FRONT, StoryOptions(title="Mine", aspect="1:1"))
    assert (board.title, board.style, board.aspect) == ("Mine", "watercolor", "1:1")


def test_a_mapping_declares_characters_as_well_as_a_list() -> None:
    board = make_storyboard(
        "---\ncharacters:\n  Al: a man in a red hat\n  Bo: {voice: girl}\n---\nAl met Bo."
    )
    assert [(one.name, one.description) for one in board.characters] == [
        ("Al", "a man in a red hat"),
        ("Bo", ""),
    ]
    assert board.character("Bo").voice == "girl"


@pytest.mark.parametrize(
    ("script", "title"),
    [
        ("# The *Red* Fox\n\nA fox ran.", "The Red Fox"),
        ("A fox ran.", "A fox ran."),
        ("One day a young fox set out, alone, for town.", "One day a young fox set…"),
        ("---\ntitle:\n---\n# Fox\n\nA fox ran.", "Fox"),
    ],
)
def test_a_story_has_a_title(script: str, title: str) -> None:
    assert make_storyboard(script).title == title


def test_an_empty_script_of_options_has_the_defaults() -> None:
    board = make_storyboard("Nothing happened.")
    assert (board.style, board.aspect, board.characters) == ("storybook", "16:9", ())
    assert board.shots[0].speech[0].voice == "narrator"


def test_the_same_script_makes_the_same_storyboard() -> None:
    assert make_storyboard(FRONT) == make_storyboard(FRONT)
