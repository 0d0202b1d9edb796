"""Whose deed a verb tells: the subject of its clause, found by the words before it.

A verb belongs to the noun it follows, if that is no object of a preposition; after "and" or a comma, to the
subject of the clause. What a thing, the weather or a part of a body does is done by no creature.
"""

from __future__ import annotations

from typing import Final, TypeAlias

from storyreel.reading.lexicon import grammar, table
from storyreel.reading.words import STOPS, Found, Word, find

Who: TypeAlias = tuple[int, ...] | None
"""The creatures meant, by the first word of their mentions; () for no creature, None for one not named."""

THEY: Final = frozenset({"he", "she", "it", "they", "him", "her", "them"})
RELATIVE: Final = frozenset({"who", "that", "which"})
BE: Final = frozenset({"was", "were", "is", "are", "been", "being", "be", "got"})
TAKING: Final = ("eat", "hold", "talk", "chase")
"""Deeds that are done to somebody or something."""
ASKING: Final = frozenset({"what", "how", "why", "whether"})
REACH: Final = 5
"""Words within which a noun still follows closely."""
LONGEST_PHRASE: Final = 5
"""Words of the longest noun phrase without its determiner."""


class Subjects:
    """Finds the creature that a verb, a feeling or a place belongs to.

    `nouns` are the things, places and weathers of the text: what they do, no creature does.
    """

    def __init__(self, words: list[Word], creatures: list[Found], nouns: list[Found]) -> None:
        self.words = words
        self.creatures = creatures
        self._mentions = {at: match.first for match in creatures for at in range(match.first, match.end)}
        self._nouns = {at: match.first for match in nouns for at in range(match.first, match.end)}
        self._verbs = {at for match in find_verbs(words) for at in range(match.first, match.end)}

    def of(self, match: Found, *, speech: bool = False) -> Who:
        """Who does what the verb `match` tells; the speaker may follow it ("said the fox")."""
        if speech and (after := self._just_after(match.end)) is not None:
            return self.together(after)
        if self._is_passive(match):
            return self._doer(match)
        if self._ends(match, "ing") and (described := self.described(match)) is not None:
            return (described,)
        if self._is_inverted(match):
            after = self._just_after(match.end)
            if after is not None:
                return self.together(after)
            if self._is_noun_after(match.end):
                return ()
        return self.before(match.first, participle=self._ends(match, "ing"))

    def before(self, at: int, *, participle: bool = False) -> Who:
        """The subject of what stands at word `at`; a `participle` belongs to the noun right before it."""
        back = at - 1
        while back >= 0:
            word = self.words[back]
            if word.quoted != self.words[at].quoted:
                back -= 1
                continue
            if word.text in STOPS:
                return self.after(at)
            if word.text in grammar()["conjunctions"] or not word.text[0].isalpha():
                return self._clause_subject(back, at)
            if word.text in RELATIVE:
                participle = True
            start = self._phrase_start(back)
            if start is None:
                if word.text in grammar()["nobody"]:
                    return ()
                back -= 1
                continue
            if self._is_object(start) and not (participle and back in self._mentions):
                back = start - 2
                continue
            return self._meant(back)
        return self.after(at)

    def after(self, at: int) -> Who:
        """The creature that an opening phrase at `at` belongs to ("On the fence, a crow ..."), else None."""
        for match in self.creatures:
            if at < match.first <= at + 2 * REACH:
                between = [word.text for word in self.words[at : match.first]]
                verb = any(at <= place < match.first for place in self._verbs)
                if ("," in between or verb) and not STOPS.intersection(between):
                    return self.together(match.first)
        return None

    def object_of(self, match: Found) -> Who:
        """To whom the verb `match` is done: the creature after it, or a passive's subject."""
        if self._is_passive(match):
            return self.before(match.first)
        return self.named_at(match.end)

    def named_at(self, at: int) -> Who:
        """The creature that a noun phrase or a pronoun at word `at` means; None if there is none."""
        if at < len(self.words) and self.words[at].text in THEY:
            return self._topic(at)
        after = self._just_after(at)
        return None if after is None else (after,)

    def described(self, match: Found) -> int | None:
        """The creature that `match` is an adjective of ("a hungry young crow")."""
        for mention in self.creatures:
            between = self.words[match.end : mention.first]
            if 0 <= mention.first - match.end <= 2 and all(_is_plain(word) for word in between):
                return mention.first
        return None

    def together(self, who: int) -> tuple[int, ...]:
        """`who`, and those joined to it by "and" or a comma ("a fox, the king and the old woman")."""
        joined = [who]
        for match in reversed(self.creatures):
            between = [word.text for word in self.words[match.end : joined[0]]]
            if not between or not 0 <= len(between) < REACH or match.first >= joined[0]:
                continue
            if between[0] == "and" or (between[0] == "," and len(joined) > 1):
                joined.insert(0, match.first)
        return tuple(joined)

    def _phrase_start(self, end: int) -> int | None:
        """Where the noun phrase that ends with word `end` starts; None if there is none."""
        known = self._mentions.get(end, self._nouns.get(end))
        if self.words[end].text in THEY:
            return end
        if end in self._verbs:
            return None
        first = end if known is None else known
        for back in range(first, max(-1, first - LONGEST_PHRASE), -1):
            word = self.words[back]
            if not word.text[0].isalnum() or back in self._verbs or word.text in BE:
                break
            if back < first and (back in self._mentions or word.text in grammar()["prepositions"]):
                break
            if word.possessive or (word.text in _openers() and back <= end - (known is None)):
                return back
            if known is None and word.text in grammar()["prepositions"]:
                return back + 1 if back < end else None
        return known

    def _is_object(self, start: int) -> bool:
        """Whether a preposition stands before the noun phrase that starts at `start`."""
        if start == 0:
            return False
        before = self.words[start - 1].text
        if before == "and" and start >= 2 and (start - 2) in self._mentions:
            first = self._phrase_start(start - 2)
            return first is not None and self._is_object(first)
        return before in grammar()["prepositions"]

    def _meant(self, end: int) -> Who:
        if end in self._mentions:
            return self.together(self._mentions[end])
        return self._topic(end) if self.words[end].text in THEY else ()

    def _clause_subject(self, end: int, at: int) -> Who:
        """The last noun before `end` that opens a clause: it follows a stop, a comma or a conjunction."""
        for back in range(end, -1, -1):
            word = self.words[back]
            if word.quoted != self.words[at].quoted:
                continue
            if word.text in STOPS:
                break
            if not word.text[0].isalpha() or word.text in grammar()["conjunctions"]:
                continue
            start = self._phrase_start(back)
            likened = start is not None and start > 0 and self.words[start - 1].text in ("as", "than")
            if likened and back + 1 <= end and not self.words[back + 1].text[0].isalpha():
                continue  # "The wolf, dressed as a grandmother, ..."
            if start is not None and self._opens_clause(start):
                return self._meant(back)
        return self.after(at)

    def _opens_clause(self, start: int) -> bool:
        if start == 0 or self._is_object(start):
            return start == 0
        before = self.words[start - 1]
        opened = not before.text[0].isalpha() or before.text in grammar()["conjunctions"]
        where = self._phrase_start(start - 1)
        led_in = where is not None and self._is_object(where)  # "On the fence a crow"
        return opened or led_in or _is_adverb(before.text) or before.quoted != self.words[start].quoted

    def _topic(self, at: int) -> Who:
        """Whom a pronoun at `at` means: the first creature of this sentence, or of the one before it.

        "They" are all of them.
        """
        told = [
            match.first for match in self.creatures if match.first < at and not self.words[match.first].quoted
        ]
        since = max(told, default=-1)
        if self.words[at].text == "they" and not self._are_several(told):
            since = -1
        if self.words[at].text in ("it", "they") and self._is_after_thing(at, since):
            return ()
        if not told:
            return None
        ends = [i for i, word in enumerate(self.words[: told[-1]]) if word.text in STOPS and not word.quoted]
        opening = ends[-1] if ends else -1
        here = [first for first in told if first > opening]
        return tuple(here) if self.words[at].text in ("they", "them") else (here[0],)

    def _are_several(self, told: list[int]) -> bool:
        plural = any(match.entry.plural for match in self.creatures if match.first in told)
        return len(told) > 1 or plural

    def _is_after_thing(self, at: int, since: int) -> bool:
        """Whether a thing is the subject of a clause between word `since` and the pronoun at `at`."""
        return any(
            since < first < at and not self._is_object(self._phrase_start(first) or first)
            for first in self._nouns.values()
        )

    def _just_after(self, at: int) -> int | None:
        for match in self.creatures:
            between = [word.text for word in self.words[at : match.first]]
            if 0 < match.first - at <= 4 and between[0] in _openers():
                return match.first
            if match.first == at and (match.entry.named or match.entry.canonical == match.entry.noun):
                return match.first
        return None

    def _is_noun_after(self, at: int) -> bool:
        return any(
            at < first <= at + LONGEST_PHRASE and all(word.text[0].isalpha() for word in self.words[at:first])
            for first in self._nouns.values()
        )

    def _is_inverted(self, match: Found) -> bool:
        """Whether only where or how stands before the verb in its clause ("Under the tree slept a fox")."""
        back = match.first - 1
        taking = match.entry.canonical in TAKING and match.entry.noun != "hung"
        if back < 0 or taking:
            return False
        while back >= 0:
            word = self.words[back].text
            if not word[0].isalpha() or word in grammar()["conjunctions"]:
                return back < match.first - 1
            start = self._phrase_start(back)
            if start is not None and not self._is_object(start):
                return False
            if start is None and not _is_adverb(word) and word not in grammar()["prepositions"]:
                return False
            back = back - 1 if start is None else start - 2
        return True

    def _is_passive(self, match: Found) -> bool:
        back = match.first - 1
        while back >= 0 and _is_adverb(self.words[back].text):
            back -= 1
        helped = back >= 0 and self.words[back].text in BE
        taken = match.entry.canonical in (*TAKING, "run", "walk")
        return helped and taken and not self._ends(match, "ing")

    def _doer(self, match: Found) -> Who:
        """Who does it to the subject ("was chased by the wolf"); nobody if the text does not say."""
        if match.end < len(self.words) and self.words[match.end].text == "by":
            after = self._just_after(match.end + 1)
            return () if after is None else self.together(after)
        return ()

    def _ends(self, match: Found, ending: str) -> bool:
        return self.words[match.first].text.endswith(ending)


def find_verbs(words: list[Word]) -> list[Found]:
    """The verbs of `words`, what is said between quotes left out: talking of a deed is not doing it."""
    found = find(words, table("actions"))
    return [one for one in found if not words[one.first].quoted and not _is_asked(words, one.first)]


def _is_asked(words: list[Word], at: int) -> bool:
    """Whether the verb at word `at` is only asked or known about ("nobody saw where she went")."""
    for back in range(at - 1, max(-1, at - 4), -1):
        if words[back].text in ASKING:
            return True
        if words[back].text == "where":
            return back > 0 and words[back - 1].text in grammar()["knowing"]
    return False


def _openers() -> frozenset[str]:
    return frozenset({*grammar()["determiners"], *grammar()["numbers"]}) - {"of"}


def _is_adverb(word: str) -> bool:
    return word.endswith("ly") or word in grammar()["adverbs"]


def _is_plain(word: Word) -> bool:
    small = {*_openers(), *grammar()["entering"], *grammar()["nearing"], *grammar()["conjunctions"], "that"}
    return word.text[0].isalpha() and word.text not in small
