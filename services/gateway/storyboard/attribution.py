"""Who speaks each quote, where the text says so. A quote that could be anybody's is the narrator's."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from services.gateway.storyboard.names import Mention
from services.gateway.storyboard.quotes import Quote
from services.gateway.storyboard.spans import Span
from services.gateway.storyboard.speech_verbs import SPEECH_VERB

_NOUN_START: Final = (
    r"(?:(?:the|a|an|this|that|our|my|his|her|their|its|poor|old|little|young|mr|mrs|ms|dr)\.?\s+"
    r"(?:(?!(?:of|to|from|and|with|at)\b)[\w'’-]+,?\s+){0,3})?"
)
_ADVERBS: Final = r"(?:,?\s+(?:\w+ly|then|only|just|again|at last|softly|also|once more|still|always|had))*,?"
_NOUN_GAP: Final = re.compile(_NOUN_START, re.IGNORECASE)
_LINK: Final = re.compile(r"[\s,—–-]*")
_VERB_FIRST: Final = re.compile(rf"{SPEECH_VERB}(?:\s+\w+ly)?\s+", re.IGNORECASE)
_THEN_VERB: Final = re.compile(rf"(?:,[^,.;:!?]{{1,60}},)?{_ADVERBS}\s+{SPEECH_VERB}\b")
_LAST_VERB: Final = re.compile(
    rf"\b(?P<verb>{SPEECH_VERB})\b(?P<rest>(?:\s+[^\s.!?;:,]+){{0,8}}\s*[,:—–-]?\s*)$", re.IGNORECASE
)
_PRONOUN: Final = re.compile(r"(?:he|she|it|they)\b", re.IGNORECASE)
_OPENING: Final = re.compile(r"[\s,]*(?:(?:then|so|but|and|at last|now)\b,?\s+)?", re.IGNORECASE)
_AND_ANOTHER: Final = re.compile(r"\s+and\s+", re.IGNORECASE)
_WRITTEN: Final = re.compile(
    r"\b(?:reads?|reading|sa(?:id|ys|ying)|words?|sign(?:post|board)?|painted|carved|written|wrote|called|named|titled|"
    r"labell?ed|marked)\W*$",
    re.IGNORECASE,
)
"""What stands before words that are written or quoted, not spoken there and then."""
_OF_WRITING: Final = re.compile(
    r"\b(?:that|which|signs?|signpost|board|letter|note|words|banner|book|plaque|label)\s+(?:\w+ly\s+)?$",
    re.IGNORECASE,
)
"""What stands before the verb of words that something, not somebody, says."""
_UNFINISHED: Final = re.compile(r"[,!?…—–-]['’\"”»]*$|\.\.['’\"”»]*$")
_SPOKEN: Final = re.compile(r"[,.!?…—–-]['’\"”»]*$")
_CLOSED: Final = re.compile(r"[.!?…]")


@dataclass(frozen=True)
class Utterance:
    """A quote and the name of the character who speaks it, None where the text does not say."""

    span: Span
    speaker: str | None


class Attribution:
    """Attributes the quotes of one story.

    `narrated` is its text with the quotes blanked out, `mentions` the characters named in it, in order, and
    `pronouns` whom the pronouns mean, by offset.
    """

    def __init__(self, narrated: str, mentions: Sequence[Mention], pronouns: Mapping[int, Mention]) -> None:
        self._text = narrated
        self._mentions = mentions
        self._starts = [mention.span.start for mention in mentions]
        self._pronouns = pronouns

    def speakers(
        self,
        text: str,
        paragraph: Span,
        sentences: Sequence[Span],
        quotes: Sequence[Quote],
        continued: str | None,
    ) -> list[Utterance]:
        """The quotes of one paragraph with their speakers; `continued` goes on speaking in the first."""
        told: list[Utterance] = []
        starts = [sentence.start for sentence in sentences]
        for index, quote in enumerate(quotes):
            low = quotes[index - 1].span.end if index else paragraph.start
            high = quotes[index + 1].span.start if index + 1 < len(quotes) else paragraph.end
            sentence_start = starts[bisect_right(starts, quote.span.start) - 1]
            speaker = self._named_after(text, quote.span, high)
            if speaker is None and index == 0:
                speaker = continued
            if speaker is None:
                speaker = self._named_before(Span(max(low, sentence_start), quote.span.start))
            told.append(Utterance(quote.span, speaker))
        return self._carry(text, paragraph, told)

    def _named_after(self, text: str, quote: Span, high: int) -> str | None:
        """The speaker that the words after a quote name: '…," said the fox', '…!" the fox cried'."""
        if not _UNFINISHED.search(quote.of(text)):
            return None
        stop = _CLOSED.search(self._text, quote.end, high)
        rest = Span(_end_of(_LINK, self._text, quote.end, high), stop.end() if stop else high)
        verb = _VERB_FIRST.match(self._text, *rest)
        if verb and verb[0][0].islower():
            return self._subject_at(Span(verb.end(), rest.end))
        subject = self._subject_at(rest, then=_THEN_VERB)
        first = self._text[rest.start : rest.start + 1]
        # '"Stop!" The fox said nothing.' begins a new sentence, '"Stop!" Reynard cried.' does not.
        if first.isupper() and not any(start == rest.start for start in self._starts):
            return None
        return subject

    def _named_before(self, before: Span) -> str | None:
        """The speaker that the words before a quote name: 'The fox said, "…', 'Said the fox: "…'."""
        verb = _LAST_VERB.search(before.of(self._text))
        if not verb or _OF_WRITING.search(self._text, before.start, before.start + verb.start("verb")):
            return None
        after = self._subject_at(Span(before.start + verb.end("verb"), before.end), skip_space=True)
        at = before.start + verb.start("verb")
        clause = Span(before.start, at)
        named = self._within(clause)
        adjacent = [one for one in named if re.fullmatch(rf"{_ADVERBS}\s*", self._text[one.span.end : at])]
        if adjacent:
            return None if self._joined(named, adjacent[-1]) else adjacent[-1].name
        if not named or not verb["rest"].rstrip().endswith((",", ":", "—", "–", "-")):
            return after
        if len({one.name for one in named}) == 1 or self._opens_clause(clause, named[0]):
            return None if len(named) > 1 and self._joined(named, named[1]) else named[0].name
        return None

    def _subject_at(
        self, span: Span, then: re.Pattern[str] | None = None, *, skip_space: bool = False
    ) -> str | None:
        """Whom the noun or pronoun at the start of `span` means, if `then` follows it."""
        start = span.start
        while skip_space and start < span.end and self._text[start].isspace():
            start += 1
        if _PRONOUN.match(self._text, start, span.end):
            found = self._pronouns.get(start)
        else:
            found = next(iter(self._within(Span(start, span.end), pronouns=False)), None)
            if found and not _NOUN_GAP.fullmatch(self._text, start, found.span.start):
                return None
        if found is None or (then and not then.match(self._text, found.span.end, span.end)):
            return None
        return None if self._with_another(found, span.end) else found.name

    def _within(self, span: Span, *, pronouns: bool = True) -> list[Mention]:
        """The mentions inside `span`, and the resolved pronouns if asked for, in order."""
        first, last = bisect_left(self._starts, span.start), bisect_left(self._starts, span.end)
        found = list(self._mentions[first:last])
        if pronouns:
            for match in re.finditer(r"\b(?:he|she|it|they)\b", span.of(self._text), re.IGNORECASE):
                meant = self._pronouns.get(span.start + match.start())
                found += [meant] if meant else []
        return sorted(found)

    def _with_another(self, found: Mention, end: int) -> bool:
        """Whether "and the crow" follows: two who speak as one are nobody's voice."""
        link = _AND_ANOTHER.match(self._text, found.span.end, end)
        return link is not None and self._subject_at(Span(link.end(), end)) is not None

    def _joined(self, named: Sequence[Mention], last: Mention) -> bool:
        """Whether `last` is the second of two subjects: "the fox and the crow said"."""
        return any(
            one.name != last.name
            and re.fullmatch(r"\s+and\s+(?:\w+\s+){0,3}", self._text[one.span.end : last.span.start])
            for one in named
            if one.span.end < last.span.start
        )

    def _opens_clause(self, clause: Span, mention: Mention) -> bool:
        start = _end_of(_OPENING, self._text, *clause)
        return bool(_NOUN_GAP.fullmatch(self._text, start, mention.span.start))

    def _carry(self, text: str, paragraph: Span, told: list[Utterance]) -> list[Utterance]:
        """Give the paragraph's other quotes to its one speaker, as the custom is: '"Yes," said he. "Go."'.

        Not past the name of another character, and not to words that are only written somewhere.
        """
        speakers = {one.speaker for one in told} - {None}
        if len(speakers) != 1:
            return told
        speaker = speakers.pop()
        marked = [index for index, one in enumerate(told) if one.speaker]
        carried = list(told)
        for index, one in enumerate(told):
            if one.speaker or not _SPOKEN.search(one.span.of(text)):
                continue
            nearest = told[min(marked, key=lambda known: abs(known - index))].span
            between = Span(min(nearest.end, one.span.end), max(nearest.start, one.span.start))
            low = told[index - 1].span.end if index else paragraph.start
            others = {mention.name for mention in self._within(between)} - {speaker}
            if not others and not _WRITTEN.search(self._text, low, one.span.start):
                carried[index] = replace(one, speaker=speaker)
        return carried


def _end_of(pattern: re.Pattern[str], text: str, start: int, end: int) -> int:
    match = pattern.match(text, start, end)
    return match.end() if match else start
