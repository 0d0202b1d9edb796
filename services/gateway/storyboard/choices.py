"""Checks of single values that a story declares, wherever they come from."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from services.gateway.storyboard.errors import FrontMatterError
from storyreel.formats import PIXELS
from storyreel.voices import VOICES


def check_aspect(aspect: str) -> str:
    """`aspect`, if films are made in it. Raises FrontMatterError naming what is offered."""
    if aspect not in PIXELS:
        raise FrontMatterError(f"unknown aspect {aspect!r}; {suggestion(aspect, PIXELS)}")
    return aspect


def check_voice(voice: str, where: str) -> str:
    """`voice`, if it is one. Raises FrontMatterError naming `where` and the voices."""
    if voice not in VOICES:
        raise FrontMatterError(f"{where} has an unknown voice {voice!r}; {suggestion(voice, VOICES)}")
    return voice


def check_length(text: str, longest: int, what: str) -> str:
    """`text`, if it is at most `longest` characters long. Raises FrontMatterError."""
    if len(text) > longest:
        raise FrontMatterError(f"{what} is {len(text)} characters long; shorten it to at most {longest}")
    return text


def suggestion(value: str, known: Iterable[str]) -> str:
    """What to write instead of `value`: the nearest known word, or all of them."""
    words = tuple(known)
    near = difflib.get_close_matches(value.lower(), words, n=1, cutoff=0.6)
    return f"did you mean {near[0]!r}?" if near else f"choose one of {', '.join(words)}"
