"""Asks servers, each in its own protocol, whether they really work; a port that accepts is not enough.

Spoken by hand, in a few bytes each: the clients of production live in one module each, and need a server
that is already there.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import struct
from datetime import UTC, datetime
from typing import Final

import httpx

from storyreel.local.state import Credentials

_PATIENCE_SECONDS: Final = 3.0
_BROKEN = (OSError, EOFError, TimeoutError, struct.error)
"""What a server that is not ready does to a conversation."""


async def http_ready(url: str) -> bool:
    """Whether a GET of `url` answers 200."""
    try:
        async with httpx.AsyncClient(timeout=_PATIENCE_SECONDS, trust_env=False) as client:
            return (await client.get(url)).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


async def s3_ready(endpoint: str, bucket: str, credentials: Credentials) -> bool:
    """Whether an object can be written to `bucket` and read back, now."""
    token = datetime.now(UTC).isoformat().encode()
    path = f"/{bucket}/.ready"
    try:
        async with httpx.AsyncClient(base_url=endpoint, timeout=_PATIENCE_SECONDS, trust_env=False) as client:
            put = await client.put(
                path, content=token, headers=_signed("PUT", path, token, client, credentials)
            )
            if put.status_code != httpx.codes.OK:
                return False
            got = await client.get(path, headers=_signed("GET", path, b"", client, credentials))
            return got.status_code == httpx.codes.OK and got.content == token
    except httpx.TransportError:
        return False


async def s3_bucket_ready(endpoint: str, bucket: str, credentials: Credentials) -> bool:
    """As `s3_ready`, having made `bucket` first where it is not there."""
    path = f"/{bucket}"
    try:
        async with httpx.AsyncClient(base_url=endpoint, timeout=_PATIENCE_SECONDS, trust_env=False) as client:
            made = await client.put(path, headers=_signed("PUT", path, b"", client, credentials))
    except httpx.TransportError:
        return False
    there = made.status_code in (httpx.codes.OK, httpx.codes.CONFLICT)
    return there and await s3_ready(endpoint, bucket, credentials)


def _signed(
    method: str, path: str, body: bytes, client: httpx.AsyncClient, keys: Credentials
) -> dict[str, str]:
    """AWS Signature Version 4, as docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html."""
    now = datetime.now(UTC)
    moment, day = now.strftime("%Y%m%dT%H%M%SZ"), now.strftime("%Y%m%d")
    digest = hashlib.sha256(body).hexdigest()
    host = client.base_url.netloc.decode()
    names = "host;x-amz-content-sha256;x-amz-date"
    headers = f"host:{host}\nx-amz-content-sha256:{digest}\nx-amz-date:{moment}\n"
    canonical = f"{method}\n{path}\n\n{headers}\n{names}\n{digest}"
    scope = f"{day}/us-east-1/s3/aws4_request"
    to_sign = f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = f"AWS4{keys.secret_key}".encode()
    for part in (day, "us-east-1", "s3", "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.digest(key, to_sign.encode(), "sha256").hex()
    authorization = (
        f"AWS4-HMAC-SHA256 Credential={keys.access_key}/{scope}, SignedHeaders={names}, Signature={signature}"
    )
    return {"Authorization": authorization, "x-amz-date": moment, "x-amz-content-sha256": digest}


async def kafka_ready(port: int) -> bool:
    """Whether the broker on `port` answers a Metadata request (version 1) and names itself in it.

    A broker of a cluster that its controllers have not let in yet is not in the list.
    """
    client_id = b"storyreel"
    request = struct.pack(">hhih", 3, 1, 7, len(client_id)) + client_id + struct.pack(">i", 0)  # 0 topics
    try:
        answer = await _exchange(port, struct.pack(">i", len(request)) + request, ">i")
        return port in _broker_ports(answer)
    except _BROKEN:
        return False


def _broker_ports(answer: bytes) -> set[int]:
    """The ports of the brokers in a Metadata response (kafka.apache.org/protocol, version 1)."""
    (count,) = struct.unpack_from(">i", answer, 4)
    ports, at = set(), 8
    for _ in range(count):
        (host_length,) = struct.unpack_from(">h", answer, at + 4)
        at += 6 + host_length
        port, rack_length = struct.unpack_from(">ih", answer, at)
        at += 6 + max(0, rack_length)  # -1 is a rack that is not set
        ports.add(port)
    return ports


async def mongo_ready(port: int) -> bool:
    """Whether the database on `port` answers `ping` with ok: 1 (OP_MSG)."""
    fields = b"\x10ping\x00" + struct.pack("<i", 1) + b"\x02$db\x00" + struct.pack("<i", 6) + b"admin\x00"
    document = struct.pack("<i", len(fields) + 5) + fields + b"\x00"
    body = struct.pack("<i", 0) + b"\x00" + document
    message = struct.pack("<iiii", len(body) + 16, 1, 0, 2013) + body
    try:
        answer = await _exchange(port, message, "<i", counts_itself=True)
    except _BROKEN:
        return False
    return b"\x01ok\x00" + struct.pack("<d", 1.0) in answer


async def _exchange(port: int, message: bytes, size_format: str, *, counts_itself: bool = False) -> bytes:
    """Send `message` and read one answer that begins with its size; returns what follows the size."""
    async with asyncio.timeout(_PATIENCE_SECONDS):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            writer.write(message)
            await writer.drain()
            (size,) = struct.unpack(size_format, await reader.readexactly(4))
            return await reader.readexactly(size - 4 if counts_itself else size)
        finally:
            writer.close()
