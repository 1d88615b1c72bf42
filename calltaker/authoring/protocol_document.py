"""A protocol's text as pages show it: its canonical document, its table, its words. No row, no page.

A text that is being written may be no protocol at all: then there is None to show, and the gate
says why.
"""

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any

from protocols import exchange, loading, plain_words
from protocols.errors import ProtocolError
from protocols.levels import Level
from protocols.plain_words import Row
from protocols.script import Protocol, Text

_CHANGES = {"replace": "changed", "delete": "taken out", "insert": "added"}
_MOST_LINES = 4000
"""Comparing takes the square of it; the library's longest has a few hundred."""


def loaded(text: str, name: str = "draft") -> Protocol | None:
    """Read a text, None where it is no protocol."""
    try:
        return loading.load(text, name)
    except ProtocolError:
        return None


def shown(text: str) -> dict[str, Any] | None:
    """Give a stored text in the form of the published JSON Schema; None where it is no protocol."""
    protocol = loaded(text)
    return written(protocol) if protocol else None


def written(protocol: Protocol) -> dict[str, Any]:
    """Write a protocol in the form of the published JSON Schema."""
    return exchange.as_document(protocol)


def difference(before: str, after: str) -> dict[str, Any]:
    """Say what two texts differ in: in sentences, or line by line where one is no protocol."""
    old, new = loaded(before), loaded(after)
    if old and new:
        return {"sentences": sentences(old, new), "lines": []}
    return {"sentences": None, "lines": list(_changed_lines(before, after))}


def _changed_lines(before: str, after: str) -> Iterator[dict[str, str]]:
    old, new = before.splitlines(), after.splitlines()
    if max(len(old), len(new)) > _MOST_LINES:
        yield {"where": "text", "what": "too long to compare", "before": "", "after": ""}
        return
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for what, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if what != "equal":
            yield {
                "where": f"line {new_from + 1}",
                "what": _CHANGES[what],
                "before": "\n".join(old[old_from:old_to]),
                "after": "\n".join(new[new_from:new_to]),
            }


def title(protocol: Protocol | None) -> dict[str, str] | None:
    """Write a protocol's title in both languages."""
    return both(protocol.title) if protocol else None


def approval(protocol: Protocol | None) -> dict[str, Any]:
    """Write who of the public-safety agency has approved the content, and when; or that it waits."""
    if protocol is None or protocol.approval.pending:
        return {"pending": True}
    given = protocol.approval
    return {"pending": False, "by": given.by, "on": given.on.isoformat() if given.on else None}


def table(protocol: Protocol) -> dict[str, Any]:
    """Write the decision table, the most urgent determinant first."""
    return {"rows": [_row(row) for row in plain_words.table(protocol)]}


def _row(row: Row) -> dict[str, Any]:
    return {
        "rank": row.rank,
        "determinant": row.determinant,
        "title": both(row.title),
        "level": row.level.value,
        "priority": row.priority,
        "emergency": row.level is Level.EMERGENCY,
        "destination": {"kind": row.destination.kind.value, "key": row.destination.key},
        "common_code": row.common_code,
        "request_code": row.request_code,
        "rules": [
            {
                "rule": rule.rule,
                "words": rule.when,
                "in_doubt": rule.in_doubt,
                "tests": list(rule.tests),
            }
            for rule in row.rules
        ],
        "otherwise": row.otherwise,
        "tests": list(row.tests),
    }


def sentences(old: Protocol, new: Protocol) -> list[dict[str, str]]:
    """Write what the new version changes: which item, how, and the whole sentence."""
    return [
        {"where": said.where, "kind": said.kind, "what": said.text}
        for said in plain_words.differences(old, new)
    ]


def both(text: Text) -> dict[str, str]:
    """Write a text in both languages."""
    return {"en": text.en, "es": text.es}
