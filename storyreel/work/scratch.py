"""Scratch folders: one for each attempt, gone after it; those of killed processes go at the next start."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from storyreel.telemetry.logs import get_logger

log = get_logger(__name__)

OURS: Final = re.compile(r"storyreel-scratch-(\d+)-")


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder of this process, removed at the end of the block."""
    with tempfile.TemporaryDirectory(prefix=f"storyreel-scratch-{os.getpid()}-") as folder:
        yield Path(folder)


def remove_leftovers() -> None:
    """Removes scratch folders whose process is no more: kill -9 leaves them behind."""
    for folder in Path(tempfile.gettempdir()).glob("storyreel-scratch-*"):
        owner = OURS.match(folder.name)
        if owner is not None and not _is_running(int(owner[1])):
            shutil.rmtree(folder, ignore_errors=True)
            log.info("scratch of a dead process removed", folder=str(folder))


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
