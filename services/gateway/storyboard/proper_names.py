"""People called by name in a story that declares no characters: "Anna", who does or says something."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from services.gateway.storyboard.speech_verbs import SPEECH_VERB
from services.gateway.storyboard.vocabulary import words
from storyreel.storyboard import Character

_NAME: Final = r"(?P<name>[A-Z][a-zà-ÿ]+)"
_DOES: Final = (
    r"(?:was|had|could|would|did|took|ran|sat|saw|went|came|stood|felt|knew|found|made|woke|[a-z]{2,}ed)"
)
_ACTING: Final = re.compile(
    rf"\b{_NAME} (?:{SPEECH_VERB}|{_DOES})\b|\b{SPEECH_VERB} (?P<speaker>[A-Z][a-zà-ÿ]+)\b"
)
_WHERE_OR_WHEN: Final = re.compile(
    r"\b(?:in|into|at|near|through|across|on|the|a|an) ([A-Z][a-zà-ÿ]+)\b", re.IGNORECASE
)
_NAMED: Final = re.compile(rf"\b(?P<what>(?:[Aa]n?) (?:[\w-]+ ){{1,5}}?)(?:named|called) {_NAME}\b")
_APPOSED: Final = re.compile(rf"\b{_NAME}, (?P<what>an? [^,.;:!?]{{3,80}})[,.]")


def named_people(narrations: Sequence[str], recurring: int) -> list[Character]:
    """Who is called by a name in at least `recurring` of `narrations`, in order, their voices left open.

    A name is a capitalised word that does or says something, and is never written small, nor where a place
    or a day is named ("in Paris", "on Sunday").
    """
    text = "\n".join(narrations)
    acting = [match["name"] or match["speaker"] for match in _ACTING.finditer(text)]
    small = set(re.findall(r"\b[a-zà-ÿ]+\b", text)) | set(words("sentences", "starters"))
    other = {match[1] for match in _WHERE_OR_WHEN.finditer(text)}
    names = [name for name in dict.fromkeys(acting) if name.lower() not in small and name not in other]
    count = Counter(name for narration in narrations for name in set(re.findall(r"\w+", narration)))
    return [
        Character(name=name, description=_description(name, text), voice="")
        for name in names
        if count[name] >= recurring
    ]


def _description(name: str, text: str) -> str:
    """What the text says a person is: "a girl named Anna", "Anna, a girl with red hair,"."""
    for match in (*_NAMED.finditer(text), *_APPOSED.finditer(text)):
        if match["name"] == name:
            what = match["what"].strip()
            return what[0].lower() + what[1:]
    return ""
