"""The JSON Schema of a protocol document, made from the limits and words that reading uses.

For whoever writes or takes protocols with other tools than ours. It says what a
document looks like; which references hold and whether the questions are safe is
said by reading it and by the publish gate.
"""

from typing import Any, Final

from protocols import details, reading, reading_determinants, reading_questions
from protocols.conditions import Operator
from protocols.levels import Level
from protocols.reading_conditions import MOST_PARTS
from protocols.script import DestinationKind, QuestionKind, Worse
from protocols.sections import LONGEST_TEXT

Document = dict[str, Any]
"""A JSON object."""

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
NAME: Final = "urn:old-pueblo-311:protocol:1"

_ID: Final[Document] = {"$ref": "#/$defs/id"}
_LINE: Final[Document] = {"$ref": "#/$defs/line"}
_TEXT: Final[Document] = {"$ref": "#/$defs/text"}
_NUMBER: Final[Document] = {"type": "number", "minimum": -999999999.999999, "maximum": 999999999.999999}  # fmt: skip
_CONDITION: Final[Document] = {"$ref": "#/$defs/condition"}
_TRUTH: Final[Document] = {"type": "boolean"}


def schema() -> Document:
    """Give the schema (2020-12) of a whole document."""
    return {
        "$schema": DIALECT,
        "$id": NAME,
        "title": "Call-taking protocol",
        "description": "Questions in order, rules over the answers, and the outcomes they lead to.",
        **_table(
            {
                "id": _ID,
                "version_note": _LINE,
                "title": _TEXT,
                "approval": _approval(),
                "sources": _list({"type": "string", "pattern": r"\S"}, 1, reading.MOST_SOURCES),
                "questions": _list(_questions(), 1, reading_questions.MOST_QUESTIONS),
                "rules": _list(_rule(), 0, reading.MOST_RULES),
                "otherwise": _ID,
                "determinants": _list(_determinant(), 1, reading_determinants.MOST_DETERMINANTS),
                "tests": _list(_test(), 0, reading.MOST_TESTS),
                "exceptions": _list(_exception(), 0, len(reading.EXEMPTIBLE)),
                "jumps": _list(_table({"to": _ID, "title": _TEXT}), 0, reading.MOST_JUMPS),
            },
            optional=("rules", "tests", "exceptions", "jumps"),
        ),
        "$defs": {
            "id": {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,47}$"},
            "line": {"type": "string", "pattern": r"\S", "maxLength": LONGEST_TEXT},
            "text": _table({"en": _LINE, "es": _LINE}),
            "condition": _condition(),
            "place": _place(),
            "time": _time(),
            "person": _person(),
        },
    }


def _table(properties: Document, optional: tuple[str, ...] = ()) -> Document:
    return {
        "type": "object",
        "properties": properties,
        "required": [key for key in properties if key not in optional],
        "additionalProperties": False,
    }


def _list(items: Document, least: int, most: int) -> Document:
    return {"type": "array", "items": items, "minItems": least, "maxItems": most}


def _approval() -> Document:
    day = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
    return {"anyOf": [{"const": "pending"}, _table({"by": _LINE, "on": day})]}


def _questions() -> Document:
    return {"oneOf": [_question(kind, safety) for kind in QuestionKind for safety in _safety(kind)]}


def _safety(kind: QuestionKind) -> tuple[bool, ...]:
    return (True, False) if kind.decides else (False,)


def _question(kind: QuestionKind, safety: bool) -> Document:  # noqa: FBT001 - one of two shapes
    of_kind: Document = {}
    if kind.has_options:
        most = reading_questions.MOST_OPTIONS
        of_kind = {"options": _list(_option(safety), 2, most)}
    elif kind is QuestionKind.NUMBER:
        of_kind = {"least": _NUMBER, "most": _NUMBER, "unit": _TEXT}
        of_kind |= {"worse": {"enum": [word.value for word in Worse]}} if safety else {}
    properties = {
        "id": _ID,
        "kind": {"const": kind.value},
        "safety": {"const": safety},
        "text": _TEXT,
        "note": _TEXT,
        **of_kind,
        "ask_if": _CONDITION,
    }
    needed = {"id", "kind", "text", "options", *(("safety",) if safety else ())}
    return _table(properties, optional=tuple(key for key in properties if key not in needed))


def _option(safety: bool) -> Document:  # noqa: FBT001 - as above
    return _table({"id": _ID, **({"danger": _TRUTH} if safety else {}), "text": _TEXT})


def _rule() -> Document:
    return _table({"id": _ID, "when": _CONDITION, "determinant": _ID})


def _condition() -> Document:
    several = _list(_CONDITION, 1, MOST_PARTS)
    words = _list(_ID, 1, MOST_PARTS)
    shapes: list[Document] = [
        {"all": several},
        {"any": several},
        {"not": _CONDITION},
        {"always": {"const": True}},
        {"answered": _ID},
        *({"question": _ID, word: _ID} for word in ("is", "has")),
        *({"question": _ID, word: words} for word in ("in", "has_any")),
        *({"question": _ID, operator.value: _NUMBER} for operator in Operator),
    ]
    return {"oneOf": [_table(shape) for shape in shapes]}


def _determinant() -> Document:
    kinds = [kind.value for kind in DestinationKind]
    return _table(
        {
            "id": _ID,
            "level": {"enum": [level.value for level in Level]},
            "emergency": _TRUTH,
            "priority": {"type": "integer", "minimum": 0, "maximum": 10},
            "title": _TEXT,
            "destination": _table({"kind": {"enum": kinds}, "key": _ID}),
            "common_code": _LINE,
            "request_code": _ID,
            "script": _TEXT,
            "advice": _TEXT,
        }
    )


def _test() -> Document:
    shapes = ["place", "time", "person"]
    answer = {
        "anyOf": [
            {"type": "string", "maxLength": details.LONGEST_TEXT_ANSWER},
            _NUMBER,
            _list(_ID, 0, reading_questions.MOST_OPTIONS),
            *({"$ref": f"#/$defs/{shape}"} for shape in shapes),
        ]
    }
    answers = {"type": "object", "propertyNames": _ID, "additionalProperties": answer}
    return _table({"id": _ID, "answers": answers, "determinant": _ID})


def _place() -> Document:
    line = _words_said()
    properties = {
        "text": line,
        "latitude": {"type": "number", "minimum": -90, "maximum": 90},
        "longitude": {"type": "number", "minimum": -180, "maximum": 180},
        "confirmed": _TRUTH,
        "unverified_reason": line,
    }
    return _table(properties, optional=("latitude", "longitude", "unverified_reason"))


def _time() -> Document:
    minute = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}$"}
    return _table({"text": _words_said(), "at": minute}, optional=("at",))


def _person() -> Document:
    properties = {key: _words_said() for key in details.PERSON_KEYS}
    return {**_table(properties, optional=details.PERSON_KEYS), "minProperties": 1}


def _words_said() -> Document:
    return {"type": "string", "pattern": r"\S", "maxLength": details.LONGEST_TEXT_ANSWER}


def _exception() -> Document:
    return _table({"rule": {"enum": list(reading.EXEMPTIBLE)}, "reason": _LINE})
