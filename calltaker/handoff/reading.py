"""Reads bytes from outside as one JSON object, and takes its parts without ever trusting a type.

Bounded in size and depth; doubled names, NaN and anything that is no object are refused. Knows no
rule of the format.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

MOST_BYTES = 512_000
MOST_DEPTH = 12


class UnreadableError(ValueError):
    """What came is no JSON object that could be a packet; the text says why."""


def read_object(raw: bytes, most_bytes: int = MOST_BYTES) -> dict[str, Any]:
    """Read one object.

    Raises:
        UnreadableError: too large, not UTF-8, not JSON, nested too deep, or no object.
    """
    if len(raw) > most_bytes:
        raise UnreadableError(f"holds {len(raw)} bytes; at most {most_bytes} are taken")
    try:
        found = json.loads(raw.decode(), object_pairs_hook=_once, parse_constant=_no_number)
    except UnicodeDecodeError as broken:
        raise UnreadableError("is not UTF-8") from broken
    except RecursionError as broken:
        raise UnreadableError("is nested too deep") from broken
    except ValueError as broken:
        raise UnreadableError(f"is not JSON: {broken}") from broken
    if not isinstance(found, dict):
        raise UnreadableError("is not a JSON object")
    if _depth(found) > MOST_DEPTH:
        raise UnreadableError("is nested too deep")
    _require_whole_characters(found)
    return found


def _require_whole_characters(found: dict[str, Any]) -> None:
    """JSON can spell half of a character pair, which nothing can store."""
    try:
        json.dumps(found, ensure_ascii=False).encode()
    except UnicodeEncodeError as broken:
        raise UnreadableError("holds half a character") from broken


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the name {twice[:40]!r} stands twice in one object")
    return found


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is no number")


def _depth(value: Any) -> int:
    """Nesting, counted without recursion: hostile depth must not exhaust the stack."""
    deepest, level = 0, [value]
    while level:
        deepest += 1
        level = [each for one in level for each in _inside(one)]
    return deepest


def _inside(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from (each for each in value.values() if isinstance(each, dict | list))
    elif isinstance(value, list):
        yield from (each for each in value if isinstance(each, dict | list))


def objects(value: Any) -> list[Mapping[str, Any]]:
    """The objects of a list; of anything else none."""
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def texts(value: Any) -> list[str]:
    """The texts of a list; of anything else none."""
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def text(value: Any) -> str:
    """A text, or "" for anything else."""
    return value if isinstance(value, str) else ""


def mapping(value: Any) -> Mapping[str, Any]:
    """An object, or an empty one for anything else."""
    return value if isinstance(value, Mapping) else {}


def target(value: Any) -> str:
    """Which part `{"$ref": ...}` names, "" where it names none."""
    return text(mapping(value).get("$ref"))
