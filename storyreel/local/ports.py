"""Chooses free TCP ports of the loopback address, and says who holds a taken one."""

from __future__ import annotations

import random
import socket
from collections.abc import Collection
from pathlib import Path
from typing import Final

from storyreel.local.errors import LocalError

PORTS: Final = range(15_000, 22_000)
"""Where free ports are looked for: these and these + 10000 lie below the ports Linux gives to clients."""

GRPC_OFFSET: Final = 10_000
"""SeaweedFS serves gRPC on each of its ports plus this."""


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether a server could listen on `port` of `host` now. Raises OSError if `host` is not ours."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # ignore connections in TIME_WAIT
        try:
            probe.bind((host, port))
            probe.listen()
        except OSError as error:
            if isinstance(error, PermissionError) or error.errno in _TAKEN:
                return False
            raise
    return True


_TAKEN: Final = frozenset({48, 98, 10048})
"""EADDRINUSE on macOS, Linux and Windows."""


def choose_port(*, avoid: Collection[int] = (), wanted: int | None = None, pair: bool = False) -> int:
    """A free port that is not in `avoid`; `wanted` if it is still free.

    With `pair`, the port plus `GRPC_OFFSET` is free too. Raises LocalError when nothing is free.
    """

    def fits(port: int) -> bool:
        both = (port, port + GRPC_OFFSET) if pair else (port,)
        return all(one not in avoid and is_free(one) for one in both)

    if wanted is not None and fits(wanted):
        return wanted
    for port in random.sample(PORTS, len(PORTS)):
        if fits(port):
            return port
    raise LocalError(f"No port between {PORTS.start} and {PORTS.stop} is free: close some programs.")


def holder(port: int) -> str | None:
    """Who listens on `port`, as "name (process 123)"; None where that cannot be seen ."""
    inodes = _listening_inodes(port)
    for process in Path("/proc").glob("[0-9]*"):
        if inodes & _socket_inodes(process):
            try:
                name = (process / "comm").read_text().strip()
            except OSError:  # it ended meanwhile
                continue
            return f"{name} (process {process.name})"
    return None


def _listening_inodes(port: int) -> set[str]:
    found = set()
    for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")):
        if not table.exists():
            continue
        for line in table.read_text().splitlines()[1:]:
            fields = line.split()
            local_port, state = int(fields[1].rsplit(":", 1)[1], 16), fields[3]
            if local_port == port and state == "0A":  # LISTEN
                found.add(fields[9])
    return found


def _socket_inodes(process: Path) -> set[str]:
    inodes = set()
    try:
        for descriptor in (process / "fd").iterdir():
            target = str(descriptor.readlink())
            if target.startswith("socket:["):
                inodes.add(target[8:-1])
    except OSError:  # another user's process, or one that ended: nothing to see
        return inodes
    return inodes
