"""gRPC: servers with health, reflection and traces; channels that carry the trace."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection
from opentelemetry.instrumentation.grpc import aio_client_interceptors, aio_server_interceptor

from storyreel.errors import StoryreelError, UnavailableError
from storyreel.rpc_errors import refuse

STOP_SECONDS: Final = 5.0
CALL_SECONDS: Final = 10.0
"""The deadline of every call that we make, and of every call that we answer."""
RETRY_SECONDS: Final = 2
"""When a client is told to ask again."""


@dataclass(frozen=True)
class Servicer:
    """A service to be served: its full name in the contracts, and how it is added to a server."""

    full_name: str
    add_to: Callable[[grpc.aio.Server], Any]


class RpcServer:
    """Serves gRPC on one port until told to stop."""

    def __init__(self, host: str, port: int, servicers: Sequence[Servicer]) -> None:
        self._address = f"{host}:{port}"
        self._servicers = servicers
        self._serving = False

    def ready(self) -> bool:
        """Whether it answers."""
        return self._serving

    async def run(self, stopping: asyncio.Event) -> None:
        """Serves until `stopping` is set."""
        server = grpc.aio.server(interceptors=[aio_server_interceptor(), _Guard()])
        names = [servicer.full_name for servicer in self._servicers]
        for servicer in self._servicers:
            servicer.add_to(server)
        status = health.aio.HealthServicer()
        health_pb2_grpc.add_HealthServicer_to_server(status, server)
        reflection.enable_server_reflection([*names, reflection.SERVICE_NAME, health.SERVICE_NAME], server)
        try:
            server.add_insecure_port(self._address)
        except RuntimeError as error:
            raise StoryreelError(
                f"cannot listen on {self._address} for gRPC: set STORYREEL_GRPC_PORT to a free port"
            ) from error
        await server.start()
        for name in ["", *names]:
            await status.set(name, health_pb2.HealthCheckResponse.SERVING)
        self._serving = True
        await stopping.wait()
        self._serving = False
        await status.enter_graceful_shutdown()
        await server.stop(STOP_SECONDS)


class _Guard(grpc.aio.ServerInterceptor):
    """Answers UNAVAILABLE with our sentence where a server behind the service does not answer, and ends
    calls that take too long, whatever deadline the client set."""

    async def intercept_service(self, continuation: Any, details: grpc.HandlerCallDetails) -> Any:
        """Wraps calls with one request and one answer, the only ones that we serve ourselves."""
        handler = await continuation(details)
        if handler is None or handler.request_streaming or handler.response_streaming:
            return handler

        async def answer(request: Any, context: Any) -> Any:
            try:
                async with asyncio.timeout(CALL_SECONDS):
                    return await handler.unary_unary(request, context)
            except UnavailableError as error:
                code = grpc.StatusCode.UNAVAILABLE
                await refuse(context, code, str(error), "SERVER_AWAY", retry_seconds=RETRY_SECONDS)
            except TimeoutError:
                said = f"no answer within {CALL_SECONDS:.0f} s: try again"
                code = grpc.StatusCode.DEADLINE_EXCEEDED
                await refuse(context, code, said, "TOO_SLOW", retry_seconds=RETRY_SECONDS)

        return grpc.unary_unary_rpc_method_handler(
            answer, handler.request_deserializer, handler.response_serializer
        )


def open_channel(address: str) -> grpc.aio.Channel:
    """A channel whose calls carry the current trace."""
    return grpc.aio.insecure_channel(address, interceptors=aio_client_interceptors())
