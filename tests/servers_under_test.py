"""Which servers this run of the tests is on, read before any fixture changes the environment.

`STORYREEL_TEST_SERVERS` is embedded (the default), real (with `STORYREEL_TEST_BROKERS` 1 or 3) or given;
`STORYREEL_KAFKA_BOOTSTRAP` alone means given. With real, `STORYREEL_MONGO_URL` stands in for the embedded
database.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from storyreel.local.choice import ServerChoice
from storyreel.local.servers import servers_of
from storyreel.local.serverset import ServerSet


def choice_from(environment: Mapping[str, str]) -> ServerChoice:
    """The servers that the variables ask for. Raises ValueError where they make no sense."""
    unsaid = "given" if environment.get("STORYREEL_KAFKA_BOOTSTRAP") else "embedded"
    kind = environment.get("STORYREEL_TEST_SERVERS") or unsaid
    return ServerChoice.model_validate(
        {
            "kind": kind,
            "brokers": int(environment.get("STORYREEL_TEST_BROKERS") or 1),
            "mongo_url": environment.get("STORYREEL_MONGO_URL") if kind == "real" else None,
        }
    )


CHOICE: Final = choice_from(os.environ)

needs_servers_of_its_own = pytest.mark.skipif(
    CHOICE.kind == "given", reason="it kills servers, and the given ones are not its own"
)


def servers_under_test(state: Path) -> ServerSet:
    """Servers of a test's own on the folder `state`, of the kind that this run is on."""
    return servers_of(CHOICE, state)
