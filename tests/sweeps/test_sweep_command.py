"""`storyreel sweep`: all six services sweep at once what is theirs, and end."""

from __future__ import annotations

import asyncio
import os
import re
import sys
import uuid
from pathlib import Path

import pytest

from storyreel.assets import Assets
from storyreel.local.services import SERVICES
from tests.servers_under_test import needs_servers_of_its_own

pytestmark = [needs_servers_of_its_own, pytest.mark.timeout(400)]

KINDS = {"image": "panel", "narration": "narration", "video": "clip", "composer": "film", "gateway": "plan"}


async def test_every_service_sweeps_the_kinds_that_it_makes(
    environment: dict[str, str], assets: Assets
) -> None:
    owner = f"ann-{uuid.uuid4().hex[:8]}"
    left = [await assets.put(owner, kind, kind.encode(), "image/png") for kind in KINDS.values()]
    swept = read(await sweep_now(environment))
    assert set(swept) == {service.name for service in SERVICES}
    for service in KINDS:
        assert swept[service]["abandoned uploads"] >= 1
        assert swept[service]["set aside"] >= 1
    assert {"outbox", "stale quotes"} <= set(swept["pricing"])
    assert [await assets.written_at(stored.object_key) for stored in left] == [None] * len(left)
    assert await assets.listing(f"_swept/{owner}/") == []


async def sweep_now(environment: dict[str, str]) -> str:
    """What the command says; nothing works here, so nothing is too young to be swept."""
    process = await asyncio.create_subprocess_exec(
        Path(sys.executable).with_name("storyreel"),
        *("sweep", "--age", "0"),
        env={**os.environ, **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said = (await process.communicate())[0].decode()
    assert process.returncode == 0, said
    return said


def read(said: str) -> dict[str, dict[str, int]]:
    """The counts in lines such as `image: outbox 0, set aside 2`."""
    lines = [line.partition(": ") for line in said.splitlines()]
    return {
        service: {name: int(count) for name, count in re.findall(r"([a-z ]+?) (\d+)(?:, |$)", counts)}
        for service, _, counts in lines
    }
