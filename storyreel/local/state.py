"""The state folder: everything a local stack keeps, and the lock that lets one stack at a time use it."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from pathlib import Path
from typing import IO

from pydantic import BaseModel, ConfigDict, ValidationError

from storyreel.local.errors import LocalError


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Credentials(_Kept):
    """The keys of the S3 store that a stack starts, made at random on the first start."""

    access_key: str
    secret_key: str


class ProcessRecord(_Kept):
    """A running child. `started` tells it from a later process with the same id.

    A GET of `health` is answered with 200 when it is ready.
    """

    name: str
    pid: int
    started: str
    ports: dict[str, int]
    log: str
    health: str | None = None


class StackRecord(_Kept):
    """What `stack.json` says about a running stack; `gateway_url` is None until every service is ready.

    `servers` says in words what it runs on; `environment` holds the settings that reach them, keys included.
    """

    pid: int
    started: str
    gateway_url: str | None = None
    servers: str = ""
    environment: dict[str, str] = {}
    processes: tuple[ProcessRecord, ...] = ()


class StateFolder:
    """The one folder of a local stack. Nothing is written outside it."""

    def __init__(self, root: Path) -> None:
        self.root = root.expanduser().absolute()
        self.logs = self.root / "logs"
        self.traces = self.root / "traces"
        self.record_path = self.root / "stack.json"
        self._lock: IO[str] | None = None

    @classmethod
    def default(cls) -> StateFolder:
        """`STORYREEL_STATE`, or `.storyreel` in the working folder."""
        return cls(Path(os.environ.get("STORYREEL_STATE") or ".storyreel"))

    def prepare(self) -> None:
        """Make the folders. Raises OSError where that is not allowed."""
        for folder in (self.root, self.logs, self.traces):
            folder.mkdir(parents=True, exist_ok=True)

    def acquire(self) -> None:
        """Take the folder for this process until `release`. Raises LocalError if another stack has it."""
        self.prepare()
        lock = (self.root / "lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.close()
            raise LocalError(self._in_use()) from error
        self._lock = lock

    def release(self) -> None:
        """Give the folder back. The kernel does the same when the process is killed."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def in_use(self) -> bool:
        """Whether a stack, of this or another process, holds the folder now."""
        lock_path = self.root / "lock"
        if not lock_path.exists():
            return False
        with lock_path.open("r+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def credentials(self) -> Credentials:
        """The S3 keys of this folder; made, and readable by its owner alone, the first time."""
        path = self.root / "credentials.json"
        if not path.exists():
            made = Credentials(
                access_key=f"storyreel{secrets.token_hex(4)}", secret_key=secrets.token_urlsafe(30)
            )
            write_atomically(path, made.model_dump_json(indent=2), mode=0o600)
        try:
            return Credentials.model_validate_json(path.read_text())
        except ValidationError as error:
            raise LocalError(f"{path} is damaged: restore it from a copy, or delete {self.root}.") from error

    def remembered_ports(self) -> dict[str, int]:
        """The ports of the last run, by name: used again where they are still free."""
        path = self.root / "ports.json"
        if not path.exists():
            return {}
        try:
            return {str(name): int(port) for name, port in json.loads(path.read_text()).items()}
        except (ValueError, AttributeError) as error:
            raise LocalError(f"{path} is damaged: delete it, new ports will be chosen.") from error

    def remember_ports(self, ports: dict[str, int]) -> None:
        """Keep `ports`, together with those already known, for the next run."""
        merged = self.remembered_ports() | ports
        write_atomically(self.root / "ports.json", json.dumps(merged, indent=2, sort_keys=True))

    def read_record(self) -> StackRecord | None:
        """What the last stack wrote about itself, alive or not; None if there is nothing."""
        try:
            text = self.record_path.read_text()
        except FileNotFoundError:
            return None
        try:
            return StackRecord.model_validate_json(text)
        except ValidationError as error:
            raise LocalError(f"{self.record_path} is damaged: delete it and start again.") from error

    def write_record(self, record: StackRecord) -> None:
        """Replace `stack.json`; readers see the old one or the new one, never a part."""
        write_atomically(self.record_path, record.model_dump_json(indent=2), mode=0o600)

    def forget_record(self) -> None:
        """Remove `stack.json`: no stack runs any more."""
        self.record_path.unlink(missing_ok=True)

    def _in_use(self) -> str:
        record = self.read_record()
        who = f"process {record.pid}" if record else "another process"
        return (
            f"A stack is already running on {self.root} ({who}): "
            "use it, stop it with `storyreel down`, or choose another folder with STORYREEL_STATE."
        )


def write_atomically(path: Path, text: str, mode: int = 0o644) -> None:
    """Write `text` to `path` so that a crash at any moment leaves the old file or the new one."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
