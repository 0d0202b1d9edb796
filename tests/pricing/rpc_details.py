"""What a client reads out of a refusal: the google.rpc details in its trailer."""

from __future__ import annotations

import grpc
from google.rpc import error_details_pb2, status_pb2

from storyreel.rpc_errors import TRAILER


def error_info(error: grpc.aio.AioRpcError) -> error_details_pb2.ErrorInfo:
    """The reason that a server of ours gave; empty where it gave none."""
    info = error_details_pb2.ErrorInfo()
    for detail in _status(error).details:
        if detail.Unpack(info):
            return info
    return error_details_pb2.ErrorInfo()


def field_violations(error: grpc.aio.AioRpcError) -> dict[str, str]:
    """The request's wrong fields, and what is wrong with each."""
    bad = error_details_pb2.BadRequest()
    for detail in _status(error).details:
        if detail.Unpack(bad):
            return {violation.field: violation.description for violation in bad.field_violations}
    return {}


def retry_seconds(error: grpc.aio.AioRpcError) -> float:
    """When the server wants to be asked again; 0 where it did not say."""
    info = error_details_pb2.RetryInfo()
    for detail in _status(error).details:
        if detail.Unpack(info):
            return float(info.retry_delay.ToTimedelta().total_seconds())
    return 0.0


def _status(error: grpc.aio.AioRpcError) -> status_pb2.Status:
    for name, value in error.trailing_metadata() or ():
        if name == TRAILER and isinstance(value, bytes):
            return status_pb2.Status.FromString(value)
    return status_pb2.Status()
