"""The tree of our own errors. Foreign errors become one of these at the module that imports the client.

StoryreelError
├── UnavailableError        a server cannot be reached or did not answer in time: try again
├── NotFoundError           a document or object is not there
├── DuplicateError          a unique key exists already
├── LeaseLostError          another worker holds the task, or it has ended: drop what you made
└── TaskError               why a task could not be done
    ├── RetryableError      may work later
    ├── RefusedError        content policy: the text must change
    └── InvalidError        cannot be made as it is
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


class RefusedError(TaskError):
    """The engine's content policy refused it."""


class InvalidError(TaskError):
    """The request cannot be made as it is."""
