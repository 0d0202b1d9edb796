"""Becomes another program that dies with the process that started it, even when that one is killed with -9.

Run as `python tether.py PARENT_PID PROGRAM [ARGUMENT ...]`. Asking the kernel here, between two execs, is
safe where a `preexec_fn` is not: nothing of ours runs between the fork and the exec of a threaded parent.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def die_with_parent(parent: int) -> None:
    """Have the kernel kill this process when `parent`, a process id, ends. Linux only; a no-op elsewhere.

    The kernel watches the thread that started this process, so that thread must live as long as its process.
    """
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"prctl(PR_SET_PDEATHSIG): {os.strerror(code)}")
    if os.getppid() != parent:  # it ended before the kernel was asked
        sys.exit(1)


if __name__ == "__main__":
    die_with_parent(int(sys.argv[1]))
    os.execv(sys.argv[2], sys.argv[2:])
