"""Whom a pronoun means, where the text leaves no choice.

The nearest sentence that names anybody who fits it decides, its own first: if it names one, that one is
meant; if more, nobody is.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from services.gateway.storyboard.kinds import pronouns_of
from services.gateway.storyboard.names import Mention
from services.gateway.storyboard.spans import Span
from storyreel.storyboard import Character

RECENT_SENTENCES: Final = 2
"""Before the pronoun's own, in the same scene. Who was named earlier is forgotten."""

_FORMS: Final = {
    "he": "he", "him": "he", "his": "he", "himself": "he", "she": "she", "her": "she", "hers": "she",
    "herself": "she", "it": "it", "its": "it", "itself": "it", "they": "they", "them": "they",
    "their": "they", "theirs": "they", "themselves": "they",
}  # fmt: skip
_OWNING: Final = frozenset({"his", "her", "its", "their"})
_PRONOUN: Final = re.compile(rf"\b(?:{'|'.join(_FORMS)})\b", re.IGNORECASE)
_NOBODY: Final = re.compile(
    r"it(?:'s|’s| is| was| had been| seemed| would be| grew| became| got| began| rained| snowed)"
    r"(?:\s+(?:a|an|the|so|too|very|not|only|just|as|raining|snowing|cold|hot|warm|dark|late|early|time|no|true|"
    r"impossible|easy|hard|getting|to|that|now|almost|nearly|still|quite|autumn|winter|spring|summer)\b|\b)",
    re.IGNORECASE,
)
"""An "it" that means the weather, the hour or nothing."""


@dataclass(frozen=True)
class Line:
    """A sentence as pronouns need it.

    `strangers` are people and animals in it who are no characters, and `things` says that it names something:
    a pronoun could mean them instead.
    """

    span: Span
    mentions: tuple[Mention, ...]
    strangers: tuple[Mention, ...]
    things: bool


class _Told(NamedTuple):
    """Who a sentence tells of so far, and whether it names a thing."""

    names: list[str]
    things: bool


class Pronouns:
    """Resolves the pronouns of one story."""

    def __init__(
        self, characters: Sequence[Character], scenes: Iterable[Sequence[Line]], narrated: str
    ) -> None:
        """`narrated` is the story's text with its quotes blanked out."""
        self._text = narrated
        self._fits: dict[str, frozenset[str]] = {
            character.name: pronouns_of(character) for character in characters
        }
        scenes = list(scenes)
        strangers = {one.name for scene in scenes for line in scene for one in line.strangers}
        self._strangers = strangers - self._fits.keys()
        self._fits |= {name: pronouns_of(Character(name=name)) for name in sorted(self._strangers)}
        self._fits |= _told_by_the_text(self._fits, scenes, narrated)
        self.mentions: dict[int, Mention] = {}
        """Whom each resolved pronoun means, by its offset; one of them where it means two."""
        self.groups: dict[int, tuple[Mention, ...]] = {}
        """The same for every resolved pronoun, with all that it means."""
        for scene in scenes:
            self._resolve_scene(scene)

    def _resolve_scene(self, scene: Sequence[Line]) -> None:
        recent: deque[_Told] = deque(maxlen=RECENT_SENTENCES)
        for line in scene:
            told = _Told([], line.things)
            for span, name in _in_order(self._text, line):
                if name is not None:
                    told.names.append(name)
                    continue
                meant = self._meaning(span, line, [told, *reversed(recent)])
                told.names.extend(meant)
                if self._strangers.intersection(meant):
                    continue
                if meant:
                    self.groups[span.start] = tuple(Mention(span, one) for one in meant)
                if len(meant) == 1:
                    self.mentions[span.start] = Mention(span, meant[0])
            recent.append(told)

    def _meaning(self, pronoun: Span, line: Line, nearest: Sequence[_Told]) -> list[str]:
        """Whom `pronoun` means, given who its own sentence and those before tell of; empty if unsure."""
        word = pronoun.of(self._text).lower()
        form = _FORMS[word]
        if form == "it" and (
            any(told.things for told in nearest) or _NOBODY.match(self._text, pronoun.start)
        ):
            return []
        later = self._fitting((one.name for one in line.mentions if one.span.start > pronoun.start), form)
        if word in _OWNING and later and not nearest[0].names:
            return later if len(later) == 1 else []  # "In his burrow, Pip heard the roar"
        for told in nearest:
            fitting = self._fitting(told.names, form)
            if fitting:
                return fitting if len(fitting) == 1 else []
        return self._pair(nearest) if form == "they" else []

    @staticmethod
    def _pair(nearest: Sequence[_Told]) -> list[str]:
        """The two that "they" means: those of the nearest sentence that tells of more than one, or of all."""
        together = next((told.names for told in nearest if len(set(told.names)) > 1), None)
        names = together or [name for told in reversed(nearest) for name in told.names]
        pair = list(dict.fromkeys(names))
        return pair if len(pair) == 2 else []

    def _fitting(self, names: Iterable[str], form: str) -> list[str]:
        return [name for name in dict.fromkeys(names) if form in self._fits[name]]


def _told_by_the_text(
    fits: Mapping[str, frozenset[str]], scenes: Iterable[Sequence[Line]], narrated: str
) -> dict[str, frozenset[str]]:
    """What the story itself says of characters whose words leave "he" or "she" open.

    "The crow opened her beak" tells it: a sentence that names one character, and uses one of the two.
    """
    forms: dict[str, set[str]] = {}
    for line in (line for scene in scenes for line in scene):
        names = {mention.name for mention in line.mentions}
        if len(names) != 1:
            continue
        first = line.mentions[0].span.start
        used = {_FORMS[match[0].lower()] for match in _PRONOUN.finditer(narrated, first, line.span.end)}
        forms.setdefault(names.pop(), set()).update(used & {"he", "she"})
    return {
        name: frozenset(used)
        for name, used in forms.items()
        if len(used) == 1 and fits[name] >= {"he", "she"}
    }


def _in_order(text: str, line: Line) -> Iterator[tuple[Span, str | None]]:
    """The mentions and pronouns of a sentence, in order; None for the name of a pronoun."""
    pronouns = [(Span(*match.span()), None) for match in _PRONOUN.finditer(text, *line.span)]
    named = [(mention.span, mention.name) for mention in (*line.mentions, *line.strangers)]
    yield from sorted([*pronouns, *named], key=lambda found: found[0].start)
