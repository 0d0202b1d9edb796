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
    s3_endpoint: str = "http://127.0.0.1:9000"
    s3_access_key: str = "storyreel"
    s3_secret_key: str = "storyreel"
    s3_bucket: str = "storyreel"
    s3_public_url: str | None = None
    """The store's address as users reach it; links are signed for it."""

    pricing_address: str = "127.0.0.1:50051"
    http_host: str = "127.0.0.1"
    http_port: int = Field(default=8080, ge=0, le=65535)
    grpc_port: int = Field(default=50051, ge=0, le=65535)
    metrics_host: str = "127.0.0.1"
    metrics_port: int = Field(default=9464, ge=0, le=65535)
    """Serves /metrics, /livez and /readyz."""

    work_processes: int = Field(default_factory=lambda: os.cpu_count() or 1, ge=1)
    """Processes that local engines draw in."""
    lease_seconds: float = Field(default=30.0, gt=0)
    stop_grace_seconds: float = Field(default=15.0, gt=0)
    """How long running work may take to finish before it is handed back at a stop."""

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

    @property
    def is_front(self) -> bool:
        """Whether this process ingests, relays, sweeps and serves."""
        return "front" in self.roles.split(",")

    @property
    def is_work(self) -> bool:
        """Whether this process claims tasks."""
        return "work" in self.roles.split(",")

    @property
    def s3_user_url(self) -> str:
        """The store's address in the links that users get."""
        return self.s3_public_url or self.s3_endpoint


def load_settings() -> Settings:
    """The settings of this process. Ends it with one sentence per wrong value."""
    try:
        return Settings()
    except ValidationError as error:
        for problem in error.errors():
            name = "STORYREEL_" + "_".join(str(part) for part in problem["loc"]).upper()
            print(f"{name}={problem.get('input')!r}: {problem['msg']}", file=sys.stderr)
        raise SystemExit(2) from error
