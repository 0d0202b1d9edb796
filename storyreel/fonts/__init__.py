"""The typefaces that come with Storyreel, so that lettering looks the same on every machine."""

from __future__ import annotations

from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent


def sign_font() -> Path:
    """The TrueType file for words on signs and titles: Vollkorn Bold (SIL Open Font License 1.1)."""
    return HERE / "Vollkorn-Bold.ttf"


def text_font() -> Path:
    """The TrueType file for running text and captions: Vollkorn Regular (SIL Open Font License 1.1)."""
    return HERE / "Vollkorn-Regular.ttf"
