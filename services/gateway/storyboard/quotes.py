"""Quoted speech in prose: where each quote begins and ends, marks included. An apostrophe is no quote."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from services.gateway.storyboard.spans import Span

_MARK: Final = re.compile(r"[\"“”„«»'‘’]")
_CLOSED_BY: Final = {'"': '"”', "“": '”"', "„": '“”"', "«": "»", "»": "«", "'": "'’", "‘": "’'"}
_SINGLE: Final = frozenset("'‘")
_ENDS_SPEECH: Final = frozenset(",.!?…;:—–-")
_ELISION: Final = re.compile(
    r"(?:tis|twas|twere|twill|em|cause|til|till|round|bout|neath|n|\d+s?)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Quote:
    """A quote. `continues`: the speaker of the quote before goes on in a new paragraph."""

    span: Span
    continues: bool = False


def find_quotes(text: str, paragraphs: Sequence[Span]) -> list[tuple[Quote, ...]]:
    """The quotes of each of `paragraphs` of `text`, in order.

    A quote that is never closed lasts to the end of its paragraph, and goes on in the next one if that
    opens with a quote mark too, as the custom is.
    """
    quotes: list[tuple[Quote, ...]] = []
    left_open = False
    for index, paragraph in enumerate(paragraphs):
        following = text[paragraphs[index + 1].start] if index + 1 < len(paragraphs) else ""
        spans, still_open = _quotes_of(text, paragraph, following)
        quotes.append(
            tuple(Quote(span, continues=left_open and span.start == paragraph.start) for span in spans)
        )
        left_open = still_open
    return quotes


def blank(text: str, spans: Iterable[Span]) -> str:
    """`text` with the characters of `spans` made spaces, so that every offset stays."""
    pieces: list[str] = []
    at = 0
    for span in spans:
        pieces += text[at : span.start], " " * (span.end - span.start)
        at = span.end
    return "".join((*pieces, text[at:]))


def _quotes_of(text: str, paragraph: Span, following: str) -> tuple[list[Span], bool]:
    """The quotes of one paragraph, and whether the last goes on where the next starts with `following`."""
    found: list[Span] = []
    opened: int | None = None
    for match in _MARK.finditer(text, paragraph.start, paragraph.end):
        at = match.start()
        before = text[at - 1] if at > paragraph.start else " "
        after = text[at + 1] if at + 1 < paragraph.end else " "
        if opened is None:
            opened = at if _opens(text, at, before, after) else None
        elif _closes(text[opened], match[0], before, after):
            found.append(Span(opened, at + 1))
            opened = None
        elif text[opened] in _SINGLE and match[0] in _SINGLE and _opens(text, at, before, after):
            opened = at  # the one before was no speech: 'so-called' words, or a stray apostrophe
    if opened is None:
        return found, False
    goes_on = following != "" and following == text[opened]
    if text[opened] not in _SINGLE or goes_on:
        found.append(Span(opened, paragraph.end))
    return found, goes_on


def _opens(text: str, at: int, before: str, after: str) -> bool:
    mark = text[at]
    if mark in "“„«":
        return True
    if mark not in _CLOSED_BY or before.isalnum() or after.isspace():
        return False
    return mark not in _SINGLE or not _ELISION.match(text, at + 1)


def _closes(opener: str, mark: str, before: str, after: str) -> bool:
    if mark not in _CLOSED_BY[opener]:
        return False
    if opener in _SINGLE:
        return before in _ENDS_SPEECH and not after.isalnum()
    return mark != '"' or not (before.isspace() and after.isalnum())
