"""Errors as application/problem+json (RFC 9457): a stable type, a sentence, and the field if there is one."""

from __future__ import annotations

from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from services.gateway.open_work import TRY_AGAIN_SECONDS, TooMuchOpenWorkError
from services.gateway.storyboard import PromptError, StoryError
from storyreel.assets import StoreFullError
from storyreel.errors import NotFoundError, UnavailableError

MEDIA_TYPE: Final = "application/problem+json"
TYPES: Final = "https://storyreel.dev/problems/"


class Problem(BaseModel):
    """What went wrong."""

    type: str = Field(examples=[TYPES + "invalid-story"])
    title: str = Field(examples=["The story cannot be rendered"])
    status: int = Field(examples=[422])
    detail: str = Field(examples=["the script is empty: write at least one sentence"])
    field: str | None = Field(default=None, examples=["script"])


def problem(
    status: int, name: str, title: str, detail: str, *, field: str | None = None, **headers: str
) -> JSONResponse:
    """The response that says so."""
    body = Problem(type=TYPES + name, title=title, status=status, detail=detail, field=field)
    return JSONResponse(
        body.model_dump(exclude_none=True), status_code=status, media_type=MEDIA_TYPE, headers=headers
    )


def add_problem_handlers(app: FastAPI) -> None:
    """Makes every error of the API a problem."""

    @app.exception_handler(StoryError)
    async def _story(_: Request, error: StoryError) -> JSONResponse:
        return problem(422, "invalid-story", "The story cannot be rendered", str(error), field="script")

    @app.exception_handler(PromptError)
    async def _prompt(_: Request, error: PromptError) -> JSONResponse:
        return problem(422, "invalid-prompt", "The image cannot be made", str(error), field="prompt")

    @app.exception_handler(ValueError)
    async def _value(_: Request, error: ValueError) -> JSONResponse:
        return problem(422, "invalid-request", "The request cannot be met", str(error))

    @app.exception_handler(RequestValidationError)
    async def _validation(_: Request, error: RequestValidationError) -> JSONResponse:
        first: dict[str, Any] = error.errors()[0]
        if first["type"] == "json_invalid":
            detail = f"the body is not JSON: {first['ctx']['error']} at character {first['loc'][-1]}"
            return problem(422, "invalid-request", "The request cannot be read", detail)
        where = ".".join(str(part) for part in first["loc"] if part != "body")
        detail = f"{where or 'the body'}: {first['msg']}"
        return problem(422, "invalid-request", "The request cannot be read", detail, field=where or None)

    @app.exception_handler(NotFoundError)
    async def _missing(_: Request, error: NotFoundError) -> JSONResponse:
        return problem(404, "not-found", "Not found", str(error))

    @app.exception_handler(TooMuchOpenWorkError)
    async def _too_much(_: Request, error: TooMuchOpenWorkError) -> JSONResponse:
        wait = {"Retry-After": str(TRY_AGAIN_SECONDS)}
        return problem(429, "too-much-open-work", "Too much work is open", str(error), **wait)

    @app.exception_handler(UnavailableError)
    async def _unavailable(_: Request, error: UnavailableError) -> JSONResponse:
        detail = f"{error}: try again in a moment"
        return problem(
            503, "unavailable", "A part of Storyreel does not answer", detail, **{"Retry-After": "2"}
        )

    @app.exception_handler(StoreFullError)
    async def _full(_: Request, error: StoreFullError) -> JSONResponse:
        return problem(507, "store-full", "The store is full", str(error))

    @app.exception_handler(HTTPException)
    async def _http(_: Request, error: HTTPException) -> JSONResponse:
        name = {404: "not-found", 405: "method-not-allowed", 413: "too-large"}.get(error.status_code, "http")
        return problem(error.status_code, name, str(error.detail), str(error.detail))
