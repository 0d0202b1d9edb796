"""From script to storyboard: characters, and shots with their speech, setting, cast and camera move; and from
a prompt to the storyboard of an image."""

from services.gateway.storyboard.errors import (
    CharacterError,
    EmptyStoryError,
    FrontMatterError,
    MarkdownError,
    PromptError,
    StoryError,
    TooLongError,
    UnreadableError,
)
from services.gateway.storyboard.make import make_storyboard
from services.gateway.storyboard.options import DeclaredCharacter, StoryOptions
from services.gateway.storyboard.picture import make_picture
from services.gateway.storyboard.script import decode_script

__all__ = [
    "CharacterError",
    "DeclaredCharacter",
    "EmptyStoryError",
    "FrontMatterError",
    "MarkdownError",
    "PromptError",
    "StoryError",
    "StoryOptions",
    "TooLongError",
    "UnreadableError",
    "decode_script",
    "make_picture",
    "make_storyboard",
]
