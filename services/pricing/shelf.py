"""The catalogue in force: read at start, read again when its file changes, kept when the new one is wrong."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final

from services.pricing.catalogue import CATALOGUE_FILE, Catalogue, CatalogueError, load_catalogue
from storyreel.telemetry.logs import get_logger

log = get_logger(__name__)

LOOK_SECONDS: Final = 1.0

_Mark = tuple[int, int, int]


class Shelf:
    """Holds the catalogue of one file. Raises CatalogueError where it cannot be used at the start."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or CATALOGUE_FILE
        self._mark = self._look()
        self._catalogue = load_catalogue(self.path)

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue in force."""
        return self._catalogue

    def refresh(self) -> None:
        """Reads the file again where it has changed; a wrong one leaves the old catalogue in force."""
        mark = self._look()
        if mark == self._mark:
            return
        self._mark = mark
        try:
            self._catalogue = load_catalogue(self.path)
        except CatalogueError as error:
            log.error("catalogue refused", reason=str(error), kept=self._catalogue.version)
            return
        log.info("catalogue read", version=self._catalogue.version)

    async def run(self, stopping: asyncio.Event) -> None:
        """Looks at the file every second until `stopping` is set."""
        while not stopping.is_set():
            self.refresh()
            try:
                async with asyncio.timeout(LOOK_SECONDS):
                    await stopping.wait()
            except TimeoutError:
                continue

    def _look(self) -> _Mark | None:
        """What changes when the file does, also where a symbolic link is pointed at another; None: gone."""
        try:
            stat = self.path.stat()
        except OSError:
            return None
        return stat.st_mtime_ns, stat.st_size, stat.st_ino
