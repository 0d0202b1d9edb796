"""From words to phonemes that still know which word they belong to, whatever normalising does to the text.

A sentence is read as a whole, because "5 km" and "read" depend on their neighbours; the words that
are then heard ("five", "kilometers") are matched back to the words that were written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Any, Final

import numpy as np
from hibari.g2p.normalize import SYMBOLS, normalize

LONGEST_PASSAGE: Final = 400
"""Phonemes the model says well in one breath."""

NOT_SOUNDED: Final = frozenset(' ;:,.!?—…"()“”')
"""Phonemes that stand for punctuation."""

_SPELLINGS: Final = (
    (re.compile(r"[\"“”„«»]"), ""),  # not heard, and in the way of reading the number after it
    (re.compile(r"[‘`]"), "'"),
    (re.compile(r"\[|\{"), "("),  # hibari reads [word](/phonemes/), which is not for the text's author
    (re.compile(r"\]|\}"), ")"),
    (re.compile(r"^[-‐‑‒–—―]+$|-{2,}"), "—"),
    (re.compile(r"\.{2,}"), "…"),
    (re.compile(r"\d[\d,]{14,}"), lambda m: " ".join(m[0].replace(",", ""))),  # more than trillions
    (re.compile(r"\S{40}"), r"\g<0> "),  # hibari takes ever longer over long words
)
_SOUNDS: Final = (
    (re.compile(r"\bsh{2,}\b", re.I), "ʃːː"),
    (re.compile(r"\bgr{2,}\b", re.I), "ɡɹˈɜɹː"),
    (re.compile(r"\bbr{2,}\b", re.I), "bɹˈɜɹː"),
    (re.compile(r"\bz{2,}\b", re.I), "zːː"),
    (re.compile(r"\bp+s{2,}t\b", re.I), "psːt"),
    (re.compile(r"\bpf{2,}t?\b", re.I), "pfˈːt"),
    (re.compile(r"\bh[mn]{2,}\b", re.I), "hˈʌmː"),
)
"""Sounds that are written but are not words; the model would spell them out."""
_PUNCTUATION: Final = frozenset("“”‘’«»—–…¿¡£€¥₹₩")


@dataclass(frozen=True)
class Passage:
    """Phonemes to be said in one breath; `owners[i]` is the index of the word that phoneme i belongs to."""

    phonemes: str
    owners: tuple[int, ...]

    @property
    def sounded(self) -> bool:
        """Whether anything in it is heard."""
        return any(phoneme not in NOT_SOUNDED for phoneme in self.phonemes)


class Pronouncer:
    """Reads English by hibari's lexicon and letter-to-sound net. `alphabet` is what the model can say."""

    def __init__(self, g2p: Any, alphabet: Iterable[str]) -> None:
        self._g2p = g2p
        self._alphabet = frozenset(alphabet)
        self._letters = frozenset(g2p.oov.cin) | frozenset(SYMBOLS) | _PUNCTUATION

    def passages(self, sentence: Sequence[str], first: int) -> list[Passage]:
        """The words of one sentence as passages; `first` is the index of its first word.

        There are none if no word of it can be pronounced.
        """
        phonemes, owners = "", list[int]()
        for word, heard in self._heard(sentence):
            sayable = "".join(phoneme for phoneme in heard if phoneme in self._alphabet)
            if sayable:
                piece = f" {sayable}" if phonemes else sayable
                phonemes += piece
                owners += [first + word] * len(piece)
        cuts = _cuts(phonemes)
        whole = (Passage(phonemes[a:b], tuple(owners[a:b])) for a, b in pairwise(cuts))
        return [passage for passage in whole if passage.sounded]

    def _heard(self, sentence: Sequence[str]) -> Iterable[tuple[int, str]]:
        """Pairs of a word's place in the sentence and phonemes it is heard as."""
        written = self._unshouted([self._readable(word) for word in sentence])
        text = normalize(" ".join(word for word in written if word))
        if not text:
            return []
        heard = text.split()
        owners = align(written, heard)
        return zip(owners, self._phonemes(text), strict=True)

    def _phonemes(self, text: str) -> list[str]:
        """The phonemes of each word of a normalised text."""
        chunks, chunk = [], ""
        for token in self._g2p.phonemize_tokens(self._g2p.tokenize(text)):
            chunk += token.phonemes or ""
            if token.whitespace:
                chunks.append(chunk)
                chunk = ""
        return [*chunks, chunk]

    def _readable(self, word: str) -> str:
        """`word` in characters the reader knows. Accents fall off, and other scripts are left out."""
        known = "".join(self._known(character) for character in word)
        for pattern, spelling in _SPELLINGS:
            known = pattern.sub(spelling, known)
        for pattern, phonemes in _SOUNDS:
            known = pattern.sub(f"[\\g<0>](/{phonemes}/)", known)
        return known

    def _unshouted(self, words: list[str]) -> list[str]:
        """A sentence all in capitals, in small ones wherever those make a word: ME is not an abbreviation."""
        if not all(word == word.upper() for word in words):
            return words
        return [word.lower() if _key(word) in self._g2p.lexicon.golds else word for word in words]

    def _known(self, character: str) -> str:
        if character in SYMBOLS or (character.isascii() and character.isprintable()):
            return character
        if character.isdigit():
            return str(unicodedata.digit(character))
        if character in self._letters:
            return character
        plain = unicodedata.normalize("NFKD", character)
        return "".join(part for part in plain if part in self._letters or (part.isascii() and part.isalnum()))


def align(written: Sequence[str], heard: Sequence[str]) -> list[int]:
    """For each heard word, the place of the written word it comes from; places never go back."""
    alone = [(place, part) for place, word in enumerate(written) for part in normalize(word).split()]
    matcher = SequenceMatcher(
        None, [_key(part) for _, part in alone], [_key(w) for w in heard], autojunk=False
    )
    owners: list[int] = []
    for change, i1, i2, j1, j2 in matcher.get_opcodes():
        if change == "insert":
            owners += [alone[i1 - 1][0] if i1 else alone[0][0]] * (j2 - j1)
        elif i2 - i1 == j2 - j1:
            owners += [place for place, _ in alone[i1:i2]]
        elif change == "replace":
            owners += _share_out(alone[i1:i2], heard[j1:j2])
    return owners


def _share_out(alone: Sequence[tuple[int, str]], heard: Sequence[str]) -> list[int]:
    """Heard words given to written ones in proportion to their letters."""
    ends = np.cumsum([len(_key(part)) for _, part in alone])
    reached = np.cumsum([0, *map(len, heard)])
    middles = (reached[:-1] + reached[1:]) / 2 / reached[-1] * ends[-1]
    return [alone[min(place, len(alone) - 1)][0] for place in np.searchsorted(ends, middles, side="right")]


def _key(word: str) -> str:
    """What two spellings of a word have in common: its letters and digits."""
    return "".join(character for character in word.casefold() if character.isalnum())


def _cuts(phonemes: str) -> list[int]:
    """Where to cut so that no passage is longer than LONGEST_PASSAGE: after a clause, or else a word."""
    cuts = [0]
    while len(phonemes) - cuts[-1] > LONGEST_PASSAGE:
        window = phonemes[cuts[-1] : cuts[-1] + LONGEST_PASSAGE]
        clause = max((m.end() for m in re.finditer(r"[,;:—…] ", window)), default=0)
        cuts.append(cuts[-1] + (clause or window.rfind(" ") + 1 or LONGEST_PASSAGE))
    return [*cuts, len(phonemes)]
