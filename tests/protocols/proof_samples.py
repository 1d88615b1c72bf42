"""A small sound document, the data it is held against, and a proof of it for the tests."""

import json
from copy import deepcopy
from datetime import UTC, datetime

from protocols import loading
from protocols.proof import prove
from protocols.proof_findings import Purpose, Severity
from protocols.proof_reference import Place, Reference

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
BOTH = {"en": "Words", "es": "Palabras"}
PLACES = (
    Place("911:city", dialled=True, verified_on=NOW),
    Place("department:streets"),
    Place("referral:by_day", is_open=lambda now: 8 <= now.hour < 17),
    Place("referral:by_day_or_line", lambda now: 8 <= now.hour < 17, "department:streets"),
    Place("referral:one_way", lambda now: False, "referral:other_way"),
    Place("referral:other_way", lambda now: False, "referral:one_way"),
    Place("referral:old_number", dialled=True, verified_on=NOW.replace(year=2020)),
)
REFERENCE = Reference(
    now=NOW,
    places={place.key: place for place in PLACES},
    targets_of_911={"city": (PLACES[0],)},
    common_codes=frozenset({"INFO", "THAZ"}),
    request_codes=frozenset({"pothole"}),
    grades={"en": 8, "es": 8},
    jumps={"sound": (), "other": ("third",), "third": (), "back": ("sound",)},
    placeholders=frozenset({"street"}),
)


def choice(name, *options, danger=(), **more):
    safety = {"safety": "true"} if danger else {}
    rows = [
        {"id": option, "text": BOTH} | ({"danger": str(option in danger).lower()} if danger else {})
        for option in options
    ]
    return {"id": name, "kind": "choice", "text": BOTH, "options": rows, **safety, **more}


def determinant(name, level, priority):
    to_911 = level == "emergency"
    return {
        "id": name,
        "level": level,
        "emergency": str(to_911).lower(),
        "priority": priority,
        "title": BOTH,
        "destination": {"kind": "911", "key": "by_jurisdiction"}
        if to_911
        else {"kind": "department", "key": "streets"},
        "common_code": "THAZ",
        "request_code": "none",
        "script": BOTH,
        "advice": BOTH,
    }


def rule(name, when, outcome):
    return {"id": name, "when": when, "determinant": outcome}


def case(name, outcome, **answers):
    return {"id": name, "answers": answers, "determinant": outcome}


SOUND = {
    "id": "sound",
    "version_note": "For a test.",
    "title": BOTH,
    "approval": {"by": "The agency", "on": "2026-01-01"},
    "sources": ["A test."],
    "questions": [
        choice("danger_now", "yes", "no", danger=("yes",)),
        {"id": "size", "kind": "number", "text": BOTH, "least": 0},
        choice("shape", "big", "small", ask_if={"question": "size", "at_least": 5}),
    ],
    "rules": [
        rule("danger", {"question": "danger_now", "is": "yes"}, "ed"),
        rule("big", {"question": "shape", "is": "big"}, "urgent"),
        rule("large", {"question": "size", "at_least": 5}, "routine"),
    ],
    "otherwise": "info",
    "determinants": [
        determinant("ed", "emergency", 9),
        determinant("urgent", "urgent", 5),
        determinant("routine", "routine", 3),
        determinant("info", "information", 1),
    ],
    "tests": [
        case("danger", "ed", danger_now="yes"),
        case("unsure", "ed", danger_now="unknown"),
        case("silent", "ed", danger_now="refused"),
        case("big", "urgent", danger_now="no", size=7, shape="big"),
        case("large", "routine", danger_now="no", size=7, shape="small"),
        case("little", "info", danger_now="no", size=1),
    ],
}


def sound():
    """A fresh copy; scalars are text, as in a document."""
    return deepcopy(SOUND)


def load(document):
    return loading.load(json.dumps(document), document["id"])


def proof(protocol, reference=REFERENCE, purpose=Purpose.DEMONSTRATION):
    return prove(protocol, reference, purpose, lambda: 0.0)


def errors(found):
    return {finding.code for finding in found.findings if finding.severity is Severity.ERROR}
