"""Why a script cannot become a storyboard. Every message is one sentence that its author can act on.

StoryError
├── UnreadableError     not UTF-8 text, or characters that no page shows
├── TooLongError        more bytes, shots or letters in a word than are allowed
├── EmptyStoryError     nothing in it can be narrated
├── MarkdownError       Markdown that has no place in a story
├── FrontMatterError    the YAML at its head is wrong
└── CharacterError      its characters contradict each other

PromptError             a prompt cannot become an image
"""

from __future__ import annotations


class StoryError(ValueError):
    """Base of everything that can be wrong with a script."""


class UnreadableError(StoryError):
    """The script is not plain text."""


class TooLongError(StoryError):
    """The script is over a limit."""


class EmptyStoryError(StoryError):
    """The script says nothing."""


class MarkdownError(StoryError):
    """The script holds Markdown that cannot be narrated."""


class FrontMatterError(StoryError):
    """The front matter is not YAML, or not what a story declares."""


class CharacterError(StoryError):
    """Two characters claim one name, or there are too many of them."""


class PromptError(ValueError):
    """What is wrong with the prompt of an image."""
