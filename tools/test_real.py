"""`make test-real`: the integration suite and a short chaos run on Apache Kafka and MinIO.

Skipped, in one line and with exit code 0, where the tools that fetch or run these are missing. The last line
says which MongoDB the tests were on.
"""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Final

from storyreel.errors import StoryreelError
from storyreel.local.fetch import KAFKA_VERSION, MINIO_VERSION, fetch_servers, why_not

INTEGRATION: Final = (
    "tests/servers",
    "tests/store",
    "tests/bus",
    "tests/work",
    "tests/pricing",
    "tests/gateway",
    "tests/end_to_end",
)
BOARD: Final = ("tests/board",)
"""Speaks to the database alone, so that it says something new only about a MongoDB."""
CHAOS: Final = ("-s", "tests/chaos/test_short_chaos.py")
"""With -s, so that its report is seen."""


def main() -> int:
    """Run every part, whichever fails; exits 0 where all pass. Arguments are given to pytest."""
    if reason := why_not():
        print(f"test-real: skipped, because Apache Kafka and MinIO cannot be run here. {reason}")
        return 0
    try:
        fetch_servers(say)
    except StoryreelError as error:
        print(f"test-real: Apache Kafka and MinIO could not be fetched. {error}", file=sys.stderr)
        return 1
    say(f"test-real: Apache Kafka {KAFKA_VERSION}, MinIO {MINIO_VERSION}")
    parts = (INTEGRATION, BOARD, CHAOS) if os.environ.get("STORYREEL_MONGO_URL") else (INTEGRATION, CHAOS)
    failed = [part for part in parts if not passes(part)]
    say(f"test-real: {'FAILED' if failed else 'passed'}. {about_mongo()}")
    return 1 if failed else 0


def passes(tests: tuple[str, ...]) -> bool:
    """Whether these tests pass on the real servers."""
    command = [sys.executable, "-m", "pytest", "-q", "--durations=10", *tests, *sys.argv[1:]]
    say(f"test-real: pytest {' '.join(tests)}")
    return subprocess.run(command, env={**os.environ, "STORYREEL_TEST_SERVERS": "real"}).returncode == 0


def about_mongo() -> str:
    """What stood where MongoDB stands in production."""
    if os.environ.get("STORYREEL_MONGO_URL"):
        return "MongoDB was the one that STORYREEL_MONGO_URL names."
    return (
        "MongoDB itself was not run: the embedded database, which speaks its protocol, stood in for it; "
        "STORYREEL_MONGO_URL points the same suite at a MongoDB."
    )


def say(line: str) -> None:
    """Print at once, before what a child prints."""
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
