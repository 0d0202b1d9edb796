"""Which servers a stack runs on: the embedded ones, real ones started here, or any that are given."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal, Self

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from storyreel.local.errors import LocalError
from storyreel.local.state import StateFolder, write_atomically

Kind = Literal["embedded", "real", "given"]
CLUSTER: Final = 3
"""Brokers of a cluster: every record has three copies, and two must have it before it is acknowledged."""


class ServerChoice(BaseModel):
    """The kind of servers, how many brokers, and a MongoDB of the user's own in place of the embedded one.

    embedded: the three that come as Python wheels. real: Apache Kafka and MinIO. given: those that the
    STORYREEL_ variables name; nothing is started but the services.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind = "embedded"
    brokers: int = 1
    mongo_url: str | None = None

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.brokers not in (1, CLUSTER):
            raise ValueError(f"{self.brokers} brokers are not possible: choose 1 or {CLUSTER}")
        if self.kind != "real" and self.brokers != 1:
            raise ValueError("only the real servers have more than one broker: add --servers real")
        if self.kind != "real" and self.mongo_url is not None:
            raise ValueError("a MongoDB of your own goes with --servers real, or with --servers given")
        return self

    @property
    def arguments(self) -> list[str]:
        """The command line's options that make this choice."""
        mongo = ["--mongo-url", self.mongo_url] if self.mongo_url else []
        return ["--servers", self.kind, "--brokers", str(self.brokers), *mongo]

    def __str__(self) -> str:
        brokers = f" with {self.brokers} brokers" if self.brokers > 1 else ""
        return f"{self.kind} servers{brokers}{' and a MongoDB of its own' if self.mongo_url else ''}"


def make_choice(
    state: StateFolder, kind: Kind | None, brokers: int | None, mongo_url: str | None
) -> ServerChoice:
    """What was asked for; where nothing was, what the folder was made with, else the embedded servers.

    Raises LocalError where the options do not go together.
    """
    if kind is None and brokers is None and mongo_url is None:
        return kept_choice(state) or ServerChoice()
    try:
        return ServerChoice(kind=kind or "embedded", brokers=brokers or 1, mongo_url=mongo_url)
    except ValidationError as error:
        said = error.errors()[0]["msg"].removeprefix("Value error, ")
        raise LocalError(f"{said[0].upper()}{said[1:]}.") from error


def kept_choice(state: StateFolder) -> ServerChoice | None:
    """The servers that the folder's data is on; None for a new folder."""
    path = _path(state)
    if not path.exists():
        # Folders made before there was a choice have no such file.
        return ServerChoice() if (state.root / "broker").exists() else None
    try:
        return ServerChoice.model_validate_json(path.read_text())
    except ValidationError as error:
        raise LocalError(f"{path} is damaged: restore it from a copy, or delete {state.root}.") from error


def keep_choice(state: StateFolder, choice: ServerChoice) -> None:
    """Bind the folder to `choice`. Raises LocalError where its data is on other servers."""
    kept = kept_choice(state)
    if kept is not None and kept != choice:
        raise LocalError(
            f"{state.root} was made on {kept}, so it cannot be used on {choice}: "
            "what it holds would not be found. Choose another folder with STORYREEL_STATE."
        )
    # A MongoDB's URL may hold a password.
    write_atomically(_path(state), choice.model_dump_json(indent=2), mode=0o600)


def _path(state: StateFolder) -> Path:
    return state.root / "servers.json"
