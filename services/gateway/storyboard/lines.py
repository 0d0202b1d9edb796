"""A story's sentences with everything that is read from them; what characters do is told from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.gateway.storyboard.prose import Prose
from services.gateway.storyboard.quotes import Quote, blank, find_quotes
from services.gateway.storyboard.sentences import split_sentences
from services.gateway.storyboard.spans import Span
from storyreel.reading import Reading, read


@dataclass(frozen=True)
class Sentence:
    """A sentence, and what its narration shows; `narration` is its text with its quotes blanked out."""

    span: Span
    narration: str
    reading: Reading


@dataclass(frozen=True)
class Paragraph:
    """A paragraph with its sentences and quotes, in order."""

    span: Span
    sentences: tuple[Sentence, ...]
    quotes: tuple[Quote, ...]


@dataclass(frozen=True)
class ReadScene:
    """A scene, read. `heading` is not narrated."""

    heading: str
    paragraphs: tuple[Paragraph, ...]

    @property
    def sentences(self) -> list[Sentence]:
        """Those of all its paragraphs."""
        return [sentence for paragraph in self.paragraphs for sentence in paragraph.sentences]


@dataclass(frozen=True)
class ReadStory:
    """A story, read. `narrated` is its text with all quotes blanked out, `spoken` with all but the quotes."""

    text: str
    narrated: str
    spoken: str
    scenes: tuple[ReadScene, ...]

    @property
    def sentences(self) -> list[Sentence]:
        """Those of all its scenes."""
        return [sentence for scene in self.scenes for sentence in scene.sentences]


def split_prose(prose: Prose) -> dict[Span, list[Span]]:
    """The sentences of every paragraph of `prose`."""
    return {span: split_sentences(prose.text, span) for scene in prose.scenes for span in scene.paragraphs}


def read_story(prose: Prose, sentences: Mapping[Span, Sequence[Span]]) -> ReadStory:
    """Read `prose` sentence by sentence; `sentences` are those of each of its paragraphs."""
    paragraphs = [span for scene in prose.scenes for span in scene.paragraphs]
    quotes = dict(zip(paragraphs, find_quotes(prose.text, paragraphs), strict=True))
    spans = [quote.span for found in quotes.values() for quote in found]
    narrated = blank(prose.text, spans)
    scenes = tuple(
        ReadScene(
            scene.heading,
            tuple(
                _read_paragraph(narrated, span, sentences[span], quotes[span]) for span in scene.paragraphs
            ),
        )
        for scene in prose.scenes
    )
    return ReadStory(prose.text, narrated, blank(prose.text, _between(spans, len(prose.text))), scenes)


def _read_paragraph(
    narrated: str, span: Span, sentences: Sequence[Span], quotes: tuple[Quote, ...]
) -> Paragraph:
    narrations = [sentence.of(narrated) for sentence in sentences]
    read_sentences = tuple(
        Sentence(sentence, narration, read(narration))
        for sentence, narration in zip(sentences, narrations, strict=True)
    )
    return Paragraph(span, read_sentences, quotes)


def _between(spans: Sequence[Span], length: int) -> list[Span]:
    """What lies before, between and after `spans`."""
    edges = [0, *(edge for span in spans for edge in span), length]
    return [Span(*pair) for pair in zip(edges[::2], edges[1::2], strict=True)]
