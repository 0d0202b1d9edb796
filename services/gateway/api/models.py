"""What the REST API takes and gives."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from services.gateway.lines import Said
from storyreel.formats import DEFAULT_ASPECT, DEFAULT_RESOLUTION, FPS
from storyreel.models import LOCAL

SCRIPT_EXAMPLE = (
    "A fox saw grapes high on a vine. She jumped and jumped. They are sour, she said, and walked away."
)


class StoryRequest(BaseModel):
    """A story to be rendered as a film."""

    model_config = ConfigDict(extra="forbid")

    script: str = Field(
        description="Plain text or Markdown, with optional front matter.", examples=[SCRIPT_EXAMPLE]
    )
    aspect: str | None = Field(
        default=None, description="16:9, 9:16, 1:1, 4:5 or 21:9; the script's own where left out."
    )
    resolution: str = Field(default=DEFAULT_RESOLUTION, description="720p or 1080p: the shorter edge.")
    tier: str = Field(default="low", description="low, medium or high.")
    engine: str = Field(default=LOCAL, description="The engine that makes every asset.")
    style: str | None = Field(
        default=None, description="The style of the pictures; the script's own, or storybook."
    )


class ImageRequest(BaseModel):
    """An image to be drawn."""

    model_config = ConfigDict(extra="forbid")

    prompt: str = Field(
        description="What the image shows, in at most 4,000 characters.",
        examples=["A fox in a red scarf reads a map under an oak tree, on a snowy evening"],
    )
    aspect: str = Field(default=DEFAULT_ASPECT, description="16:9, 9:16, 1:1, 4:5 or 21:9.")
    resolution: str = Field(default=DEFAULT_RESOLUTION, description="720p or 1080p: the shorter edge.")
    tier: str = Field(default="low", description="low, medium or high.")
    engine: str = Field(default=LOCAL, description="The engine that makes it.")
    style: str | None = Field(default=None, description="The style of the picture; storybook if left out.")


class QuoteView(BaseModel):
    """The price that was promised."""

    id: str
    credits: int = Field(description="Whole credits.")


class StageView(BaseModel):
    """How far one kind of asset is."""

    stage: str = Field(examples=["panel"])
    total: int
    done: int
    failed: int


class ShotView(BaseModel):
    """A shot: waiting, done or failed, by kind of asset."""

    number: int
    text: str
    panel: str
    narration: str
    clip: str


class FailureView(BaseModel):
    """Where something failed, and why."""

    shot: int | None
    stage: str
    reason: str


class FilmView(BaseModel):
    """The film, by links that last an hour."""

    url: str
    poster_url: str
    srt_url: str
    vtt_url: str
    expires_at: str
    duration_seconds: float
    frames: int
    width: int = Field(description="Pixels.")
    height: int = Field(description="Pixels.")
    fps: int = Field(default=FPS, description="Frames per second.")


class ImageView(BaseModel):
    """A picture that was made, by a link that lasts an hour."""

    url: str
    expires_at: str
    width: int = Field(description="Pixels.")
    height: int = Field(description="Pixels.")
    shot: int | None = Field(description="The shot whose panel it is; null for an image.")


class JobView(BaseModel):
    """A job as its user sees it."""

    id: str
    owner: str
    kind: str = Field(description="story or image.")
    state: str = Field(
        description="submitted, approved, rendering, composing; succeeded, declined, cancelled, attention."
    )
    title: str
    seq: int = Field(description="The number of the last event.")
    quote: QuoteView
    charged_credits: int | None = Field(description="Whole credits; null until the job is settled.")
    settled: bool
    stages: list[StageView]
    shots: list[ShotView]
    failures: list[FailureView]
    notice: str | None = Field(
        description="Why the job was declined, what to do about failures, or which engine does not answer."
    )
    film: FilmView | None
    images: list[ImageView] = Field(
        description="An image job's pictures as they are made; a story's panels once it has ended."
    )
    created_at: str
    ended_at: str | None


class EventView(BaseModel):
    """The data of a server-sent event. The event's name is `type`, its id `seq`."""

    seq: int
    type: str = Field(examples=["panels.rendered"])
    time: str
    state: str
    shot: int | None
    line: str | None = None
    reason: str | None = None

    @classmethod
    def of(cls, said: Said) -> EventView:
        """From what the job keeps."""
        return cls(**{name: getattr(said, name) for name in cls.model_fields})


class NoticeView(BaseModel):
    """The data of a server-sent event `notice`. It has no id: it tells how things are, not what happened."""

    seq: int = Field(description="The number of the job's last event.")
    type: Literal["notice"] = "notice"
    state: str
    notice: str | None = Field(description="Which engine does not answer; null when all answer again.")
