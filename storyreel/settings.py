"""Settings of a service, read from the environment alone (`STORYREEL_*`), refused at start where wrong."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROLES = ("front", "work")


class Settings(BaseSettings):
    """Where the servers are, which roles this process plays, and where it listens."""

    model_config = SettingsConfigDict(env_prefix="STORYREEL_", extra="ignore")

    roles: str = "front,work"
    """front: ingests events, relays, sweeps, serves gRPC. work: claims tasks and makes assets."""

    kafka_bootstrap: str = "127.0.0.1:9092"
    kafka_idempotence: bool = True
    """Idempotent producers; off where the broker has none."""
    kafka_replication: int = Field(default=1, ge=1)
    """Copies of every topic's partitions; 3 on a cluster of three."""
    mongo_url: str = "mongodb://127.0.0.1:27017"
    mongo_prefix: str = Field(default="storyreel", pattern=r"^[A-Za-z0-9_-]{1,40}$")
    """What the names of the services' databases begin with: one MongoDB may serve several deployments."""
    s3_endpoint: str = "http://127.0.0.1:9000"
    s3_access_key: str = "storyreel"
    s3_secret_key: str = "storyreel"
    s3_bucket: str = "storyreel"
    s3_public_url: str | None = None
    """The store's address as users reach it; links are signed for it."""

    pricing_address: str = "127.0.0.1:50051"
    catalogue: Path | None = None
    """What engines offer at what price, a TOML file read by pricing; where unset, the one in the package."""
    engine_addresses: str = ""
    """Where the worker services serve EngineService, host:port with commas: pricing asks what is there."""
    http_host: str = "127.0.0.1"
    http_port: int = Field(default=8080, ge=0, le=65535)
    grpc_port: int = Field(default=50051, ge=0, le=65535)
    metrics_host: str = "127.0.0.1"
    metrics_port: int = Field(default=9464, ge=0, le=65535)
    """Serves /metrics, /livez and /readyz."""

    open_jobs_per_owner: int = Field(default=200, ge=1)
    """Jobs that one owner may have open at once; a request for one more is answered with 429."""
    open_lines_per_owner: int = Field(default=20_000, ge=1)
    """Assets that these jobs may still wait for, all together."""

    work_processes: int = Field(default_factory=lambda: os.cpu_count() or 1, ge=1)
    """Processes that local engines draw in."""
    lease_seconds: float = Field(default=30.0, gt=0)
    engine_limits: str = ""
    """How many tasks may occupy an engine at once, over all workers, such as kling-3=5,seedance-2=3."""
    stop_grace_seconds: float = Field(default=15.0, gt=0)
    """How long running work may take to finish before it is handed back at a stop."""

    dead_letter_share: float = Field(default=0.2, ge=0, le=1)
    """A consumer holds rather than put aside more than this part of its recent messages."""
    ready_cap: int = Field(default=20_000, ge=1)
    """With more ready rows than these on its board, a front takes no new jobs until some are done."""
    sweep_age_seconds: float = Field(default=86_400.0, gt=0)
    """What nothing names is swept when it is older than this; longer than any attempt."""

    traces_file: Path | None = None
    """Spans are appended here as JSON lines; OTEL_EXPORTER_OTLP_ENDPOINT sends them to a collector."""
    log_format: Literal["json", "console"] = "json"
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @field_validator("roles")
    @classmethod
    def _known_roles(cls, value: str) -> str:
        unknown = [role for role in value.split(",") if role.strip() not in ROLES]
        if unknown:
            raise ValueError(f"unknown role {unknown[0]!r}: choose from {', '.join(ROLES)}")
        return value

    @field_validator("engine_limits")
    @classmethod
    def _readable_limits(cls, value: str) -> str:
        _limits(value)
        return value

    @property
    def limits(self) -> dict[str, int]:
        """The limits in `engine_limits`, by engine."""
        return _limits(self.engine_limits)

    @property
    def is_front(self) -> bool:
        """Whether this process ingests, relays, sweeps and serves."""
        return "front" in self.roles.split(",")

    @property
    def is_work(self) -> bool:
        """Whether this process claims tasks."""
        return "work" in self.roles.split(",")

    @property
    def engine_services(self) -> tuple[str, ...]:
        """The addresses in `engine_addresses`."""
        return tuple(address.strip() for address in self.engine_addresses.split(",") if address.strip())

    def database(self, service: str) -> str:
        """The name of a service's database."""
        return f"{self.mongo_prefix}_{service}"

    @property
    def s3_user_url(self) -> str:
        """The store's address in the links that users get."""
        return self.s3_public_url or self.s3_endpoint


def _limits(text: str) -> dict[str, int]:
    limits: dict[str, int] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        engine, _, count = (word.strip() for word in part.partition("="))
        if not engine or not count.isdecimal() or int(count) < 1:
            raise ValueError(f"{part!r} is no limit: write engine=tasks, such as kling-3=5")
        if engine in limits:
            raise ValueError(f"{engine} has two limits: leave one")
        limits[engine] = int(count)
    return limits


def load_settings() -> Settings:
    """The settings of this process. Ends it with one sentence per wrong value."""
    try:
        return Settings()
    except ValidationError as error:
        for problem in error.errors():
            name = "STORYREEL_" + "_".join(str(part) for part in problem["loc"]).upper()
            print(f"{name}={problem.get('input')!r}: {problem['msg']}", file=sys.stderr)
        raise SystemExit(2) from error
