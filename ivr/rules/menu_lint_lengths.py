"""Lint of lengths: what a caller must hear before anything happens (L13), and each node's length.

A recording counts as long as it is, other words at 150 a minute. Knows no caller and no turn.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from ivr.rules.menu_city_facts import CityFacts
from ivr.rules.menu_findings import Finding, Length, Severity
from ivr.rules.menu_lint_texts import REPROMPTS, Said, named_keys
from ivr.rules.menu_nodes import Graph, InformationNode, LanguageNode
from ivr.rules.prompt_length import seconds_of
from ivr.rules.reading_grade import grade
from models.states import Language

LONGEST_INSTRUCTION = 20.0
LONGEST_INFORMATION = 30.0
LONGEST_OPTION = 4.0
LONGEST_GREETING = 8.0


def seconds_said(text: Said, city: CityFacts) -> float:
    """Seconds of one text: its recording's own, or by its words."""
    known = city.recordings or {}
    return known.get(text.words.recording) or seconds_of(text.words.text)


def lint(texts: list[Said], graph: Graph, city: CityFacts) -> Iterator[Finding]:
    """L13: instruction 20 s, option 4 s, greeting 8 s."""
    for text in texts:
        node = graph.nodes.get(text.node)
        if isinstance(node, LanguageNode):
            yield from _options(text, seconds_said(text, city))
        elif isinstance(node, InformationNode) and text.part == "text":
            yield from _information(text, seconds_said(text, city))
        else:
            yield from of_text(text, city)
    yield from _greetings(graph, city)


def of_text(text: Said, city: CityFacts) -> Iterator[Finding]:
    """What one text takes; for menus and announcements alike."""
    seconds = seconds_said(text, city)
    yield from _options(text, seconds)
    instruction = seconds - _on_options(text, seconds)
    if instruction > LONGEST_INSTRUCTION:
        yield _too_long(text, Severity.ERROR, instruction, LONGEST_INSTRUCTION)


def _information(text: Said, seconds: float) -> Iterator[Finding]:
    """An answer is what the caller came for: it may be longer, and then it is told twice."""
    if seconds > LONGEST_INFORMATION:
        yield _too_long(text, Severity.WARNING, seconds, LONGEST_INFORMATION)


def _too_long(text: Said, severity: Severity, seconds: float, most: float) -> Finding:
    return Finding(
        "L13",
        severity,
        text.node,
        text.language.value,
        f"{text.part}: takes {seconds:.0f} s; at most {most:g}",
        "cut it, or put parts of it behind a choice",
    )


def _on_options(text: Said, seconds: float) -> float:
    """Seconds of a prompt that are spent on naming its options."""
    whole = seconds_of(text.words.text)
    if not whole:
        return 0.0
    named = named_keys(text.words.text, text.language)
    return seconds * min(1.0, sum(seconds_of(one.clause) for one in named) / whole)


def _options(text: Said, seconds: float) -> Iterator[Finding]:
    whole = seconds_of(text.words.text)
    for named in named_keys(text.words.text, text.language):
        spent = seconds_of(named.clause) * seconds / whole if whole else 0.0
        if spent > LONGEST_OPTION:
            yield Finding(
                "L13",
                Severity.WARNING,
                text.node,
                text.language.value,
                f"{text.part}: takes {spent:.1f} s for key {named.key}; at most {LONGEST_OPTION:g}",
                "name the goal in fewer words",
            )


def _greetings(graph: Graph, city: CityFacts) -> Iterator[Finding]:
    for node_id, node in graph.nodes.items():
        if not isinstance(node, LanguageNode):
            continue
        parts = [Said(node_id, "greeting", lang, words) for lang, words in node.greeting]
        seconds = sum(seconds_said(part, city) for part in parts)
        if seconds > LONGEST_GREETING:
            yield Finding(
                "L13",
                Severity.ERROR,
                node_id,
                None,
                f"greeting: takes {seconds:.1f} s; at most {LONGEST_GREETING:g}",
                "keep the name of the line and the way to 911",
            )


def lengths(texts: list[Said], city: CityFacts) -> Mapping[str, Mapping[Language, Length]]:
    """What each node takes when it is heard once, re-prompts left out, and how hard it reads."""
    seconds: dict[str, dict[Language, float]] = defaultdict(lambda: defaultdict(float))
    words: dict[tuple[str, Language], list[str]] = defaultdict(list)
    for text in texts:
        if not text.node:
            continue
        words[text.node, text.language].append(text.words.text)
        if text.part not in (*REPROMPTS, "change", "found", "not found", "thanks"):
            seconds[text.node][text.language] += seconds_said(text, city)
    return {
        node: {
            language: Length(took, _judged(words[node, language], language))
            for language, took in by_language.items()
        }
        for node, by_language in seconds.items()
    }


def _judged(words: list[str], language: Language) -> float | None:
    """The grade of all that a node says, None when it says too little to be graded."""
    graded = grade(words, language)
    return graded.value if graded.judged else None
