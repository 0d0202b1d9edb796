"""Real servers for the tests: started once per run, or those that the STORYREEL_ variables name."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from storyreel.assets import Assets, StoreAddress
from storyreel.bus.kafka import Producer
from storyreel.bus.publisher import Publisher
from storyreel.documents import Documents
from storyreel.migrate import migrate
from storyreel.settings import Settings
from tests.servers_under_test import servers_under_test


@pytest_asyncio.fixture(scope="session")
async def environment(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[dict[str, str]]:
    """The variables by which a process reaches the servers; topics and bucket are there."""
    folder = tmp_path_factory.mktemp("servers") / "state"
    async with servers_under_test(folder) as servers:
        with pytest.MonkeyPatch.context() as patch:
            for name, value in servers.environment.items():
                patch.setenv(name, value)
            await migrate(Settings())
            yield servers.environment


@pytest.fixture(scope="session")
def settings(environment: dict[str, str]) -> Settings:
    """The settings that those variables make."""
    return Settings()


@pytest_asyncio.fixture
async def documents(settings: Settings) -> AsyncIterator[Documents]:
    """A database of the test's own."""
    documents = Documents(settings.mongo_url, f"test_{uuid.uuid4().hex[:12]}")
    yield documents
    documents.close()


@pytest.fixture
def assets(settings: Settings) -> Assets:
    """The store."""
    return Assets(StoreAddress.of(settings))


@pytest_asyncio.fixture
async def publisher(settings: Settings) -> AsyncIterator[Publisher]:
    """A publisher on the broker."""
    publisher = Publisher(Producer(settings.kafka_bootstrap, idempotence=settings.kafka_idempotence))
    yield publisher
    await publisher.stop()
