"""Turns YAML into scripts and names every mistake at once, with its place.

The form is described in `scripts/README.md`. Reads files; plays nothing.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from simulator.rehearsal.errors import ScriptError
from simulator.rehearsal.location_page import POSITION
from simulator.rehearsal.reading import Reader
from simulator.rehearsal.script import (
    DEFAULT_LIMIT_SECONDS,
    Again,
    CallerDo,
    DeskDo,
    DeskRole,
    DeskWhen,
    Expectation,
    Outcome,
    Script,
    Step,
    TimeLimit,
    Wave,
    When,
)

SCRIPT_KEYS = frozenset(
    {
        "name",
        "title",
        "language",
        "wave",
        "caller",
        "desk",
        "phones",
        "faults",
        "must_hear",
        "expect",
    }
)
EXPECT_KEYS = frozenset(
    {"outcome", "rung", "connected", "not_connected", "heard_by", "limits", "request_number_heard"}
    | {"texted"}
)
CONDITIONS = frozenset({"hear", "rings", "talks", "when", "within"})
WAITING = CONDITIONS - {"within"}
WITHOUT_OBJECT = frozenset(
    {"hang_up", "press_red", "they_have_it", "they_have_the_caller", "let_go", "leave"}
    | {"drop_browser"}
)
KEYS = re.compile(r"[0-9*#]+")


def load_all(paths: Sequence[Path]) -> list[Script]:
    """Read scripts from files and folders (`*.yaml` in them, by name).

    Raises:
        ScriptError: A script is wrong, none was found, or two share a name.
    """
    files = [
        file
        for path in paths
        for file in (sorted(path.glob("*.yaml")) if path.is_dir() else [path])
    ]
    scripts = [load(file.read_text(encoding="utf-8"), file.name) for file in files]
    names = [script.name for script in scripts]
    doubled = sorted({name for name in names if names.count(name) > 1})
    if not scripts or doubled:
        raise ScriptError(
            "scripts", [f"{name} is there twice" for name in doubled] or ["none found"]
        )
    return scripts


def load(text: str, name: str) -> Script:
    """Read one script; `name` (its file's) stands before the mistakes.

    Raises:
        ScriptError: With every mistake found, each saying where it is.
    """
    reader = Reader()
    try:
        document = reader.mapping(yaml.safe_load(text), "script")
    except yaml.YAMLError as error:
        raise ScriptError(name, [f"is no YAML: {error}"]) from error
    script = _script(reader, document)
    if reader.mistakes:
        raise ScriptError(name, reader.mistakes)
    return script


def _script(reader: Reader, document: Mapping[str, Any]) -> Script:
    reader.known(document, SCRIPT_KEYS, "script")
    caller = reader.mapping(document.get("caller"), "caller")
    reader.known(caller, {"from", "dials", "steps", "calls_again"}, "caller")
    steps = reader.entries(caller.get("steps"), "caller.steps")
    script = Script(
        name=reader.text(document.get("name"), "name"),
        title=reader.text(document.get("title"), "title"),
        language=_language(reader, document.get("language")),
        wave=reader.word(Wave, document.get("wave", "staffed"), "wave"),
        caller=reader.text(caller.get("from"), "caller.from"),
        dials=reader.text(caller.get("dials", "311"), "caller.dials"),
        steps=tuple(
            _step(reader, step, f"caller.steps[{n}]", CallerDo) for n, step in enumerate(steps, 1)
        ),
        desk=_desk(reader, document.get("desk")),
        phones=_phones(reader, document.get("phones")),
        faults=_faults(reader, document.get("faults")),
        must_hear=reader.texts(document.get("must_hear"), "must_hear"),
        expect=_expectation(reader, document.get("expect")),
        again=_again(reader, caller.get("calls_again")),
    )
    if script.wave is Wave.EMPTY and script.desk:
        reader.wrong("desk", "an empty desk has no call-takers")
    return script


def _again(reader: Reader, value: Any) -> Again | None:
    """The caller's second call, if there is one."""
    if value is None:
        return None
    where = "caller.calls_again"
    document = reader.mapping(value, where)
    reader.known(document, {"after_seconds", "steps"}, where)
    steps = reader.entries(document.get("steps"), f"{where}.steps")
    return Again(
        after_seconds=reader.seconds(document.get("after_seconds"), f"{where}.after_seconds"),
        steps=tuple(
            _step(reader, step, f"{where}.steps[{n}]", CallerDo) for n, step in enumerate(steps, 1)
        ),
    )


def _language(reader: Reader, value: Any) -> str:
    language = reader.text(value, "language")
    if language not in ("", "en", "es"):
        reader.wrong("language", f"{language!r} is not en or es")
    return language


def _step(reader: Reader, value: Any, where: str, kind: type[CallerDo] | type[DeskDo]) -> Step:
    """One step: what is waited for, and one deed; without a deed it only waits."""
    if isinstance(value, str):
        value = {value: True}
    document = reader.mapping(value, where)
    deeds = {word.value for word in kind} - {"listen"}
    reader.known(document, CONDITIONS | deeds, where)
    named = sorted(deeds & document.keys())
    if len(named) > 1:
        reader.wrong(where, f"does several things at once: {', '.join(named)}")
    if not named and not WAITING & document.keys():
        reader.wrong(where, "waits for nothing and does nothing")
    deed = named[0] if named else "listen"
    places: type[When] | type[DeskWhen] = When if kind is CallerDo else DeskWhen
    said = {
        key: reader.text(document[key], f"{where}.{key}")
        for key in ("hear", "rings", "talks")
        if key in document
    }
    return Step(
        do=kind(deed),
        value=_object(reader, deed, document.get(deed), f"{where}.{deed}"),
        **said,
        when=reader.word(places, document["when"], f"{where}.when") if "when" in document else None,
        within_seconds=reader.seconds(
            document.get("within", DEFAULT_LIMIT_SECONDS), f"{where}.within"
        ),
    )


def _object(reader: Reader, deed: str, value: Any, where: str) -> Any:
    """The object of a deed, of the kind that the deed takes."""
    if deed in WITHOUT_OBJECT:
        if not reader.claim(value, where):
            reader.wrong(where, "is done or left out: write true, or the word alone")
        return None
    match deed:
        case "wait":
            return reader.seconds(value, where)
        case "hold":
            return reader.claim(value, where)
        case "answers":
            return {
                str(question): answer for question, answer in reader.mapping(value, where).items()
            }
        case "send_location":
            return _position(reader, value, where)
        case "press":
            return _keys(reader, value, where)
        case "listen":
            return None
        case _:
            return reader.text(value, where)


def _position(reader: Reader, value: Any, where: str) -> dict[str, float]:
    """Where a telephone is: degrees, and how exact in metres."""
    given = reader.mapping(value, where)
    reader.known(given, POSITION, where)
    for name in POSITION:
        if isinstance(given.get(name), bool) or not isinstance(given.get(name), int | float):
            reader.wrong(f"{where}.{name}", f"must be a number, not {given.get(name)!r}")
    return dict(given)


def _keys(reader: Reader, value: Any, where: str) -> str:
    keys = reader.text(value, where)
    if keys and not KEYS.fullmatch(keys):
        reader.wrong(where, f"{keys!r} is not on a telephone's keypad")
    return keys


def _desk(reader: Reader, value: Any) -> tuple[DeskRole, ...]:
    return tuple(
        _role(reader, role, f"desk[{n}]") for n, role in enumerate(reader.entries(value, "desk"), 1)
    )


def _role(reader: Reader, value: Any, where: str) -> DeskRole:
    document = reader.mapping(value, where)
    reader.known(document, {"on_offer", "then"}, where)
    on_offer = document.get("on_offer", "accept")
    if on_offer not in ("accept", "ignore"):
        reader.wrong(f"{where}.on_offer", f"{on_offer!r} is not accept or ignore")
    steps = reader.entries(document.get("then"), f"{where}.then")
    return DeskRole(
        accepts=on_offer == "accept",
        steps=tuple(
            _step(reader, step, f"{where}.then[{n}]", DeskDo) for n, step in enumerate(steps, 1)
        ),
    )


def _phones(reader: Reader, value: Any) -> dict[str, Mapping[str, Any]]:
    phones = reader.mapping(value, "phones")
    for number, behaviour in phones.items():
        habits = reader.mapping(behaviour, f"phones.{number}")
        reader.known(habits, {"next", "otherwise"}, f"phones.{number}")
    return {str(number): behaviour for number, behaviour in phones.items()}


def _faults(reader: Reader, value: Any) -> tuple[Mapping[str, Any], ...]:
    faults = [
        reader.mapping(fault, f"faults[{n}]")
        for n, fault in enumerate(reader.entries(value, "faults"), 1)
    ]
    for n, fault in enumerate(faults, 1):
        reader.text(fault.get("kind"), f"faults[{n}].kind")
    return tuple(faults)


def _expectation(reader: Reader, value: Any) -> Expectation:
    document = reader.mapping(value, "expect")
    reader.known(document, EXPECT_KEYS, "expect")
    heard_by = reader.mapping(document.get("heard_by"), "expect.heard_by")
    limits = reader.entries(document.get("limits"), "expect.limits")
    return Expectation(
        outcome=reader.word(Outcome, document.get("outcome"), "expect.outcome"),
        rung=reader.texts(document["rung"], "expect.rung") if "rung" in document else None,
        connected=reader.texts(document.get("connected"), "expect.connected"),
        not_connected=reader.texts(document.get("not_connected"), "expect.not_connected"),
        heard_by={
            str(who): reader.texts(words, f"expect.heard_by.{who}")
            for who, words in heard_by.items()
        },
        limits=tuple(
            _limit(reader, limit, f"expect.limits[{n}]") for n, limit in enumerate(limits, 1)
        ),
        request_number_heard=reader.claim(
            document.get("request_number_heard", False), "expect.request_number_heard"
        ),
        texted=reader.texts(document.get("texted"), "expect.texted"),
    )


def _limit(reader: Reader, value: Any, where: str) -> TimeLimit:
    document = reader.mapping(value, where)
    reader.known(document, {"from", "to", "seconds"}, where)
    return TimeLimit(
        start=reader.text(document.get("from"), f"{where}.from"),
        end=reader.text(document.get("to"), f"{where}.to"),
        seconds=reader.seconds(document.get("seconds"), f"{where}.seconds"),
    )
