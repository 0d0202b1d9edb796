"""The six services as programs: their modules, ports and environment."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from storyreel.local.child import STACK_MARK, Program
from storyreel.local.probes import http_ready
from storyreel.local.state import StateFolder


@dataclass(frozen=True)
class Service:
    """A service as the local stack runs it: `python -m module`."""

    name: str
    module: str
    serves_grpc: bool = False
    serves_http: bool = False

    @property
    def port_names(self) -> tuple[str, ...]:
        """The names, in `ports.json`, of the ports it needs besides the gateway's own."""
        grpc = (f"{self.name}-grpc",) if self.serves_grpc else ()
        return (f"{self.name}-metrics", *grpc)


SERVICES: Final = (
    Service("pricing", "services.pricing", serves_grpc=True),
    Service("image", "services.image", serves_grpc=True),
    Service("narration", "services.narration", serves_grpc=True),
    Service("video", "services.video", serves_grpc=True),
    Service("composer", "services.composer"),
    Service("gateway", "services.gateway", serves_http=True),
)

MIGRATE_MODULE: Final = "storyreel.migrate"
"""Creates topics, buckets and indexes; running it again changes nothing."""


def service_program(
    service: Service, state: StateFolder, ports: Mapping[str, int], servers: Mapping[str, str], host: str
) -> Program:
    """`service` as a child process, ready when its `/readyz` says so.

    `ports` holds every service's ports by name and the gateway's as `gateway`; `host` is where the gateway
    listens; `servers` is the environment that names the servers.
    """
    own = {name: ports[name] for name in service.port_names}
    metrics = ports[f"{service.name}-metrics"]
    health = f"http://127.0.0.1:{metrics}/readyz"
    settings = {
        "STORYREEL_ROLES": "front,work",
        "STORYREEL_LOG_FORMAT": "json",
        "STORYREEL_METRICS_PORT": str(metrics),
        "STORYREEL_TRACES_FILE": str(state.traces / f"{service.name}.jsonl"),
        "STORYREEL_PRICING_ADDRESS": f"127.0.0.1:{ports['pricing-grpc']}",
        "STORYREEL_ENGINE_ADDRESSES": ",".join(
            f"127.0.0.1:{port}"
            for name, port in ports.items()
            if name.endswith("-grpc") and name != "pricing-grpc"
        ),
    }
    if service.serves_grpc:
        settings["STORYREEL_GRPC_PORT"] = str(ports[f"{service.name}-grpc"])
    if service.serves_http:
        own[service.name] = ports[service.name]
        settings |= {"STORYREEL_HTTP_HOST": host, "STORYREEL_HTTP_PORT": str(ports[service.name])}
    return Program(
        name=service.name,
        command=[sys.executable, "-m", service.module],
        environment=child_environment(state, servers) | settings,
        log=state.logs / f"{service.name}.log",
        ready=lambda: http_ready(health),
        health=health,
        ports=own,
        ready_within=120.0,
        stop_within=40.0,
    )


def child_environment(state: StateFolder, servers: Mapping[str, str]) -> dict[str, str]:
    """This process's environment (engine keys come that way), the servers, and the stack's mark."""
    return {**os.environ, **servers, STACK_MARK: str(state.root), "PYTHONUNBUFFERED": "1"}
