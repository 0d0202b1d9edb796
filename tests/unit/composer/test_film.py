"""A whole film, composed from real files and taken apart again."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pyloudnorm
import pytest

from services.composer.film import ClipSource, FilmFiles, NarrationSource, compose_film
from services.composer.levels import RATE, measure
from services.composer.mix import BLOCK
from storyreel.media.audio import Samples, stereo_blocks
from storyreel.media.errors import MediaError
from storyreel.media.images import read_picture
from storyreel.media.probe import count_decoded_frames, probe
from storyreel.recipes import FilmRecipe
from storyreel.timing import LEAD_SECONDS

MakeClip = Callable[..., ClipSource]
MakeNarration = Callable[..., NarrationSource]
TEXTS = ("The fox ran.", "“Where?” asked the moon, and smiled.", "Nobody knew; nobody ever did.")
FRAMES = (90, 101, 97)
AAC_FRAME = 1024


def recipe(width: int = 96, height: int = 64) -> FilmRecipe:
    return FilmRecipe(
        model="composer-1",
        title="The Fox & the Möon",
        clips=("c",),
        narrations=("n",),
        width=width,
        height=height,
    )


@pytest.fixture(scope="module")
def film(
    tmp_path_factory: pytest.TempPathFactory, make_clip: MakeClip, make_narration: MakeNarration
) -> FilmFiles:
    clips = [make_clip(frames, seed) for seed, frames in enumerate(FRAMES)]
    narrations = [make_narration(f"n{k}", 2.1, text=text) for k, text in enumerate(TEXTS)]
    return compose_film(recipe(), clips, narrations, tmp_path_factory.mktemp("film"))


def audio_from_time_zero(path: Path) -> Samples:
    """The film's sound by its presentation times, whatever the container says about priming; one channel."""
    heard = np.zeros(RATE * 60, np.float32)
    end = 0
    with av.open(str(path)) as container:
        for frame in container.decode(audio=0):
            assert frame.pts is not None and frame.time_base is not None
            samples = frame.to_ndarray()[0]
            start = round(frame.pts * frame.time_base * RATE)
            skipped = max(0, -start)
            heard[start + skipped : start + len(samples)] = samples[skipped:]
            end = start + len(samples)
    return heard[:end]


def test_the_film_has_every_frame_and_lasts_exactly_as_long(film: FilmFiles) -> None:
    facts = probe(film.video)
    assert facts.video is not None and facts.audio is not None
    assert film.frames == facts.video.frames == sum(FRAMES)
    assert facts.video.seconds == Fraction(sum(FRAMES), 30)
    assert float(facts.seconds) == pytest.approx(sum(FRAMES) / 30, abs=1e-5)
    assert film.duration_seconds == pytest.approx(sum(FRAMES) / 30)
    assert abs(facts.audio.seconds - facts.video.seconds) * RATE <= AAC_FRAME
    assert count_decoded_frames(film.video) == sum(FRAMES)


def test_the_film_says_what_it_is(film: FilmFiles) -> None:
    facts = probe(film.video)
    assert facts.title == "The Fox & the Möon"
    assert facts.chapters == tuple(f"{number}. {text}" for number, text in enumerate(TEXTS, start=1))
    assert [(track.codec, track.language) for track in facts.subtitles] == [("mov_text", "eng")]
    assert facts.audio is not None
    assert (facts.audio.codec, facts.audio.rate, facts.audio.channels) == ("aac", RATE, 2)
    assert facts.faststart


def test_the_films_loudness_and_peaks_are_those_it_reports(film: FilmFiles) -> None:
    heard = np.concatenate(list(stereo_blocks(film.video, RATE, BLOCK)))
    assert film.lufs == pytest.approx(-14.0, abs=0.3)
    assert film.lufs == pytest.approx(pyloudnorm.Meter(RATE).integrated_loudness(heard), abs=0.05)
    assert measure([heard]).true_peak_dbtp() == pytest.approx(film.true_peak_dbtp, abs=0.05)
    assert film.true_peak_dbtp <= -1.0


def test_the_subtitle_files_and_the_track_say_all_the_words(film: FilmFiles) -> None:
    said = " ".join(TEXTS).split()
    vtt_lines = film.vtt.read_text("utf-8").splitlines()
    assert [w for line in vtt_lines[1:] if "-->" not in line for w in line.split()] == said
    srt_lines = film.srt.read_text("utf-8").splitlines()
    assert [w for line in srt_lines if "-->" not in line and not line.isdigit() for w in line.split()] == said
    with av.open(str(film.video)) as container:
        track = [bytes(packet)[2:].decode() for packet in container.demux(subtitles=0) if packet.size > 2]
    assert " ".join(track).split() == said


def test_the_poster_is_a_picture_of_the_films_size(film: FilmFiles) -> None:
    assert read_picture(film.poster).shape == (64, 96, 3)


def test_nothing_but_the_four_files_is_left(film: FilmFiles) -> None:
    assert {path.name for path in film.video.parent.iterdir()} == {
        "film.mp4",
        "film.srt",
        "film.vtt",
        "poster.jpg",
    }


def test_sound_and_picture_are_together_in_every_shot(
    tmp_path: Path, make_clip: MakeClip, make_narration: MakeNarration
) -> None:
    clicked = np.zeros(24_000, np.float32)
    clicked[6_000:6_012] = 0.8
    clips = [
        make_clip(91 + 7 * number, number, light=60 + 60 * (number % 2), spread=5) for number in range(4)
    ]
    narrations = [make_narration(f"n{number}", samples=clicked) for number in range(4)]
    film = compose_film(recipe(), clips, narrations, tmp_path)

    with av.open(str(film.video)) as container:
        light = [(frame.time, frame.to_ndarray()[:64].mean()) for frame in container.decode(video=0)]
    cuts = [after[0] for before, after in pairwise(light) if abs(after[1] - before[1]) > 30]
    heard = audio_from_time_zero(film.video)
    for shot_start in (0.0, *cuts):
        clicked_at = shot_start + LEAD_SECONDS + 0.25
        window = slice(round((clicked_at - 0.2) * RATE), round((clicked_at + 0.2) * RATE))
        found = (window.start + np.abs(heard[window]).argmax()) / RATE
        assert abs(found - clicked_at) < 0.002
    assert len(cuts) == 3


def test_a_film_without_a_sound_or_a_word_is_a_film(
    tmp_path: Path, make_clip: MakeClip, make_narration: MakeNarration
) -> None:
    silent = make_narration("silent", samples=np.zeros(24_000, np.float32), text="")
    film = compose_film(recipe(), [make_clip(90)], [silent], tmp_path)
    assert film.true_peak_dbtp < -80
    assert count_decoded_frames(film.video) == 90
    assert probe(film.video).chapters == ("1",)


def test_a_damaged_narration_leaves_no_film(tmp_path: Path, make_clip: MakeClip) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (tmp_path / "n.wav").write_bytes(b"hum")
    with pytest.raises(MediaError, match=r"n\.wav"):
        compose_film(recipe(), [make_clip(90)], [NarrationSource(tmp_path / "n.wav", 1.0, ())], out)
    assert not list(out.iterdir())


def test_a_clip_of_another_size_than_the_film_leaves_no_film(
    tmp_path: Path, make_clip: MakeClip, make_narration: MakeNarration
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    with pytest.raises(MediaError, match="96x64 pixels and the film 1920x1080"):
        compose_film(recipe(1920, 1080), [make_clip(90)], [make_narration("n")], out)
    assert not list(out.iterdir())
