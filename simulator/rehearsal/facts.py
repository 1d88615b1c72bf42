"""What happened to one rehearsed call, read from the simulator's journal. Pure: entries in, facts out.

The journal is the stranger's word against the product's: what rang, who was in a room with whom, what was heard.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from simulator.rehearsal.steps import contains, folded

DESK = "desk"
REQUEST_NUMBER = re.compile(r"request number is|n[uú]mero de su reporte es", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Stay:
    """One leg's stay in a room or in a bridge; seconds since the caller's call began."""

    call_sid: str
    room: str
    came: float
    left: float


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened in the call, as words (`pressed 9`, `ringing +15205550191`) and when."""

    words: str
    at: float


@dataclass(frozen=True, slots=True)
class Facts:
    """One call as it went.

    `rung` are outside telephones in the order of their first ring; `company` are those who were in a room with the caller,
    a telephone by its number and any call-taker as `desk`; `heard` is what the caller heard, `heard_by` what others did.
    """

    marks: tuple[Mark, ...]
    rung: tuple[str, ...]
    answered: frozenset[str]
    company: frozenset[str]
    heard: tuple[str, ...]
    heard_by: Mapping[str, tuple[str, ...]]
    was_in_line: bool
    hung_up_itself: bool

    @property
    def request_number_was_heard(self) -> bool:
        """Whether the line read a request number to the caller."""
        return any(REQUEST_NUMBER.search(words) for words in self.heard)

    def first(self, words: str, *, after: float = 0.0) -> float | None:
        """When a mark came first, at or after a time; `heard WORDS` looks into what was heard, whole words."""
        kind, _, rest = words.partition(" ")
        for mark in self.marks:
            is_it = (
                contains(mark.words, rest) and mark.words.startswith("heard ")
                if kind == "heard"
                else mark.words == words
            )
            if is_it and mark.at >= after:
                return mark.at
        return None


def gather(
    entries: Sequence[Mapping[str, Any]], legs: Mapping[str, Mapping[str, Any]], caller_sid: str
) -> Facts:
    """Read the facts of one call.

    Args:
        entries: The simulator's whole journal, oldest first.
        legs: Every call of the simulator by CallSid (from, to, kind).
        caller_sid: The caller's own leg.
    """
    began = next((_when(entry) for entry in entries if entry["call_sid"] == caller_sid), 0.0)
    stays = _stays(entries, began)
    own = [stay for stay in stays if stay.call_sid == caller_sid]
    family = {caller_sid} | {
        stay.call_sid for stay in stays if stay.room in {mine.room for mine in own}
    }
    family |= {sid for sid in legs if _belongs(entries, sid, family, {mine.room for mine in own})}
    names = {sid: _name(legs.get(sid, {})) for sid in family - {caller_sid}}
    ours = [entry for entry in entries if entry["call_sid"] in family and _when(entry) >= began]
    return Facts(
        marks=tuple(_mark(entry, caller_sid, names, began) for entry in ours),
        rung=_rung(ours, names),
        answered=frozenset(
            names[e["call_sid"]] for e in ours if e["kind"] == "answered" and e["call_sid"] in names
        ),
        company=frozenset(
            names[stay.call_sid]
            for stay in stays
            if stay.call_sid in names and _overlaps(stay, own)
        ),
        heard=tuple(
            _words(e)
            for e in ours
            if e["kind"] == "heard" and e["call_sid"] == caller_sid and _words(e)
        ),
        heard_by=_heard_by(ours, names),
        was_in_line=any(e["kind"] == "queued" and e["call_sid"] == caller_sid for e in ours),
        hung_up_itself=any(_is_own_hang_up(e, caller_sid) for e in ours),
    )


def _when(entry: Mapping[str, Any]) -> float:
    return datetime.fromisoformat(str(entry["at"]).replace("Z", "+00:00")).timestamp()


def _room(entry: Mapping[str, Any]) -> str | None:
    """The room an entry speaks of: a conference, or the leg that this one was dialled from."""
    data = entry["data"]
    room = data.get("conference_sid") or data.get("conference") or data.get("bridge")
    return str(room) if room else None


def _stays(entries: Sequence[Mapping[str, Any]], began: float) -> list[Stay]:
    """Every stay of every leg in every room; one that never ended lasts for ever."""
    open_stays: dict[tuple[str, str], float] = {}
    stays = []
    for entry in entries:
        room = _room(entry)
        key = (str(entry["call_sid"]), room or "")
        if entry["kind"] == "joined" and room:
            open_stays[key] = _when(entry) - began
        elif entry["kind"] == "left" and room and key in open_stays:
            stays.append(Stay(*key, open_stays.pop(key), _when(entry) - began))
    return stays + [Stay(sid, room, came, float("inf")) for (sid, room), came in open_stays.items()]


def _belongs(
    entries: Sequence[Mapping[str, Any]], sid: str, family: set[str], rooms: set[str]
) -> bool:
    """Whether a leg that never came into a room was dialled for this call."""
    own = [entry for entry in entries if entry["call_sid"] == sid]
    return any(
        _room(entry) in rooms or entry["data"].get("parent_call_sid") in family for entry in own
    )


def _overlaps(stay: Stay, own: Sequence[Stay]) -> bool:
    return any(
        mine.room == stay.room and mine.came < stay.left and stay.came < mine.left for mine in own
    )


def _name(leg: Mapping[str, Any]) -> str:
    """A telephone by its number; whatever is a softphone is the desk."""
    addresses = (str(leg.get("from", "")), str(leg.get("to", "")))
    if any(address.startswith("client:") for address in addresses):
        return DESK
    return addresses[1]


def _words(entry: Mapping[str, Any]) -> str:
    return str(entry["data"].get("text") or "")


def _mark(
    entry: Mapping[str, Any], caller_sid: str, names: Mapping[str, str], began: float
) -> Mark:
    """An entry in words: of the caller plain, of another party with its name."""
    kind = str(entry["kind"])
    if entry["call_sid"] != caller_sid:
        return Mark(f"{kind} {names[entry['call_sid']]}", _when(entry) - began)
    objects = {
        "pressed": entry["data"].get("digits"),
        "heard": _words(entry),
        "said": _words(entry),
    }
    return Mark(f"{kind} {objects.get(kind) or ''}".strip(), _when(entry) - began)


def _rung(entries: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> tuple[str, ...]:
    """Outside telephones in the order in which they were dialled; busy ones count, for they were tried."""
    tried = [
        names[entry["call_sid"]]
        for entry in entries
        if entry["call_sid"] in names
        and entry["kind"] in ("dialled", "ringing")
        and names[entry["call_sid"]] != DESK
    ]
    return tuple(dict.fromkeys(tried))


def _heard_by(
    entries: Sequence[Mapping[str, Any]], names: Mapping[str, str]
) -> dict[str, tuple[str, ...]]:
    heard: dict[str, tuple[str, ...]] = {}
    for entry in entries:
        if entry["kind"] == "heard" and entry["call_sid"] in names and _words(entry):
            name = names[entry["call_sid"]]
            heard[name] = (*heard.get(name, ()), _words(entry))
    return heard


def _is_own_hang_up(entry: Mapping[str, Any], caller_sid: str) -> bool:
    return (
        entry["kind"] == "ended"
        and entry["call_sid"] == caller_sid
        and bool(entry["data"].get("hung_up_by_party"))
    )
