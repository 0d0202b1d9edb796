"""Children: started, watched, started again, given up on, and taken along by their parent's death."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from waiting import until

from storyreel.local.child import STACK_MARK, Child, Program, is_alive, kill_leftovers, started_at
from storyreel.local.errors import LocalError
from storyreel.local.supervisor import Patience, keep_running

QUICK = Patience(deaths=3, window=30, pause=0.02, longest_pause=0.05)
SLEEPER = "import time; print('up', flush=True); time.sleep(60)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEPER}"


def child(tmp_path: Path, code: str, *, ready_within: float = 5, stop_within: float = 5) -> Child:
    """A real process that runs `code` and is ready once it has said "up"."""
    log = tmp_path / "child.log"

    async def said_up() -> bool:
        return "up" in log.read_text()

    return Child(
        Program(
            name="toy",
            command=[sys.executable, "-c", code],
            environment={**os.environ, STACK_MARK: str(tmp_path)},
            log=log,
            ready=said_up,
            ready_within=ready_within,
            stop_within=stop_within,
        )
    )


@asynccontextmanager
async def kept(toy: Child, said: list[str], patience: Patience = QUICK) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(keep_running(toy, toy.start, said.append, patience))
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await toy.stop()


async def test_a_child_is_ready_when_it_says_so_and_ends_on_sigterm(tmp_path: Path) -> None:
    toy = child(tmp_path, SLEEPER)
    await toy.start()
    record = toy.record()
    assert toy.running and is_alive(record.pid, record.started)
    await toy.stop()
    assert not toy.running and not is_alive(record.pid, record.started)
    assert toy.ending() == "killed by SIGTERM"


async def test_a_child_that_ignores_sigterm_is_killed_when_its_time_is_up(tmp_path: Path) -> None:
    toy = child(tmp_path, STUBBORN, stop_within=0.3)
    await toy.start()
    await toy.stop()
    assert toy.ending() == "killed by SIGKILL"


async def test_a_child_that_ends_while_starting_is_quoted(tmp_path: Path) -> None:
    toy = child(tmp_path, "import sys; print('first', flush=True); sys.exit('the database is not there')")
    with pytest.raises(LocalError, match=r"toy ended while starting \(exit code 1\): the database"):
        await toy.start()


async def test_a_child_that_never_gets_ready_is_said_so(tmp_path: Path) -> None:
    toy = child(tmp_path, "import time; print('loading', flush=True); time.sleep(60)", ready_within=0.5)
    with pytest.raises(LocalError, match=r"toy was not ready within 0.5 s: loading"):
        await toy.start()
    await toy.stop()


async def test_a_child_that_dies_is_started_again_and_it_is_said(tmp_path: Path) -> None:
    toy = child(tmp_path, SLEEPER)
    said: list[str] = []
    await toy.start()
    first = toy.pid
    async with kept(toy, said):
        toy.kill()
        await until(lambda: "toy is running again" in said)
        assert toy.running and toy.pid != first
    assert said == ["toy died (killed by SIGKILL): starting it again in 0.02 s", "toy is running again"]


async def test_pauses_double_and_a_child_that_keeps_dying_is_given_up(tmp_path: Path) -> None:
    toy = child(tmp_path, "print('up', flush=True); raise SystemExit('no such bucket')")
    said: list[str] = []
    toy.spawn()
    async with kept(toy, said) as task:
        with pytest.raises(LocalError, match=r"toy died 3 times within 30 s, last with exit code 1: no such"):
            await asyncio.wait_for(task, 10)
    pauses = [line.split()[-2] for line in said if "died" in line]
    assert pauses == ["0.02", "0.04"]


async def test_deaths_outside_the_window_are_forgotten(tmp_path: Path) -> None:
    toy = child(tmp_path, "import time; print('up', flush=True); time.sleep(0.2)")
    said: list[str] = []
    toy.spawn()
    async with kept(toy, said, Patience(deaths=2, window=0.1, pause=0.01)) as task:
        await asyncio.sleep(1.5)
        assert not task.done()
    assert sum("running again" in line for line in said) >= 2


async def test_a_child_dies_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    code = (
        "import asyncio, sys, time; from pathlib import Path; sys.path.insert(0, sys.argv[2]); "
        "from test_supervisor import child, SLEEPER; toy = child(Path(sys.argv[1]), SLEEPER); "
        "toy.spawn(); print(toy.pid, flush=True); time.sleep(60)"
    )
    here = str(Path(__file__).parent)
    parent = subprocess.Popen(  # noqa: ASYNC220 - a moment, in a test
        [sys.executable, "-c", code, str(tmp_path), here], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    assert started_at(pid) is not None
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    await until(lambda: started_at(pid) is None)


async def test_what_a_killed_child_had_started_is_swept_and_nothing_else(tmp_path: Path) -> None:
    grandchild = (
        "import subprocess, time; "
        "p = subprocess.Popen(['sleep', '60'], start_new_session=True); "
        "print('up', p.pid, flush=True); time.sleep(60)"
    )
    toy = child(tmp_path, grandchild)
    await toy.start()
    orphan = int(toy.program.log.read_text().split()[1])
    record = toy.record()
    toy.kill()
    await toy.wait()
    assert started_at(orphan) is not None
    assert await kill_leftovers([record], str(tmp_path / "another")) == []
    assert await kill_leftovers([record], str(tmp_path)) == [f"process {orphan}"]
    assert await kill_leftovers([record], str(tmp_path)) == []


def test_a_pid_that_was_used_again_is_not_taken_for_the_recorded_process() -> None:
    assert is_alive(os.getpid(), started_at(os.getpid()) or "")
    assert not is_alive(os.getpid(), "1")
