"""What happened to one rehearsed call, read from the simulator's journal. Pure: entries in, facts out.

The journal is the stranger's word against the product's: what rang, who was in a room with whom, what was heard.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from simulator.rehearsal.kinship import shows_number_of
from simulator.rehearsal.steps import contains

DESK = "desk"
REQUEST_NUMBER = re.compile(r"request number is|n[uú]mero de su reporte es", re.IGNORECASE)
SPOKEN = frozenset({"say", "caption"})
FOREVER = float("inf")
Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Stay:
    """One leg's stay in a room or a bridge; seconds since the caller's call began."""

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

    `rung` are outside telephones in the order of being dialled first; `company` are those who were in a room with the
    caller, a telephone by its number and any call-taker as `desk`; `heard` is what the caller heard, `heard_by` what others did;
    `texted` are the text messages that the caller's number got.
    """

    marks: tuple[Mark, ...]
    rung: tuple[str, ...]
    answered: frozenset[str]
    company: frozenset[str]
    heard: tuple[str, ...]
    heard_by: Mapping[str, tuple[str, ...]]
    was_in_line: bool
    texted: tuple[str, ...] = ()

    @property
    def request_number_was_heard(self) -> bool:
        """Whether the line read a request number to the caller."""
        return any(REQUEST_NUMBER.search(words) for words in self.heard)

    def first(self, words: str, *, after: float = 0.0) -> float | None:
        """When a mark came first, at or after a time; `heard WORDS` and `said WORDS` match a part, whole words."""
        kind, _, rest = words.partition(" ")
        for mark in self.marks:
            mark_kind, _, mark_rest = mark.words.partition(" ")
            is_part = kind in ("heard", "said") and kind == mark_kind and contains(mark_rest, rest)
            if mark.at >= after and (is_part or mark.words == words):
                return mark.at
        return None


def gather(
    entries: Sequence[Entry],
    legs: Mapping[str, Mapping[str, Any]],
    caller_sid: str,
) -> Facts:
    """Read the facts of one call.

    Args:
        entries: The simulator's whole journal, oldest first.
        legs: Every call of the simulator by CallSid (`from`, `to`).
        caller_sid: The caller's own leg.
    """
    story = Story(entries, legs, caller_sid)
    own, others = story.own, story.others
    return Facts(
        marks=tuple(story.mark(entry) for entry in story.entries),
        rung=_rung(others, story.names),
        answered=frozenset(
            story.names[entry["call_sid"]] for entry in others if entry["kind"] == "answered"
        ),
        company=frozenset(story.names[stay.call_sid] for stay in story.company()),
        heard=tuple(_spoken(own)),
        heard_by={name: tuple(_spoken(story.of(name))) for name in set(story.names.values())},
        was_in_line=any(entry["kind"] == "queued" for entry in own),
        texted=texts_to(
            legs.get(caller_sid, {}).get("from"),
            (entry for entry in entries if _when(entry) >= story.began),
        ),
    )


def texts_to(number: str | None, entries: Iterable[Entry]) -> tuple[str, ...]:
    """The text messages that a number got, oldest first."""
    messages = (entry["data"] for entry in entries if entry["kind"] == "message")
    return tuple(str(data.get("body")) for data in messages if data.get("to") == number)


class Story:
    """The part of the journal that belongs to one call: its own entries, the others' and their names."""

    def __init__(
        self,
        entries: Sequence[Entry],
        legs: Mapping[str, Mapping[str, Any]],
        caller_sid: str,
    ) -> None:
        self.caller_sid = caller_sid
        own = [entry for entry in entries if entry["call_sid"] == caller_sid]
        self.began = _when(own[0]) if own else FOREVER
        # A room that was left by all and entered again is another conference of the same name.
        self.rooms = rooms = {str(entry["data"].get("name")) for entry in own if _room(entry)}
        in_rooms = {
            str(e["call_sid"]) for e in entries if _room(e) and e["data"].get("name") in rooms
        }
        dialled = {address for entry in own for address in _rung_for(entry)}
        # What <Dial> rings shows the caller's own number, or else the line's.
        shown = {legs.get(caller_sid, {}).get("from"), legs.get(caller_sid, {}).get("to")}
        self.bridged = {sid for sid in _to(legs, dialled) if legs[sid].get("from") in shown}
        # Rung into a room that the caller never reached: it shows their number.
        shown_theirs = {
            str(e["call_sid"])
            for e in entries
            if e["kind"] == "dialled"
            and _room(e)
            and _when(e) >= self.began
            and shows_number_of(e["data"], legs.get(caller_sid, {}))
        }
        family = in_rooms | self.bridged | shown_theirs | {caller_sid}
        self.entries = [e for e in entries if e["call_sid"] in family and _when(e) >= self.began]
        alive = {str(entry["call_sid"]) for entry in self.entries}
        self.names = {sid: _name(legs.get(sid, {})) for sid in (family & alive) - {caller_sid}}
        self.own = [entry for entry in self.entries if entry["call_sid"] == caller_sid]
        self.others = [entry for entry in self.entries if entry["call_sid"] in self.names]

    def of(self, name: str) -> list[Entry]:
        """The entries of one other party."""
        return [entry for entry in self.others if self.names[entry["call_sid"]] == name]

    def mark(self, entry: Entry) -> Mark:
        """An entry in words: of the caller plain, of another party with its name."""
        kind, data = str(entry["kind"]), entry["data"]
        of_caller = {
            "pressed": data.get("digits"),
            "heard": data.get("text"),
            "said": data.get("text"),
        }
        rest = (
            of_caller.get(kind)
            if entry["call_sid"] == self.caller_sid
            else self.names[entry["call_sid"]]
        )
        return Mark(f"{kind} {rest or ''}".strip(), _when(entry) - self.began)

    def stays(self) -> list[Stay]:
        """Every stay of anybody in a room of this call."""
        return self._stays("joined", "left")

    def company(self) -> list[Stay]:
        """The stays of others that overlap with one of the caller's in the same room."""
        stays = [*self._stays("joined", "left"), *self._bridges()]
        own = [stay for stay in stays if stay.call_sid == self.caller_sid]
        return [stay for stay in stays if stay.call_sid in self.names and _overlaps(stay, own)]

    def _stays(self, coming: str, going: str) -> list[Stay]:
        open_stays: dict[tuple[str, str], float] = {}
        stays = []
        for entry in self.entries:
            key, at = (str(entry["call_sid"]), _room(entry) or ""), _when(entry) - self.began
            if entry["kind"] == coming:
                open_stays[key] = at
            elif entry["kind"] == going and key in open_stays:
                stays.append(Stay(*key, open_stays.pop(key), at))
        return stays + [Stay(*key, came, FOREVER) for key, came in open_stays.items()]

    def _bridges(self) -> list[Stay]:
        """Telephones that `<Dial>` rang for the caller: together from the answer until either is gone."""
        spans = [
            stay for stay in self._spans() if stay.call_sid in self.bridged | {self.caller_sid}
        ]
        return spans if self.bridged else []

    def _spans(self) -> list[Stay]:
        answered = {
            e["call_sid"]: _when(e) - self.began for e in self.entries if e["kind"] == "answered"
        }
        ended = {e["call_sid"]: _when(e) - self.began for e in self.entries if e["kind"] == "ended"}
        return [
            Stay(str(sid), "bridge", came, ended.get(sid, FOREVER))
            for sid, came in answered.items()
        ]


def _when(entry: Entry) -> float:
    return datetime.fromisoformat(str(entry["at"]).replace("Z", "+00:00")).timestamp()


def _room(entry: Entry) -> str | None:
    conference = entry["data"].get("conference")
    return str(conference) if conference else None


def _rung_for(entry: Entry) -> list[str]:
    """The telephones whose ring tone the caller hears: those that `<Dial>` has rung for them."""
    is_tone = entry["kind"] == "heard" and entry["data"].get("what") == "ring"
    return str(entry["data"].get("text") or "").split(", ") if is_tone else []


def _to(legs: Mapping[str, Mapping[str, Any]], numbers: Collection[str]) -> set[str]:
    return {sid for sid, leg in legs.items() if leg.get("to") in numbers}


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


def _spoken(entries: Sequence[Entry]) -> list[str]:
    heard = [entry["data"] for entry in entries if entry["kind"] == "heard"]
    return [str(data["text"]) for data in heard if data.get("what") in SPOKEN and data.get("text")]


def _rung(entries: Sequence[Entry], names: Mapping[str, str]) -> tuple[str, ...]:
    """Outside telephones in the order of being dialled; busy ones count, for they were tried."""
    tried = [names[entry["call_sid"]] for entry in entries if entry["kind"] == "dialled"]
    return tuple(dict.fromkeys(name for name in tried if name != DESK))
