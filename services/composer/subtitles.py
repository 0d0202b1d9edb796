"""Cues as files and as a track: SubRip, WebVTT, and the 3GPP timed text that an MP4 carries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Final, cast

import av
from av.stream import Disposition
from av.subtitles.stream import SubtitleStream

from services.composer.cues import Cue
from storyreel.media.files import replacing

LANGUAGE: Final = "eng"
TIME_BASE: Final = Fraction(1, 1000)

STYLE_HEADER: Final = b"""[Script Info]
ScriptType: v4.00+
PlayResX: 384
PlayResY: 288

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, \
Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, \
MarginR, MarginV, Encoding
Style: Default,Arial,16,&Hffffff,&Hffffff,&H0,&H80000000,0,0,0,0,100,100,0,0,1,1,0,2,10,10,10,0

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""
"""From this FFmpeg writes the track's text style; players mostly use their own."""


def write_srt(cues: Sequence[Cue], out: Path) -> None:
    """Write the cues as a SubRip file."""
    blocks = [
        f"{number}\n{_clock(cue.start_ms, ',')} --> {_clock(cue.end_ms, ',')}\n" + "\n".join(cue.lines) + "\n"
        for number, cue in enumerate(cues, start=1)
    ]
    _write("\n".join(blocks), out)


def write_vtt(cues: Sequence[Cue], out: Path) -> None:
    """Write the cues as a WebVTT file."""
    blocks = [
        f"{_clock(cue.start_ms, '.')} --> {_clock(cue.end_ms, '.')}\n" + _escaped("\n".join(cue.lines)) + "\n"
        for cue in cues
    ]
    _write("\n".join(["WEBVTT\n", *blocks]), out)


def add_subtitle_track(film: av.container.OutputContainer) -> SubtitleStream:
    """Add an English timed-text track to `film`, shown unless the viewer turns it off."""
    track = film.add_stream("mov_text")
    track.codec_context.subtitle_header = STYLE_HEADER
    track.codec_context.time_base = TIME_BASE
    track.time_base = TIME_BASE
    track.metadata["language"] = LANGUAGE
    track.disposition = Disposition.default
    return track


def subtitle_packets(cues: Sequence[Cue], track: SubtitleStream) -> Iterator[av.Packet[SubtitleStream]]:
    """Samples of 3GPP timed text (TS 26.245, 5.17) for `track`.

    The muxer itself clears the screen after a cue, but not before the first one.
    """
    if cues and cues[0].start_ms > 0:
        yield _sample("", 0, cues[0].start_ms, track)
    for cue in cues:
        yield _sample("\n".join(cue.lines), cue.start_ms, cue.end_ms, track)


def _sample(text: str, start_ms: int, end_ms: int, track: SubtitleStream) -> av.Packet[SubtitleStream]:
    encoded = text.encode()
    packet = cast("av.Packet[SubtitleStream]", av.Packet(len(encoded).to_bytes(2, "big") + encoded))
    packet.stream = track
    packet.time_base = TIME_BASE
    packet.pts = packet.dts = start_ms
    packet.duration = end_ms - start_ms
    return packet


def _clock(milliseconds: int, point: str) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{point}{rest:03}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _write(text: str, out: Path) -> None:
    with replacing(out) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")
