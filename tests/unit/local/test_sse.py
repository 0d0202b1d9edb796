"""Server-sent events, cut into pieces anywhere."""

from __future__ import annotations

from collections.abc import AsyncIterator
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from storyreel.local.sse import SseEvent, read_events

STREAM = (
    b": ping\r\n\r\n"
    b'id: 1\nevent: panels.rendered\ndata: {"seq": 1}\n\n'
    b"data: two\rdata:  lines\r\r"
    b"id: 3\r\nevent: films.rendered\r\ndata: caf\xc3\xa9 \xe2\x80\xa8 same line\r\nunknown: x\r\n\r\n"
    b"event: nothing\n\n"
    b"data: broken off"
)
EVENTS = [
    SseEvent("1", "panels.rendered", '{"seq": 1}'),
    SseEvent("1", "message", "two\n lines"),
    SseEvent("3", "films.rendered", "café \u2028 same line"),
]


async def pieces(stream: bytes, cuts: list[int]) -> AsyncIterator[bytes]:
    edges = [0, *sorted(cuts), len(stream)]
    for start, end in pairwise(edges):
        yield stream[start:end]


async def parsed(stream: bytes, cuts: list[int]) -> list[SseEvent]:
    return [event async for event in read_events(pieces(stream, cuts))]


async def test_every_whole_event_is_read_and_a_broken_one_is_not() -> None:
    assert await parsed(STREAM, []) == EVENTS


async def test_byte_by_byte_gives_the_same_events() -> None:
    assert await parsed(STREAM, list(range(len(STREAM)))) == EVENTS


@given(st.lists(st.integers(0, len(STREAM)), max_size=8))
async def test_where_the_stream_is_cut_changes_nothing(cuts: list[int]) -> None:
    assert await parsed(STREAM, cuts) == EVENTS
