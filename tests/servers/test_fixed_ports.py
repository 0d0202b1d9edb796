"""The embedded servers' ports, which a user may fix."""

from __future__ import annotations

from pathlib import Path

import pytest

from storyreel.local.errors import LocalError
from storyreel.local.ports import choose_port
from storyreel.local.servers import EmbeddedServers


async def test_fixed_ports_are_used_and_a_taken_one_is_refused_by_name(tmp_path: Path) -> None:
    wanted = choose_port()
    async with EmbeddedServers(tmp_path / "one", ports={"database": wanted}) as servers:
        assert f":{wanted}/" in servers.environment["STORYREEL_MONGO_URL"]
        with pytest.raises(
            LocalError, match=rf"Port {wanted}, wanted for database, is taken by .*process \d+"
        ):
            await EmbeddedServers(tmp_path / "two", ports={"database": wanted}).start()
