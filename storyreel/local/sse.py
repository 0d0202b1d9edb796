"""Reads server-sent events, as html.spec.whatwg.org/multipage/server-sent-events.html defines them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass


@dataclass(frozen=True)
class SseEvent:
    """One event. `id` is the last id the stream has named, the place to resume from; "" before the first."""

    id: str
    event: str
    data: str


async def read_events(chunks: AsyncIterator[bytes]) -> AsyncIterator[SseEvent]:
    """The events in a stream of bytes, cut anywhere. One that the stream breaks off is not an event."""
    last_id, kind = "", "message"
    data: list[str] = []
    async for line in _lines(chunks):
        if not line:
            if data:
                yield SseEvent(last_id, kind, "\n".join(data))
            kind, data = "message", []
            continue
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "data":
            data.append(value)
        elif name == "event":
            kind = value
        elif name == "id" and "\0" not in value:
            last_id = value


async def _lines(chunks: AsyncIterator[bytes]) -> AsyncIterator[str]:
    """Whole lines, ended by CRLF, LF or CR; never by the other separators that `str.splitlines` knows."""
    rest = b""
    async for chunk in chunks:
        rest += chunk
        complete = rest
        if rest.endswith(b"\r"):  # its LF may be in the next chunk
            complete = rest[:-1]
        *lines, tail = complete.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        rest = tail + rest[len(complete) :]
        for line in lines:
            yield line.decode(errors="replace").removeprefix("\ufeff")
