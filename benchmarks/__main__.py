"""`python -m benchmarks` lists the benchmarks; `python -m benchmarks NAME` runs one."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
HELPERS = {"__main__", "report"}


def names() -> list[str]:
    """Every benchmark."""
    return sorted(module.name for module in pkgutil.iter_modules([str(FOLDER)]) if module.name not in HELPERS)


def main() -> None:
    """Runs the benchmark that is named, or lists them."""
    if len(sys.argv) < 2:
        for name in names():
            summary = (importlib.import_module(f"benchmarks.{name}").__doc__ or "").splitlines()[0]
            print(f"  make bench NAME={name:<9} {summary}")
        return
    if sys.argv[1] not in names():
        sys.exit(f"no benchmark is called {sys.argv[1]!r}: choose one of {', '.join(names())}")
    importlib.import_module(f"benchmarks.{sys.argv[1]}").main()


if __name__ == "__main__":
    main()
