"""A verdict as plain data, in the shape `./run ask` prints and outside checks rely on."""

from collections.abc import Mapping

from protocols.conditions import Answer
from protocols.engine import Verdict

Plain = None | bool | str | int | float | list["Plain"] | dict[str, "Plain"]


def as_plain(verdict: Verdict) -> dict[str, Plain]:
    """Give a verdict as JSON can hold it.

    Returns:
        `determinant` (id), `level`, `emergency`, `destination` {`kind`, `key`},
        `common_code`, `criteria` [{`rule`, `read`}], `unanswered`; None where
        nothing is decided yet.
    """
    determinant, destination = verdict.determinant, verdict.destination
    return {
        "determinant": determinant.id if determinant else None,
        "level": verdict.level.value if verdict.level else None,
        "emergency": verdict.emergency,
        "destination": {"kind": destination.kind.value, "key": destination.key}
        if destination
        else None,
        "common_code": verdict.common_code,
        "criteria": [
            {
                "rule": met.rule,
                "read": {name: plain_answer(value) for name, value in met.read.items()},
            }
            for met in verdict.criteria
        ],
        "unanswered": list(verdict.unanswered),
    }


def plain_answer(answer: Answer) -> Plain:
    """Give an answer as JSON can hold it; `engine.taken` turns it back."""
    if isinstance(answer, str):
        return str(answer)
    if isinstance(answer, tuple):
        return list(answer)
    return dict(answer) if isinstance(answer, Mapping) else answer
