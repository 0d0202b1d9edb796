"""Text chunks of PNG files: how a sheet carries the Look it was drawn from (PNG specification, iTXt)."""

from __future__ import annotations

import struct
import zlib
from typing import Final

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"


def with_text(png: bytes, keyword: str, text: str) -> bytes:
    """`png` with an uncompressed iTXt chunk before its end. Raises ValueError if it is not a PNG."""
    body = keyword.encode("latin-1") + b"\x00\x00\x00\x00\x00" + text.encode()
    end = next((start for kind, start, _ in _chunks(png) if kind == b"IEND"), None)
    if end is None:
        raise ValueError(f"PNG of {len(png)} bytes has no end chunk: it is cut off, encode it again")
    return png[:end] + _chunk(b"iTXt", body) + png[end:]


def text_of(png: bytes, keyword: str) -> str | None:
    """The text of the iTXt chunk with that keyword, or None. Raises ValueError if it is not a PNG."""
    wanted = keyword.encode("latin-1") + b"\x00\x00\x00\x00\x00"
    for kind, _, body in _chunks(png):
        if kind == b"iTXt" and body.startswith(wanted):
            return body[len(wanted) :].decode()
    return None


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _chunks(png: bytes) -> list[tuple[bytes, int, bytes]]:
    """(kind, offset, body) of each chunk."""
    if not png.startswith(_SIGNATURE):
        raise ValueError(f"not a PNG: it starts with {png[:8]!r}")
    found: list[tuple[bytes, int, bytes]] = []
    at = len(_SIGNATURE)
    while at + 12 <= len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        found.append((png[at + 4 : at + 8], at, png[at + 8 : at + 8 + length]))
        at += 12 + length
    return found
