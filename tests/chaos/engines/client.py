"""The HTTP client of the suite's engines: a connection for each request, errors in the product's words."""

from __future__ import annotations

import os
from typing import Any, Final

import httpx

from storyreel.errors import (
    EngineUnavailableError,
    OutcomeUnknownError,
    RefusedError,
    RetryableError,
)

ADDRESS: Final = "STORYREEL_CHAOS_ENGINE"
"""The variable that holds the engine server's URL."""
REQUEST_SECONDS: Final = 30.0


class EngineClient:
    """Asks the engine server that `STORYREEL_CHAOS_ENGINE` names."""

    def __init__(self) -> None:
        self._client = httpx.AsyncClient(
            base_url=os.environ[ADDRESS],
            timeout=REQUEST_SECONDS,
            # A kept connection that the server has closed would make an unsent request look lost.
            limits=httpx.Limits(max_keepalive_connections=0),
            trust_env=False,
        )

    async def submit(self, path: str, request: dict[str, Any]) -> httpx.Response:
        """Asks for work.

        Raises OutcomeUnknownError where the connection is lost once it was there: the request may have been
        taken. Raises EngineUnavailableError, RetryableError and RefusedError where it was not.
        """
        try:
            answer = await self._client.post(path, json=request)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise EngineUnavailableError(f"the engine does not answer: {error!r}") from error
        except httpx.TransportError as error:
            raise OutcomeUnknownError(f"the connection was lost after the request: {error!r}") from error
        return _checked(answer)

    async def read(self, path: str, **query: str) -> httpx.Response:
        """Asks about work, or for its result. Raises RetryableError."""
        return await self._ask("GET", path, query)

    async def stop(self, path: str) -> httpx.Response:
        """Asks for work to be stopped. Raises RetryableError."""
        return await self._ask("POST", path, {})

    async def _ask(self, method: str, path: str, query: dict[str, str]) -> httpx.Response:
        try:
            answer = await self._client.request(
                method, path, params=query, content=b"" if method == "POST" else None
            )
        except httpx.TransportError as error:
            raise RetryableError(f"the engine does not answer: {error!r}") from error
        return _checked(answer)


def _checked(answer: httpx.Response) -> httpx.Response:
    if answer.is_success:
        return answer
    reason = answer.json()["reason"]
    if answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY:
        raise RefusedError(reason)
    if answer.status_code in (httpx.codes.TOO_MANY_REQUESTS, httpx.codes.SERVICE_UNAVAILABLE):
        wait = answer.headers.get("Retry-After")
        raise EngineUnavailableError(reason, after_seconds=float(wait) if wait else None)
    raise RetryableError(f"the engine answered {answer.status_code}: {reason}")
