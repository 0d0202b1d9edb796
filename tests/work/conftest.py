"""What the tests of worker processes share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storyreel.assets import Assets
from storyreel.board import schedule
from storyreel.documents import Documents
from storyreel.settings import Settings
from storyreel.work import asking
from tests.work.bench import Bench
from tests.work.errands import Errands
from tests.work.paid_engine import PaidEngineServer


@pytest.fixture
def errands(settings: Settings, environment: dict[str, str], tmp_path: Path) -> Iterator[Errands]:
    errands = Errands(settings, environment, tmp_path)
    yield errands
    errands.close()


@pytest.fixture
def paid_engine() -> Iterator[PaidEngineServer]:
    server = PaidEngineServer()
    yield server
    server.stop()


@pytest.fixture
def bench(documents: Documents, assets: Assets) -> Bench:
    return Bench(documents, assets)


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests are settled as if they had been waited out, and tasks are tried again soon."""
    monkeypatch.setattr(asking, "MARGIN_SECONDS", -asking.SEND_SECONDS)
    monkeypatch.setattr(schedule, "BASE_SECONDS", 0.05)
