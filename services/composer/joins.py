"""Clips joined to one video track by copying packets: no body is ever decoded or encoded again.

This is only right for clips of one set of encoder parameters with closed GOPs, and it refuses others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import av
from av.video.stream import VideoStream

from services.composer.timeline import ClipSource
from storyreel.media.encoder import TIMESCALE, frame_ticks
from storyreel.media.errors import MediaError

TIME_BASE = Fraction(1, TIMESCALE)


def add_joined_track(film: av.container.OutputContainer, first: Path, width: int, height: int) -> VideoStream:
    """Add a video track to `film` with the encoder parameters of the clip `first`.

    Raises MediaError where that clip is not `width` x `height` pixels.
    """
    with _open_clip(first) as clip:
        context = clip.streams.video[0].codec_context
        if (context.width, context.height) != (width, height):
            raise MediaError(
                f"{first.name} is {context.width}x{context.height} pixels and the film {width}x{height}: "
                "make the clip again in the film's size"
            )
        track = film.add_stream_from_template(clip.streams.video[0])
    track.time_base = TIME_BASE
    return track


def joined_packets(
    clips: Sequence[ClipSource], track: VideoStream, fps: int
) -> Iterator[av.Packet[VideoStream]]:
    """The packets of all clips in order, retimed to follow each other, for `track`.

    Reads one clip at a time. Raises MediaError where a clip has other frames than it says, does not begin
    with a keyframe, or was encoded with other parameters than the first.
    """
    ticks = frame_ticks(fps)
    start_frame = 0
    for clip in clips:
        with _open_clip(clip.path) as source:
            stream = source.streams.video[0]
            _check_parameters(clip.path, stream, track, clips[0].path)
            yield from _retimed(clip, source, track, start_frame, ticks)
        start_frame += clip.frames


def _retimed(
    clip: ClipSource, source: av.container.InputContainer, track: VideoStream, start_frame: int, ticks: int
) -> Iterator[av.Packet[VideoStream]]:
    stream = source.streams.video[0]
    reorder = stream.codec_context.reorder_depth
    count = 0
    for packet in source.demux(stream):
        if packet.pts is None:
            continue
        if count == 0 and not packet.is_keyframe:
            raise MediaError(f"{clip.path.name} does not begin with a keyframe: encode it again")
        shown = packet.pts * packet.time_base / Fraction(ticks, TIMESCALE)
        if shown.denominator != 1:
            raise MediaError(f"{clip.path.name} has a frame between two frame times, at {shown} frames")
        packet.stream = track
        packet.time_base = TIME_BASE
        packet.pts = (start_frame + int(shown)) * ticks
        # Decoding order, shifted by the encoder's reordering, keeps dts even across the join.
        packet.dts = (start_frame + count - reorder) * ticks
        packet.duration = ticks
        count += 1
        yield packet
    if count != clip.frames:
        raise MediaError(
            f"{clip.path.name} has {count} frames where {clip.frames} were promised: make it again"
        )


def _parameters(stream: VideoStream) -> tuple[bytes | None, int, int]:
    context = stream.codec_context
    return context.extradata, context.width, context.height


def _check_parameters(path: Path, stream: VideoStream, track: VideoStream, first: Path) -> None:
    found = _parameters(stream)
    if found != _parameters(track):
        raise MediaError(
            f"{path.name} ({found[1]}x{found[2]}) was encoded with other parameters than {first.name}: "
            "clips of one film must come from one size and encoder version; make it again"
        )


def _open_clip(path: Path) -> av.container.InputContainer:
    try:
        container = av.open(str(path), "r")
    except av.FFmpegError as error:
        raise MediaError(f"the clip {path.name} cannot be read: {error}") from error
    if not container.streams.video:
        container.close()
        raise MediaError(f"the clip {path.name} has no video track: make it again")
    return container
