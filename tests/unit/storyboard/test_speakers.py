"""Who speaks: dialogue goes to a character where the text says whose it is, else to the narrator."""

from __future__ import annotations

import pytest

from services.gateway.storyboard import make_storyboard
from services.gateway.storyboard.quotes import find_quotes
from services.gateway.storyboard.spans import Span

CAST = """---
narrator: old_woman
characters:
  - {name: Reynard, aliases: [Master Fox], description: a sly red fox with his green hat, voice: man}
  - {name: Corva, description: a black crow with her white collar, voice: woman}
  - {name: mouse, voice: small}
---

"""

SPOKEN = [
    # script, and who speaks what, in order
    ("“Stop,” said Reynard.", ["Reynard: “Stop,”"]),
    ("“Stop,” said the fox.", ["Reynard: “Stop,”"]),
    ("“Stop,” said the old fox.", ["Reynard: “Stop,”"]),
    ("“Stop,” said Master Fox to the crow.", ["Reynard: “Stop,”"]),
    ("“Stop!” cried the fox.", ["Reynard: “Stop!”"]),
    ("“Stop!” the fox cried.", ["Reynard: “Stop!”"]),
    ("“Stop!” Reynard cried.", ["Reynard: “Stop!”"]),
    ("“Stop!” Reynard suddenly cried.", ["Reynard: “Stop!”"]),
    ("“Stop,” the fox, who was tired, said.", ["Reynard: “Stop,”"]),
    ('"Stop," said the crow.', ['Corva: "Stop,"']),
    ("'Stop,' said the crow.", ["Corva: 'Stop,'"]),
    ("‘It’s mine,’ said the crow.", ["Corva: ‘It’s mine,’"]),
    ("The fox said, “Stop.”", ["Reynard: “Stop.”"]),
    ("The fox said: “Stop.”", ["Reynard: “Stop.”"]),
    ("The fox turned to the crow and said, “Stop.”", ["Reynard: “Stop.”"]),
    ("Then the fox said to the crow, “Stop.”", ["Reynard: “Stop.”"]),
    ("Said the fox, “Stop.”", ["Reynard: “Stop.”"]),
    ("Corva sat down. She said, “Stop.”", ["Corva: “Stop.”"]),
    ("Corva sat down. “Stop,” she said.", ["Corva: “Stop,”"]),
    ("The fox and the crow sat down. “Stop,” she said.", ["Corva: “Stop,”"]),
    ("“Yes,” said the fox, “I know.”", ["Reynard: “Yes,”", "Reynard: “I know.”"]),
    ("“Yes,” said the fox. “I know.”", ["Reynard: “Yes,”", "Reynard: “I know.”"]),
    ("“Yes,” said the fox. “I know,” said the crow.", ["Reynard: “Yes,”", "Corva: “I know,”"]),
    ("“Eat,” said the small mouse.", ["mouse: “Eat,”"]),
    # a quote that goes on over paragraphs opens again, and closes once
    ("“I came,” said the fox. “I saw.\n\n“I left.”", ["Reynard: “I came,”", "Reynard: “I saw. “I left.”"]),
    # what nobody is said to say is the narrator's
    ("“Stop!”", []),
    ("“Is it far?”\n\n“No.”\n\n“Good.”", []),
    ("“Yes,” said the fox.\n\n“No.”", ["Reynard: “Yes,”"]),
    ("“Stop,” said the fox and the crow.", []),
    ("The fox and the crow said, “Stop.”", []),
    ("“Stop,” said a voice.", []),
    ("“Stop,” said the wife of the fox.", []),
    ("The mouse and a bee sat down in a boat. “Stop,” it said.", []),
    ("“Yes,” said the fox. The crow laughed. “No!”", ["Reynard: “Yes,”"]),
    ("The fox came to a town called “Hollow Creek.”", []),
    ("The fox painted a sign that said, “Keep out.”", []),
    ("The fox read the sign: “Keep out.”", []),
    ("“Stop.” The fox said nothing.", []),
    ("The foxes’ den was ‘cosy’, said the crow.", []),
    ("’Twas the fox’s house, and ’twas dark.", []),
]


@pytest.mark.parametrize(("script", "spoken"), SPOKEN)
def test_a_quote_is_spoken_by_whom_the_text_names(script: str, spoken: list[str]) -> None:
    board = make_storyboard(CAST + script)
    runs = [run for shot in board.shots for run in shot.speech]
    told = [f"{run.speaker}: {run.text}" for run in runs if run.speaker]
    assert " ".join(told) == " ".join(spoken)
    assert " ".join(run.text for run in runs).split() == script.split()


def test_every_run_has_its_speakers_voice_and_the_rest_the_narrators() -> None:
    board = make_storyboard(CAST + "“Yes,” said the fox. “No,” said the crow.")
    voices = [(run.speaker, run.voice) for shot in board.shots for run in shot.speech]
    assert voices == [("Reynard", "man"), (None, "old_woman"), ("Corva", "woman"), (None, "old_woman")]


def test_a_word_that_a_dash_joins_to_a_quote_is_not_torn_apart() -> None:
    board = make_storyboard(CAST + "“Stop!”—cried the fox, and “go!” he said.")
    assert board.shots[0].text == "“Stop!”—cried the fox, and “go!” he said."


def test_a_quote_with_nothing_to_say_goes_with_the_words_beside_it() -> None:
    board = make_storyboard(CAST + "“…!” said the fox.")
    assert [run.text for run in board.shots[0].speech] == ["“…!” said the fox."]


def test_a_speaker_is_in_every_shot_that_a_long_speech_takes() -> None:
    speech = "“" + " ".join(f"I have walked down road number {n} in the rain." for n in range(12)) + "”"
    board = make_storyboard(CAST + f"The fox said: {speech}")
    assert len(board.shots) > 2
    assert all(shot.cast == ("Reynard",) for shot in board.shots)


QUOTES = [
    ("“Yes,” he said.", ["“Yes,”"]),
    ('"Yes," he said, "no."', ['"Yes,"', '"no."']),
    ("It's Bob's.", []),
    ("'It's Bob's,' he said.", ["'It's Bob's,'"]),
    ("‘Don’t,’ he said, ‘don’t.’", ["‘Don’t,’", "‘don’t.’"]),
    ("The dogs' bowl and the cats' milk.", []),
    ("Rock 'n' roll in the '90s.", []),
    ("“He told me ‘Go!’ and I went,” she said.", ["“He told me ‘Go!’ and I went,”"]),
    ("‘He told me “Go!” and I went,’ she said.", ["‘He told me “Go!” and I went,’"]),
    ("«Halt!» rief er.", ["«Halt!»"]),
    ("A 6\" nail and a 7\" nail.", []),
    ("“Never closed, he said.", ["“Never closed, he said."]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "quotes"), QUOTES)
def test_quotes_are_told_from_apostrophes(text: str, quotes: list[str]) -> None:
    (found,) = find_quotes(text, [Span(0, len(text))])
    assert [quote.span.of(text) for quote in found] == quotes
