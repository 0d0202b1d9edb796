"""A shot's words as runs of speech, each in one voice. Joined by spaces, they are the shot's text again."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import accumulate, groupby
from operator import itemgetter
from typing import Final

from services.gateway.storyboard.attribution import Utterance
from services.gateway.storyboard.spans import Span
from storyreel.storyboard import Speech

_TOKEN: Final = re.compile(r"\S+")
_LETTER: Final = re.compile(r"[^\W_]")


def make_speech(
    text: str, shot: Span, utterances: Sequence[Utterance], voices: Mapping[str, str], narrator: str
) -> tuple[Speech, ...]:
    """The runs of `shot`: what a character says in that character's voice, everything else in the narrator's.

    A voice changes only at a space, so a word that a quote mark and a dash join to the next is not torn
    apart; a run that has nothing to say ("…") goes to its neighbour.
    """
    tokens = list(_TOKEN.finditer(text, *shot))
    speakers = _speakers(tokens, utterances)
    runs = groupby(zip(speakers, tokens, strict=True), key=itemgetter(0))
    return tuple(
        Speech(
            text=" ".join(token[0] for _, token in run),
            voice=voices[speaker] if speaker else narrator,
            speaker=speaker,
        )
        for speaker, run in runs
    )


def _speakers(tokens: Sequence[re.Match[str]], utterances: Sequence[Utterance]) -> list[str | None]:
    """Who says each token: the speaker of the quote that holds its first letter.

    A token without a letter goes with the one before it, or the first that has one.
    """
    letters = [_LETTER.search(token[0]) for token in tokens]
    known = [
        _speaker_at(token.start() + letter.start(), utterances)
        for token, letter in zip(tokens, letters, strict=True)
        if letter
    ]
    # The number of letters so far tells which of the known speakers a token goes with.
    so_far = accumulate(1 if letter else 0 for letter in letters)
    return [known[max(0, count - 1)] if known else None for count in so_far]


def _speaker_at(position: int, utterances: Sequence[Utterance]) -> str | None:
    return next((one.speaker for one in utterances if one.span.holds(position)), None)
