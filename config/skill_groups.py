"""Reads the desk's skill groups of a city pack: whose call it is, and whom it goes on to.

Names every mistake. Knows no file; what the intents and areas of the city are comes in.
"""

from collections.abc import Collection, Mapping
from typing import Any

from ivr.errors import CityPackError
from ivr.rules.skills import ALL, EVERYBODY, GENERAL, GroupKind, SkillGroup, overflow_of
from models.states import Language

LONGEST_KEY = 40
_FIELDS = frozenset({"kind", "names", "overflow_seconds", "then", "intents", "jurisdictions"})


def skill_groups_of(
    document: object,
    intents: Collection[str],
    areas: Collection[str],
    longest_wait_seconds: float,
) -> dict[str, SkillGroup]:
    """Read the groups by key; every way ends before the longest wait, whose exit stays.

    Raises:
        CityPackError: lists every mistake.
    """
    given = document.get("groups") if isinstance(document, Mapping) else None
    if not isinstance(given, Mapping) or GENERAL not in given:
        raise CityPackError([f"groups: is no map with the group {GENERAL!r}"])
    mistakes: list[str] = []
    groups = {str(key): _group(str(key), row, mistakes) for key, row in given.items()}
    for group in groups.values():
        mistakes += _unknown(group, groups, intents, areas)
        mistakes += _too_late(group, groups, longest_wait_seconds)
    if mistakes:
        raise CityPackError(mistakes)
    return groups


def _group(key: str, given: object, mistakes: list[str]) -> SkillGroup:
    row: Mapping[str, Any] = given if isinstance(given, Mapping) else {}
    mistakes.extend(f"{key}: {name} is not known" for name in sorted(row.keys() - _FIELDS))
    if key in (ALL, EVERYBODY) or len(key) > LONGEST_KEY or not key.isidentifier():
        mistakes.append(f"{key}: is no name of a group")
    names = row.get("names")
    named = {
        one: str((names if isinstance(names, Mapping) else {}).get(one.value) or "")
        for one in Language
    }
    if not all(named.values()):
        mistakes.append(f"{key}: has no name in every language")
    return SkillGroup(
        key=key,
        kind=_kind(key, row.get("kind"), mistakes),
        names=named,
        overflow_seconds=_seconds(key, row.get("overflow_seconds"), mistakes),
        then=None if row.get("then") is None else str(row["then"]),
        intents=_words(key, row, "intents", mistakes),
        jurisdictions=_words(key, row, "jurisdictions", mistakes),
    )


def _kind(key: str, given: object, mistakes: list[str]) -> GroupKind:
    if given not in {kind.value for kind in GroupKind}:
        mistakes.append(f"{key}: kind: {given!r} is not topic or agency")
        return GroupKind.TOPIC
    return GroupKind(str(given))


def _seconds(key: str, given: object, mistakes: list[str]) -> float:
    if (
        isinstance(given, bool)
        or not isinstance(given, int | float)
        or not 0 <= given < float("inf")
    ):
        mistakes.append(f"{key}: overflow_seconds: {given!r} is not a number of seconds")
        return 0.0
    return float(given)


def _words(key: str, row: Mapping[str, Any], name: str, mistakes: list[str]) -> frozenset[str]:
    given = row.get(name) or []
    if not isinstance(given, list):
        mistakes.append(f"{key}: {name} is not a list")
        return frozenset()
    return frozenset(str(word) for word in given)


def _unknown(
    group: SkillGroup,
    groups: Mapping[str, SkillGroup],
    intents: Collection[str],
    areas: Collection[str],
) -> list[str]:
    what = [f"intents: {slug}" for slug in sorted(group.intents - set(intents))]
    what += [f"jurisdictions: {area}" for area in sorted(group.jurisdictions - set(areas))]
    if group.then is not None and (group.then not in groups or group.then == group.key):
        what.append(f"then: {group.then}")
    return [f"{group.key}: {one} is not known" for one in what]


def _too_late(
    group: SkillGroup, groups: Mapping[str, SkillGroup], longest_wait_seconds: float
) -> list[str]:
    """The last step must come while the caller still waits here."""
    last = overflow_of(groups, group.key)[-1].after_seconds
    if last < longest_wait_seconds:
        return []
    return [
        f"{group.key}: everybody is asked after {last:g} s, but the longest wait is"
        f" {longest_wait_seconds:g} s"
    ]
