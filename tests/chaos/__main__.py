"""`python -m tests.chaos`: one chaos run. Its last line says whether every invariant held; exit 1 if not."""

from __future__ import annotations

import asyncio
import logging
import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from storyreel.local.errors import LocalError
from tests.chaos.options import ChaosOptions, parser
from tests.chaos.run import run_chaos


def main() -> int:
    """Runs it; the exit code."""
    arguments = parser().parse_args()
    # Brokers are killed all the time: that the client notices is no news.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    own = arguments.state is None
    state = Path(tempfile.mkdtemp(prefix="storyreel-chaos-")) if own else arguments.state
    options = replace(ChaosOptions.of(arguments), state=state)
    try:
        report = asyncio.run(run_chaos(options, lambda line: print(line, flush=True)))
    except LocalError as error:
        print(f"chaos: could not run: {error} (see {state})")
        return 1
    if arguments.report is not None:
        arguments.report.write_text(report.as_json())
    if report.good and own:
        shutil.rmtree(state)
    print(*report.lines(), sep="\n")
    if not report.good:
        print(f"the state folder is kept: {state}", file=sys.stderr)
    return 0 if report.good else 1


if __name__ == "__main__":
    sys.exit(main())
