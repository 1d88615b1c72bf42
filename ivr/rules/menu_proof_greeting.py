"""What a caller must have heard first: the way to 911 before all else, then the longer sentence.

L06 and L07 as far as they speak of the first two turns, read off the explored turns themselves.
"""

from collections.abc import Iterator

from ivr.rules.actions import Listen, Spoken
from ivr.rules.menu_city_facts import CityFacts
from ivr.rules.menu_findings import Finding, Severity
from ivr.rules.menu_lint_promises import says_emergency, says_person
from ivr.rules.menu_lint_texts import named_keys
from ivr.rules.menu_nodes import Graph, LanguageNode
from ivr.rules.menu_proof import END, Explored, Way
from ivr.rules.menu_proof_checks import asked_at
from ivr.rules.menu_proof_facts import spoken_of
from ivr.rules.menu_proof_inputs import Does
from ivr.rules.menu_proof_outs import spoken_seconds

GREETING_SECONDS = 8.0


def first_words(graph: Graph, found: Explored, city: CityFacts) -> Iterator[Finding]:
    """Find what the first turns leave out."""
    for way in found.ways:
        if way.source == END:
            yield from _greeting(graph, found, way, city)
        elif way.step.does is Does.OPTION and isinstance(
            graph.nodes.get(asked_at(found, way)), LanguageNode
        ):
            yield from _after_language(found, way)


def _greeting(graph: Graph, found: Explored, way: Way, city: CityFacts) -> Iterator[Finding]:
    """L06: whoever rings hears within eight seconds, in each language, that 9 is for 911."""
    missing, seconds = set(graph.languages), 0.0
    for part in spoken_of(way.action):
        seconds += spoken_seconds((part,), city)
        if seconds <= GREETING_SECONDS and _names_nine(part):
            missing.discard(part.language)  # type: ignore[union-attr]
    where = way.path[-1] if way.path else ""
    for language in sorted(missing):
        what = f"does not say within {GREETING_SECONDS:g} s of the ring that 9 is for an emergency"
        mend = "begin with “Emergency, press 9. Emergencia, oprima 9.” before everything else"
        example = found.example(way)
        yield Finding("L06", Severity.ERROR, where, language.value, what, mend, example)
    if not isinstance(way.action, Listen):
        what = "the first words cannot be answered: 9 would not be heard"
        mend = "begin with a choice of language"
        yield Finding("L06", Severity.ERROR, where, None, what, mend, found.example(way))


def _names_nine(part: Spoken) -> bool:
    text, language = getattr(part, "text", ""), getattr(part, "language", None)
    return language is not None and any(one.key == "9" for one in named_keys(text, language))


def _after_language(found: Explored, way: Way) -> Iterator[Finding]:
    """L06, L07: once the language is chosen, the longer sentence, and the person on 0."""
    language = way.language
    heard = " ".join(getattr(part, "text", "") for part in spoken_of(way.action))
    for code, good, what in (
        ("L06", says_emergency(heard, language), "key 9 and of the word emergency"),
        ("L07", says_person(heard, language), "the person on key 0"),
    ):
        if not good:
            yield Finding(
                code,
                Severity.ERROR,
                asked_at(found, way),
                language.value,
                f"after the choice of language nothing tells of {what}",
                "go on to a sentence like “If anyone is in danger, press 9 or say emergency at "
                "any time. For a person, press 0.”",
                found.example(way),
            )
