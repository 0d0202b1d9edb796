"""Tables that say where everything of a stack is, and how it is."""

from __future__ import annotations

import asyncio
import re

from rich.table import Table

from storyreel.local.child import is_alive
from storyreel.local.probes import http_ready, kafka_ready, mongo_ready
from storyreel.local.state import ProcessRecord, StackRecord, StateFolder


def where_table(state: StateFolder, record: StackRecord) -> Table:
    """Addresses and folders of the stack that `record` is of."""
    ports = state.remembered_ports()
    gateway_url = record.gateway_url
    metrics = sorted(name for name in ports if name.endswith("-metrics"))
    table = Table(show_header=False, box=None, padding=(0, 2))
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    table.add_row("Storyreel", gateway_url or "starting")
    if gateway_url:
        table.add_row("REST", f"{gateway_url}/v1")
        table.add_row("docs", f"{gateway_url}/docs")
    table.add_row("servers", record.servers)
    table.add_row("S3", f"{record.environment.get('STORYREEL_S3_ENDPOINT')}  keys in {state.record_path}")
    table.add_row("MongoDB", _without_password(record.environment.get("STORYREEL_MONGO_URL", "")))
    table.add_row("Kafka", record.environment.get("STORYREEL_KAFKA_BOOTSTRAP"))
    for name in metrics:
        title = "metrics" if name == metrics[0] else ""
        table.add_row(title, f"http://127.0.0.1:{ports[name]}/metrics  {name.removesuffix('-metrics')}")
    table.add_row("logs", str(state.logs))
    table.add_row("traces", str(state.traces))
    return table


async def processes_table(record: StackRecord) -> Table:
    """Every process of a running stack: its id, and whether it answers."""
    conditions = await asyncio.gather(*(_condition(process) for process in record.processes))
    table = Table(box=None, padding=(0, 2))
    for title in ("part", "process", "condition", "log"):
        table.add_column(title, overflow="fold")
    for process, condition in zip(record.processes, conditions, strict=True):
        table.add_row(process.name, str(process.pid), condition, process.log)
    return table


async def _condition(process: ProcessRecord) -> str:
    if not is_alive(process.pid, process.started):
        return "[red]dead[/red]"
    return "[green]ready[/green]" if await _answers(process) else "[yellow]not ready[/yellow]"


async def _answers(process: ProcessRecord) -> bool:
    if process.health is not None:
        return await http_ready(process.health)
    if process.name == "database":
        return await mongo_ready(process.ports["database"])
    return await kafka_ready(process.ports[process.name])


def _without_password(url: str) -> str:
    return re.sub(r"//[^/@]*@", "//", url)
