"""Processes for local engines: drawing holds a core for seconds, and leases must be renewed meanwhile."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait
from multiprocessing.sharedctypes import Synchronized
from typing import Final, ParamSpec, TypeVar

from storyreel.errors import RetryableError

P = ParamSpec("P")
T = TypeVar("T")

SPAWN: Final = multiprocessing.get_context("spawn")
NOT_UP: Final = 0
UNWANTED: Final = -1
"""Instead of its process id, while a process is starting and when it was killed before it was up."""


class Processes:
    """Spawned processes, each with one run at a time, that end with this one however it ends."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._all = {_Process() for _ in range(count)}
        self._idle = list(self._all)
        self._turns = asyncio.Semaphore(count)

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Calls a module's function in a process; what it raises passes through.

        A run that is cancelled is killed, and its process replaced: nothing goes on drawing for nobody.
        Raises RetryableError where the process died, as when it was out of memory.
        """
        if kwargs:
            raise TypeError("arguments are passed by position")
        async with self._turns:
            process = self._idle.pop()
            try:
                return await process.run(function, *args)
            except (BrokenProcessPool, asyncio.CancelledError) as error:
                process = self._replace(process)
                if isinstance(error, asyncio.CancelledError):
                    raise
                raise RetryableError("a drawing process died; was the machine out of memory?") from error
            finally:
                self._idle.append(process)

    def stop(self) -> None:
        """Ends the processes, whatever they are at."""
        for process in self._all:
            process.kill()

    def _replace(self, process: _Process) -> _Process:
        process.kill()
        self._all.remove(process)
        fresh = _Process()
        self._all.add(fresh)
        return fresh


class _Process:
    """One process, started by its first run."""

    def __init__(self) -> None:
        self._pid: Synchronized[int] = SPAWN.Value("i", NOT_UP)
        self._executor = ProcessPoolExecutor(1, mp_context=SPAWN, initializer=_begin, initargs=(self._pid,))

    async def run(self, function: Callable[..., T], *args: object) -> T:
        # Shielded, because the executor cannot take a run back: it ends when the process is killed.
        running = asyncio.get_running_loop().run_in_executor(self._executor, function, *args)
        running.add_done_callback(_note)
        return await asyncio.shield(running)

    def kill(self) -> None:
        self._executor.shutdown(wait=False, cancel_futures=True)
        with self._pid.get_lock():
            if self._pid.value == NOT_UP:
                self._pid.value = UNWANTED
        for child in multiprocessing.active_children():
            if child.pid == self._pid.value:
                child.kill()


def _note(running: asyncio.Future[T]) -> None:
    """Takes note of how a run ended that nobody waits for any more."""
    if not running.cancelled():
        running.exception()


def _begin(pid: Synchronized[int]) -> None:
    """Ends this process when its parent is gone: a killed service must leave nobody drawing."""
    with pid.get_lock():
        if pid.value == UNWANTED:
            os._exit(1)
        pid.value = os.getpid()
    parent = multiprocessing.parent_process()
    assert parent is not None
    # Ctrl-C in a terminal reaches every process; the service decides what ends when.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_exit_after, args=(parent.sentinel,), daemon=True).start()


def _exit_after(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)
