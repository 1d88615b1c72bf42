"""What does the caller want? Words against example phrases, with an honest confidence.

A small model learned from the examples says what is meant, also in words no example holds; the
nearest example bears it out and is shown. Below `SURE_ENOUGH` it says nothing rather than guess.
Pure; the catalogue is handed in.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from math import exp, log
from typing import Any

from rapidfuzz import fuzz, process

from ivr.errors import CityPackError
from ivr.rules.folding import fold
from ivr.rules.heard import Heard
from ivr.rules.phrase_weights import Weights, learn, shares
from models.states import Language

__all__ = ["Catalogue", "Heard", "compile_catalogue", "read"]

SURE_ENOUGH = 0.55
ALTERNATIVE = 0.02
"""Share of belief from which an intent is worth showing to a person."""
_HALF_SAID = 0.45
"""Likeness to an example from which the model is believed whole; alone it trusts strange words."""
_PULL = 6.0
"""How strongly an example said nearly word for word speaks for its intent."""
MOST_WORDS = 60
"""Words of an utterance that are compared: what is needed comes early."""
_CLOSE = 90.0
"""rapidfuzz ratio from which a word is a misspelling of a telling one."""
_SHORTEST_MENDED = 5
_SAID_ANYWAY = (
    "a an the i im id ive is are was it its this that theres there to of on in at and or my "
    "your our me we you with for from by be been has have had do does did not no so very "
    "really please hi hello hey yes yeah uh um calling call called about like want need would "
    "wanna some any just now right here can could someone somebody they them he she his her "
    "un una el la los las de del al en y o que es esta estan hay por para con mi su sus se le "
    "lo ya muy si bueno hola buenos buenas dias tardes quiero quisiera reportar llamo "
    "necesito hablo sobre tengo hace unos unas este esa ese aqui alla question pregunta"
)
_FILLER = frozenset(_SAID_ANYWAY.split())
"""Words that tell nothing about what is wanted, in both languages."""


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
    learned: Weights
    by_length: Mapping[Language, Mapping[int, tuple[str, ...]]]
    """The telling words by their length: a misspelling is about as long as its word."""


def read(text: str, language: Language, catalogue: Catalogue) -> Heard:
    """Say what the words ask for.

    Args:
        text: Anything; the first 60 words count.
        language: The caller's; decides which of two equally like phrases is named. Examples of
            both languages always count: people mix them.
        catalogue: The city's intents.

    Returns:
        The best intent when it is at least `SURE_ENOUGH`, else intent "" with the candidates as
        alternatives: a person takes the words.
    """
    nearest = nearest_examples(text, language, catalogue)
    believed_now = {
        slug: share * exp(_PULL * _like(slug, nearest))
        for slug, share in believed(text, catalogue).items()
    }
    whole = sum(believed_now.values())
    ranked = sorted(
        (
            (share / whole * min(1.0, _like(slug, nearest) / _HALF_SAID), slug)
            for slug, share in believed_now.items()
        ),
        reverse=True,
    )
    return _decided(ranked, nearest)


def _like(slug: str, nearest: "Mapping[str, Near]") -> float:
    """How like the intent's nearest example the words are; without one there is nothing to show."""
    return nearest[slug].likeness if slug in nearest else 0.0


@dataclass(frozen=True, slots=True)
class Near:
    """An intent's example nearest to the words: 0..1, the example and its language."""

    likeness: float
    phrase: str
    language: Language


def believed(text: str, catalogue: Catalogue) -> dict[str, float]:
    """What the learned model alone makes of the words: a share for every intent, together 1."""
    words = fold(text).split()[:MOST_WORDS]
    return shares([word for word in words if word not in _FILLER], catalogue.learned)


def nearest_examples(text: str, language: Language, catalogue: Catalogue) -> dict[str, Near]:
    """The nearest example of each intent that shares a telling word: the phrase matcher alone."""
    words = fold(text).split()[:MOST_WORDS]
    best: dict[str, Near] = {}
    for one in sorted(Language, key=lambda other: other is not language):
        weights = catalogue.weights[one]
        said = _telling(words, weights, catalogue.by_length[one])
        for index in _candidates(said, catalogue.by_word[one]):
            phrase = catalogue.phrases[one][index]
            likeness = _likeness(said, phrase, weights)
            held = best.get(phrase.slug)
            if held is None or likeness > held.likeness:
                best[phrase.slug] = Near(likeness, phrase.text, one)
    return best


def _decided(ranked: list[tuple[float, str]], nearest: Mapping[str, Near]) -> Heard:
    """Take the best when it is sure enough; else the first three are for a person to choose."""
    candidates = tuple((slug, round(share, 3)) for share, slug in ranked if share >= ALTERNATIVE)
    if not candidates:
        return Heard()
    slug, confidence = candidates[0]
    near = nearest[slug]
    decided_by = (near.phrase,)
    if confidence < SURE_ENOUGH:
        return Heard("", confidence, candidates[:3], decided_by, near.language.value)
    return Heard(slug, confidence, candidates[1:4], decided_by, near.language.value)


def _telling(
    words: Iterable[str],
    weights: Mapping[str, float],
    by_length: Mapping[int, tuple[str, ...]],
) -> dict[str, float]:
    """The words that count, misspellings mended, each with its weight; unknown ones weigh little."""
    said: dict[str, float] = {}
    for word in words:
        if word in _FILLER:
            continue
        known = word if word in weights else _mended(word, by_length)
        said[known] = weights.get(known, _UNKNOWN)
    return said


_UNKNOWN = 0.12
"""Weight of a word that no phrase holds: street names and stories should not drown the rest."""


def _mended(word: str, by_length: Mapping[int, tuple[str, ...]]) -> str:
    """The telling word that this one is a misspelling of, or itself."""
    length = len(word)
    if length < _SHORTEST_MENDED:
        return word
    reach = length * (200.0 - 2 * _CLOSE) / 200.0 + 1.0
    lengths = range(max(1, length - int(reach)), length + int(reach) + 1)
    close = chain.from_iterable(by_length.get(one, ()) for one in lengths)
    found = process.extractOne(word, close, scorer=fuzz.ratio, score_cutoff=_CLOSE)
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
    by_word = {language: _index(found) for language, found in phrases.items()}
    by_length = {language: _by_length(found) for language, found in weights.items()}
    return Catalogue(phrases, weights, by_word, names, _learned(phrases), by_length)


def _by_length(words: Iterable[str]) -> dict[int, tuple[str, ...]]:
    by_length: dict[int, list[str]] = defaultdict(list)
    for word in words:
        by_length[len(word)].append(word)
    return {length: tuple(found) for length, found in by_length.items()}


def _learned(phrases: Mapping[Language, Iterable[Phrase]]) -> Weights:
    """One model of both languages, from the examples as they were written."""
    return learn(
        ([word for word in fold(phrase.text).split() if word not in _FILLER], phrase.slug)
        for found in phrases.values()
        for phrase in found
    )


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
