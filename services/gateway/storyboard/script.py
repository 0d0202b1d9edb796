"""A script as it arrives: bytes to text, and the front matter cut from the body. Nothing is repaired."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from services.gateway.storyboard.errors import (
    EmptyStoryError,
    FrontMatterError,
    TooLongError,
    UnreadableError,
)
from services.gateway.storyboard.limits import MAX_SCRIPT_BYTES

_BYTE_ORDER_MARK: Final = "\ufeff"
_FENCE: Final = re.compile(r"---[ \t]*")
_FENCE_END: Final = re.compile(r"(---|\.\.\.)[ \t]*")
_UNSEEN: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Script:
    """A script in its two parts. `body_line` is the line of the script, from 1, on which the body starts."""

    front_matter: str
    body: str
    body_line: int


def decode_script(data: bytes) -> str:
    """The text of an uploaded script.

    Raises TooLongError over 200 KB, UnreadableError where it is not UTF-8 or holds control characters, and
    EmptyStoryError where there is none.
    """
    _check_size(len(data))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableError(
            f"the script is not UTF-8 text: byte {error.start} is 0x{data[error.start]:02x}; "
            "save it as UTF-8 plain text or Markdown"
        ) from error
    return check_script(text)


def check_script(text: str) -> str:
    """`text` without its byte order mark and with plain line ends. Raises as `decode_script` does."""
    unseen = find_unseen(text)
    if unseen:
        line = text.count("\n", 0, unseen.start()) + 1
        raise UnreadableError(
            f"line {line} of the script holds the control character U+{ord(unseen[0]):04X}; "
            "remove it, or save the script as plain text"
        )
    _check_size(len(text.encode("utf-8")))
    if not text.strip(_BYTE_ORDER_MARK + " \t\r\n"):
        raise EmptyStoryError("the script is empty; write at least one sentence")
    return text.removeprefix(_BYTE_ORDER_MARK).replace("\r\n", "\n").replace("\r", "\n")


def find_unseen(text: str) -> re.Match[str] | None:
    """The first character of `text` that no page shows, or None."""
    return _UNSEEN.search(text)


def split_script(text: str) -> Script:
    """Cut the front matter, the YAML between two lines of `---` at the very start, from the body.

    A script that starts with `---` but has no key below it starts with a scene break instead.
    Raises FrontMatterError where the front matter is never closed.
    """
    lines = text.lstrip("\n").split("\n")
    blank = text.count("\n") + 1 - len(lines)
    if not _FENCE.fullmatch(lines[0]) or len(lines) < 2 or not _opens_front_matter(lines[1:]):
        return Script("", text, 1)
    for index, line in enumerate(lines[1:], start=1):
        if _FENCE_END.fullmatch(line):
            # Blank lines in the place of those above, so that YAML counts lines as the author does.
            front = "\n" * (blank + 1) + "\n".join(lines[1:index])
            return Script(front, "\n".join(lines[index + 1 :]), blank + index + 2)
    raise FrontMatterError(
        f"the front matter that starts on line {blank + 1} is never closed; "
        "put a line of --- below its last key"
    )


def is_spoken(text: str) -> bool:
    """Whether `text` holds anything that can be said aloud: a letter or a digit."""
    return any(unicodedata.category(character)[0] in "LN" for character in text)


def _opens_front_matter(lines: list[str]) -> bool:
    """Whether the first line that is not blank or a YAML comment closes the block, or reads as a key."""
    for line in lines:
        if line.strip() and not line.startswith("#"):
            return bool(_FENCE_END.fullmatch(line) or re.match(r"""["']?[\w-]+["']?\s*:|[\[{]""", line))
    return False


def _check_size(size: int) -> None:
    if size > MAX_SCRIPT_BYTES:
        raise TooLongError(
            f"the script is {size / 1000:,.0f} KB long and at most {MAX_SCRIPT_BYTES // 1000} KB are read; "
            "cut it into several stories"
        )
