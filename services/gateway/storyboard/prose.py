"""Markdown or plain text to prose: what is narrated, as one string, and where its paragraphs and scenes are.

Headings, rules (`---`, `***`) and ornaments (`⁂`) start a scene and are not narrated; the first heading of
level 1 is the title. Emphasis, links and code spans keep their words; bullets, comments, tags and images are
not narrated. Plain text is the same, for Markdown that could eat a word of it (indented code, link
definitions, a year at the start of a line read as a list) is switched off.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from services.gateway.storyboard.errors import EmptyStoryError, MarkdownError
from services.gateway.storyboard.script import Script, is_spoken
from services.gateway.storyboard.spans import Span

_COMMENT: Final = re.compile(r"<!--.*?-->", re.DOTALL)
_DEEPEST: Final = 12
"""Of nested lists and block quotes; the parser drops what stands much deeper."""


@dataclass(frozen=True)
class Scene:
    """Paragraphs that play without a break. `heading` is read for its setting, but not narrated."""

    heading: str
    paragraphs: tuple[Span, ...]


@dataclass(frozen=True)
class Prose:
    """A script's narrated text. Paragraphs are spans of `text`, one space apart, and cover it."""

    title: str | None
    text: str
    scenes: tuple[Scene, ...]


@dataclass
class _Draft:
    """A scene while its paragraphs are collected."""

    heading: str = ""
    paragraphs: list[str] = field(default_factory=list)


def read_prose(script: Script) -> Prose:
    """The prose of `script`. Raises EmptyStoryError or MarkdownError."""
    title, drafts = _read_blocks(script)
    scenes: list[Scene] = []
    start = 0
    for draft in drafts:
        spans = []
        for paragraph in draft.paragraphs:
            spans.append(Span(start, start + len(paragraph)))
            start += len(paragraph) + 1
        if spans:
            scenes.append(Scene(draft.heading, tuple(spans)))
    text = " ".join(paragraph for draft in drafts for paragraph in draft.paragraphs)
    if not is_spoken(text):
        raise EmptyStoryError(
            "the script has no words to narrate: titles, headings and front matter are not read aloud; "
            "write at least one sentence"
        )
    return Prose(title, text, tuple(scenes))


@cache
def _parser() -> MarkdownIt:
    # html_inline stays, so that tags are dropped and the words between them kept.
    return MarkdownIt("commonmark").disable(["code", "html_block", "reference", "lheading"])


def _read_blocks(script: Script) -> tuple[str | None, list[_Draft]]:
    """The title, and the scenes with their paragraphs as text."""
    tokens = _parser().parse(_COMMENT.sub(_line_breaks_only, script.body))
    title: str | None = None
    drafts = [_Draft()]
    number = ""
    for previous, token in zip([None, *tokens], tokens, strict=False):
        _refuse_unreadable(token, script.body_line)
        if token.type == "hr":
            drafts.append(_Draft())
        elif token.type == "list_item_open":
            number = _kept_number(token)
        elif token.type == "inline":
            words = " ".join("".join(_words(token)).split())
            if previous and previous.type == "heading_open":
                if previous.tag == "h1" and title is None:
                    title = words
                else:
                    drafts.append(_Draft(heading=words))
            elif is_spoken(number + words):
                drafts[-1].paragraphs.append(f"{number} {words}".strip())
                number = ""
            elif words:
                drafts.append(_Draft())
    return title, drafts


def _words(inline: Token) -> Iterator[str]:
    """The words of a paragraph, without what only marks them up."""
    for token in inline.children or ():
        if token.type in ("text", "code_inline", "text_special"):
            yield token.content
        elif token.type in ("softbreak", "hardbreak"):
            yield " "


def _kept_number(item: Token) -> str:
    """The number of a list item where it looks like a word of the story: "1984. It was a cold day"."""
    return f"{item.info}{item.markup}" if len(item.info) > 2 else ""


def _line_breaks_only(comment: re.Match[str]) -> str:
    return "\n" * comment[0].count("\n")


def _refuse_unreadable(token: Token, body_line: int) -> None:
    line = body_line + token.map[0] if token.map else body_line
    if token.type == "fence":
        raise MarkdownError(
            f"line {line} of the script starts a block of code ({token.markup}), which cannot be narrated; "
            "remove it, or write it as sentences"
        )
    if token.level > _DEEPEST:
        raise MarkdownError(f"line {line} of the script nests lists or quotes too deeply; flatten it")
