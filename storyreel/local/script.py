"""What can be checked before a story is sent: the script, where the film goes, and the wanted format."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Final

from storyreel.formats import TIERS, frame_format
from storyreel.local.errors import LocalError

LARGEST_SCRIPT_BYTES: Final = 1_000_000
SPACE_FOR_FILM_BYTES: Final = 500_000_000


def read_script(path: Path) -> str:
    """The text of a story. Raises LocalError if it is no readable, non-empty UTF-8 file."""
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise LocalError(f"There is no story at {path}.") from error
    except OSError as error:
        raise LocalError(f"The story {path} cannot be read: {error.strerror}.") from error
    if len(data) > LARGEST_SCRIPT_BYTES:
        raise LocalError(
            f"The story {path} has {len(data):,} bytes: at most {LARGEST_SCRIPT_BYTES:,} are taken."
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise LocalError(
            f"The story {path} is not UTF-8 text (byte {error.start}): save it as UTF-8."
        ) from error
    if "\0" in text:
        raise LocalError(f"The story {path} is a binary file: give a text file.")
    if not text.strip():
        raise LocalError(f"The story {path} is empty: write something in it.")
    return text


def check_output(film: Path) -> None:
    """Raises LocalError unless `film` names an .mp4 file in a folder that takes files and has room for it."""
    if film.suffix.lower() != ".mp4":
        raise LocalError(f"The film is an MP4 file: call it {film.with_suffix('.mp4')}, not {film}.")
    if film.is_dir():
        raise LocalError(f"{film} is a folder: name a file.")
    folder = film.absolute().parent
    if not folder.is_dir():
        raise LocalError(f"There is no folder {folder}: make it, or choose another with -o.")
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise LocalError(f"Nothing can be written to {folder}: {error.strerror}.") from error
    free = shutil.disk_usage(folder).free
    if free < SPACE_FOR_FILM_BYTES:
        raise LocalError(
            f"The disk of {folder} is nearly full ({free // 10**6} MB free, "
            f"{SPACE_FOR_FILM_BYTES // 10**6} MB needed): free some space or choose another folder with -o."
        )


def check_format(aspect: str | None, resolution: str, tier: str) -> None:
    """Raises LocalError naming what is offered. Without an aspect the script or the default decides it."""
    try:
        frame_format(aspect or "16:9", resolution)
    except ValueError as error:
        raise LocalError(f"{str(error)[0].upper()}{str(error)[1:]}.") from error
    if tier not in TIERS:
        raise LocalError(f"Unknown tier {tier!r}: choose one of {', '.join(TIERS)}.")
