"""A document as text and as data: YAML or JSON in, plain values out, nothing in it trusted.

What comes out is what JSON could say: maps with text keys, lists, text, numbers, true, false and
null. So a page and a file mean the same, whichever way a city writes. Knows no kind of document.
"""

import hashlib
import json
import math
import re
from typing import Any

import yaml

LONGEST_TEXT = 1_000_000
"""Characters of one document."""
_DEEPEST = 40
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class UnreadableError(Exception):
    """The text is no document; `line` counts from 1, None where no line can be told."""

    def __init__(self, what: str, line: int | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.line = line


class _JsonsWords(_Loader):  # type: ignore[misc, valid-type]
    """YAML with JSON's own scalars alone: `on` and `no` are words, 10:30 and a date are text."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - YAML's own form


for _tag, _form, _first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", r"~|null|Null|NULL|", "~nN\0"),
    ("int", r"-?(?:0|[1-9][0-9]{0,15})", "-0123456789"),
    ("float", r"-?(?:0|[1-9][0-9]{0,15})\.[0-9]{1,15}", "-0123456789"),
):
    _JsonsWords.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_form})$"), [*_first.replace("\0", ""), ""]
    )


def read(text: str) -> Any:
    """Read a document.

    Raises:
        UnreadableError: neither YAML nor JSON, too long or too deep, or with aliases.
    """
    if len(text) > LONGEST_TEXT:
        raise UnreadableError(f"longer than {LONGEST_TEXT} characters")
    try:
        return plain(json.loads(text) if text.lstrip().startswith("{") else _yaml(text))
    except json.JSONDecodeError as broken:
        return plain(_yaml_or(text, UnreadableError(broken.msg, broken.lineno)))
    except RecursionError:
        raise UnreadableError("nested too deep") from None


def _yaml_or(text: str, otherwise: UnreadableError) -> Any:
    """A YAML map in braces is no JSON; whatever else is told as JSON's fault."""
    try:
        return _yaml(text)
    except UnreadableError:
        raise otherwise from None


def _yaml(text: str) -> Any:
    try:
        _look_over(text)
        return yaml.load(text, Loader=_JsonsWords)  # noqa: S506 - a safe loader
    except yaml.MarkedYAMLError as broken:
        line = broken.problem_mark.line + 1 if broken.problem_mark else None
        raise UnreadableError(broken.problem or "not YAML", line) from broken
    except (yaml.YAMLError, ValueError) as broken:
        raise UnreadableError("not YAML: a character that cannot stand there") from broken


def _look_over(text: str) -> None:
    """Refuse what must not be built: the composer in C dies of nesting, aliases multiply."""
    depth = 0
    for event in yaml.parse(text, Loader=_JsonsWords):
        line = event.start_mark.line + 1 if event.start_mark else None
        if isinstance(event, yaml.AliasEvent):
            raise UnreadableError("an alias (*name) cannot be used: write it out", line)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _DEEPEST:
            raise UnreadableError(f"nested deeper than {_DEEPEST} levels", line)


def plain(value: Any) -> Any:
    """Return a value as JSON could say it.

    Raises:
        UnreadableError: nested too deep, or of a kind that JSON does not know.
    """
    return _plain(value, 0)


def _plain(value: Any, depth: int) -> Any:
    if depth > _DEEPEST:
        raise UnreadableError(f"nested deeper than {_DEEPEST} levels")
    match value:
        case str():
            return _speakable(value)
        case None | bool() | int():
            return value
        case float() if math.isfinite(value):
            return value
        case dict():
            return {_key(key): _plain(item, depth + 1) for key, item in value.items()}
        case list():
            return [_plain(item, depth + 1) for item in value]
    raise UnreadableError("a value that is neither text, number, list nor map")


def _key(key: Any) -> str:
    """A map's key as text: a number is a key of the telephone, not a sum."""
    if isinstance(key, str):
        return _speakable(key)
    if isinstance(key, bool) or key is None:
        return json.dumps(key)
    if isinstance(key, int | float):
        return str(key)
    raise UnreadableError("a map's key that is neither text nor number")


def is_storable(text: str) -> bool:
    """Whether every database can keep a text."""
    return _UNSTORABLE.search(text) is None


def _speakable(text: str) -> str:
    if not is_storable(text):
        raise UnreadableError("a character that no text has")
    return text


def text_of(document: Any) -> str:
    """Write a document as it is stored: JSON, one field a line, in the order given."""
    return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False)


def digest(text: str) -> str:
    """SHA-256 of a document's text, hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def shown(text: str) -> Any:
    """A stored document as data for a page; None when its text cannot be read."""
    try:
        return read(text)
    except UnreadableError:
        return None
