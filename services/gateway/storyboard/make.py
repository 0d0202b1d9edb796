"""From script to storyboard: reads a story once, then cuts it into shots and tells what each shows."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from services.gateway.storyboard.camera import Take, choose_moves
from services.gateway.storyboard.cast import Cast
from services.gateway.storyboard.casting import declared_cast, inferred_cast
from services.gateway.storyboard.choices import check_aspect, check_length, check_voice
from services.gateway.storyboard.errors import TooLongError
from services.gateway.storyboard.front_matter import read_front_matter
from services.gateway.storyboard.limits import MAX_SHOTS, MAX_STYLE_CHARACTERS, MAX_TITLE_CHARACTERS
from services.gateway.storyboard.lines import ReadStory, read_story, split_prose
from services.gateway.storyboard.options import StoryOptions
from services.gateway.storyboard.prose import Prose, read_prose
from services.gateway.storyboard.script import check_script, split_script
from services.gateway.storyboard.settings import begin_scene, follow
from services.gateway.storyboard.shots import cut_shots, fewest_shots
from services.gateway.storyboard.spans import Span
from services.gateway.storyboard.speech import make_speech
from storyreel.formats import DEFAULT_ASPECT
from storyreel.reading import read
from storyreel.storyboard import Character, Setting, Shot, Storyboard
from storyreel.voices import DEFAULT_VOICE

DEFAULT_STYLE: Final = "storybook"
UNTITLED_WORDS: Final = 6
"""How many of its first words name a story that has no title."""


@dataclass(frozen=True)
class _Cut:
    """Where a shot is in the text, and its beat for the camera."""

    span: Span
    beat: int


def make_storyboard(script: str, overrides: StoryOptions | None = None) -> Storyboard:
    """The storyboard of `script`, plain text or Markdown with front matter; `overrides` win over the latter.

    The texts of its shots, joined by spaces, are the narrated text word for word. The same script always
    makes the same storyboard. Raises StoryError, in one sentence for its author.
    """
    parts = split_script(check_script(script))
    options = read_front_matter(parts.front_matter).overridden_by(_checked(overrides or StoryOptions()))
    prose = read_prose(parts)
    sentences = split_prose(prose)
    cuts = _cut_story(prose, sentences)
    story = read_story(prose, sentences)
    declared = options.characters
    characters = declared_cast(declared) if declared else inferred_cast(story.sentences)
    return Storyboard(
        title=options.title or prose.title or first_words(prose.text),
        style=options.style or DEFAULT_STYLE,
        aspect=options.aspect or DEFAULT_ASPECT,
        characters=characters,
        shots=_make_shots(story, cuts, characters, options.narrator or DEFAULT_VOICE),
    )


def _checked(options: StoryOptions) -> StoryOptions:
    """`options` that came with the request, held to the same limits as front matter."""
    if options.aspect:
        check_aspect(options.aspect)
    if options.narrator:
        check_voice(options.narrator, "the narrator")
    check_length(options.title or "", MAX_TITLE_CHARACTERS, "the title")
    check_length(options.style or "", MAX_STYLE_CHARACTERS, "the style")
    return options


def _make_shots(
    story: ReadStory, cuts: list[_Cut], characters: tuple[Character, ...], narrator: str
) -> tuple[Shot, ...]:
    cast = Cast(story, characters)
    voices = {character.name: character.voice for character in characters}
    speeches = [make_speech(story.text, cut.span, cast.spoken(cut.span), voices, narrator) for cut in cuts]
    takes = [
        Take(cut.span.of(story.text), cut.beat, dialogue=any(run.speaker for run in speech))
        for cut, speech in zip(cuts, speeches, strict=True)
    ]
    moves = choose_moves(takes)
    settings = _settings_of(story, cuts)
    return tuple(
        Shot(number=number, speech=speech, setting=setting, cast=cast.present(cut.span), move=move)
        for number, (cut, speech, setting, move) in enumerate(
            zip(cuts, speeches, settings, moves, strict=True), 1
        )
    )


def _cut_story(prose: Prose, sentences: Mapping[Span, Sequence[Span]]) -> list[_Cut]:
    """All shots of the story; none reaches over the end of a scene. Raises TooLongError for too many."""
    fewest = fewest_shots(prose.text)
    if fewest > MAX_SHOTS:
        raise _too_many(f"at least {fewest}")
    cuts: list[_Cut] = []
    number = 0
    for scene in prose.scenes:
        spans = cut_shots(prose.text, [sentences[paragraph] for paragraph in scene.paragraphs])
        starts = [span.start for span in spans]
        for paragraph in scene.paragraphs:
            number += 1
            starting = spans[bisect_left(starts, paragraph.start) : bisect_left(starts, paragraph.end)]
            cuts += [_Cut(span, number + place) for place, span in enumerate(starting)]
    if len(cuts) > MAX_SHOTS:
        raise _too_many(str(len(cuts)))
    return cuts


def _too_many(shots: str) -> TooLongError:
    return TooLongError(
        f"the script makes {shots} shots and a story has at most {MAX_SHOTS}; cut it into several stories"
    )


def _settings_of(story: ReadStory, cuts: list[_Cut]) -> list[Setting]:
    """The setting of each shot: as it stands after the last sentence that starts in or before the shot."""
    told: list[tuple[int, Setting]] = []
    setting = Setting()
    for scene in story.scenes:
        setting = begin_scene(setting, read(scene.heading), scene.heading)
        for sentence in scene.sentences:
            setting = follow(setting, sentence.reading, sentence.narration)
            told.append((sentence.span.start, setting))
    settings: list[Setting] = []
    at = 0
    for cut in cuts:
        while at + 1 < len(told) and told[at + 1][0] < cut.span.end:
            at += 1
        settings.append(told[at][1])
    return settings


def first_words(text: str) -> str:
    """What a story or image without a title is called: the first words of its text."""
    words = text.split()
    title = " ".join(words[:UNTITLED_WORDS])
    return (
        title[:MAX_TITLE_CHARACTERS]
        if len(words) <= UNTITLED_WORDS
        else f"{title.rstrip(',;:.')[:MAX_TITLE_CHARACTERS]}…"
    )
