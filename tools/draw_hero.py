"""Draws one character in eight shots, poses and lights, in docs/pictures/characters.jpg."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from picture_grid import draw_story, lay_out, save

from storyreel.plan import RenderOptions

OUT: Final = Path(__file__).resolve().parent.parent / "docs" / "pictures" / "characters.jpg"
SCRIPT: Final = """---
title: One fox, eight shots
characters:
  - name: Rusty
    description: a lean russet fox with a white-tipped tail, a cream chest and a green scarf
---

One fine morning, Rusty walked along the road to the village, and his green scarf fluttered behind him.

---

At night, Rusty sat by the campfire in the dark forest, and far away the stars came out one by one.

---

Rain poured down on the city, and Rusty ran through the wet streets as fast as his four legs could go.

---

Snow fell on the mountains, and Rusty slept under an old pine tree until the short winter day was over.

---

One summer evening in the vineyard, Rusty jumped at a bunch of grapes that hung high over him, time and again.

---

“What a lovely warm kitchen this is!” said Rusty, and he smiled at the old woman beside the table.

---

At dawn, Rusty swam across the lake, with nothing but his head and his scarf above the cold water.

---

On an autumn day in the field, Rusty looked up at three geese that flew over him to the south.
"""


def main() -> None:
    """Draw the eight shots."""
    panels = draw_story(SCRIPT, RenderOptions(resolution="720p", tier="medium"))
    if len(panels) != 8:
        raise SystemExit(f"the script makes {len(panels)} shots, not 8: change its sentences")
    save(lay_out([picture for _, picture in panels], 2, 1600, 14), OUT, 82)


if __name__ == "__main__":
    main()
