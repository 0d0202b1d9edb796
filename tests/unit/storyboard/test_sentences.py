"""Where one sentence ends and the next begins."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.storyboard.sentences import split_sentences
from services.gateway.storyboard.spans import Span

SENTENCES = [
    # each row is one paragraph, cut where the bars are
    "The fox ran.|The crow flew.",
    "It was cold!|Nobody came.|Why?|Because it snowed.",
    "Mr. Fox met Mrs. Crow on St. John's Eve.|They bowed.",
    "Dr. Owl and Prof. Hare argued.|Nobody won.",
    "He ate a fig.|He lay in the sun.|Birds sang.",
    "He sat.|Nobody spoke.",
    "He liked fruit, e.g. grapes and figs.|She did not.",
    "He kept one thing, i.e. the key.|It was gold.",
    "The hare vs. the tortoise: who wins?|Nobody knew.",
    "He sailed to the U.S. on a raft.|It sank.",
    "He sailed to the U.S.|He never came back.",
    "The U.S. Army marched by.|Dust rose.",
    "He came at 5 p.m. sharp.|She left at 6 p.m.|Then it rained.",
    "They met at 9 a.m. on Monday.|It rained.",
    "J. R. R. Tolkien wrote it.|C. S. Lewis read it.",
    "It was I.|Nobody else was there.",
    "So am I. J. was not.",
    "The stone weighed 3.5 pounds.|The feather weighed 0.01.",
    "It cost 1,200.50 coins.|Too much!",
    "See No. 7 on the list.|It is gone.",
    "The answer is no. 7 wolves came.",
    "In 1984.|Nobody slept.",
    "Wait... what was that?|A mouse.",
    "Wait...|The door opened.",
    "He thought… and thought.|Then he slept.",
    "I... I cannot say.|Goodbye.",
    "Well . . . perhaps.|Good night.",
    "“Stop!” cried the fox.|The crow stopped.",
    '"Stop!" cried the fox.|The crow stopped.',
    "“What?!” she gasped.|He nodded.",
    "“Is it far?” asked the mouse.|“No.”|It was not.",
    "“Stop!” Reynard cried.|“Come back!”",
    "“Stop!” Mr. Fox cried.|Nobody did.",
    "“Stop!”|The fox ran.",
    "“Stop!”|He said nothing more.",
    "He said, “Stop.”|Then he ran.",
    "He said, “Stop.|Go home.”|They went.",
    "“Yes,” said the fox, “I know.”|The crow slept.",
    "“Are you sure?”|“Quite sure.”",
    "‘Stop!’ cried the fox.|‘Why?’ asked the crow.",
    "(He was late.)|They waited.",
    "They waited (he was late).|Then they left.",
    "They waited [see above.]|Then they left.",
    "Oh! how lovely it was.|They sang.",
    "“Help!”—and she was gone.|Silence.",
    "“Well!” — he turned away.|She wept.",
    "The end",
    "1. Take the bread.|2. Eat it.",
    "He shouted “No!!!”|Nobody heard…|Nobody came.",
    "Smith & Co.|The shop was shut.",
    "Smith Jr. was small.|Smith Sr. was tall.",
    "Ltd. is short for limited.|So is lim.",
    "«Halt!» rief er.|Dann lief er.",
    "Élan was his name.|Ésope told it.",
    "Was it a cat?|A dog?|A wolf?",
    "Yes.|No.|Maybe.",
    "The sign read “Old Vineyard.”|Beyond it hung grapes.",
    "She bought apples, pears, etc. and went home.|It rained.",
    "She bought apples, pears, etc.|The bag was heavy.",
    "*** The fox slept.",
    "“…” said nobody.|The wind blew.",
]


@pytest.mark.parametrize("row", SENTENCES)
def test_a_paragraph_is_cut_between_its_sentences(row: str) -> None:
    text = row.replace("|", " ")
    assert [span.of(text) for span in split_sentences(text, Span(0, len(text)))] == row.split("|")


@given(
    st.lists(
        st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=9),
        min_size=1,
        max_size=40,
    )
)
def test_sentences_cover_any_paragraph(tokens: list[str]) -> None:
    text = " ".join(" ".join(tokens).split())
    spans = split_sentences(text, Span(0, len(text)))
    assert " ".join(span.of(text) for span in spans) == text
