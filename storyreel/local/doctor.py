"""Checks that this machine can run Storyreel, and names the command that repairs what it lacks."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import storyreel
from storyreel.local.choice import ServerChoice
from storyreel.local.errors import LocalError
from storyreel.local.packages import install_command
from storyreel.local.ports import holder, is_free
from storyreel.local.server_checks import PIP, Check, programs_of, run_check, server_runs, servers_present

_GIGABYTE: Final = 10**9
SPACE_NEEDED: Final = 2 * _GIGABYTE
MEMORY_NEEDED: Final = 2 * _GIGABYTE
ROOM_TO_GO_ON: Final = _GIGABYTE // 10

_LIBRARIES: Final = ("libGL.so.1", "libEGL.so.1")
_MODULES: Final = ("skia", "av", "cv2", "hibari", "onnxruntime")


def basics(state: Path, choice: ServerChoice) -> Iterator[Check]:
    """The quick checks, made before every start: milliseconds."""
    yield _python()
    yield _state_writable(state)
    yield _space(state)
    yield from (_library(name) for name in _LIBRARIES if sys.platform == "linux")
    yield from servers_present(choice)
    yield _font()


def require_basics(state: Path, choice: ServerChoice) -> None:
    """Raises LocalError with the first quick check that fails."""
    for check in basics(state, choice):
        if not check.ok and check.required:
            raise LocalError(f"{check.name}: {check.detail}. {check.remedy}")


def require_room(state: Path) -> None:
    """Raises LocalError where the disk that a running stack keeps its data on is full."""
    free = shutil.disk_usage(existing_folder(state)).free
    if free < ROOM_TO_GO_ON:
        raise LocalError(
            f"The disk of {state} is full ({free // 10**6} MB free): free some space and render again; "
            "what was made is kept and costs nothing."
        )


def everything(state: Path, port: int, choice: ServerChoice) -> Iterator[Check]:
    """All checks, as they are done: the quick ones, then what takes seconds."""
    yield from basics(state, choice)
    yield _memory()
    yield _port(port)
    with ThreadPoolExecutor(max_workers=2) as pool:
        yield from pool.map(_importable, _MODULES)
        yield from pool.map(server_runs, programs_of(choice))


def _python() -> Check:
    ours = ".".join(map(str, sys.version_info[:3]))
    return Check("Python", sys.version_info >= (3, 11), ours, "Install Python 3.11 or newer.")


def _state_writable(state: Path) -> Check:
    folder = existing_folder(state)
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        remedy = f"sudo chown -R {os.getuid()} {folder}, or choose another folder with STORYREEL_STATE"
        return Check("state folder", False, f"{state}: {error.strerror}", remedy)
    return Check("state folder", True, str(state))


def _space(state: Path) -> Check:
    free = shutil.disk_usage(existing_folder(state)).free
    detail = f"{free / _GIGABYTE:.1f} GB free, {SPACE_NEEDED / _GIGABYTE:.0f} GB needed for {state}"
    remedy = "Free some space, or choose a folder on another disk with STORYREEL_STATE."
    return Check("disk space", free >= SPACE_NEEDED, detail, remedy)


def _memory() -> Check:
    """Available memory; where the system does not tell (macOS), all of it."""
    name = "SC_AVPHYS_PAGES" if sys.platform == "linux" else "SC_PHYS_PAGES"
    size = os.sysconf(name) * os.sysconf("SC_PAGE_SIZE")
    if sys.platform == "linux":
        for line in Path("/proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                size = int(line.split()[1]) * 1024
    detail = f"{size / _GIGABYTE:.1f} GB available"
    remedy = f"Close some programs: {MEMORY_NEEDED / _GIGABYTE:.0f} GB are comfortable."
    return Check("memory", size >= MEMORY_NEEDED, detail, remedy, required=False)


def _port(port: int) -> Check:
    if is_free(port):
        return Check(f"port {port}", True, "free")
    who = holder(port) or "another program"
    return Check(f"port {port}", False, f"taken by {who}", "storyreel up --port 8090", required=False)


def _library(name: str) -> Check:
    try:
        ctypes.CDLL(name)
    except OSError as error:
        return Check(name, False, str(error), install_command(name))
    return Check(name, True, "loads")


def _importable(module: str) -> Check:
    """Import it in a process of its own: a broken native library may kill the one that loads it."""
    code = f"import {module}; print(getattr({module}, '__version__', 'imports'))"
    return run_check(f"Python module {module}", [sys.executable, "-c", code], PIP)


def _font() -> Check:
    folder = Path(storyreel.__file__).parent / "fonts"
    fonts = sorted(path.name for path in folder.glob("*.[to]tf"))
    return Check("font", bool(fonts), ", ".join(fonts) or f"none in {folder}", PIP)


def existing_folder(folder: Path) -> Path:
    """`folder`, or the nearest of its parents that exists."""
    absolute = folder.absolute()
    return next(path for path in (absolute, *absolute.parents) if path.is_dir())
