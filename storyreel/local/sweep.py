"""`storyreel sweep`: lets every service sweep now what crashes left behind, before its time comes."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence

from storyreel.local.errors import LocalError
from storyreel.local.services import SERVICES, Service

Swept = dict[str, dict[str, int]]
"""How many things each sweep of each service swept."""


async def sweep_all(
    environment: Mapping[str, str], age_seconds: float, services: Sequence[Service] = SERVICES
) -> Swept:
    """Runs every service's sweeps once, on the servers that `environment` names.

    What is younger than `age_seconds` is left alone. An age of 0 is for stacks without any work: it takes
    objects away from under attempts that run. Raises LocalError where a service's sweeps fail.
    """
    swept = await asyncio.gather(*(_sweep(service, environment, age_seconds) for service in services))
    return {service.name: counts for service, counts in zip(services, swept, strict=True)}


async def _sweep(service: Service, environment: Mapping[str, str], age_seconds: float) -> dict[str, int]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        service.module,
        "sweep",
        f"--age={age_seconds}",
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        answer, said = await process.communicate()
    except asyncio.CancelledError:
        process.kill()
        raise
    if process.returncode != 0:
        lines = said.decode(errors="replace").strip().splitlines() or ["it said nothing"]
        raise LocalError(f"The sweeps of {service.name} failed: {lines[-1][:300]}")
    counts: dict[str, int] = json.loads(answer)
    return counts
