"""How hard a text is to understand by ear: Flesch-Kincaid for English, Fernandez-Huerta for Spanish.

Both formulas count syllables, and both were made for passages of a hundred words and more: on a
short sentence one long word moves the result by several grades. So a grade comes with its number
of words, and `judged` refuses to judge fewer than `LEAST_WORDS`. Knows no menu.

Sources: Kincaid et al. 1975 (0.39 words per sentence + 11.8 syllables per word - 15.59);
Fernandez Huerta 1959 in its usual form (206.84 - 60 syllables per word - 1.02 words per sentence).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from ivr.rules.folding import fold
from models.states import Language

LEAST_WORDS = 30
"""Fewer words than this are not judged by themselves: the formulas are noise there."""
HARDEST_ENGLISH_GRADE = 6.0
HARDEST_SPANISH_EASE = 70.0

_SENTENCE = re.compile(r"[.!?;:]+(?:\s|$)")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+")
_ENGLISH_GROUPS = re.compile(r"[aeiouy]+")
_ENGLISH_SILENT = re.compile(
    r"(?:(?<![aeiouylr])e|(?<=[aeiouyr])le|(?<=[aeiouy])re|(?<![aeiouysxzcghl])es"
    r"|(?<=[aeiouyr])les|(?<![aeiouytd])ed)$"
)
_ENGLISH_INNER_E = re.compile(r"(?<=[^aeiouyl])e(?=(?:ment|ful|ly|less|ness|where|time)s?$)")
_ENGLISH_APART = re.compile(
    r"(?<![tcs])ia|(?<![tcsgxl])io|(?<![qg])ua|(?<![tc])ie(?=nt|ty?$)|iu|eum|uou"
    r"|(?<=[aeiouy])ing$"
)
_ENGLISH_KNOWN = {
    "people": 2, "area": 3, "areas": 3, "idea": 3, "every": 2, "business": 2, "vehicle": 3,
    "create": 2, "created": 3, "creation": 3, "reaction": 3, "fire": 1, "hour": 1, "our": 1,
    "are": 1, "were": 1, "there": 1, "where": 1, "here": 1, "the": 1, "something": 2,
    "someone": 2, "sometimes": 2, "somewhere": 2, "anyone": 3, "everyone": 3, "science": 2,
    "voicemail": 2, "homeless": 2, "streetlight": 2, "streetlights": 2, "sidewalk": 2,
    "video": 3, "theater": 3, "museum": 3, "payee": 2, "agree": 2, "italian": 3, "language": 2,
    "suicide": 3, "society": 4, "poem": 2, "lion": 2, "being": 2, "ma'am": 1, "clothes": 1,
}  # fmt: skip
_SPANISH_STRONG = "aeoáéó"
_SPANISH_ACCENTED_WEAK = "íú"
_SPANISH_VOWELS = frozenset("aeiouáéíóúü")
_DIGITS_IN_ENGLISH = (2, 1, 1, 1, 1, 1, 1, 2, 1, 1)
_DIGITS_IN_SPANISH = (2, 2, 1, 1, 2, 2, 1, 2, 2, 2)


@dataclass(frozen=True, slots=True)
class Grade:
    """How hard a text is.

    `value` is a US school grade in English (lower is easier) and the Fernandez-Huerta ease in
    Spanish (higher is easier, 70 to 80 is plain); `words` says how much to trust it.
    """

    language: Language
    value: float
    words: int

    @property
    def judged(self) -> bool:
        """Whether there are words enough for the formula to mean anything."""
        return self.words >= LEAST_WORDS

    @property
    def plain(self) -> bool:
        """Whether the text is within the limit of its language; short texts always are."""
        if not self.judged:
            return True
        if self.language is Language.EN:
            return self.value <= HARDEST_ENGLISH_GRADE
        return self.value >= HARDEST_SPANISH_EASE


def grade(texts: Iterable[str], language: Language) -> Grade:
    """Grade texts together, as one passage."""
    words = sentences = syllables = 0
    for text in texts:
        counted = _counted(text, language)
        words, sentences, syllables = (
            words + counted[0],
            sentences + counted[1],
            syllables + counted[2],
        )
    if not words:
        return Grade(language, 0.0 if language is Language.EN else 100.0, 0)
    a_sentence, a_word = words / max(1, sentences), syllables / words
    if language is Language.EN:
        return Grade(language, 0.39 * a_sentence + 11.8 * a_word - 15.59, words)
    return Grade(language, 206.84 - 60 * a_word - 1.02 * a_sentence, words)


@lru_cache(maxsize=20_000)
def _counted(text: str, language: Language) -> tuple[int, int, int]:
    """Words, sentences and syllables of one text; a text is one sentence at least."""
    words = _WORD.findall(text)
    sentences = sum(1 for part in _SENTENCE.split(text) if _WORD.search(part))
    return len(words), sentences, sum(syllables_of(word, language) for word in words)


@lru_cache(maxsize=50_000)
def syllables_of(word: str, language: Language) -> int:
    """Syllables of one word; 1 at least. Digits count as they are spoken one by one."""
    if word.isdecimal() and word.isascii():
        spoken = _DIGITS_IN_ENGLISH if language is Language.EN else _DIGITS_IN_SPANISH
        return sum(spoken[int(digit)] for digit in word)
    parts = word.lower().split("-")
    counter = _english if language is Language.EN else _spanish
    return max(1, sum(counter(part) for part in parts if part))


def _english(word: str) -> int:
    """Vowel groups, less the silent e, plus the groups that are spoken apart."""
    plain = re.sub(r"['’]s?$", "", word).replace("’", "'")
    if plain in _ENGLISH_KNOWN:
        return _ENGLISH_KNOWN[plain]
    plain = fold(plain).replace(" ", "")
    groups = len(_ENGLISH_GROUPS.findall(plain))
    silent = len(_ENGLISH_INNER_E.findall(plain)) + bool(_ENGLISH_SILENT.search(plain))
    return max(1, groups - silent + len(_ENGLISH_APART.findall(plain)))


def _spanish(word: str) -> int:
    """Vowels, less the diphthongs: a weak vowel without accent joins its neighbour.

    The u of que, qui, gue, gui is silent; y at the end of a word is a weak vowel.
    """
    plain = re.sub(r"(?<=q)u|(?<=g)u(?=[eiéí])", "", word)
    plain = re.sub(r"y$", "i", plain)
    count, before = 0, ""
    for letter in plain:
        if letter not in _SPANISH_VOWELS:
            before = ""
            continue
        if not before or _apart(before, letter):
            count += 1
        before = letter
    return max(1, count)


def _apart(one: str, other: str) -> bool:
    """Say whether two neighbouring vowels are two syllables."""
    if one in _SPANISH_ACCENTED_WEAK or other in _SPANISH_ACCENTED_WEAK:
        return True
    return one in _SPANISH_STRONG and other in _SPANISH_STRONG
