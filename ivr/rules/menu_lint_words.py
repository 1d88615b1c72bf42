"""Lint of wording: blame, jargon, reading grade, letters, stale notices, copied texts.

L12, L14, L15 (likeness of the languages), L22, L23. Word lists are ours and short on purpose:
each word in them has misled callers somewhere, and a list that cries wolf is switched off.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from ivr.rules.menu_findings import Finding, Severity
from ivr.rules.menu_lint_texts import Said
from ivr.rules.menu_nodes import Graph
from ivr.rules.reading_grade import (
    HARDEST_ENGLISH_GRADE,
    HARDEST_SPANISH_EASE,
    Grade,
    grade,
)
from models.states import Language

CHANGED_NOTICE_DAYS = 30
_WORD = re.compile(r"[^\W\d_]+")
_SAME_WORDS = 3
"""Texts of fewer words may well be alike in two languages: a name, a number."""


def _any_of(*words: str) -> re.Pattern[str]:
    """Any of the words; for texts in small letters, where a search is several times quicker."""
    return re.compile(rf"\b(?:{'|'.join(words)})\b")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_BLAME: Mapping[Language, re.Pattern[str]] = {
    Language.EN: _any_of(
        "wrong", "invalid", "failed", "incorrect", "error", "illegal entry", "not valid",
        "you did not", "you didn't", "unrecognized",
    ),
    Language.ES: _any_of(
        r"inválid[oa]s?", r"incorrect[oa]s?", r"equivocad[oa]s?", "equivocó", "error", "falló",
        "se equivoca", r"no es válid[oa]", "mal hecho",
    ),
}  # fmt: skip
_JARGON: Mapping[Language, re.Pattern[str]] = {
    Language.EN: _any_of(
        "jurisdictions?", "municipal", "municipality", "constituents?", "utilize", "pursuant",
        "aforementioned", "ivr", "queue", "escalate[ds]?", "dispatch(?:ed|er)?", "representative",
        "inquir(?:e|y|ies)", "regarding", "facilitate", "prior to", "commence", "terminate[ds]?",
        "faqs?", "url", "asap", "in order to", "due to the fact", "residential", "eligibility",
        "infrastructure", "remediation", "abatement", "right-of-way", "psap", "cad",
    ),
    Language.ES: _any_of(
        r"jurisdicci(?:ón|ones)", "municipalidad", r"concernientes?", r"anteriormente mencionad[oa]",
        "ivr", "escalad[oa]", "ejecutiv[oa]", "previo a", "con el fin de", "mediante",
        "infraestructura", "elegibilidad", "residencial", "proporcionar", "solventar", "url",
        "psap", "despachador",
    ),
}  # fmt: skip
_LETTER = re.compile(
    r"\b(?i:press|dial|push|enter|oprima|presione|marque|pulse)\s+"
    r"(?i:(?:the|la|el|key|letter|tecla|letra|de)\s+)*(?:[A-Z]\b|\d{3}-?[A-Z]{3,})"
)
_OTHER_NAMES: Mapping[Language, re.Pattern[str]] = {
    Language.EN: re.compile(r"\b(?:hash(?:tag)?|asterisk|number sign|(?:press|dial)\s+(?:oh|o))\b"),
    Language.ES: re.compile(r"\b(?:asterisco|almohadilla|hashtag)\b"),
}
_NAMES: Mapping[Language, str] = {
    Language.EN: "“zero”, “star”, “pound”",
    Language.ES: "“cero”, “estrella”, “gato”",
}
_CHANGED = re.compile(
    r"\b(?:(?:menu|options) (?:has|have)(?: recently)? changed|changed our (?:menu|options)"
    r"|(?:menú|opciones) (?:ha|han) cambiado|(?:menú|opciones) (?:cambió|cambiaron)"
    r"|cambiamos (?:el|nuestro) menú)\b"
)
_TELLTALES: Mapping[Language, frozenset[str]] = {
    Language.EN: _words("the press you your for is are to and of please what with"),
    Language.ES: _words("el la los las oprima usted su para es son y de por que con"),
}


def lint(texts: list[Said], graph: Graph, today: date) -> Iterator[Finding]:
    """Find everything about wording."""
    for text in texts:
        yield from of_words(text)
    yield from _stale_notice(texts, graph.changed_on, today)
    yield from grades(texts)
    yield from _copied(texts)


def of_words(text: Said) -> Iterator[Finding]:
    """What one text says that it should not; for menus and announcements alike."""
    words, language = text.words.text.lower(), text.language
    blame, jargon = _BLAME[language].search(words), _JARGON[language].search(words)
    if blame:
        yield _warning(
            "L12", text, f"blames the caller: “{blame[0]}”", "say what to do, not what went wrong"
        )
    if jargon:
        yield _warning(
            "L14", text, f"says “{jargon[0]}”, an office word", "use the word that callers use"
        )
    yield from _names_of_keys(text)


def _names_of_keys(text: Said) -> Iterator[Finding]:
    """L23: no letters on the keypad, and one name for each key."""
    letter = _LETTER.search(text.words.text)
    other = _OTHER_NAMES[text.language].search(text.words.text.lower())
    if letter:
        yield _warning(
            "L23", text, f"asks for a letter: “{letter[0]}”", "say the digit; many keys show none"
        )
    if other:
        mend = f"say {_NAMES[text.language]}, the same everywhere"
        yield _warning("L23", text, f"calls a key “{other[0]}”", mend)


def _warning(code: str, text: Said, what: str, mend: str) -> Finding:
    return Finding(
        code, Severity.WARNING, text.node, text.language.value, f"{text.part}: {what}", mend
    )


def _stale_notice(texts: list[Said], changed_on: date | None, today: date) -> Iterator[Finding]:
    """L22: "our menu has changed" is news for thirty days."""
    fresh = changed_on is not None and today - changed_on <= timedelta(days=CHANGED_NOTICE_DAYS)
    for text in texts:
        if not fresh and _CHANGED.search(text.words.text.lower()):
            since = "never, by `changed_on`" if changed_on is None else f"on {changed_on}"
            yield _warning(
                "L22",
                text,
                f"says that the menu has changed; it did {since}",
                f"take it out, or set `changed_on`; it is news for {CHANGED_NOTICE_DAYS} days",
            )


def grades(texts: list[Said]) -> Iterator[Finding]:
    """L14: long texts by themselves, short ones together: formulas are noise below 30 words."""
    short: dict[Language, list[str]] = defaultdict(list)
    for text in texts:
        graded = grade([text.words.text], text.language)
        if not graded.judged:
            short[text.language].append(text.words.text)
        elif not graded.plain:
            yield _warning("L14", text, _hard(graded), "use shorter sentences and shorter words")
    for language, words in short.items():
        graded = grade(words, language)
        if not graded.plain:
            yield Finding(
                "L14",
                Severity.WARNING,
                "",
                language.value,
                f"the short texts together: {_hard(graded)}",
                "use shorter sentences and shorter words",
            )


def _hard(graded: Grade) -> str:
    if graded.language is Language.EN:
        return f"reads at school grade {graded.value:.1f}; at most {HARDEST_ENGLISH_GRADE:g}"
    return f"has a Fernández-Huerta ease of {graded.value:.0f}; at least {HARDEST_SPANISH_EASE:g}"


def _copied(texts: list[Said]) -> Iterator[Finding]:
    """L15: a text that is the same in both languages, or in the other language, was not written."""
    by_place: dict[tuple[str, str], dict[Language, str]] = defaultdict(dict)
    for text in texts:
        by_place[text.node, text.part][text.language] = text.words.text
        yield from other_language(text)
    for (node, part), by_language in by_place.items():
        same = len({words.casefold() for words in by_language.values()}) < len(by_language)
        if same and len(next(iter(by_language.values())).split()) >= _SAME_WORDS:
            yield Finding(
                "L15",
                Severity.WARNING,
                node,
                None,
                f"{part}: is the same in every language",
                "write it in each language",
            )


def other_language(text: Said) -> Iterator[Finding]:
    """L15: the small words of another language outnumber those of its own."""
    words = _WORD.findall(text.words.text.lower())
    if len(words) < _SAME_WORDS:
        return
    own = sum(word in _TELLTALES[text.language] for word in words)
    others = (marks for language, marks in _TELLTALES.items() if language is not text.language)
    if any(sum(word in marks for word in words) > own + 1 for marks in others):
        mend = f"write it in {text.language}"
        yield _warning("L15", text, "reads like the other language", mend)
