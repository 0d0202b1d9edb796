"""`python -m storyreel.migrate`: makes sure of the topics and the bucket. Safe to run again.

Each service makes sure of its own indexes when it starts.
"""

from __future__ import annotations

import asyncio
import sys

from storyreel.assets import Assets, StoreAddress
from storyreel.bus.kafka import ensure_topics
from storyreel.errors import StoryreelError
from storyreel.settings import Settings, load_settings


async def migrate(settings: Settings) -> None:
    """Creates what is missing. Raises UnavailableError where a server does not answer."""
    await Assets(StoreAddress.of(settings)).ensure_bucket()
    created = await ensure_topics(settings.kafka_bootstrap, replication=settings.kafka_replication)
    print(f"bucket {settings.s3_bucket!r} is there; topics created: {', '.join(created) or 'none missing'}")


def main() -> None:
    """Runs it; exits 1 with one sentence where a server does not answer."""
    try:
        asyncio.run(migrate(load_settings()))
    except StoryreelError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
