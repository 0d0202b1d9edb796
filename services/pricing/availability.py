"""Which engines are there now: what the front roles of the worker services say over EngineService.

A front says what its workers can do, however many workers there are: a role scaled to zero is available.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

import grpc

from services.pricing.offer import Offer
from storyreel.contracts.engines.v1 import engines_pb2, engines_pb2_grpc
from storyreel.models import COMPOSER
from storyreel.rpc import open_channel
from storyreel.telemetry.logs import get_logger

log = get_logger(__name__)

ASK_SECONDS: Final = 5.0
ANSWER_SECONDS: Final = 2.0

_Known = frozenset[tuple[str, str]]
"""(engine, kind) pairs."""


class Availability:
    """What each worker service last said. A service that is away for a while keeps its last word."""

    def __init__(self, addresses: Sequence[str]) -> None:
        self._addresses = addresses
        self._said: dict[str, _Known] = {}

    def reason_against(self, offer: Offer) -> str:
        """Why the offer cannot be asked for now, in one sentence; empty where it can.

        Until every service has spoken, an engine that needs no key is taken to be there.
        """
        if offer.engine == COMPOSER or any(
            (offer.engine, offer.kind) in said for said in self._said.values()
        ):
            return ""
        if offer.needs:
            return f"no running service offers {offer.name}: it needs {offer.needs} to be set there"
        if len(self._said) < len(self._addresses) or not self._addresses:
            return ""
        return f"no running service offers {offer.name}"

    async def run(self, stopping: asyncio.Event) -> None:
        """Asks every service every few seconds until `stopping` is set."""
        channels = {address: open_channel(address) for address in self._addresses}
        try:
            while not stopping.is_set():
                await asyncio.gather(*(self._ask(address, channels[address]) for address in channels))
                try:
                    async with asyncio.timeout(ASK_SECONDS):
                        await stopping.wait()
                except TimeoutError:
                    continue
        finally:
            await asyncio.gather(*(channel.close() for channel in channels.values()))

    async def _ask(self, address: str, channel: grpc.aio.Channel) -> None:
        stub = engines_pb2_grpc.EngineServiceStub(channel)
        try:
            answer: engines_pb2.ListEnginesResponse = await stub.ListEngines(
                engines_pb2.ListEnginesRequest(), timeout=ANSWER_SECONDS
            )
        except grpc.aio.AioRpcError as error:
            log.info("engines unknown", service=address, reason=error.details())
            return
        self._said[address] = frozenset(
            (engine.name, kind) for engine in answer.engines for kind in engine.kinds
        )
