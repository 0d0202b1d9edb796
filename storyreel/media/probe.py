"""The facts of a media file: what is in it, how long it lasts, and whether all of it decodes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av

from storyreel.media.errors import MediaError


@dataclass(frozen=True)
class VideoFacts:
    """A video track. `frames` is counted from packets; `fps` is the average frame rate."""

    codec: str
    pixel_format: str
    width: int
    height: int
    frames: int
    fps: Fraction
    seconds: Fraction


@dataclass(frozen=True)
class AudioFacts:
    """An audio track: `rate` in Hz."""

    codec: str
    rate: int
    channels: int
    seconds: Fraction


@dataclass(frozen=True)
class SubtitleFacts:
    """A subtitle track: `language` as ISO 639-2, "und" where the file does not say."""

    codec: str
    language: str


@dataclass(frozen=True)
class MediaFacts:
    """What `probe` found. `faststart` says that an MP4's index stands before its media data."""

    seconds: Fraction
    video: VideoFacts | None
    audio: AudioFacts | None
    subtitles: tuple[SubtitleFacts, ...]
    chapters: tuple[str, ...]
    title: str
    faststart: bool


def probe(path: Path) -> MediaFacts:
    """Read the facts of a media file from its headers. Raises MediaError where it is no media file."""
    try:
        with av.open(str(path), "r") as container:
            return MediaFacts(
                seconds=Fraction(container.duration or 0, av.time_base),
                video=_video_facts(container),
                audio=_audio_facts(container),
                subtitles=tuple(
                    SubtitleFacts(track.codec_context.name, track.language or "und")
                    for track in container.streams.subtitles
                ),
                chapters=tuple(chapter["metadata"].get("title", "") for chapter in container.chapters()),
                title=container.metadata.get("title", ""),
                faststart=_index_comes_first(path),
            )
    except av.FFmpegError as error:
        raise MediaError(f"{path.name} is not a media file that can be read: {error}") from error


def count_decoded_frames(path: Path) -> int:
    """Decode every video and audio track of `path` end to end and count the video frames.

    Raises MediaError at the first packet that does not decode, and where there is no video at all.
    """
    frames = 0
    try:
        with av.open(str(path), "r") as container:
            tracks = [*container.streams.video, *container.streams.audio]
            for track in tracks:
                track.codec_context.options = {"err_detect": "explode"}
            for packet in container.demux(*tracks):
                decoded = packet.decode()
                if packet.stream.type == "video":
                    frames += len(decoded)
    except av.FFmpegError as error:
        raise MediaError(f"{path.name} does not decode after {frames} frames: {error}") from error
    if not frames:
        raise MediaError(f"{path.name} has no video frames")
    return frames


def _video_facts(container: av.container.InputContainer) -> VideoFacts | None:
    if not container.streams.video:
        return None
    track = container.streams.video[0]
    context = track.codec_context
    return VideoFacts(
        codec=context.name,
        pixel_format=context.pix_fmt or "",
        width=context.width,
        height=context.height,
        frames=track.frames,
        fps=track.average_rate or Fraction(0),
        seconds=_seconds(track),
    )


def _audio_facts(container: av.container.InputContainer) -> AudioFacts | None:
    if not container.streams.audio:
        return None
    track = container.streams.audio[0]
    return AudioFacts(track.codec_context.name, track.rate, track.channels, _seconds(track))


def _seconds(track: av.stream.Stream) -> Fraction:
    if track.duration is None or track.time_base is None:
        return Fraction(0)
    return track.duration * track.time_base


def _index_comes_first(path: Path) -> bool:
    for kind in _top_level_boxes(path):
        if kind in (b"moov", b"mdat"):
            return kind == b"moov"
    return False


def _top_level_boxes(path: Path) -> Iterator[bytes]:
    """The types of an ISO base media file's top-level boxes, in order (ISO/IEC 14496-12, 4.2)."""
    end = path.stat().st_size
    with path.open("rb") as file:
        position = 0
        while position + 8 <= end:
            file.seek(position)
            header = file.read(16)
            size = int.from_bytes(header[:4], "big")
            if size == 1:
                size = int.from_bytes(header[8:16], "big")
            yield header[4:8]
            if size < 8:
                return
            position += size
