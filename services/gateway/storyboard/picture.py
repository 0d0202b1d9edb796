"""From a prompt to the storyboard of an image: one shot, which nobody tells and nobody is cast in."""

from __future__ import annotations

from services.gateway.storyboard.errors import PromptError
from services.gateway.storyboard.limits import MAX_PROMPT_CHARACTERS, MAX_STYLE_CHARACTERS
from services.gateway.storyboard.make import DEFAULT_STYLE, first_words
from services.gateway.storyboard.script import find_unseen
from services.gateway.storyboard.sentences import split_sentences
from services.gateway.storyboard.settings import follow
from services.gateway.storyboard.spans import Span
from storyreel.reading import read
from storyreel.storyboard import Setting, Shot, Speech, Storyboard


def make_picture(prompt: str, *, style: str | None, aspect: str) -> Storyboard:
    """The storyboard of the image that `prompt` describes.

    White space means nothing in it. Raises PromptError, in one sentence for its author.
    """
    text = _checked(prompt)
    if len(style or "") > MAX_STYLE_CHARACTERS:
        raise PromptError(f"the style is over {MAX_STYLE_CHARACTERS} characters long: shorten it")
    return Storyboard(
        title=first_words(text),
        style=style or DEFAULT_STYLE,
        aspect=aspect,
        shots=(Shot(number=1, speech=(Speech(text=text),), setting=_setting_of(text)),),
    )


def _checked(prompt: str) -> str:
    if len(prompt) > MAX_PROMPT_CHARACTERS:
        raise PromptError(
            f"the prompt is {len(prompt):,} characters long: shorten it to at most {MAX_PROMPT_CHARACTERS:,}"
        )
    unseen = find_unseen(prompt)
    if unseen:
        raise PromptError(f"the prompt holds the control character U+{ord(unseen[0]):04X}: remove it")
    text = " ".join(prompt.split())
    if not text:
        raise PromptError("the prompt is empty: say what the image shows")
    return text


def _setting_of(text: str) -> Setting:
    """Where and when it plays, as its sentences say one after the other."""
    setting = Setting()
    for span in split_sentences(text, Span(0, len(text))):
        sentence = span.of(text)
        setting = follow(setting, read(sentence), sentence)
    return setting
