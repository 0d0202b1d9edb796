"""How a command reaches servers: by the STORYREEL_ variables, or by the stack that runs on a state folder."""

from __future__ import annotations

import os
from collections.abc import Mapping

from storyreel.local.control import running_stack
from storyreel.local.errors import LocalError
from storyreel.local.state import StateFolder

BOOTSTRAP = "STORYREEL_KAFKA_BOOTSTRAP"


def environment_of(state: StateFolder) -> Mapping[str, str]:
    """The STORYREEL_ settings of the servers: those of this process where it has any, else the stack's.

    Raises LocalError where there are neither.
    """
    if os.environ.get(BOOTSTRAP):
        return {name: value for name, value in os.environ.items() if name.startswith("STORYREEL_")}
    record = running_stack(state)
    if record is None:
        raise LocalError(f"No stack is running on {state.root}: start one, or set {BOOTSTRAP}.")
    return record.environment
