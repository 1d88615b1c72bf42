"""What two texts of one document differ in, as sentences for whoever approves. Pure.

Named are the step (node), the language, the words before and after. What is the same is left out,
and so is how the picture is arranged: no caller hears that. Total: any two plain values compare.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

MOST = 400
"""Lines that are shown; whoever changes more sees how many there are beyond."""
_UNHEARD = frozenset({"layout"})
_LANGUAGES = {"en": "in English", "es": "in Spanish"}
_WORDS = {
    "text": "words",
    "prompt": "prompt",
    "reprompts": "re-prompt",
    "greeting": "greeting",
    "next": "leads to",
    "right": "when right, leads to",
    "change": "to change, leads to",
    "give_up": "after too many tries, leads to",
    "unclear": "when unclear, leads to",
    "otherwise": "otherwise leads to",
    "cases": "case",
    "options": "choice",
    "kind": "kind of step",
    "by": "branches by",
    "timeout_seconds": "seconds of waiting for an answer",
    "hints": "words to listen for",
    "words": "spoken words",
    "text_message": "text message",
    "verified_on": "verified on",
    "weekdays": "hours on",
    "special_days": "special day",
    "ring_seconds": "seconds of ringing",
    "fall_back": "when not reached",
    "changed_on": "menu changed on",
    "reviewed": "reviewed",
}
_Missing = object()


@dataclass(frozen=True, slots=True)
class Line:
    """One difference. `before` and `after` are words to show, "" where there was nothing."""

    where: str
    what: str
    before: str
    after: str

    def as_json(self) -> dict[str, str]:
        """For a page."""
        return asdict(self)


def lines(before: object, after: object) -> list[Line]:
    """Every difference between two plain documents, in the order of the later one."""
    found: list[Line] = []
    for line in _compared(before, after):
        if len(found) == MOST:
            found.append(Line("", f"more than {MOST} differences", "", ""))
            break
        found.append(line)
    return found


def _compared(before: object, after: object) -> Iterator[Line]:
    old, new = _map(before), _map(after)
    yield from _steps(_map(old.get("nodes")), _map(new.get("nodes")), "")
    menus, later = _map(old.get("menus")), _map(new.get("menus"))
    for name in _both(menus, later):
        yield from _part(menus.get(name), later.get(name), name)
    for name in _both(old, new):
        if name not in {"nodes", "menus", *_UNHEARD}:
            yield from _inside(
                _called((name,)), (), old.get(name, _Missing), new.get(name, _Missing)
            )


def _part(before: object, after: object, name: str) -> Iterator[Line]:
    """A menu that others use."""
    old, new = _map(before), _map(after)
    yield from _steps(_map(old.get("nodes")), _map(new.get("nodes")), f"{name} / ")
    for field in _both(old, new):
        if field not in {"nodes", *_UNHEARD}:
            yield from _inside(
                f"menu {name}", (field,), old.get(field, _Missing), new.get(field, _Missing)
            )


def _steps(old: Mapping[str, Any], new: Mapping[str, Any], prefix: str) -> Iterator[Line]:
    for name in _both(old, new):
        where = f"step {prefix}{name}"
        if name not in old:
            yield Line(where, "a new step", "", _kind(new[name]))
        elif name not in new:
            yield Line(where, "taken out", _kind(old[name]), "")
            continue
        yield from _inside(where, (), old.get(name, {}), new.get(name, _Missing))


def _inside(where: str, path: tuple[str, ...], old: object, new: object) -> Iterator[Line]:
    if old == new and type(old) is type(new):
        return
    if not (_is_compound(old) or _is_compound(new)):
        yield Line(where, _called(path), _said(old), _said(new))
        return
    before, after = _parts(old), _parts(new)
    for name in _both(before, after):
        inner = (*path, name) if name else path
        yield from _inside(where, inner, before.get(name, _Missing), after.get(name, _Missing))


def _is_compound(value: object) -> bool:
    """A map, or a list whose items hold more than words."""
    if isinstance(value, list):
        return any(isinstance(item, Mapping | list) for item in value)
    return isinstance(value, Mapping)


def _parts(value: object) -> dict[str, Any]:
    """The parts of a value by name; items that have a key of their own are known by it."""
    if value is _Missing or value is None:
        return {}
    if isinstance(value, Mapping):
        return dict(value)
    if not isinstance(value, list) or not _is_compound(value):
        return {"": value}
    keys = [f"key {item['key']}" for item in value if isinstance(item, Mapping) and "key" in item]
    if len(set(keys)) == len(value):
        return dict(zip(keys, value, strict=True))
    return {str(number): item for number, item in enumerate(value, start=1)}


def _called(path: Sequence[str]) -> str:
    """The sentence for a place in a step: `prompt, words, in Spanish`."""
    parts = [_LANGUAGES.get(part) or _WORDS.get(part) or part.replace("_", " ") for part in path]
    return ", ".join(parts) or "content"


def _kind(step: object) -> str:
    return str(_map(step).get("kind", "")).replace("_", " ")


def _said(value: object) -> str:
    if value is _Missing or value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def _map(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _both(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    return [*new, *(name for name in old if name not in new)]
