"""A plan that no worker can read becomes dead letters, and its job goes on once they are replayed."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from storyreel.assets import Assets, StoreAddress
from storyreel.bus.deadletters import DeadLetter, DeadLetters
from storyreel.settings import Settings
from tests.end_to_end.conftest import PATIENCE, Product

STORY = "The night watchman lit his pipe and looked over the quiet harbour until the morning came."
WORKERS = ("image", "narration", "video", "composer")


@contextmanager
def stopped(product: Product) -> Iterator[None]:
    """The workers' processes sleep during the block."""
    children = [product.stack.services[name] for name in WORKERS]
    for child in children:
        os.killpg(child.pid or 0, signal.SIGSTOP)
    try:
        yield
    finally:
        for child in children:
            os.killpg(child.pid or 0, signal.SIGCONT)


async def letters_of(product: Product, job: str) -> list[DeadLetter]:
    bootstrap = product.stack.servers.environment["STORYREEL_KAFKA_BOOTSTRAP"]
    found = await DeadLetters(bootstrap).unresolved()
    return [letter for letter in found if letter.key == job.encode()]


async def plan_of(product: Product, assets: Assets, job: str) -> str:
    """The object of the job's plan: the store has it under its digest, and it names its job."""
    for found in await assets.listing("local/plan/"):
        if job.encode() in await assets.read(found.object_key):
            return found.object_key
    raise AssertionError(f"no plan of {job}")


async def replay_all(product: Product) -> str:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("STORYREEL_")}
    process = await asyncio.create_subprocess_exec(
        Path(sys.executable).with_name("storyreel"),
        *("deadletters", "replay", "--all", "--state", str(product.stack.state.root)),
        env=clean,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said = (await process.communicate())[0].decode()
    assert process.returncode == 0, said
    return said


@pytest.mark.timeout(500)
async def test_a_job_whose_plan_was_unreadable_goes_on_after_a_replay(product: Product) -> None:
    environment = {
        name.removeprefix("STORYREEL_").lower(): value
        for name, value in product.stack.servers.environment.items()
    }
    assets = Assets(StoreAddress.of(Settings.model_validate(environment)))
    with stopped(product):
        job = (await product.submit(STORY))["id"]
        plan = await plan_of(product, assets, job)
        await assets.move(plan, f"aside/{plan}")
    async with asyncio.timeout(PATIENCE):
        while len(letters := await letters_of(product, job)) < len(WORKERS):
            await asyncio.sleep(0.5)
    assert {letter.group for letter in letters} == {f"storyreel-{name}" for name in WORKERS}
    assert all("the store has no" in letter.reason for letter in letters)
    assert (await product.read(job))["state"] == "approved"

    await assets.move(f"aside/{plan}", plan)
    # The four workers' groups put the same message aside: it is sent once.
    assert "replayed 4 dead letters: 1 messages sent" in await replay_all(product)
    ended = await product.settled(job)
    assert ended["state"] == "succeeded"
    assert ended["charged_credits"] == ended["quote"]["credits"]
    assert await letters_of(product, job) == []
