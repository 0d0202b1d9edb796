"""The gateway's side of PricingService."""

from __future__ import annotations

from collections.abc import Sequence

import grpc

from storyreel.contracts.pricing.v1 import pricing_pb2, pricing_pb2_grpc
from storyreel.errors import UnavailableError
from storyreel.plan import PlanLine
from storyreel.rpc import CALL_SECONDS, open_channel


class PricingClient:
    """Asks for quotes, with a deadline."""

    def __init__(self, address: str) -> None:
        self._channel = open_channel(address)
        self._stub = pricing_pb2_grpc.PricingServiceStub(self._channel)

    async def quote(self, owner: str, lines: Sequence[PlanLine]) -> pricing_pb2.Quote:
        """A quote for the lines of a plan. Raises ValueError where pricing refuses, UnavailableError."""
        request = pricing_pb2.QuoteRequest(
            owner=owner,
            lines=[
                pricing_pb2.LineItem(
                    line_id=line.line_id,
                    kind=line.kind,
                    engine=line.engine,
                    tier=line.tier,
                    asset_key=line.asset_key,
                    units=line.units,
                )
                for line in lines
            ],
        )
        try:
            answer: pricing_pb2.QuoteResponse = await self._stub.Quote(request, timeout=CALL_SECONDS)
        except grpc.aio.AioRpcError as error:
            if error.code() is grpc.StatusCode.INVALID_ARGUMENT:
                raise ValueError(error.details()) from error
            raise UnavailableError(f"pricing does not answer: {error.details()}") from error
        return answer.quote

    async def close(self) -> None:
        """Closes the channel."""
        await self._channel.close()
