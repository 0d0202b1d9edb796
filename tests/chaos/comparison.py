"""Compares films frame by frame: those of a disturbed run with those of the same stories, left in peace."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import av
import httpx

from storyreel.documents import Document
from tests.chaos.users import Users


@dataclass(frozen=True)
class Frames:
    """A film's decoded frames: how many, and the SHA-256 of all their bytes in order."""

    count: int
    sha256: str


async def films_of(jobs: Iterable[Document], users: Users, folder: Path) -> dict[str, list[Frames]]:
    """The frames of every film, by the title of its story."""
    folder.mkdir(parents=True, exist_ok=True)
    films: dict[str, list[Frames]] = {}
    async with httpx.AsyncClient(trust_env=False, timeout=60) as http:
        for job in jobs:
            view = await users.view(job["_id"])
            if view["film"] is not None:
                target = folder / f"{job['_id']}.mp4"
                target.write_bytes((await http.get(view["film"]["url"])).raise_for_status().content)
                films.setdefault(view["title"], []).append(await asyncio.to_thread(decode, target))
    return films


def decode(film: Path) -> Frames:
    """Decodes every frame of a film."""
    digest = hashlib.sha256()
    count = 0
    with av.open(str(film)) as container:
        for frame in container.decode(video=0):
            digest.update(frame.to_ndarray().tobytes())
            count += 1
    return Frames(count, digest.hexdigest())


def differences(
    disturbed: Mapping[str, list[Frames]], undisturbed: Mapping[str, list[Frames]]
) -> Iterator[str]:
    """Films that are not frame for frame the same, or are missing on one side."""
    for title in sorted({*disturbed, *undisturbed}):
        one, other = set(disturbed.get(title, [])), set(undisturbed.get(title, []))
        if len(one) != 1 or one != other:
            yield f"{title}: {_told(one)} disturbed, {_told(other)} in peace"


def _told(films: set[Frames]) -> str:
    told = sorted(f"{film.count} frames, {film.sha256[:12]}" for film in films)
    return " and ".join(told) or "no film"
