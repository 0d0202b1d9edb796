"""Subtitles as files and as a track, read back."""

from __future__ import annotations

from pathlib import Path

import av
from av.stream import Disposition

from services.composer.cues import Cue
from services.composer.subtitles import add_subtitle_track, subtitle_packets, write_srt, write_vtt

CUES = (Cue(300, 1800, ("Crème brûlée & co.", "<said> the fox")), Cue(3_723_004, 3_724_900, ("The end.",)))


def test_a_subrip_file_is_numbered_and_timed(tmp_path: Path) -> None:
    write_srt(CUES, tmp_path / "film.srt")
    assert (tmp_path / "film.srt").read_text("utf-8") == (
        "1\n00:00:00,300 --> 00:00:01,800\nCrème brûlée & co.\n<said> the fox\n\n"
        "2\n01:02:03,004 --> 01:02:04,900\nThe end.\n"
    )


def test_a_webvtt_file_escapes_what_would_be_markup(tmp_path: Path) -> None:
    write_vtt(CUES, tmp_path / "film.vtt")
    assert (tmp_path / "film.vtt").read_text("utf-8") == (
        "WEBVTT\n\n00:00:00.300 --> 00:00:01.800\nCrème brûlée &amp; co.\n&lt;said&gt; the fox\n\n"
        "01:02:03.004 --> 01:02:04.900\nThe end.\n"
    )


def test_a_film_without_words_has_valid_empty_files(tmp_path: Path) -> None:
    write_srt((), tmp_path / "film.srt")
    write_vtt((), tmp_path / "film.vtt")
    assert (tmp_path / "film.srt").read_text() == ""
    assert (tmp_path / "film.vtt").read_text() == "WEBVTT\n"


def test_the_track_holds_every_cue_at_its_time_in_english_and_shown_by_default(tmp_path: Path) -> None:
    cues = (Cue(300, 1800, ("Crème", "brûlée")), Cue(1800, 2500, ("and",)), Cue(4000, 5000, ("tea.",)))
    with av.open(str(tmp_path / "film.mp4"), "w") as film:
        track = add_subtitle_track(film)
        for packet in subtitle_packets(cues, track):
            film.mux(packet)
    with av.open(str(tmp_path / "film.mp4")) as film:
        stream = film.streams.subtitles[0]
        assert (stream.codec_context.name, stream.language) == ("mov_text", "eng")
        assert Disposition.default in stream.disposition
        samples = [
            (p.pts * p.time_base, p.duration * p.time_base, bytes(p)) for p in film.demux(stream) if p.size
        ]
    shown = [
        (round(start * 1000), round((start + length) * 1000), text[2:].decode())
        for start, length, text in samples
        if len(text) > 2
    ]
    assert shown == [(300, 1800, "Crème\nbrûlée"), (1800, 2500, "and"), (4000, 5000, "tea.")]
    gaps = [(round(start * 1000), round(length * 1000)) for start, length, text in samples if text == b"\0\0"]
    assert (0, 300) in gaps and (2500, 1500) in gaps
