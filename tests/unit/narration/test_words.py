"""Every word of a text is in its narration, exactly as written, with a time; whatever the text is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.narration.engines.local.pronunciation import align
from services.narration.engines.local.speech import Spoken, local_voice, speak
from services.narration.timing import SpokenWord, place_words, words_of
from storyreel.recipes import NarrationRecipe
from storyreel.storyboard import Speech

NASTY = (
    "“1,200 men” — the 3rd of them, well—then, left at 3:30 p.m. for $5.50 & more.",
    "STOP! HELP ME, NASA. Shhh! Grrr… Psst, Zzz.",
    "Привет, 中文 🦊 café naïve Zoë Łódź ＡＢＣ ٣٤ said",
    "“‘Tis,” he said, “the dogs’ bone.” 'No.' \"Why?\"",
    "[x](/həl/) {a} <b> a/b a_b *bold* _it_ #tag @me 50% x=y ~ ^ \\ | `",
    "7" * 40 + " 1,000,000,000,000,000,000 0.0000000000000000001",
    "March 3 , 2024 and 5 km - 7 km , No. 5 & £3 million; 10 - 20 -- Henry VIII",
    "J. K. Rowling met Dr. Fox in Washington, D.C. e.g. this http://www.a.com/x?y=1",
    "a-" * 60 + " " + "x" * 90,
    "word " * 110,
)


def recipe(*speech: tuple[str, str], take: int = 1) -> NarrationRecipe:
    parts = tuple(Speech(text=text, voice=voice) for text, voice in speech)
    return NarrationRecipe(engine="local", model="hibari-0.2.1", speech=parts, take=take)


def assert_words_are_in_time(spoken: Spoken, text: str) -> None:
    assert " ".join(word.text for word in spoken.words) == " ".join(text.split())
    times = [time for word in spoken.words for time in (word.start_seconds, word.end_seconds)]
    assert times == sorted(times)
    assert times[0] >= 0
    assert times[-1] <= spoken.duration_seconds


@pytest.mark.parametrize("text", NASTY)
def test_no_word_of_a_difficult_text_is_lost(text: str) -> None:
    assert_words_are_in_time(speak(recipe((text, "narrator"))), text)


TRICKY = (
    *("Dr.", "No.", "5", "km", "—", "3rd", "[a](/b/)", "'tis", "I'm", "½", "$5", "million", "March"),
    *("1/2", "A.M.", "...", "²³", "¹A", "ME!", "rock'n'roll", "1,200,", "(10:30)", "£", "%"),
)
WRITTEN = st.one_of(
    st.text(max_size=40),
    st.text(alphabet="0123456789,.:/-–—$£€%°'’‘“”\"#&+ kmMIVXapst", max_size=40),
    st.lists(st.sampled_from(TRICKY)).map(" ".join).filter(lambda text: len(text) < 60),
)


@settings(max_examples=60, deadline=None)
@given(WRITTEN)
def test_any_text_keeps_its_words(text: str) -> None:
    whole = f"{text} said the fox"
    assert_words_are_in_time(speak(recipe((whole, "narrator"))), whole)


def test_words_run_on_across_voices() -> None:
    speech = (
        ("The fox waited… and", "narrator"),
        ("“Run!”", "boy"),
        ("—", "giant"),
        ("said Tom.", "narrator"),
    )
    spoken = speak(recipe(*speech))
    assert_words_are_in_time(spoken, " ".join(text for text, _ in speech))
    dash = spoken.words[5]
    assert dash.text == "—"
    assert dash.start_seconds == dash.end_seconds == spoken.words[4].end_seconds


@pytest.mark.parametrize("text", ["", "— …", "中文", "🦊 ***"])
def test_a_text_without_a_word_to_pronounce_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="cannot speak"):
        speak(recipe((text, "narrator")))


def test_a_word_read_as_several_keeps_them_together() -> None:
    spoken = speak(recipe(("He paid 1,200 coins for it.", "narrator")))
    number, coins = spoken.words[2], spoken.words[3]
    assert number.text == "1,200"
    assert number.end_seconds - number.start_seconds > 2 * (coins.end_seconds - coins.start_seconds)


def test_heard_words_go_back_to_the_words_they_come_from() -> None:
    assert align(["3:30", "pm", "—", "5", "km"], ["three", "thirty", "P.M.", "—", "5", "kilometers"]) == [
        0, 0, 1, 2, 3, 4,
    ]  # fmt: skip
    assert align(["hello", ",", "you"], ["hello,", "you"]) == [0, 2]


def test_onsets_are_where_the_sound_is() -> None:
    spoken = speak(recipe(("One. Two. Three. Four.", "narrator")))
    level = np.abs(spoken.samples)
    for before, word in zip(spoken.words, spoken.words[1:], strict=False):
        gap = slice(
            *(round(t * spoken.sample_rate) for t in (before.end_seconds + 0.06, word.start_seconds - 0.06))
        )
        inside = slice(*(round(t * spoken.sample_rate) for t in (word.start_seconds, word.end_seconds)))
        assert gap.stop - gap.start > 0.2 * spoken.sample_rate
        assert level[gap].max() < 0.02 * level[inside].max()


def test_a_shouted_sentence_is_read_as_words_and_an_abbreviation_is_spelled() -> None:
    pronouncer = local_voice().pronouncer

    def phonemes(sentence: str) -> str:
        return pronouncer.passages(sentence.split(), 0)[0].phonemes

    assert phonemes("HELP ME!") == phonemes("help me!")
    assert phonemes("ME!") == phonemes("me!")
    assert "ˌɛfbˌiˈI" in phonemes("CALL THE FBI!")
    assert "ʃː" in phonemes("Shhh!")


def test_words_not_heard_stand_beside_their_neighbours() -> None:
    placed = place_words(("—", "a", "…", "b"), {1: (0.5, 0.8), 3: (0.7, 9.0)}, 1.0)
    assert placed == (
        SpokenWord("—", 0.5, 0.5),
        SpokenWord("a", 0.5, 0.8),
        SpokenWord("…", 0.8, 0.8),
        SpokenWord("b", 0.8, 1.0),
    )
    assert words_of((Speech(text=" a  b\n"), Speech(text="c"))) == ("a", "b", "c")
