"""Writing files whole: a reader finds the finished file or none, whatever crashes in between."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(out: Path) -> Iterator[Path]:
    """Yield a temporary path beside `out`; rename it to `out` when the block ends well, else delete it.

    The temporary name keeps the suffix, because muxers choose the container by it, and carries the process
    id, so that two workers drawing the same file do not write into each other's.
    """
    temporary = out.with_name(f".{out.stem}.{os.getpid()}.part{out.suffix}")
    try:
        yield temporary
        temporary.replace(out)
    finally:
        temporary.unlink(missing_ok=True)
