"""What a script or a prompt may hold. The sizes hold any story of 200 shots, and are read in a second."""

from __future__ import annotations

from typing import Final

MAX_SCRIPT_BYTES: Final = 200_000
"""Of UTF-8: 200 KB, about 35,000 words."""
MAX_PROMPT_CHARACTERS: Final = 4_000
MAX_SHOTS: Final = 200
MAX_WORD_CHARACTERS: Final = 250
"""More than the longest shot can say, and short enough to be read over and over."""
MAX_CHARACTERS: Final = 40
MAX_TITLE_CHARACTERS: Final = 200
MAX_NAME_CHARACTERS: Final = 60
MAX_DESCRIPTION_CHARACTERS: Final = 600
MAX_STYLE_CHARACTERS: Final = 100
MAX_ALIASES: Final = 20
"""Of one character."""
