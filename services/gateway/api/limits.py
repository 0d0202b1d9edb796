"""Refuses bodies over a limit while they arrive, before anything holds them in memory."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.gateway.api.problems import problem

BODY_LIMIT_BYTES = 1_000_000


class BodyLimit:
    """ASGI middleware: 413 for a body over `BODY_LIMIT_BYTES`, declared or sent."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on, its body counted."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if declared.isdigit() and int(declared) > BODY_LIMIT_BYTES:
            await _too_large(scope, receive, send)
            return
        body = await _read(receive)
        if body is None:
            await _too_large(scope, receive, send)
            return
        replayed = iter([body])

        async def replay() -> Message:
            message = next(replayed, None)
            return message if message is not None else await receive()

        await self._app(scope, replay, send)


async def _read(receive: Receive) -> Message | None:
    """The whole body as one message; None where it is over the limit."""
    chunks = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return message
        chunks += message.get("body", b"")
        if len(chunks) > BODY_LIMIT_BYTES:
            return None
        if not message.get("more_body", False):
            return {"type": "http.request", "body": bytes(chunks), "more_body": False}


async def _too_large(scope: Scope, receive: Receive, send: Send) -> None:
    detail = f"the body is over {BODY_LIMIT_BYTES:,} bytes: send a shorter script"
    await problem(413, "too-large", "The body is too large", detail)(scope, receive, send)
