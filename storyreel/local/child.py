"""A child process with a log file and a ready check, which dies with its parent."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from storyreel.local import tether
from storyreel.local.errors import LocalError
from storyreel.local.state import ProcessRecord

_POLL_SECONDS: Final = 0.1
_KILL_SECONDS: Final = 5.0
_LONGEST_LOG_BYTES: Final = 20_000_000

STACK_MARK: Final = "STORYREEL_STACK"
"""Set to the state folder in every child's environment, and inherited by what a child starts."""


@dataclass(frozen=True)
class Program:
    """What to run and how to know that it is ready.

    `ready` says whether it answers; it is asked again until `ready_within` seconds have passed. `health` is a
    URL that tells other processes the same, where it speaks HTTP.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    ready: Callable[[], Awaitable[bool]]
    health: str | None = None
    folder: Path | None = None
    ports: Mapping[str, int] = field(default_factory=dict)
    ready_within: float = 60.0
    stop_within: float = 10.0


class Child:
    """One running `Program`. Leads a process group of its own, so that Ctrl-C reaches only the parent."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._process: subprocess.Popen[bytes] | None = None
        self._log_start = 0

    @property
    def pid(self) -> int | None:
        """The process id; None before the first start."""
        return None if self._process is None else self._process.pid

    @property
    def running(self) -> bool:
        """Whether the process is there, ready or not."""
        return self._process is not None and self._process.poll() is None

    def record(self) -> ProcessRecord:
        """The child as `stack.json` keeps it. It must have been started."""
        assert self._process is not None
        return ProcessRecord(
            name=self.program.name,
            pid=self._process.pid,
            started=started_at(self._process.pid) or "",
            ports=dict(self.program.ports),
            log=str(self.program.log),
            health=self.program.health,
        )

    def spawn(self) -> None:
        """Start the process; its output is appended to its log."""
        _keep_small(self.program.log)
        with self.program.log.open("ab") as log:
            self._log_start = log.tell()
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", tether.__file__, str(os.getpid()), *self.program.command],
                env=dict(self.program.environment),
                cwd=self.program.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    async def start(self) -> None:
        """Spawn and wait until ready. Raises LocalError with the end of the log when that fails."""
        self.spawn()
        await self.wait_ready()

    async def wait_ready(self) -> None:
        """Wait until the program answers. Raises LocalError if it ends first or takes too long."""
        name = self.program.name
        deadline = asyncio.get_running_loop().time() + self.program.ready_within
        while not await self.program.ready():
            if not self.running:
                raise LocalError(
                    f"{self.program.name} ended while starting ({self.ending()}): {self.last_words()}"
                )
            if asyncio.get_running_loop().time() > deadline:
                raise LocalError(
                    f"{name} was not ready within {self.program.ready_within:g} s: {self.last_words()}"
                )
            await asyncio.sleep(_POLL_SECONDS)

    async def wait(self) -> None:
        """Wait until the process has ended."""
        while self.running:  # noqa: ASYNC110 - the kernel sets no event; a watcher thread per child would cost more
            await asyncio.sleep(_POLL_SECONDS)

    async def stop(self) -> None:
        """SIGTERM, and SIGKILL to the whole group if it is still there after the program's `stop_within`."""
        self._signal(signal.SIGTERM)
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(self.program.stop_within):
                    await self.wait()
        finally:
            self.kill()
        await self.wait()

    def kill(self) -> None:
        """SIGKILL, at once, to the process and what it started."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def last_words(self) -> str:
        """The last line it logged since it was started, and where the log is."""
        with self.program.log.open("rb") as log:
            log.seek(self._log_start)
            lines = log.read().decode(errors="replace").splitlines()
        last = next((line.strip() for line in reversed(lines) if line.strip()), "it said nothing")
        return f"{last[:300]} (see {self.program.log})"

    def ending(self) -> str:
        """How the process ended: "exit code 1" or "killed by SIGKILL"."""
        code = None if self._process is None else self._process.poll()
        if code is None:
            return "still running"
        return f"exit code {code}" if code >= 0 else f"killed by {signal.Signals(-code).name}"

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self.running:
            self._process.send_signal(number)


def _keep_small(log: Path) -> None:
    """Move a long log aside, to `<name>.log.1`, over the one moved before."""
    if log.exists() and log.stat().st_size > _LONGEST_LOG_BYTES:
        log.replace(log.with_name(f"{log.name}.1"))


async def together(*work: Coroutine[Any, Any, None]) -> None:
    """Do all of `work` at once; when one fails the others are cancelled, and its own error is raised."""
    tasks = [asyncio.ensure_future(one) for one in work]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def started_at(pid: int) -> str | None:
    """When process `pid` started, in the system's own words; None if there is no such process.

    With the pid this names a process for good: pids are used again, and a recorded one may be another's now.
    """
    stat = Path(f"/proc/{pid}/stat")
    if Path("/proc/self/stat").exists():
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except (FileNotFoundError, ProcessLookupError):
            return None
        return None if fields[0] == "Z" else fields[19]
    shown = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True)
    return shown.stdout.strip() or None


def is_alive(pid: int, started: str) -> bool:
    """Whether exactly that process still runs."""
    return started_at(pid) == started


async def kill_leftovers(records: Sequence[ProcessRecord], mark: str) -> list[str]:
    """Kill what an earlier stack left running and wait until it has gone; returns what was killed.

    `records` are its children as `stack.json` had them. On Linux every other process whose environment says
    `STACK_MARK=mark` goes too: what those children had started. Call it only while holding the state's lock.
    Raises LocalError if one of them does not go within five seconds.
    """
    names = {record.pid: record.name for record in records if is_alive(record.pid, record.started)}
    for pid in names:
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
    for pid in _marked(f"{STACK_MARK}={mark}") - set(names):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        names[pid] = f"process {pid}"
    deadline = asyncio.get_running_loop().time() + _KILL_SECONDS
    while left := [name for pid, name in names.items() if started_at(pid) is not None]:
        if asyncio.get_running_loop().time() > deadline:
            raise LocalError(f"Left by an earlier stack and not to be ended: {', '.join(left)}.")
        await asyncio.sleep(_POLL_SECONDS / 4)
    return list(names.values())


def _marked(setting: str) -> set[int]:
    """The other processes of this user with that NAME=value in their environment; Linux only."""
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            settings = (process / "environ").read_bytes().split(b"\0")
        except OSError:  # another user's, or it ended
            continue
        if setting.encode() in settings and int(process.name) != os.getpid():
            found.add(int(process.name))
    return found
