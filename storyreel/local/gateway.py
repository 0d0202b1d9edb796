"""The command line's client of the gateway's REST interface."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from types import TracebackType
from typing import Final, Literal, Self
from urllib.parse import urljoin

import httpx
from pydantic import BaseModel, ConfigDict, ValidationError

from storyreel.local.errors import LocalError
from storyreel.local.sse import SseEvent, read_events

ENDED: Final = frozenset({"succeeded", "declined", "cancelled", "attention"})
_SECONDS_PER_REQUEST: Final = 30.0
_SECONDS_BETWEEN_EVENTS: Final = 60.0
"""Without even a ping for so long, a stream of events is taken for dead and opened again."""


class GatewayGoneError(LocalError):
    """The gateway cannot be reached or does not answer."""


class RequestRefusedError(LocalError):
    """The gateway answered and said no; `status` is the HTTP status code."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class _Answer(BaseModel):
    """What the gateway says. Fields that a newer gateway adds are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Quote(_Answer):
    """A price promise, in credits."""

    id: str
    credits: int


class Stage(_Answer):
    """How many of one kind of asset there are to make, are made and have failed."""

    stage: str
    total: int
    done: int
    failed: int


class ShotProgress(_Answer):
    """A shot and how far each of its assets is: waiting, done or failed."""

    number: int
    text: str = ""
    panel: str
    narration: str
    clip: str


class Failure(_Answer):
    """Why something could not be made; `shot` is None for what belongs to no single shot."""

    shot: int | None
    stage: str
    reason: str


class Film(_Answer):
    """The finished film and its files, at URLs that expire."""

    url: str
    poster_url: str
    srt_url: str
    vtt_url: str
    expires_at: datetime | None = None
    duration_seconds: float
    frames: int
    width: int
    height: int
    fps: float


class Job(_Answer):
    """The job as the user sees it. `charged_credits` is final once it is settled."""

    id: str
    state: str
    seq: int
    title: str | None = None
    quote: Quote | None = None
    charged_credits: int | None = None
    stages: tuple[Stage, ...] = ()
    shots: tuple[ShotProgress, ...] = ()
    failures: tuple[Failure, ...] = ()
    notice: str | None = None
    film: Film | None = None
    settled: bool = False

    @property
    def ended(self) -> bool:
        """Whether nothing more will be made for it."""
        return self.state in ENDED


class StoryRequest(BaseModel):
    """The body of POST /v1/stories."""

    model_config = ConfigDict(frozen=True)

    script: str
    aspect: str | None
    resolution: str
    tier: str
    engine: str
    style: str | None


class Gateway:
    """One gateway, as an async context. Every method raises GatewayGoneError or RequestRefusedError."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._http = httpx.AsyncClient(timeout=_SECONDS_PER_REQUEST, trust_env=False)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def submit(self, request: StoryRequest) -> Job:
        """Quote and submit a story; the job as it is at first."""
        return await self._job("POST", "/v1/stories", request)

    async def job(self, job_id: str) -> Job:
        """The job as it is now."""
        return await self._job("GET", f"/v1/jobs/{job_id}")

    async def cancel(self, job_id: str) -> None:
        """Ask for the job to be cancelled."""
        async with self._stream("POST", f"{self.url}/v1/jobs/{job_id}/cancel"):
            return

    async def events(self, job_id: str, after: str) -> AsyncIterator[SseEvent]:
        """The job's events after the one with id `after` ("" for all), until the stream ends."""
        headers = {"Accept": "text/event-stream"} | ({"Last-Event-ID": after} if after else {})
        url = f"{self.url}/v1/jobs/{job_id}/events"
        timeout = httpx.Timeout(_SECONDS_PER_REQUEST, read=_SECONDS_BETWEEN_EVENTS)
        async with self._stream("GET", url, headers=headers, timeout=timeout) as response:
            async for event in read_events(response.aiter_bytes()):
                yield event

    async def download(self, url: str) -> AsyncIterator[bytes]:
        """The bytes behind one of a film's URLs, in pieces; all of them, or GatewayGoneError."""
        async with self._stream("GET", urljoin(f"{self.url}/", url)) as response:
            received = 0
            async for piece in response.aiter_raw():
                received += len(piece)
                yield piece
            promised = response.headers.get("content-length")
            if promised is not None and received != int(promised):
                raise GatewayGoneError(f"{url} broke off after {received} of {promised} bytes: try again.")

    async def _job(self, method: str, path: str, body: StoryRequest | None = None) -> Job:
        content = None if body is None else body.model_dump_json()
        headers = None if body is None else {"Content-Type": "application/json"}
        async with self._stream(method, f"{self.url}{path}", content=content, headers=headers) as response:
            answer = await response.aread()
        try:
            return Job.model_validate_json(answer)
        except ValidationError as error:
            message = f"{self.url}{path} did not answer with a job: is this Storyreel's gateway?"
            raise RequestRefusedError(message, response.status_code) from error

    @asynccontextmanager
    async def _stream(
        self,
        method: Literal["GET", "POST"] | str,
        url: str,
        *,
        content: str | None = None,
        headers: dict[str, str] | None = None,
        timeout: httpx.Timeout | None = None,
    ) -> AsyncIterator[httpx.Response]:
        """The one place where httpx errors and refusals become ours."""
        limit = timeout or httpx.Timeout(_SECONDS_PER_REQUEST)
        try:
            async with self._http.stream(
                method, url, content=content, headers=headers, timeout=limit
            ) as response:
                if response.is_error:
                    raise _refusal(response, await response.aread())
                yield response
        except (httpx.TransportError, httpx.InvalidURL) as error:
            raise GatewayGoneError(f"{url} does not answer: {str(error) or type(error).__name__}.") from error


class _Problem(_Answer):
    """application/problem+json (RFC 9457)."""

    title: str | None = None
    detail: str | None = None


def _refusal(response: httpx.Response, body: bytes) -> RequestRefusedError:
    try:
        problem = _Problem.model_validate_json(body)
    except ValidationError:  # not a problem document: the status is all that is known
        problem = _Problem()
    status = response.status_code
    if problem.detail and status < 500:
        return RequestRefusedError(f"{problem.detail[0].upper()}{problem.detail[1:]}.", status)
    said = problem.detail or problem.title or f"HTTP {status} {response.reason_phrase}"
    return RequestRefusedError(f"The gateway could not do it: {said}.", status)
