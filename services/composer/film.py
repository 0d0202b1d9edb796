"""A film from its clips and narrations: nothing of the picture is encoded again, the sound is mixed once."""

from __future__ import annotations

import heapq
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

import av
from av.audio.stream import AudioStream

from services.composer.cues import Cue, build_cues
from services.composer.joins import add_joined_track, joined_packets
from services.composer.linebreaks import line_length
from services.composer.poster import write_poster
from services.composer.sound import make_sound
from services.composer.subtitles import LANGUAGE, add_subtitle_track, subtitle_packets, write_srt, write_vtt
from services.composer.timeline import ClipSource, NarrationSource, SubtitleWord, Timeline, build_timeline
from storyreel.media.files import replacing
from storyreel.recipes import FilmRecipe

if TYPE_CHECKING:
    from av.container.core import Chapter

__all__ = ["ClipSource", "FilmFiles", "NarrationSource", "SubtitleWord", "compose_film"]

CHAPTER_CHARACTERS: Final = 48


@dataclass(frozen=True)
class FilmFiles:
    """A finished film. Loudness (LUFS) and true peak (dBTP) are those of the delivered sound, decoded."""

    video: Path
    srt: Path
    vtt: Path
    poster: Path
    frames: int
    duration_seconds: float
    lufs: float
    true_peak_dbtp: float


def compose_film(
    recipe: FilmRecipe,
    clips: Sequence[ClipSource],
    narrations: Sequence[NarrationSource],
    out_dir: Path,
) -> FilmFiles:
    """Compose the film into `out_dir`, which exists: film.mp4, film.srt, film.vtt and poster.jpg.

    Clips and narrations are the shots' in order. Raises InvalidError where they do not fit each other, and
    MediaError (one of those) where a file is damaged or a clip has another format than the first.
    """
    timeline = build_timeline(clips, narrations, recipe.fps)
    cues = build_cues(timeline, line_length(recipe.width, recipe.height))
    video, srt, vtt = out_dir / "film.mp4", out_dir / "film.srt", out_dir / "film.vtt"
    poster = out_dir / "poster.jpg"
    with TemporaryDirectory(dir=out_dir) as scratch:
        sound = make_sound(timeline, narrations, recipe.loudness_lufs, Path(scratch) / "sound.m4a")
        _mux(recipe, timeline, clips, cues, sound.path, video)
    write_srt(cues, srt)
    write_vtt(cues, vtt)
    write_poster(clips, poster)
    return FilmFiles(
        video, srt, vtt, poster, timeline.frames, float(timeline.seconds), sound.lufs, sound.true_peak_dbtp
    )


def _mux(
    recipe: FilmRecipe,
    timeline: Timeline,
    clips: Sequence[ClipSource],
    cues: Sequence[Cue],
    sound: Path,
    out: Path,
) -> None:
    """Interleave the clips' packets, the sound's and the subtitles' by decoding time into one MP4."""
    with (
        replacing(out) as temporary,
        av.open(str(sound), "r") as source,
        av.open(str(temporary), "w", format="mp4", options={"movflags": "+faststart"}) as film,
    ):
        film.metadata["title"] = recipe.title
        film.set_chapters(_chapters(timeline))
        picture = add_joined_track(film, clips[0].path, recipe.width, recipe.height)
        audio = film.add_stream_from_template(source.streams.audio[0])
        audio.metadata["language"] = LANGUAGE
        text = add_subtitle_track(film)
        tracks: tuple[Iterator[av.Packet[Any]], ...] = (
            joined_packets(clips, picture, recipe.fps),
            _copied(source, audio),
            subtitle_packets(cues, text),
        )
        for packet in heapq.merge(*tracks, key=_decoding_time):
            film.mux(packet)


def _copied(source: av.container.InputContainer, track: AudioStream) -> Iterator[av.Packet[AudioStream]]:
    for packet in source.demux(source.streams.audio[0]):
        if packet.dts is not None:
            packet.stream = track
            yield packet


def _decoding_time(packet: av.Packet[Any]) -> Fraction:
    return Fraction(packet.dts or 0) * packet.time_base


def _chapters(timeline: Timeline) -> list[Chapter]:
    """A chapter for each shot, named by the first words said in it."""
    return [
        {
            "id": number,
            "start": shot.start_frame,
            "end": shot.start_frame + shot.frames,
            "time_base": Fraction(1, timeline.fps),
            "metadata": {"title": _chapter_title(number, " ".join(word.text for word in shot.words))},
        }
        for number, shot in enumerate(timeline.shots, start=1)
    ]


def _chapter_title(number: int, text: str) -> str:
    return f"{number}. {textwrap.shorten(text, CHAPTER_CHARACTERS, placeholder='…')}" if text else str(number)
