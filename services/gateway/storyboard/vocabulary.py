"""The word lists of `vocabulary.toml`, read once."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any


def words(table: str, key: str) -> tuple[str, ...]:
    """The words of one list, in the order of the file. Raises KeyError."""
    return tuple(_tables()[table][key].split())


def entries(table: str) -> tuple[dict[str, Any], ...]:
    """The entries of a table that has several, in the order of the file. Raises KeyError."""
    return tuple(_tables()[table])


@cache
def _tables() -> dict[str, Any]:
    file = resources.files("services.gateway.storyboard") / "vocabulary.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))
