"""Brings a finished film home: the film, its subtitles and its poster, each whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Final

from storyreel.local.errors import LocalError
from storyreel.local.gateway import Film, Gateway, GatewayGoneError, Job, RequestRefusedError

_TRIES: Final = 3


async def deliver(gateway: Gateway, job: Job, film: Path) -> tuple[Path, ...]:
    """Download to `film` and beside it; returns the paths, the film's first.

    The film takes its place last: once it is there, everything is. Raises LocalError after three tries.
    """
    for attempt in range(1, _TRIES + 1):
        if job.film is None:
            raise LocalError(
                f"Job {job.id} ended as {job.state} without a film: see {gateway.url}/v1/jobs/{job.id}."
            )
        try:
            return await _deliver_once(gateway, job.film, film)
        except (GatewayGoneError, RequestRefusedError):
            if attempt == _TRIES:
                raise
            job = await gateway.job(job.id)  # its URLs may have expired: these are new
    raise AssertionError("the last try returns or raises")


async def _deliver_once(gateway: Gateway, made: Film, film: Path) -> tuple[Path, ...]:
    beside = {
        film.with_suffix(".srt"): made.srt_url,
        film.with_suffix(".vtt"): made.vtt_url,
        film.with_suffix(".jpg"): made.poster_url,
    }
    for path, url in (*beside.items(), (film, made.url)):
        await _fetch(gateway, url, path)
    return (film, *beside)


async def _fetch(gateway: Gateway, url: str, path: Path) -> None:
    """Download to a draft in the same folder, then rename, so that no half file ever has the name."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.absolute().parent)
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            async for piece in gateway.download(url):
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        draft.chmod(0o666 & ~_umask())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _umask() -> int:
    """The umask, which the system tells only by changing it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
