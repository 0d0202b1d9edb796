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
from typing import ParamSpec, TypeVar

from storyreel.errors import RetryableError

P = ParamSpec("P")
T = TypeVar("T")


class Processes:
    """A pool of spawned processes that end with this one, however it ends."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._pool = self._start()

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Calls a module's function in a process of the pool; what it raises passes through.

        Raises RetryableError where the process died, as when it was out of memory.
        """
        if kwargs:
            raise TypeError("arguments are passed by position")
        pool = self._pool
        try:
            return await asyncio.get_running_loop().run_in_executor(pool, function, *args)
        except BrokenProcessPool as error:
            if self._pool is pool:
                pool.shutdown(wait=False)
                self._pool = self._start()
            raise RetryableError("a drawing process died; was the machine out of memory?") from error

    def stop(self) -> None:
        """Ends the processes."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _start(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            self.count, mp_context=multiprocessing.get_context("spawn"), initializer=_end_with_parent
        )


def _end_with_parent() -> None:
    """Ends this process when its parent is gone: a killed service must leave nobody drawing."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    # Ctrl-C in a terminal reaches every process; the service decides what ends when.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_exit_after, args=(parent.sentinel,), daemon=True).start()


def _exit_after(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)
