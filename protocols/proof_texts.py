"""What the gate finds in the words: E17 (both languages) and W01 (hard to read).

Reading grades are estimates from words, sentences and syllables: English by
Flesch and Kincaid (1975), Spanish by Crawford (1985). Short texts say too
little, so a grade is worked out over all that a protocol says in a language.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from protocols.proof_findings import Finding, Severity
from protocols.script import Protocol, Question, Text

MOST_WORDS: Final = 20

_PLACEHOLDER: Final = re.compile(r"\{(\w*)\}")
_SENTENCE: Final = re.compile(r"[^.!?…\n]+")
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_ENGLISH_SYLLABLE: Final = re.compile(r"[aeiouy]+")
# A weak vowel beside another makes one syllable with it, unless it carries the accent.
_SPANISH_SYLLABLE: Final = re.compile(r"[iuü]?[aeoáéóíú][iuüy]?|[iuü]+|y\b")


def texts(protocol: Protocol) -> Iterator[tuple[str, Text]]:
    """Give every text a person sees or hears, with its place."""
    yield "title", protocol.title
    for question in protocol.questions:
        where = f"question {question.id}"
        yield where, question.text
        if question.note is not None:
            yield f"{where}, note", question.note
        if question.unit is not None:
            yield f"{where}, unit", question.unit
        for option in question.options:
            yield f"{where}, option {option.id}", option.text
    for determinant in protocol.determinants:
        where = f"determinant {determinant.id}"
        yield f"{where}, title", determinant.title
        yield f"{where}, script", determinant.script
        yield f"{where}, advice", determinant.advice
    for jump in protocol.jumps:
        yield f"jump {jump.to}, title", jump.title


def placeholders(protocol: Protocol, languages: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    """Give every placeholder of every text: its place, language and name, each once."""
    for where, text in texts(protocol):
        for language in languages:
            for name in dict.fromkeys(_PLACEHOLDER.findall(_in(text, language))):
                yield where, language, name


def translations(protocol: Protocol, languages: tuple[str, ...]) -> Iterator[Finding]:
    """E17: find texts missing in a language, or with other placeholders than the rest."""
    for where, text in texts(protocol):
        said = {language: _in(text, language) for language in languages}
        for language in (language for language, words in said.items() if not words.strip()):
            mend = f"write it in {language}"
            yield Finding("E17", Severity.ERROR, where, "missing", mend, language)
        names = {lang: set(_PLACEHOLDER.findall(words)) for lang, words in said.items() if words}
        for language, found in names.items():
            if odd := set.union(*names.values()) - found:
                message = f"lacks the placeholder {', '.join(sorted(odd))}"
                mend = "use the same placeholders in every language"
                yield Finding("E17", Severity.ERROR, where, message, mend, language)


def hard_to_read(
    protocol: Protocol, languages: tuple[str, ...], grades: Mapping[str, float]
) -> Iterator[Finding]:
    """W01: find long sentences and questions, double questions, a reading grade above the limit."""
    for language in languages:
        for where, text in texts(protocol):
            yield from _long(where, _in(text, language), language)
        for question in protocol.questions:
            yield from _much_at_once(question, language)
        grade = reading_grade(_spoken(protocol, language), language)
        if language in grades and grade > grades[language]:
            message = f"reading grade {grade:.1f}, at most {grades[language]:g}"
            yield _hard("protocol", language, message)


def reading_grade(words: str, language: str) -> float:
    """Estimate the school grade that reads a text with ease; 0 for no words.

    English: Flesch-Kincaid; Spanish: Crawford. Any other language counts as English.
    """
    found = [word.lower() for word in _WORD.findall(words)]
    if not found:
        return 0.0
    sentences = sum(1 for part in _SENTENCE.findall(words) if _WORD.search(part))
    syllables = sum(_syllables(word, language) for word in found)
    if language == "es":
        hundreds = len(found) / 100
        return 0.049 * syllables / hundreds - 0.205 * sentences / hundreds - 3.407
    return 0.39 * len(found) / sentences + 11.8 * syllables / len(found) - 15.59


def _syllables(word: str, language: str) -> int:
    if language == "es":
        return max(1, len(_SPANISH_SYLLABLE.findall(word)))
    count = len(_ENGLISH_SYLLABLE.findall(word))
    silent = word.endswith("e") and not word.endswith("le")
    return max(1, count - silent)


def _spoken(protocol: Protocol, language: str) -> str:
    parts = [question.text for question in protocol.questions]
    for determinant in protocol.determinants:
        parts += [determinant.script, determinant.advice]
    return "\n".join(_in(part, language) for part in parts)


def _long(where: str, words: str, language: str) -> Iterator[Finding]:
    longest = max((len(part.split()) for part in _SENTENCE.findall(words)), default=0)
    if longest > MOST_WORDS:
        yield _hard(where, language, f"a sentence of {longest} words, at most {MOST_WORDS}")


def _hard(where: str, language: str, message: str) -> Finding:
    mend = "say it in shorter sentences and plainer words"
    return Finding("W01", Severity.WARNING, where, message, mend, language)


def _much_at_once(question: Question, language: str) -> Iterator[Finding]:
    words, where = _in(question.text, language), f"question {question.id}"
    sentences = [len(part.split()) for part in _SENTENCE.findall(words)]
    if sum(sentences) > MOST_WORDS >= max(sentences):  # one sentence alone is told of already
        yield _hard(where, language, f"{sum(sentences)} words, at most {MOST_WORDS}")
    if words.count("?") > 1:
        yield _hard(where, language, "two questions in one")


def _in(text: Text, language: str) -> str:
    try:
        return text[language]
    except KeyError:  # a language the document's format does not have
        return ""
