"""Prose to sentences, as spans: a splitter for English stories. It knows abbreviations, initials, ellipses
and the attributions that follow quoted speech; it cuts only at spaces and never loses a character."""

from __future__ import annotations

import re
from typing import Final

from services.gateway.storyboard.script import is_spoken
from services.gateway.storyboard.spans import Span
from services.gateway.storyboard.speech_verbs import SPEECH_VERB
from services.gateway.storyboard.vocabulary import words

OPENERS: Final = "\"'“‘«‹([{*_¿¡"
CLOSERS: Final = "\"'”’»›)]}*_"

MAX_SENTENCE_CHARACTERS: Final = 1_500
"""Of a sentence. What goes on longer is cut at a space: the time that reading takes grows with its square."""

_NEVER_LAST: Final = frozenset(words("sentences", "never_last"))
_SELDOM_LAST: Final = frozenset(words("sentences", "seldom_last"))
_BEFORE_NUMBER: Final = frozenset(words("sentences", "before_number"))
_STARTERS: Final = frozenset(words("sentences", "starters"))
_NAME_SPEAKS: Final = re.compile(rf"(?:[A-Z][\w'’-]*\.? ){{1,3}}(?:\w+ly )?{SPEECH_VERB}\b")
_NOT_NAMES: Final = re.compile(
    r"(?:The|A|An|He|She|It|They|We|You|I|This|That|Then|But|And|So|Everyone|Nobody)\b"
)
_TERMINAL: Final = re.compile(r"([.!?…‽]+)$")
_TOKEN: Final = re.compile(r"\S+")


def split_sentences(text: str, within: Span) -> list[Span]:
    """The sentences of one paragraph, `within` of `text`: spans one space apart that cover it."""
    tokens = [Span(*match.span()) for match in _TOKEN.finditer(text, within.start, within.end)]
    sentences: list[Span] = []
    start = 0
    for index, token in enumerate(tokens):
        last = index + 1 == len(tokens)
        endless = token.end - tokens[start].start > MAX_SENTENCE_CHARACTERS
        if not (last or endless or _ends_sentence(text, tokens, start, index)):
            continue
        span = Span(tokens[start].start, token.end)
        start = index + 1
        if sentences and not (is_spoken(span.of(text)) and is_spoken(sentences[-1].of(text))):
            sentences[-1] = Span(sentences[-1].start, span.end)
        else:
            sentences.append(span)
    return sentences


def _ends_sentence(text: str, tokens: list[Span], first: int, index: int) -> bool:
    """Whether the sentence from the token at `first` ends with that at `index`, which another follows."""
    token = tokens[index].of(text)
    bare = token.rstrip(CLOSERS)
    terminal = _TERMINAL.search(bare)
    if not terminal:
        return False
    following = tokens[index + 1].of(text)
    start = following.lstrip(OPENERS)
    if not _may_start(start):
        return False
    word = bare[: terminal.start()].lstrip(OPENERS + "—–-").lower()
    if terminal[0] == ".":
        return _full_stop_ends(word, start, first=index == first)
    if terminal[0] in ("..", "...", "…", "....") and word and start.lower().startswith(word):
        return False  # "I... I cannot": somebody stammers
    return not (
        bare != token and _is_attribution(text[tokens[index + 1].start : tokens[index + 1].start + 80])
    )


def _may_start(word: str) -> bool:
    """Whether a sentence can start with `word`: in upper case, in no case, or with a number; never a dash."""
    return bool(word) and word[0].isalnum() and not word[0].islower()


def _full_stop_ends(word: str, following: str, *, first: bool) -> bool:
    """Whether the full stop after `word` ends its sentence, given the word that follows."""
    if word in _BEFORE_NUMBER and following[0].isdigit():
        return False
    if word in _NEVER_LAST:
        return False
    if word.isdigit() and first:
        return False
    initial = len(word) == 1 and word.isalpha()
    if initial and word == "i":
        return not re.match(r"[A-Z]\.", following)
    if word in _SELDOM_LAST or initial or re.fullmatch(r"(?:[a-z]\.)+[a-z]", word):
        return re.split(r"[^\w]", following.lower(), maxsplit=1)[0] in _STARTERS
    return True


def _is_attribution(rest: str) -> bool:
    """Whether `rest`, which follows a closing quote, tells who spoke: "Reynard cried", "Mr. Fox said"."""
    return bool(_NAME_SPEAKS.match(rest)) and not _NOT_NAMES.match(rest)
