"""Who is in every moment of a story, and who speaks it: the characters' appearances, found in its text."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from services.gateway.storyboard.attribution import Attribution, Utterance
from services.gateway.storyboard.lines import ReadScene, ReadStory, Sentence
from services.gateway.storyboard.names import Mention, Names
from services.gateway.storyboard.pronouns import Line, Pronouns
from services.gateway.storyboard.spans import Span
from storyreel.reading import Creature
from storyreel.storyboard import Character


class Cast:
    """The appearances and utterances of one story's characters.

    A character appears where the narration names it, where a pronoun can mean only it, and where it speaks.
    One that is named between quotes appears only if it has appeared in the scene before: it is spoken to.
    """

    def __init__(self, story: ReadStory, characters: Sequence[Character]) -> None:
        self._names = Names(characters)
        self._mentions = self._names.find(story.narrated)
        self._starts = [mention.span.start for mention in self._mentions]
        scenes = [[self._line(sentence) for sentence in scene.sentences] for scene in story.scenes]
        self._pronouns = Pronouns(characters, scenes, story.narrated)
        self.utterances = self._attribute(story)
        """Every quote, in order."""
        self._appearances = self._find_appearances(story)
        self._appearance_starts = [mention.span.start for mention in self._appearances]
        self._utterance_ends = [utterance.span.end for utterance in self.utterances]

    def present(self, within: Span) -> tuple[str, ...]:
        """The names of who appears `within`, in order of appearance; a speech reaches as far as its quote."""
        first = bisect_left(self._appearance_starts, within.start)
        last = bisect_left(self._appearance_starts, within.end)
        speaking = [
            one.speaker for one in self.spoken(within) if one.speaker and one.span.start < within.start
        ]
        return tuple(dict.fromkeys((*speaking, *(one.name for one in self._appearances[first:last]))))

    def spoken(self, within: Span) -> list[Utterance]:
        """The quotes of which at least a part is `within`, in order."""
        first = bisect_right(self._utterance_ends, within.start)
        found = []
        for utterance in self.utterances[first:]:
            if utterance.span.start >= within.end:
                break
            found.append(utterance)
        return found

    def _line(self, sentence: Sentence) -> Line:
        first = bisect_left(self._starts, sentence.span.start)
        last = bisect_left(self._starts, sentence.span.end)
        mentions = tuple(self._mentions[first:last])
        creatures = [_mention_of(sentence, creature) for creature in sentence.reading.creatures]
        strangers = tuple(
            one for one in creatures if not any(one.span.overlaps(mention.span) for mention in mentions)
        )
        return Line(sentence.span, mentions, strangers, things=bool(sentence.reading.things))

    def _attribute(self, story: ReadStory) -> list[Utterance]:
        attribution = Attribution(story.narrated, self._mentions, self._pronouns.mentions)
        told: list[Utterance] = []
        for paragraph in (paragraph for scene in story.scenes for paragraph in scene.paragraphs):
            if not paragraph.quotes:
                continue
            continued = told[-1].speaker if told and paragraph.quotes[0].continues else None
            sentences = [sentence.span for sentence in paragraph.sentences]
            told += attribution.speakers(story.text, paragraph.span, sentences, paragraph.quotes, continued)
        return told

    def _find_appearances(self, story: ReadStory) -> list[Mention]:
        resolved = [mention for group in self._pronouns.groups.values() for mention in group]
        spoken = [
            Mention(Span(one.span.start, one.span.start), one.speaker)
            for one in self.utterances
            if one.speaker
        ]
        certain = sorted([*self._mentions, *resolved, *spoken], key=_start)
        quoted = self._names.find(story.spoken)
        found = list(certain)
        for scene in story.scenes:
            extent = _extent(scene)
            first: dict[str, int] = {}
            for mention in _inside(certain, extent):
                first.setdefault(mention.name, mention.span.start)
            found += [
                one for one in _inside(quoted, extent) if first.get(one.name, extent.end) < one.span.start
            ]
        return sorted(found, key=_start)


def _extent(scene: ReadScene) -> Span:
    return Span(scene.paragraphs[0].span.start, scene.paragraphs[-1].span.end)


def _inside(mentions: Sequence[Mention], extent: Span) -> Sequence[Mention]:
    low = bisect_left(mentions, extent.start, key=_start)
    high = bisect_left(mentions, extent.end, key=_start)
    return mentions[low:high]


def _mention_of(sentence: Sentence, creature: Creature) -> Mention:
    start = sentence.span.start + creature.start
    return Mention(Span(start, start + len(creature.name)), creature.name)


def _start(mention: Mention) -> int:
    return mention.span.start
