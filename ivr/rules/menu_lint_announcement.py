"""The gate for announcements: a storm does not wait for a second person, but it passes here.

Complete in every language, speakable, short, plain, and with an end. Knows no menu and no door.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from ivr.rules.menu_city_facts import CityFacts
from ivr.rules.menu_findings import Examination, Finding, Length, Severity
from ivr.rules.menu_lint_keys import of_wording
from ivr.rules.menu_lint_lengths import of_text, seconds_said
from ivr.rules.menu_lint_texts import Said
from ivr.rules.menu_lint_words import grades, of_words, other_language
from ivr.rules.menu_nodes import Words
from ivr.rules.menu_values import UNSPEAKABLE
from models.states import Language

LONGEST_TEXT = 1000
_PART = "announcement"


def examine_announcement(
    texts: Mapping[Language, str], starts: datetime, ends: datetime, city: CityFacts
) -> Examination:
    """Examine an announcement that is spoken in front of the menu.

    Args:
        texts: The words by language; every language of the line is needed.
        starts: Aware; the first moment at which it is spoken.
        ends: Aware; from here on it is spoken no more.
        city: Of which nothing but recordings is read.
    """
    texts = {language: texts.get(language) or "" for language in Language}
    spoken = [Said("", _PART, language, Words(text)) for language, text in texts.items()]
    findings = [*_complete(texts), *_in_time(starts, ends), *grades(spoken), *_copied(texts)]
    for text in spoken:
        findings += [*of_words(text), *of_text(text, city), *of_wording(text)]
        findings += [finding for finding in other_language(text) if finding not in findings]
    lengths = {_PART: {text.language: Length(seconds_said(text, city), None) for text in spoken}}
    ordered = sorted(findings, key=lambda finding: not finding.blocks)
    return Examination(tuple(ordered), lengths=lengths)


def _error(language: Language | None, what: str, mend: str) -> Finding:
    told = None if language is None else language.value
    return Finding("A01", Severity.ERROR, "", told, what, mend)


def _complete(texts: Mapping[Language, str]) -> Iterator[Finding]:
    for language, text in texts.items():
        if not text.strip():
            yield _error(language, "has no words", "write it in every language")
        elif len(text) > LONGEST_TEXT or UNSPEAKABLE.search(text):
            what = "is too long, or has characters that cannot be spoken"
            yield _error(language, what, f"use plain words, {LONGEST_TEXT} characters at most")
        elif "{" in text or "}" in text:
            what = "has a placeholder, which nothing would fill in"
            yield _error(language, what, "write the words themselves")


def _copied(texts: Mapping[Language, str]) -> Iterator[Finding]:
    if len({" ".join(text.casefold().split()) for text in texts.values()}) == 1:
        what = "is the same in every language"
        yield _error(None, what, "write it in each language")


def _in_time(starts: datetime, ends: datetime) -> Iterator[Finding]:
    if ends <= starts:
        yield _error(None, "ends before it starts", "set an end after the start")
