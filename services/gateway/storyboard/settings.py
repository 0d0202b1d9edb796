"""Where and when every sentence plays. A setting holds until the text changes it, by these rules:

1. A sentence changes what its narration says, no more; what is only spoken of between quotes changes nothing.
2. A new day ("the next morning", "two days later") clears the weather; it is `day` unless the text says more.
3. Rain, snow or a storm that stops, passes or clears leaves clear weather.
4. A season holds until another is named or shows: snow means winter, months gone by no season.
5. A new scene keeps place and season, and forgets time and weather; its heading is read like a sentence.
"""

from __future__ import annotations

import re
from typing import Final

from storyreel.reading import Reading
from storyreel.storyboard import Setting

_NUMBER: Final = r"(?:a|an|one|two|three|four|five|six|seven|many|some|several|a few|\d+)"
_UNITS: Final = r"(?:day|night|week|month|year)"
_PARTS: Final = r"(?:morning|afternoon|evening|spring|summer|autumn|winter)"
_NEW_DAY: Final = re.compile(
    rf"\b(?:(?:the|that) (?:next|following) (?:{_UNITS}|{_PARTS})"
    rf"|{_NUMBER} {_UNITS}s? (?:later|after|passed|went by|had passed)|{_UNITS}s (?:later|passed|went by)"
    r"|another day|the day after|next day|next morning)\b",
    re.IGNORECASE,
)
_WEATHER_ENDS: Final = re.compile(
    r"\b(?:rain|snow|storm|thunder|wind|fog|mist|clouds?|blizzard|snowstorm|drizzle|downpour)\b"
    r"(?: had| has)? (?:finally |at last |soon )?"
    r"(?:stopped|ended|passed|cleared|lifted|died|faded|melted|blew over|was over|parted|vanished)\b",
    re.IGNORECASE,
)
_MONTHS_LATER: Final = re.compile(
    rf"\b(?:{_NUMBER} )?months? (?:later|passed|went by|had passed)\b", re.IGNORECASE
)
CLEAR: Final = "clear"
DAY: Final = "day"
WINTER: Final = "winter"


def begin_scene(before: Setting, heading: Reading, heading_text: str) -> Setting:
    """The setting in which a scene begins, after `before`."""
    return follow(Setting(place=before.place, season=before.season), heading, heading_text)


def follow(before: Setting, reading: Reading, narration: str) -> Setting:
    """The setting after a sentence, read as `reading`, that follows one in setting `before`."""
    new_day = bool(_NEW_DAY.search(narration))
    weather = reading.weather or (None if new_day else before.weather)
    if _WEATHER_ENDS.search(narration):
        weather = CLEAR
    return Setting(
        place=reading.place or before.place,
        time=reading.time or (DAY if new_day else before.time),
        weather=weather,
        season=_season(before, reading, narration),
    )


def _season(before: Setting, reading: Reading, narration: str) -> str | None:
    if reading.season:
        return reading.season
    if reading.weather == "snow":
        return WINTER
    return None if _MONTHS_LATER.search(narration) else before.season
