"""Random streams of a chaos run, each with a name of its own, all following from one seed."""

from __future__ import annotations

import random


def stream(seed: int, *names: object) -> random.Random:
    """The stream of that name; the same seed and names always give the same numbers."""
    return random.Random("/".join(str(part) for part in (seed, *names)))
