"""The servers that a stack runs on, embedded or real, driven by the clients of production."""

from __future__ import annotations

import asyncio
import io
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from minio import Minio
from pymongo import AsyncMongoClient

from storyreel.local.child import started_at
from storyreel.local.errors import LocalError
from tests.servers_under_test import CHOICE, needs_servers_of_its_own, servers_under_test

TOPIC, RECORDS = "facts", 50
pytestmark = needs_servers_of_its_own


def store(environment: Mapping[str, str]) -> Minio:
    return Minio(
        environment["STORYREEL_S3_ENDPOINT"].removeprefix("http://"),
        environment["STORYREEL_S3_ACCESS_KEY"],
        environment["STORYREEL_S3_SECRET_KEY"],
        secure=False,
    )


def put(client: Minio, content: bytes) -> None:
    if not client.bucket_exists("storyreel"):
        client.make_bucket("storyreel")
    client.put_object("storyreel", "o/panel/1", io.BytesIO(content), len(content))


async def write(environment: Mapping[str, str]) -> None:
    """One object, fifty records and one document, each acknowledged."""
    await asyncio.to_thread(put, store(environment), b"a picture")
    bootstrap = environment["STORYREEL_KAFKA_BOOTSTRAP"]
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    await admin.create_topics([NewTopic(TOPIC, num_partitions=1, replication_factor=CHOICE.brokers)])
    await admin.close()
    idempotent = environment["STORYREEL_KAFKA_IDEMPOTENCE"] == "true"
    async with AIOKafkaProducer(
        bootstrap_servers=bootstrap, acks="all", enable_idempotence=idempotent
    ) as producer:
        for number in range(RECORDS):
            await producer.send_and_wait(TOPIC, str(number).encode())
    async with AsyncMongoClient(environment["STORYREEL_MONGO_URL"]) as database:
        await database.test.rows.insert_one({"_id": "row", "state": "ready"})


async def read_object(environment: Mapping[str, str]) -> bytes:
    answer = await asyncio.to_thread(store(environment).get_object, "storyreel", "o/panel/1")
    return bytes(answer.read())


async def read_records(environment: Mapping[str, str]) -> list[int]:
    bootstrap = environment["STORYREEL_KAFKA_BOOTSTRAP"]
    consumer = AIOKafkaConsumer(
        TOPIC, bootstrap_servers=bootstrap, auto_offset_reset="earliest", fetch_max_wait_ms=100
    )
    found: list[int] = []
    async with consumer, asyncio.timeout(30):
        while len(found) < RECORDS:
            for records in (await consumer.getmany(timeout_ms=500)).values():
                found += [int(record.value) for record in records]
    return found


async def read_document(environment: Mapping[str, str]) -> object:
    async with AsyncMongoClient(environment["STORYREEL_MONGO_URL"]) as database:
        return await database.test.rows.find_one({"_id": "row"})


async def assert_all_there(environment: Mapping[str, str]) -> None:
    assert await read_object(environment) == b"a picture"
    assert await read_records(environment) == list(range(RECORDS))
    assert await read_document(environment) == {"_id": "row", "state": "ready"}


async def test_what_was_acknowledged_survives_kill_9_of_each_server(tmp_path: Path) -> None:
    async with servers_under_test(tmp_path / "state") as servers:
        await write(servers.environment)
        for name in reversed(servers.children):
            before = servers.children[name].pid
            servers.kill(name)
            await servers.children[name].wait()
            await servers.restart(name)
            assert servers.children[name].pid != before
            await assert_all_there(servers.environment)


async def test_data_and_keys_survive_a_restart_on_other_ports(tmp_path: Path) -> None:
    async with servers_under_test(tmp_path / "state") as servers:
        await write(servers.environment)
        first, keys = servers.ports, servers.state.credentials()
    (tmp_path / "state" / "ports.json").unlink()
    async with servers_under_test(tmp_path / "state") as servers:
        assert not set(first.values()) & set(servers.ports.values())
        assert servers.state.credentials() == keys
        await assert_all_there(servers.environment)


async def test_a_second_stack_on_the_same_folder_is_refused_and_the_first_goes_on(tmp_path: Path) -> None:
    async with servers_under_test(tmp_path / "state") as first:
        with pytest.raises(LocalError, match=rf"already running on .*process {os.getpid()}"):
            await servers_under_test(tmp_path / "state").start()
        assert all(child.running for child in first.children.values())
        record = first.state.read_record()
        assert record is not None
        assert {process.name for process in record.processes} == set(first.children)


def ports_open_to_the_network() -> set[int]:
    found = set()
    for table, anywhere in (("tcp", "0" * 8), ("tcp6", "0" * 32)):
        for line in Path("/proc/net", table).read_text().splitlines()[1:]:
            address, port = line.split()[1].split(":")
            if line.split()[3] == "0A" and address == anywhere:
                found.add(int(port, 16))
    return found


async def test_all_servers_listen_on_loopback_only(tmp_path: Path) -> None:
    async with servers_under_test(tmp_path / "state") as servers:
        ours = set(servers.ports.values())
        assert not ports_open_to_the_network() & (ours | {port + 10_000 for port in ours})


PARENT = """
import asyncio, sys
from pathlib import Path
from tests.servers_under_test import servers_under_test

async def main():
    async with servers_under_test(Path(sys.argv[1])) as servers:
        print(*(child.pid for child in servers.children.values()), flush=True)
        await asyncio.sleep(600)

asyncio.run(main())
"""


@contextmanager
def parent_of_servers(state: Path) -> Iterator[list[int]]:
    """A process that runs the servers, killed with -9 at the end; yields the servers' process ids."""
    # Said outright: tests before this one may have left the variables of their servers in the environment.
    environment = {**os.environ, "STORYREEL_TEST_SERVERS": CHOICE.kind}
    command = [sys.executable, "-c", PARENT, str(state)]
    parent = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    assert parent.stdout is not None
    try:
        yield [int(pid) for pid in parent.stdout.readline().split()]
    finally:
        parent.kill()
        parent.wait()


async def wait_until_gone(pids: list[int]) -> None:
    async with asyncio.timeout(5):
        while any(started_at(pid) for pid in pids):
            await asyncio.sleep(0.05)


async def test_the_servers_die_with_a_parent_killed_by_9_and_the_folder_is_free_again(tmp_path: Path) -> None:
    state = tmp_path / "state"
    with parent_of_servers(state) as pids:
        assert len(pids) >= 3 and all(started_at(pid) for pid in pids)
    await wait_until_gone(pids)
    async with servers_under_test(state) as servers:
        await write(servers.environment)
        await assert_all_there(servers.environment)


async def test_a_server_stays_away_for_the_whole_of_an_outage_and_is_back_after_it(tmp_path: Path) -> None:
    async with servers_under_test(tmp_path / "state") as servers:
        child = servers.children["database"]
        async with servers.outage("database"):
            reviving = asyncio.create_task(servers.revive("database"))
            await asyncio.sleep(0)
            assert not child.running and not reviving.done()
        back = child.pid
        assert child.running
        await reviving
        assert child.pid == back
