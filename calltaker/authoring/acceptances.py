"""Warnings that somebody accepts by name: each with a reason, kept with the version. No row here.

An acceptance holds for a finding as long as that says the same; a warning that reads otherwise is
a new one.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from calltaker.authoring.approval import required_reason
from calltaker.authoring.errors import UnacceptedError, UnusableError
from calltaker.authoring.examined import Examined
from calltaker.authoring.history import Doing
from models.states import PublicationKind

Accepted = Mapping[str, Any]
"""`finding` (its id), `code`, `where`, `language`, `message`, `reason`, `by` (a staff id), `at`; `count`
of what is counted.
"""
_KEPT = ("code", "where", "language", "message", "count")
_MOST = 1000
LONGEST_REASON = 400
"""Characters."""


def given_in(sent: Mapping[str, Any]) -> dict[str, str]:
    """The acceptances of an order: reasons by the finding's id.

    Raises:
        UnusableError: not a list of `finding` and `reason`.
        RefusedError: a reason is empty or too long.
    """
    rows = sent.get("accepted", [])
    if not isinstance(rows, list) or len(rows) > _MOST or not all(map(_is_acceptance, rows)):
        raise UnusableError(
            "The accepted warnings could not be read.", "Load the page again and repeat it."
        )
    return {row["finding"]: required_reason(row["reason"], LONGEST_REASON) for row in rows}


def _is_acceptance(row: object) -> bool:
    return (
        isinstance(row, dict)
        and isinstance(row.get("finding"), str)
        and isinstance(row.get("reason"), str)
    )


def required(
    kind: PublicationKind,
    examined: Examined,
    given: Mapping[str, str],
    before: Iterable[Accepted] | None,
    doing: Doing,
) -> list[Accepted]:
    """Every warning with who accepts it and why: now, or in `before`. Only protocols ask for that.

    Raises:
        UnacceptedError: naming those that nobody accepts.
    """
    if kind is not PublicationKind.PROTOCOL:
        return []
    known = {row["finding"]: row for row in before or ()}
    accepted: list[Accepted] = []
    for warning in examined.warnings:
        name = warning["id"]
        if name in given:
            accepted.append(_accepted(warning, given[name], doing))
        elif name in known:
            accepted.append(known[name])
    missing = {one["id"] for one in examined.warnings} - {row["finding"] for row in accepted}
    if missing:
        raise UnacceptedError(examined.as_json(), _in_order(examined, missing))
    return accepted


def _accepted(warning: Mapping[str, Any], reason: str, doing: Doing) -> Accepted:
    said = {name: warning[name] for name in _KEPT if name in warning}
    when = {"by": doing.by, "at": doing.at.isoformat()}
    return {"finding": warning["id"], **said, "reason": reason, **when}


def _in_order(examined: Examined, missing: set[str]) -> Sequence[str]:
    return [one["id"] for one in examined.warnings if one["id"] in missing]
