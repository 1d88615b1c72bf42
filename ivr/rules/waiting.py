"""Who is offered which waiting call, and in which order callers stand.

Pure. Emergencies are offered to everybody at once; every other caller to one call-taker: the longest
idle who speaks their language and has the skill that they need, or stands next to it by now
(`ivr.rules.skills`). Waiting makes ordinary callers more urgent, so that nobody waits for
ever, but never more urgent than someone who was cut off. It must not know rows or clocks.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from ivr.rules import skills
from ivr.rules.skills import Overflow, Skills
from models.states import Language, PresenceState, PriorityClass

AGEING_SECONDS = 120.0
"""Waiting this long makes an ordinary caller as urgent as a fresh one of the class above."""

ABOVE_ALL = frozenset({PriorityClass.EMERGENCY, PriorityClass.POSSIBLE})
"""Offered to every call-taker and supervisor at once, without a limit of time."""

_RANK: Mapping[PriorityClass, float] = MappingProxyType(
    {
        PriorityClass.EMERGENCY: 0,
        PriorityClass.POSSIBLE: 1,
        PriorityClass.FROM_911: 2,
        PriorityClass.RETURNING: 3,
        PriorityClass.PRIORITY: 5,
        PriorityClass.ORDINARY: 6,
    }
)
_AGEING = frozenset({PriorityClass.PRIORITY, PriorityClass.ORDINARY})
_AGED_RANK = 4.0
"""As far as waiting alone brings a caller: right behind those who were cut off."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A caller in the line.

    `waiting_since` is when they first began to wait. `overflow` says whose call it is and from when on
    also others'; empty, it is the skill's own for the usual time. `first_for` is the call-taker who had them
    before, offered alone until `first_for_until`. `passed_over` are call-takers who declined this
    place or let its offer run out; `offered_to` those with an open offer of it.
    """

    entry_id: str
    priority: PriorityClass
    language: Language
    waiting_since: datetime
    first_for: str | None = None
    first_for_until: datetime | None = None
    passed_over: frozenset[str] = frozenset()
    offered_to: frozenset[str] = frozenset()
    skill: str = skills.GENERAL
    overflow: Overflow = ()


@dataclass(frozen=True, slots=True)
class CallTaker:
    """Somebody who takes calls. `engaged`: an offer is open to them or they accepted one."""

    staff_id: str
    state: PresenceState
    languages: frozenset[Language]
    idle_since: datetime
    engaged: bool = False
    skills: Skills = frozenset({skills.ALL})


@dataclass(frozen=True, slots=True)
class Match:
    """An offer to be made."""

    entry_id: str
    staff_id: str


def in_order(line: Iterable[Waiting], now: datetime) -> list[Waiting]:
    """Return the callers in the order in which they are served."""
    return sorted(line, key=lambda waiting: _urgency(waiting, now))


def position(line: Iterable[Waiting], entry_id: str, now: datetime) -> int | None:
    """Return a caller's place, 1 being served next; None when they do not wait."""
    ordered = [waiting.entry_id for waiting in in_order(line, now)]
    return ordered.index(entry_id) + 1 if entry_id in ordered else None


def choose(
    line: Iterable[Waiting], call_takers: Sequence[CallTaker], now: datetime
) -> tuple[Match, ...]:
    """Return the offers to be made now.

    Nobody is offered two ordinary calls at once, and no ordinary caller to two people.
    """
    matches: list[Match] = []
    taken: set[str] = set()
    for waiting in in_order(line, now):
        if waiting.priority in ABOVE_ALL:
            matches += _to_everybody(waiting, call_takers)
        elif not waiting.offered_to:
            chosen = _one_for(waiting, call_takers, taken, now)
            if chosen is not None:
                taken.add(chosen)
                matches.append(Match(waiting.entry_id, chosen))
    return tuple(matches)


def _urgency(waiting: Waiting, now: datetime) -> tuple[float, datetime, str]:
    rank = _RANK[waiting.priority]
    if waiting.priority in _AGEING:
        waited = max(0.0, (now - waiting.waiting_since).total_seconds())
        rank = max(_AGED_RANK, rank - waited / AGEING_SECONDS)
    return rank, waiting.waiting_since, waiting.entry_id


def _to_everybody(waiting: Waiting, call_takers: Sequence[CallTaker]) -> list[Match]:
    """Everybody signed in, and everybody again once all of them have passed it over."""
    here = {who.staff_id for who in call_takers if who.state is not PresenceState.OFFLINE}
    anew = here - waiting.passed_over or here
    wanted = anew - waiting.offered_to
    return [Match(waiting.entry_id, staff_id) for staff_id in sorted(wanted)]


def _one_for(
    waiting: Waiting, call_takers: Sequence[CallTaker], taken: set[str], now: datetime
) -> str | None:
    free = [
        who
        for who in call_takers
        if who.state is PresenceState.AVAILABLE and not who.engaged and who.staff_id not in taken
    ]
    if _is_kept_for_one(waiting, now) and any(w.staff_id == waiting.first_for for w in free):
        return waiting.first_for
    nearness = _nearness(waiting, call_takers, now)
    asked = [who for who in free if who.staff_id in nearness]
    fresh = [who for who in asked if who.staff_id not in waiting.passed_over]
    longest = min(
        fresh or asked, key=lambda who: (nearness[who.staff_id], _idleness(who)), default=None
    )
    return None if longest is None else longest.staff_id


def _is_kept_for_one(waiting: Waiting, now: datetime) -> bool:
    return waiting.first_for_until is not None and now < waiting.first_for_until


def _nearness(
    waiting: Waiting, call_takers: Sequence[CallTaker], now: datetime
) -> Mapping[str, int]:
    """Who may be asked, and how near they stand to the skill; the language comes before it."""
    speaking = _speaking(waiting.language, call_takers)
    waited = (now - waiting.waiting_since).total_seconds()
    overflow = waiting.overflow or skills.overflow_of({}, waiting.skill)
    opened = skills.open_to(overflow, waited, [who.skills for who in speaking])
    ranks = {who.staff_id: skills.nearness(who.skills, opened) for who in speaking}
    return {staff_id: rank for staff_id, rank in ranks.items() if rank is not None}


def _speaking(language: Language, everybody: Sequence[CallTaker]) -> list[CallTaker]:
    """Those on shift who speak the language; all of them when nobody on shift speaks it."""
    on_shift = [who for who in everybody if who.state is not PresenceState.OFFLINE]
    return [who for who in on_shift if language in who.languages] or on_shift


def _idleness(who: CallTaker) -> tuple[datetime, str]:
    return who.idle_since, who.staff_id


def is_staffed(call_takers: Iterable[CallTaker]) -> bool:
    """Say whether somebody is signed in who takes calls now or right after this one."""
    serving = {PresenceState.AVAILABLE, PresenceState.ON_CALL, PresenceState.WRAP_UP}
    return any(who.state in serving for who in call_takers)
