"""The all-in-one runner over the real servers, with two small services that only say they are ready."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from storyreel.local.child import started_at
from storyreel.local.control import running_gateway, running_stack, stop_stack
from storyreel.local.errors import LocalError
from storyreel.local.ports import choose_port
from storyreel.local.services import Service
from storyreel.local.stack import Stack, StackOptions
from storyreel.local.state import StateFolder
from storyreel.local.supervisor import Patience
from tests.servers_under_test import CHOICE

SERVICE = """
import http.server, json, os
class Ready(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(dict(os.environ)).encode())
port = int(os.environ["STORYREEL_METRICS_PORT"])
http.server.ThreadingHTTPServer(("127.0.0.1", port), Ready).serve_forever()
"""
MIGRATE = "import os; open(os.environ['STORYREEL_STATE_FOR_TEST'] + '/migrated', 'a').write('once ')"
FAILING_MIGRATE = "raise SystemExit('topic jobs.submitted was refused')"
SERVICES = (
    Service("pricing", "toy_service", serves_grpc=True),
    Service("gateway", "toy_service", serves_http=True),
)

RUNNER = """
import asyncio, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from test_stack import options
from storyreel.local.cli import interruptible, run_stack
from storyreel.local.stack import Stack
try:
    interruptible(run_stack(Stack(options(Path(sys.argv[1])), lambda line: print(line, flush=True))))
except asyncio.CancelledError:
    print("stopped")
"""


@pytest.fixture(autouse=True)
def toy_modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    modules = tmp_path / "modules"
    modules.mkdir()
    (modules / "toy_service.py").write_text(SERVICE)
    (modules / "toy_migrate.py").write_text(MIGRATE)
    (modules / "toy_failing_migrate.py").write_text(FAILING_MIGRATE)
    monkeypatch.setenv("PYTHONPATH", str(modules))
    monkeypatch.setenv("STORYREEL_STATE_FOR_TEST", str(tmp_path))


def options(
    tmp_path: Path, *, migrate: str = "toy_migrate", patience: Patience | None = None
) -> StackOptions:
    return StackOptions(
        state=tmp_path / "state",
        port=None,
        services=SERVICES,
        migrate_module=migrate,
        patience=patience or Patience(pause=0.05),
        servers=CHOICE,
    )


async def until(condition: Callable[[], object], seconds: float = 20) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.05)


def environment_of(stack: Stack, name: str) -> dict[str, str]:
    port = stack.services[name].program.ports[f"{name}-metrics"]
    answer: dict[str, str] = httpx.get(f"http://127.0.0.1:{port}/readyz").json()
    return answer


async def test_services_are_configured_recorded_kept_alive_and_stopped(tmp_path: Path) -> None:
    said: list[str] = []
    stack = Stack(options(tmp_path), said.append)
    async with stack:
        state = stack.state
        assert (tmp_path / "migrated").read_text() == "once "
        assert await running_gateway(state) == stack.gateway_url
        gateway = await asyncio.to_thread(environment_of, stack, "gateway")
        pricing = await asyncio.to_thread(environment_of, stack, "pricing")
        assert stack.gateway_url.endswith(f":{gateway['STORYREEL_HTTP_PORT']}")
        assert gateway["STORYREEL_PRICING_ADDRESS"] == f"127.0.0.1:{pricing['STORYREEL_GRPC_PORT']}"
        assert gateway["STORYREEL_ROLES"] == "front,work"
        assert gateway["STORYREEL_TRACES_FILE"] == str(state.traces / "gateway.jsonl")
        assert "STORYREEL_GRPC_PORT" not in gateway and "STORYREEL_HTTP_PORT" not in pricing
        assert pricing.items() >= stack.servers.environment.items()

        guarding = asyncio.create_task(stack.supervise())
        for child in (stack.services["pricing"], stack.servers.children["database"]):
            child.kill()
            await until(lambda name=child.program.name: f"{name} is running again" in said)  # type: ignore[misc]
        record = running_stack(state)
        assert record is not None and record.pid == os.getpid()
        assert {one.pid for one in record.processes} == {
            child.pid for child in (*stack.services.values(), *stack.servers.children.values())
        }
        guarding.cancel()
        await asyncio.gather(guarding, return_exceptions=True)
    assert running_stack(state) is None
    assert all(started_at(one.pid) is None for one in record.processes)
    assert not state.in_use()


async def test_a_service_that_keeps_dying_ends_the_stack_with_one_sentence(tmp_path: Path) -> None:
    patience = Patience(deaths=2, pause=0.05)
    async with Stack(options(tmp_path, patience=patience), lambda line: None) as stack:
        (tmp_path / "modules" / "toy_service.py").write_text("raise SystemExit('no settings')")
        stack.services["gateway"].kill()
        with pytest.raises(LocalError, match=r"gateway died 2 times .*: no settings \(see .*gateway\.log\)"):
            await asyncio.wait_for(stack.supervise(), 20)


async def test_a_failed_migration_is_quoted_and_leaves_nothing_running(tmp_path: Path) -> None:
    stack = Stack(options(tmp_path, migrate="toy_failing_migrate"), lambda line: None)
    with pytest.raises(LocalError, match=r"could not be created: topic jobs\.submitted was refused"):
        await stack.start()
    assert not any(child.running for child in stack.servers.children.values())
    assert not stack.state.in_use()


async def test_sigterm_and_down_end_a_stack_in_order_with_exit_code_0(tmp_path: Path) -> None:
    here = str(Path(__file__).parent)
    command = [sys.executable, "-c", RUNNER, str(tmp_path), here]
    process = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
    state = StateFolder(tmp_path / "state")
    await until(lambda: running_stack(state))
    url = await running_gateway(state)
    record = running_stack(state)
    assert record is not None and url is not None
    assert await stop_stack(state)
    output, _ = await process.communicate()
    assert process.returncode == 0
    assert url in output.decode() and output.decode().endswith("stopped\n")
    assert all(started_at(one.pid) is None for one in record.processes)
    assert not await stop_stack(state)


async def test_a_stack_that_was_killed_is_cleared_away_by_down(tmp_path: Path) -> None:
    command = [sys.executable, "-c", RUNNER, str(tmp_path), str(Path(__file__).parent)]
    process = await asyncio.create_subprocess_exec(*command, stdout=subprocess.DEVNULL)
    state = StateFolder(tmp_path / "state")
    await until(lambda: running_stack(state))
    await running_gateway(state)
    process.send_signal(signal.SIGKILL)
    await process.wait()
    record = json.loads(state.record_path.read_text())
    await until(lambda: not any(started_at(one["pid"]) for one in record["processes"]), 5)
    assert await running_gateway(state) is None
    assert not await stop_stack(state)
    assert not state.record_path.exists()


def test_the_gateways_port_is_checked_before_anything_starts(tmp_path: Path) -> None:
    with pytest.raises(LocalError, match="choose an address with --host"):
        Stack(StackOptions(tmp_path / "state", host="192.0.2.77", port=choose_port()), print)
    assert not (tmp_path / "state").exists()
