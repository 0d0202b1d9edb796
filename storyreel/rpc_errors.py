"""Errors over gRPC that a client can act on: a status code, a sentence, and google.rpc details.

The details travel as the protocol has it: a google.rpc.Status in the trailer `grpc-status-details-bin`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NoReturn

import grpc
from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2  # type: ignore[import-untyped]

DOMAIN: Final = "storyreel.dev"
TRAILER: Final = "grpc-status-details-bin"


async def refuse(
    context: grpc.aio.ServicerContext[Any, Any],
    code: grpc.StatusCode,
    message: str,
    reason: str,
    *,
    field: str = "",
    facts: Mapping[str, str] | None = None,
    retry_seconds: int = 0,
) -> NoReturn:
    """Ends the call. `reason` is a constant for programs to act on, such as ENGINE_UNAVAILABLE; `field` is
    the request's field that is wrong; `facts` are what the message says, for programs; `retry_seconds` is
    when to ask again, 0 where the same call cannot succeed."""
    details: list[Message] = [
        error_details_pb2.ErrorInfo(reason=reason, domain=DOMAIN, metadata=dict(facts or {}))
    ]
    if field:
        violation = error_details_pb2.BadRequest.FieldViolation(field=field, description=message)
        details.append(error_details_pb2.BadRequest(field_violations=[violation]))
    if retry_seconds:
        details.append(error_details_pb2.RetryInfo(retry_delay=Duration(seconds=retry_seconds)))
    status = status_pb2.Status(code=code.value[0], message=message)
    for detail in details:
        status.details.add().Pack(detail)
    await context.abort(code, message, ((TRAILER, status.SerializeToString()),))
    raise AssertionError("abort raises")
