"""Choosing ports, and naming who holds one."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator

import pytest

from storyreel.local.errors import LocalError
from storyreel.local.ports import GRPC_OFFSET, PORTS, choose_port, holder, is_free


@pytest.fixture
def taken() -> Iterator[int]:
    port = choose_port()
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", port))
        listener.listen()
        yield port


def test_a_port_that_is_listened_on_is_not_free_and_its_holder_is_named(taken: int) -> None:
    assert not is_free(taken)
    named = holder(taken)
    assert named is not None and f"(process {os.getpid()})" in named


def test_a_free_port_has_no_holder() -> None:
    port = choose_port()
    assert is_free(port)
    assert holder(port) is None


def test_the_wanted_port_is_taken_if_free_and_else_another(taken: int) -> None:
    free = choose_port(avoid={taken})
    assert choose_port(wanted=free) == free
    assert choose_port(wanted=taken) != taken


def test_ports_to_avoid_are_not_chosen() -> None:
    allowed = PORTS[0]
    while not is_free(allowed):
        allowed += 1
    assert choose_port(avoid=set(PORTS) - {allowed}) == allowed


def test_a_pair_needs_the_grpc_port_too() -> None:
    wanted = choose_port(pair=True)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", wanted + GRPC_OFFSET))
        listener.listen()
        assert choose_port(wanted=wanted) == wanted
        assert choose_port(wanted=wanted, pair=True) != wanted


def test_no_free_port_is_said() -> None:
    with pytest.raises(LocalError, match="No port between"):
        choose_port(avoid=PORTS)
