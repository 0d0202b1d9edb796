"""Draws one frame of every shot of a film, in three columns: `draw_film_frames.py FILM OUT`.

A film has a chapter for each shot; the frame is the one in the middle of it.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import av
import skia
from picture_grid import lay_out, save

COLUMNS: Final = 3
WIDTH: Final = 1600
GAP: Final = 14
QUALITY: Final = 82


def frames_of(film: Path) -> Iterator[skia.Image]:
    """The frame in the middle of each chapter of `film`. Raises ValueError for a film without chapters."""
    with av.open(str(film)) as container:
        chapters = container.chapters()
        if not chapters:
            raise ValueError(f"{film} has no chapters: choose a film that Storyreel made")
        stream = container.streams.video[0]
        for chapter in chapters:
            base = chapter["time_base"]
            wanted = float((chapter["start"] + chapter["end"]) / 2 * (base or 1))
            container.seek(int(wanted * av.time_base))
            frame = next(one for one in container.decode(stream) if float(one.time or 0.0) >= wanted)
            yield skia.Image.fromarray(frame.to_ndarray(format="rgba"), skia.kRGBA_8888_ColorType)


def main() -> None:
    """Read the command line and draw."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("film", type=Path, help="an .mp4 that Storyreel made")
    parser.add_argument("out", type=Path, help="the picture, a .jpg or .png")
    asked = parser.parse_args()
    save(lay_out(list(frames_of(asked.film)), COLUMNS, WIDTH, GAP), asked.out, QUALITY)


if __name__ == "__main__":
    main()
