"""The tree of our own errors. Foreign errors become one of these at the module that imports the client.

StoryreelError
├── UnavailableError        a server cannot be reached or did not answer in time: try again
├── NotFoundError           a document or object is not there
├── DuplicateError          a unique key exists already
├── LeaseLostError          another worker holds the task, or it has ended: drop what you made
└── TaskError               why a task could not be done
    ├── RetryableError      may work later; an engine did not take the request
    │   ├── OutcomeUnknownError    the engine may have taken it: find out before asking again
    │   ├── EngineTaskFailedError  the engine took it and ended without a result: ask again
    │   └── EngineUnavailableError the engine as a whole is down or overloaded: it took nothing
    ├── RefusedError        content policy: the text must change
    └── InvalidError        cannot be made as it is
        └── NoRoomError     there is no space for what was made
"""

from __future__ import annotations


class StoryreelError(Exception):
    """Base of all our errors."""


class UnavailableError(StoryreelError):
    """A server cannot be reached or did not answer in time."""


class NotFoundError(StoryreelError):
    """A document or object is not there."""


class DuplicateError(StoryreelError):
    """A unique key exists already."""


class LeaseLostError(StoryreelError):
    """The task is no longer this worker's."""


class TaskError(StoryreelError):
    """A task could not be done; the message is a sentence that a person can act on."""


class RetryableError(TaskError):
    """May work later; `after_seconds` is the engine's own wish, where it named one."""

    def __init__(self, message: str, *, after_seconds: float | None = None) -> None:
        super().__init__(message)
        self.after_seconds = after_seconds


class OutcomeUnknownError(RetryableError):
    """The request may have reached the engine: the connection broke after sending, or time ran out.

    What was made and then lost counts as this too: whoever asks again may pay again.
    """


class EngineTaskFailedError(RetryableError):
    """The engine ended its own task without a result; it must be asked anew."""


class EngineUnavailableError(RetryableError):
    """The engine as a whole does not answer or is overloaded, and has certainly not taken the request.

    For connections refused, 502, 503, and 429: the message says which. It counts against the engine, not
    against the task.
    """


class RefusedError(TaskError):
    """The engine's content policy refused it."""


class InvalidError(TaskError):
    """The request cannot be made as it is."""


class NoRoomError(InvalidError):
    """There is no space for what was made. What the engine still has of it stays known to the board."""
