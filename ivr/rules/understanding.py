"""What does the caller want? Words against example phrases, with an honest confidence.

A phrase matcher: example phrases by likeness of word sets, weighed by how telling their words are.
Below `SURE_ENOUGH` it says nothing rather than guess. Pure; the catalogue is handed in.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log
from typing import Any

from rapidfuzz import fuzz, process

from ivr.errors import CityPackError
from ivr.rules.folding import fold
from ivr.rules.heard import Heard
from models.states import Language

__all__ = ["Catalogue", "Heard", "compile_catalogue", "read"]

SURE_ENOUGH = 0.55
ALTERNATIVE = 0.35
MOST_WORDS = 60
"""Words of an utterance that are compared: what is needed comes early."""
_CLOSE = 90.0
"""rapidfuzz ratio from which a word is a misspelling of a telling one."""
_FILLER = frozenset(
    [
        "a",
        "an",
        "the",
        "i",
        "im",
        "id",
        "ive",
        "is",
        "are",
        "was",
        "it",
        "its",
        "this",
        "that",
        "theres",
        "there",
        "to",
        "of",
        "on",
        "in",
        "at",
        "and",
        "or",
        "my",
        "your",
        "our",
        "me",
        "we",
        "you",
        "with",
        "for",
        "from",
        "by",
        "be",
        "been",
        "has",
        "have",
        "had",
        "do",
        "does",
        "did",
        "not",
        "no",
        "so",
        "very",
        "really",
        "please",
        "hi",
        "hello",
        "hey",
        "yes",
        "yeah",
        "uh",
        "um",
        "calling",
        "call",
        "called",
        "about",
        "like",
        "want",
        "need",
        "would",
        "report",
        "wanna",
        "some",
        "any",
        "just",
        "now",
        "right",
        "here",
        "can",
        "could",
        "someone",
        "somebody",
        "they",
        "them",
        "he",
        "she",
        "his",
        "her",
        "need",
        "un",
        "una",
        "el",
        "la",
        "los",
        "las",
        "de",
        "del",
        "al",
        "en",
        "y",
        "o",
        "que",
        "es",
        "esta",
        "estan",
        "hay",
        "por",
        "para",
        "con",
        "mi",
        "su",
        "sus",
        "me",
        "se",
        "le",
        "lo",
        "a",
        "ya",
        "no",
        "muy",
        "si",
        "bueno",
        "hola",
        "buenos",
        "buenas",
        "dias",
        "tardes",
        "quiero",
        "quisiera",
        "reportar",
        "llamo",
        "necesito",
        "hablo",
        "sobre",
        "tengo",
        "hace",
        "unos",
        "unas",
        "este",
        "esa",
        "ese",
        "aqui",
        "alla",
    ]
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """An example: its slug, its telling words, and how it was written."""

    slug: str
    words: frozenset[str]
    text: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Phrases by language, and how telling each word is (0..1) among them."""

    phrases: Mapping[Language, tuple[Phrase, ...]]
    weights: Mapping[Language, Mapping[str, float]]
    by_word: Mapping[Language, Mapping[str, tuple[int, ...]]]
    names: Mapping[str, Mapping[str, str]]


def read(text: str, language: Language, catalogue: Catalogue) -> Heard:
    """Say what the words ask for.

    Args:
        text: Anything; the first 60 words count.
        language: Whose phrases are compared first; when they say nothing, the other language's.
        catalogue: The city's intents.

    Returns:
        The best intent when it is at least `SURE_ENOUGH`, else intent "" with the candidates as
        alternatives: a person takes the words.
    """
    words = fold(text).split()[:MOST_WORDS]
    heard = _in_language(words, language, catalogue)
    if heard.intent:
        return heard
    others = [_in_language(words, other, catalogue) for other in Language if other is not language]
    return max(heard, *others, key=lambda found: (bool(found.intent), found.confidence))


def _in_language(words: list[str], language: Language, catalogue: Catalogue) -> Heard:
    said = _telling(words, catalogue.weights[language])
    if not said:
        return Heard()
    best: dict[str, tuple[float, str]] = {}
    for index in _candidates(said, catalogue.by_word[language]):
        phrase = catalogue.phrases[language][index]
        score = _likeness(said, phrase, catalogue.weights[language])
        if score > best.get(phrase.slug, (0.0, ""))[0]:
            best[phrase.slug] = (score, phrase.text)
    ranked = sorted(((score, slug, text) for slug, (score, text) in best.items()), reverse=True)
    return _decided(ranked, language)


def _decided(ranked: list[tuple[float, str, str]], language: Language) -> Heard:
    """Take the best; a close second lowers the confidence, since either may be meant."""
    if not ranked:
        return Heard()
    score, slug, text = ranked[0]
    second = ranked[1][0] if len(ranked) > 1 else 0.0
    confidence = round(score * (0.75 + 0.25 * (1 - second / score)), 3)
    alternatives = tuple((s, round(c, 3)) for c, s, _ in ranked[1:4] if c >= ALTERNATIVE)
    if confidence < SURE_ENOUGH:
        unsure = tuple((s, round(c, 3)) for c, s, _ in ranked[:3] if c >= ALTERNATIVE)
        return Heard("", confidence, unsure, (text,), language.value)
    return Heard(slug, confidence, alternatives, (text,), language.value)


def _telling(words: Iterable[str], weights: Mapping[str, float]) -> dict[str, float]:
    """The words that count, misspellings mended, each with its weight; unknown ones weigh little."""
    said: dict[str, float] = {}
    for word in words:
        if word in _FILLER:
            continue
        known = word if word in weights else _mended(word, weights)
        said[known] = weights.get(known, _UNKNOWN)
    return said


_UNKNOWN = 0.12
"""Weight of a word that no phrase holds: street names and stories should not drown the rest."""


def _mended(word: str, weights: Mapping[str, float]) -> str:
    if len(word) < 5:
        return word
    found = process.extractOne(word, weights.keys(), scorer=fuzz.ratio, score_cutoff=_CLOSE)
    return word if found is None else str(found[0])


def _candidates(said: Iterable[str], by_word: Mapping[str, tuple[int, ...]]) -> set[int]:
    return {index for word in said for index in by_word.get(word, ())}


def _likeness(said: Mapping[str, float], phrase: Phrase, weights: Mapping[str, float]) -> float:
    """Shared weight against the phrase's (how much of it was said) and the utterance's."""
    shared = sum(weights[word] for word in phrase.words if word in said)
    whole = sum(weights[word] for word in phrase.words)
    spoken = sum(said.values())
    covered, told = shared / whole, shared / spoken
    return 0.65 * covered + 0.35 * told


def compile_catalogue(document: object) -> Catalogue:
    """Compile a document of intents.

    Raises:
        CityPackError: lists every mistake.
    """
    given: Mapping[str, Any] = document if isinstance(document, Mapping) else {}
    intents = given.get("intents")
    mistakes: list[str] = []
    if not isinstance(intents, Mapping):
        raise CityPackError(["intents: there is no map of intents"])
    phrases = {
        language: tuple(
            phrase
            for slug, intent in intents.items()
            for phrase in _phrases(str(slug), intent, language, mistakes)
        )
        for language in Language
    }
    if mistakes:
        raise CityPackError(mistakes)
    weights = {language: _weights(found) for language, found in phrases.items()}
    names = {str(slug): dict(intent["name"]) for slug, intent in intents.items()}
    return Catalogue(phrases, weights, {k: _index(found) for k, found in phrases.items()}, names)


def _phrases(slug: str, intent: object, language: Language, mistakes: list[str]) -> list[Phrase]:
    given = intent if isinstance(intent, Mapping) else {}
    examples, name = given.get(language.value), given.get("name")
    if not isinstance(name, Mapping) or not name.get(language.value):
        mistakes.append(f"intents: {slug} has no name in {language}")
    if not isinstance(examples, list) or not examples:
        mistakes.append(f"intents: {slug} has no phrases in {language}")
        return []
    phrases = [
        Phrase(slug, frozenset(fold(str(text)).split()) - _FILLER, str(text)) for text in examples
    ]
    mistakes.extend(
        f"intents: {slug}: {p.text!r} holds only filler" for p in phrases if not p.words
    )
    return phrases


def _weights(phrases: Iterable[Phrase]) -> dict[str, float]:
    """How telling each word is: 1 in one intent only, less the more intents share it."""
    slugs: dict[str, set[str]] = defaultdict(set)
    for phrase in phrases:
        for word in phrase.words:
            slugs[word].add(phrase.slug)
    return {word: 1.0 / (1.0 + log(len(of))) for word, of in slugs.items()}


def _index(phrases: Iterable[Phrase]) -> dict[str, tuple[int, ...]]:
    index: dict[str, list[int]] = defaultdict(list)
    for at, phrase in enumerate(phrases):
        for word in phrase.words:
            index[word].append(at)
    return {word: tuple(at) for word, at in index.items()}
