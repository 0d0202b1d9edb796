"""The process pool of local engines: results, errors, and what happens when somebody dies."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from storyreel.errors import RetryableError
from storyreel.work.processes import Processes

PATIENCE = 20.0


@pytest.fixture
def processes() -> Iterator[Processes]:
    processes = Processes(1)
    yield processes
    processes.stop()


async def test_results_and_errors_come_back(processes: Processes) -> None:
    assert await processes.run(pow, 2, 10) == 1024
    with pytest.raises(ZeroDivisionError):
        await processes.run(divmod, 1, 0)


async def test_a_process_that_dies_is_replaced_and_its_work_may_be_tried_again(processes: Processes) -> None:
    with pytest.raises(RetryableError):
        await processes.run(os._exit, 1)
    assert await processes.run(pow, 2, 2) == 4


def test_the_pool_ends_with_a_killed_parent(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(
        "import asyncio, os, time\n"
        "from storyreel.work.processes import Processes\n"
        "async def main():\n"
        "    processes = Processes(1)\n"
        "    print(await processes.run(os.getpid), flush=True)\n"
        "    await processes.run(time.sleep, 600)\n"
        "if __name__ == '__main__':\n"
        "    asyncio.run(main())\n"
    )
    parent = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    deadline = time.monotonic() + PATIENCE
    while Path(f"/proc/{child}/stat").exists() and time.monotonic() < deadline:
        state = Path(f"/proc/{child}/stat").read_text().rsplit(")", 1)[1].split()[0]
        if state == "Z":
            break
        time.sleep(0.05)
    else:
        assert not Path(f"/proc/{child}").exists()


async def test_the_loop_stays_free_while_a_process_works(processes: Processes) -> None:
    working = asyncio.create_task(processes.run(time.sleep, 0.5))
    ticks = 0
    while not working.done():
        await asyncio.sleep(0.01)
        ticks += 1
    assert ticks > 10


async def test_a_cancelled_run_is_killed_and_leaves_a_free_process_behind(tmp_path: Path) -> None:
    processes = Processes(2)
    try:
        other = asyncio.create_task(processes.run(_write_after, tmp_path / "other", 1.0))
        hanging = asyncio.create_task(processes.run(_hang, tmp_path / "pid"))
        async with asyncio.timeout(PATIENCE):
            while not (tmp_path / "pid").exists():
                await asyncio.sleep(0.02)
        hung = int((tmp_path / "pid").read_text())
        hanging.cancel()
        with pytest.raises(asyncio.CancelledError):
            await hanging
        async with asyncio.timeout(PATIENCE):
            while _is_alive(hung):
                await asyncio.sleep(0.02)
        assert await processes.run(pow, 2, 3) == 8
        await other
        assert (tmp_path / "other").read_text() == "done"
    finally:
        processes.stop()


async def test_a_run_cancelled_before_its_process_is_up_is_ended_too(processes: Processes) -> None:
    starting = asyncio.create_task(processes.run(time.sleep, 600))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    async with asyncio.timeout(PATIENCE):
        assert await processes.run(pow, 2, 4) == 16
        while len(multiprocessing.active_children()) > 1:
            await asyncio.sleep(0.02)


async def test_a_stop_ends_what_hangs(tmp_path: Path) -> None:
    processes = Processes(1)
    hanging = asyncio.create_task(processes.run(_hang, tmp_path / "pid"))
    async with asyncio.timeout(PATIENCE):
        while not (tmp_path / "pid").exists():
            await asyncio.sleep(0.02)
    processes.stop()
    with pytest.raises(RetryableError):
        await hanging
    assert not _is_alive(int((tmp_path / "pid").read_text()))


def _hang(pid: Path) -> None:
    beside = pid.with_suffix(".new")
    beside.write_text(str(os.getpid()))
    beside.rename(pid)
    time.sleep(600)


def _write_after(file: Path, seconds: float) -> None:
    time.sleep(seconds)
    file.write_text("done")


def _is_alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"
