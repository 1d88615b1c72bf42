"""Which call-takers a waiting caller is for: topics and agencies, and how wide the wait opens them.

Pure. A skill is a word: a topic's or an agency's, or `GENERAL`. A caller is first for those who have
their skill; after set times for the next group, and in the end for everybody. It must not know rows,
clocks, or how a city writes its groups down.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from models.states import Language

GENERAL = "general"
"""The skill of callers who ask for nothing in particular."""
ALL = "all"
"""In the list of a call-taker: takes calls of every skill."""
EVERYBODY = "everybody"
"""The last step of every overflow; no skill of anybody."""
OVERFLOW_SECONDS = 120.0
"""How long a skill that the city says nothing of is kept to those who have it."""

Skills = frozenset[str]


class GroupKind(StrEnum):
    """What makes a caller one for the group."""

    TOPIC = "topic"
    AGENCY = "agency"


@dataclass(frozen=True, slots=True)
class SkillGroup:
    """The call-takers of one topic or agency, as the city pack has them.

    `overflow_seconds`: how long a caller waits for this group alone; `then` is the group that is asked
    beside it from then on, None everybody. A topic is chosen by the call's intent, an agency by the
    jurisdiction of its place.
    """

    key: str
    kind: GroupKind
    names: Mapping[Language, str]
    overflow_seconds: float
    then: str | None = None
    intents: frozenset[str] = field(default_factory=frozenset)
    jurisdictions: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Opening:
    """From `after_seconds` of waiting on, those who have `skill` are asked too."""

    skill: str
    after_seconds: float


Overflow = tuple[Opening, ...]


def skill_of(
    groups: Iterable[SkillGroup], asked: str, intent: str | None, jurisdiction: str | None
) -> str:
    """The skill of a call: what its menu asked for, else the agency's of its place, else its topic's."""
    if asked != GENERAL:
        return asked
    found = [group for group in groups if _is_for(group, intent, jurisdiction)]
    agencies = [group.key for group in found if group.kind is GroupKind.AGENCY]
    return next(iter([*agencies, *(group.key for group in found)]), GENERAL)


def _is_for(group: SkillGroup, intent: str | None, jurisdiction: str | None) -> bool:
    return intent in group.intents or jurisdiction in group.jurisdictions


def overflow_of(groups: Mapping[str, SkillGroup], skill: str) -> Overflow:
    """The steps by which a caller of a skill is opened to others, the last one to everybody.

    A group that no longer exists, or comes a second time, ends the way there.
    """
    steps = [Opening(skill, 0.0)]
    seconds, group = 0.0, groups.get(skill)
    while group is not None:
        seconds += group.overflow_seconds
        following = groups.get(group.then or "")
        if following is None or any(step.skill == following.key for step in steps):
            break
        steps.append(Opening(following.key, seconds))
        group = following
    return (*steps, Opening(EVERYBODY, seconds if skill in groups else OVERFLOW_SECONDS))


def open_to(overflow: Overflow, waited_seconds: float, on_shift: Sequence[Skills]) -> list[str]:
    """The skills that may take the caller now, the nearest first.

    `on_shift`: the skills of everybody on shift. Where none of those asked so far is there, the next
    step is not waited for.
    """
    opened: list[str] = []
    for step in overflow:
        if step.after_seconds > waited_seconds and _somebody_has(opened, on_shift):
            break
        opened.append(step.skill)
    return opened


def _somebody_has(wanted: Iterable[str], on_shift: Sequence[Skills]) -> bool:
    return any(has(skills, one) for one in wanted for skills in on_shift)


def has(skills: Skills, wanted: str) -> bool:
    """Say whether somebody with these skills is one for the wanted one."""
    return wanted == EVERYBODY or ALL in skills or wanted in skills


def nearness(skills: Skills, opened: Sequence[str]) -> int | None:
    """How near somebody stands to the caller's skill, 0 the nearest; None: not asked yet."""
    return next((rank for rank, one in enumerate(opened) if has(skills, one)), None)


def from_text(text: str) -> Skills:
    """The skills of a call-taker as their account keeps them: words, comma separated."""
    return frozenset(filter(None, (word.strip() for word in text.split(","))))
