"""The words written on signs, doors and banners, and the text with them taken out."""

from __future__ import annotations

import re
from typing import Final

BOARD: Final = r"(?:sign(?:post|board)?|notice|placard|banner|poster|plaque|label)s?"
SURFACE: Final = r"(?:door|gate|stone|wall|letter|board|book|jar|arch|map|boat|ship|cart|wagon)s?"
BETWEEN: Final = r"(?:(?!\band\b|,)[^.!?“”\"]){0,60}?,?\s*"
QUOTE: Final = r"[“\"‘']([^“”\"‘\n]{1,60}?)[.,!]?[”\"’'](?!\w)"
NAME: Final = r"((?:the\s+|The\s+)?[A-Z0-9][\w’'-]*(?:\s+(?:of|the|and|de|la|to|[A-Z0-9][\w’'-]*))*)"
VERB: Final = (
    r"(?:reads?|said|says|saying|reading|declared|announced|announcing|spelled|marked|labell?ed|proclaimed)"
)
SAYS: Final = rf"(?:(?:that|which)\s+)?(?:\w+ly\s+)?{VERB}\s*[:,]?\s*"
SHOWS: Final = rf"(?:(?:that|which)\s+{VERB}|read|reads|reading|marked|labell?ed)\s*[:,]?\s*"
POINTS: Final = r"(?:point(?:s|ed|ing)|led|leading|showed the way)\s+(?:the\s+way\s+)?(?:to|towards?)"
ANYTHING: Final = r"[^.!?“”\"]{0,40}?"
PLACED: Final = r"(?=[^.!?]{0,60}\b(?:on|above|over|across|in|were|was|hung|painted|written)\b)"

PATTERNS: Final = (
    re.compile(rf"\b{BOARD}\b{BETWEEN}\b{SAYS}{QUOTE}", re.IGNORECASE),
    re.compile(rf"\b{SURFACE}\b{BETWEEN}\b{SHOWS}{QUOTE}", re.IGNORECASE),
    re.compile(rf"\bwords?\s+{QUOTE}{PLACED}", re.IGNORECASE),
    re.compile(rf"\b(?:painted|written|carved|wrote|lettered){ANYTHING}\bwords?\s+{QUOTE}", re.IGNORECASE),
    re.compile(rf"\b{BOARD}\s*[:,]\s*{QUOTE}", re.IGNORECASE),
    re.compile(rf"\b(?i:{BOARD})\b{ANYTHING}\b{POINTS}\s+{NAME}"),
    re.compile(rf"\b(?i:{BOARD})\b{BETWEEN}\b{SAYS}{NAME}"),
    re.compile(rf"\b(?i:{BOARD})\s+(?:to|for|with the name)\s+{NAME}"),
)
"""The ways a text puts words on a board; group 1 is the words."""


def take_signs(text: str) -> tuple[tuple[str, ...], str]:
    """The words on signs in `text`, in order, and `text` with them blanked out, offsets unchanged."""
    hits: dict[int, str] = {}
    rest = text
    for pattern in PATTERNS:
        for match in pattern.finditer(rest):
            low, high = match.span(1)
            hits[low] = " ".join(match.group(1).split())
            rest = rest[:low] + " " * (high - low) + rest[high:]
    return tuple(hits[at] for at in sorted(hits)), rest
