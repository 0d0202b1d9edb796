"""Finds, starts in the background, and stops the stack of a state folder from another process."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

from storyreel.local.child import is_alive, kill_leftovers
from storyreel.local.errors import LocalError
from storyreel.local.state import StackRecord, StateFolder

_START_SECONDS: Final = 240.0
_STOP_SECONDS: Final = 60.0
_LOOK_SECONDS: Final = 0.2


def running_stack(state: StateFolder) -> StackRecord | None:
    """The stack that runs on `state` now, perhaps still starting; None if there is none."""
    record = state.read_record()
    if record is None or not is_alive(record.pid, record.started):
        return None
    return record


async def running_gateway(state: StateFolder) -> str | None:
    """The URL of the gateway of the stack on `state`, waiting for one that is starting; None if none runs.

    Raises LocalError if it is still not ready after four minutes.
    """
    deadline = asyncio.get_running_loop().time() + _START_SECONDS
    while record := running_stack(state):
        if record.gateway_url is not None:
            return record.gateway_url
        if asyncio.get_running_loop().time() > deadline:
            raise LocalError(f"The stack on {state.root} is not getting ready: see {state.logs}.")
        await asyncio.sleep(_LOOK_SECONDS)
    return None


async def start_in_background(state: StateFolder, arguments: list[str]) -> str:
    """Start `storyreel up` with `arguments`, to outlive this process; the gateway's URL once it is ready.

    Raises LocalError with the last thing it said if it does not come up.
    """
    state.prepare()
    log = state.logs / "stack.log"
    process = _spawn(["up", "--state", str(state.root), *arguments], log)
    try:
        while process.poll() is None:
            record = running_stack(state)
            if record is not None and record.pid == process.pid and record.gateway_url is not None:
                return record.gateway_url
            await asyncio.sleep(_LOOK_SECONDS)
    except asyncio.CancelledError:
        process.terminate()
        raise
    raise LocalError(_last_line(log))


def _spawn(arguments: list[str], log: Path) -> subprocess.Popen[bytes]:
    with log.open("wb") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "storyreel.local.cli", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


async def stop_stack(state: StateFolder) -> bool:
    """Stop the stack on `state` and wait until it has gone; False if none was running.

    What an earlier stack left behind is ended too. Raises LocalError if it does not stop within a minute.
    """
    record = state.read_record()
    if record is None:
        return False
    alive = is_alive(record.pid, record.started)
    if alive:
        with suppress(ProcessLookupError):
            os.kill(record.pid, signal.SIGTERM)
    deadline = asyncio.get_running_loop().time() + _STOP_SECONDS
    while is_alive(record.pid, record.started):
        if asyncio.get_running_loop().time() > deadline:
            raise LocalError(f"The stack (process {record.pid}) did not stop within {_STOP_SECONDS:g} s.")
        await asyncio.sleep(_LOOK_SECONDS)
    if not alive:
        await _clear(state, record)
    return alive


async def _clear(state: StateFolder, record: StackRecord) -> None:
    """Take the folder, as only a stack may, and end what its last stack left running."""
    state.acquire()
    try:
        await kill_leftovers(record.processes, str(state.root))
        state.forget_record()
    finally:
        state.release()


def _last_line(log: Path) -> str:
    lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
    return lines[-1].removeprefix("storyreel: ") if lines else f"The stack ended without a word (see {log})."
