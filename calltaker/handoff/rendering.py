"""Renders the packet: what is known of a contact, in the exchange format, for one receiver.

Pure: known values in, packet out. Says what is unknown and why rather than leaving a hole. What the
receiver has no right to is never put in, so nothing has to be taken out. Never stands before a dial.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from calltaker.handoff import identifiers, pidf
from calltaker.handoff.agencies import Agencies, Agency, Right
from calltaker.handoff.known import Known, PlaceKnown
from calltaker.handoff.packet import Agency as AgencyPart
from calltaker.handoff.packet import (
    Agent,
    Callback,
    Incident,
    Link,
    Location,
    Note,
    Packet,
    Person,
    Stamp,
    TelephoneCall,
    instant,
)
from models.states import Language

CURRENT = "CurrentIncident"
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_LANGUAGES = {Language.EN: "English", Language.ES: "Spanish"}
_CAUSES = {
    "key": "the caller pressed 9",
    "words": "the caller's words",
    "possible_confirmed": "the caller said that somebody is in danger",
    "possible_untaken": "possible danger, and nobody had taken the call",
    "red_button": "the call-taker",
    "determinant": "the answers to the protocol",
    "unanswered": "nobody at 311 had answered the call from 911",
}
LOCATION_UNKNOWN, NUMBER_UNKNOWN = "location unknown", "call-back number unknown"
"""How the notes begin that stand for a missing part."""


def render(known: Known, agencies: Agencies, receiver: Agency, *, we_own: bool) -> Packet:
    """Render the present state for `receiver`.

    Args:
        known: What is known now.
        agencies: Ourselves, levels and the common types of health.
        receiver: Who will read it; decides what is told.
        we_own: Whether the incident is still ours; false once the other side has the caller.
    """
    return _Rendering(known, agencies, receiver, we_own).packet()


def plain(text: str) -> str:
    """A text as notes carry it: escaped, and with nothing that could be read as markup."""
    shown = _CONTROL.sub(" ", text).replace("<", "\u2039").replace(">", "\u203a")
    return html.escape(shown, quote=False)


@dataclass(frozen=True)
class _Rendering:
    known: Known
    agencies: Agencies
    receiver: Agency
    we_own: bool

    # Names and stamps.

    @property
    def _domain(self) -> str:
        return self.agencies.ourselves.domain

    @property
    def _agent(self) -> str:
        taker = self.known.call_taker
        return f"{taker.name}@{self._domain}" if taker else ""

    def _id(self, part: str) -> str:
        return identifiers.component_urn(self.known.incident_id, part, self._domain)

    def _stamp(self, at: datetime | None, agent: str = "") -> Stamp:
        return Stamp(at or self.known.started_at, self._domain, agent)

    @property
    def _call(self) -> str:
        return identifiers.call_urn(self.known.call_id, self._domain)

    # What this receiver may know.

    def _may(self, right: Right) -> bool:
        private = right in (Right.WORDS, Right.ANSWERS, Right.NOTES) and self._is_health
        return right in self.receiver.rights and (
            not private or Right.HEALTH in self.receiver.rights
        )

    @property
    def _is_health(self) -> bool:
        """A danger chosen beside a protocol makes its answers no less private."""
        protocol = self.known.protocol
        found = protocol.determinant if protocol else None
        codes = {self._common_type, found.common_code if found else ""}
        return not codes.isdisjoint(self.agencies.health_types)

    @property
    def _common_type(self) -> str:
        found = self.known.determinant
        return found.common_code if found else self.agencies.unknown_type

    # Parts.

    def packet(self) -> Packet:
        locations, notes = tuple(self._locations()), tuple(self._notes())
        callbacks = tuple(self._callbacks())
        return Packet(
            id=identifiers.incident_urn(self.known.incident_id, self._domain),
            stamp=self._stamp(self._changed_at(), self._agent),
            element=self.agencies.ourselves.element,
            agencies=self._both_agencies(),
            agents=tuple(self._agents()),
            incident=self._incident(locations, notes),
            calls=(self._telephone_call(callbacks, locations, notes),),
            callbacks=callbacks,
            persons=(self._caller(callbacks),),
            locations=locations,
            notes=notes,
            links=tuple(self._links()),
        )

    def _changed_at(self) -> datetime:
        known = self.known
        answers = known.protocol.answers if known.protocol else ()
        moments = [known.placed_at, known.notes_at, known.ended_at, *(a.at for a in answers)]
        if known.call_taker:
            moments.append(known.call_taker.answered_at)
        if known.handoff:
            moments += [known.handoff.requested_at, known.handoff.accepted_at]
        return max((each for each in moments if each), default=known.started_at)

    def _both_agencies(self) -> tuple[AgencyPart, ...]:
        stamp = self._stamp(self.known.handoff.requested_at if self.known.handoff else None)
        us = self.agencies.ourselves
        return (
            AgencyPart(us.domain, stamp, ("CallReceiving",), (us.agency_type,), self.we_own),
            AgencyPart(
                self.receiver.domain, stamp, ("TransferredTo",), (self.receiver.agency_type,)
            ),
        )

    def _agents(self) -> Iterator[Agent]:
        taker = self.known.call_taker
        if taker:
            stamp = self._stamp(taker.answered_at)
            yield Agent(self._agent, stamp, "Call Taking", self._domain, taker.name)

    def _incident(self, locations: tuple[Location, ...], notes: tuple[Note, ...]) -> Incident:
        protocol, found = self.known.protocol, self.known.determinant
        version = f"{protocol.name} v{protocol.version}" if protocol else ""
        title = found.title if found else ""
        return Incident(
            id=self._id("incident"),
            stamp=self._stamp(found.at if found else None, self._agent),
            common_type=self._common_type,
            type_code=found.code if found else "",
            type_text=plain(f"{title} ({version})" if title and version else title or version),
            statuses=("Closed",) if self.known.ended_at else ("Active",),
            number=f"311-{self.known.incident_id[:12]}",
            level=found.level if found else self._level_unknown,
            priority=found.priority if found else self.agencies.levels[self._level_unknown][1],
            agents=(self._agent,) if self._agent else (),
            locations=tuple(each.id for each in locations),
            persons=(self._id("caller"),),
            notes=tuple(each.id for each in notes),
        )

    @property
    def _level_unknown(self) -> str:
        """Nobody has asked yet: what goes to 911 counts as an emergency, the rest as routine."""
        return "emergency" if self.known.handoff else "routine"

    def _telephone_call(
        self,
        callbacks: tuple[Callback, ...],
        locations: tuple[Location, ...],
        notes: tuple[Note, ...],
    ) -> TelephoneCall:
        known, taker = self.known, self.known.call_taker
        return TelephoneCall(
            id=self._call,
            stamp=self._stamp(known.ended_at or (taker.answered_at if taker else None)),
            primary_type="nonEmergency",
            local_type="311",
            direction="incoming",
            started_at=known.started_at,
            answered_at=taker.answered_at if taker else None,
            state="callEnd" if known.ended_at else "callAnswered" if taker else "callBegin",
            callback=callbacks[0].id if callbacks else "",
            verstat=known.verstat,
            agents=(self._agent,) if self._agent else (),
            locations=tuple(each.id for each in locations),
            persons=(self._id("caller"),),
            notes=tuple(each.id for each in notes),
        )

    def _callbacks(self) -> Iterator[Callback]:
        shown, better = self.known.number, self.known.better_number
        if (shown or better) and self._may(Right.NUMBER):
            uris = (f"tel:{shown or better}",)
            better = f"tel:{better}" if shown and better else ""
            yield Callback(self._id("callback"), self._stamp(None), uris, better)

    def _caller(self, callbacks: tuple[Callback, ...]) -> Person:
        return Person(
            id=self._id("caller"),
            stamp=self._stamp(None),
            roles=("Caller",),
            calls=(self._call,),
            callback=callbacks[0].id if callbacks else "",
        )

    def _links(self) -> Iterator[Link]:
        earlier = self.known.earlier
        if earlier:
            known_here = earlier.agency in (self._domain, self.receiver.domain)
            agency = earlier.agency if known_here else ""
            stamp = self._stamp(None)
            yield Link(
                self._id("earlier"), stamp, earlier.urn, "RELATED", plain(earlier.reason), agency
            )

    # Places.

    def _locations(self) -> Iterator[Location]:
        place = self.known.place
        if place is None:
            return
        has_point = place.latitude is not None and place.longitude is not None
        is_civic_sent = not (place.is_intersection and has_point)
        if is_civic_sent:
            civic = self._pidf(pidf.Placed(self._civic(place)))
            yield self._location("civic", civic, plain(place.text))
        if has_point:
            streets = tuple(self._streets(place)) if place.is_intersection else ()
            text = place.text if not is_civic_sent else f"{place.text}: point on the map"
            yield self._location("point", self._pidf(_point(place)), plain(text), streets)

    def _location(
        self, part: str, by_value: str, text: str, streets: tuple[str, ...] = ()
    ) -> Location:
        stamp = self._stamp(self.known.placed_at)
        return Location(self._id(f"location {part}"), stamp, CURRENT, by_value, text, streets)

    def _pidf(self, placed: pidf.Placed) -> str:
        at = self.known.placed_at or self.known.started_at
        method = "Manual" if self.known.place and self.known.place.is_confirmed else "Derived"
        return pidf.written(placed, f"pres:caller@{self._domain}", instant(at), method)

    def _civic(self, place: PlaceKnown) -> dict[str, str]:
        """A street and house where they are known in parts; else the words as a landmark."""
        base = {**self.agencies.ourselves.civic, "A3": place.city}
        if place.street:
            road = {"PRD": place.direction, "RD": place.street, "STS": place.suffix}
            both = place.text if place.is_intersection else ""
            named = {**base, **road, "HNO": place.number, "LOC": both}
        else:
            named = {**base, "LMK": place.text}
        return {name: value for name, value in named.items() if value}

    def _streets(self, place: PlaceKnown) -> Iterator[str]:
        pairs = ((place.street, place.suffix), (place.cross_street, place.cross_suffix))
        for street, suffix in pairs:
            road = {**self.agencies.ourselves.civic, "A3": place.city, "RD": street, "STS": suffix}
            yield self._pidf(pidf.Placed({name: text for name, text in road.items() if text}))

    # Notes.

    def _notes(self) -> Iterator[Note]:
        if self.known.handoff:
            yield self._note("handoff", self._handoff_lines(), self.known.handoff.requested_at)
        if self.known.place is None:
            yield self._note("no place", f"{LOCATION_UNKNOWN}: the caller has not said where")
        if not self.known.number or not self._may(Right.NUMBER):
            yield self._note("no number", f"{NUMBER_UNKNOWN}: {self._why_no_number()}")
        if self.known.words and self._may(Right.WORDS):
            said = "\n".join(f"caller: {each}" for each in self.known.words)
            yield self._note("words", said)
        if self.known.protocol and self._may(Right.ANSWERS):
            yield self._note("protocol", self._protocol_lines(), agent=self._agent)
        if self.known.notes and self._may(Right.NOTES):
            yield self._note("notes", self.known.notes, self.known.notes_at, self._agent)

    def _note(self, part: str, text: str, at: datetime | None = None, agent: str = "") -> Note:
        return Note(self._id(f"note {part}"), self._stamp(at, agent), plain(text), agent)

    def _handoff_lines(self) -> str:
        known, handoff = self.known, self.known.handoff
        if handoff is None:
            return ""
        cause = _CAUSES.get(handoff.cause, handoff.cause)
        lines = [f"{self._at(handoff.requested_at)} asked for 911 because of: {cause}"]
        if known.words_reading and self._may(Right.WORDS):
            lines.append(f"read as an emergency: {known.words_reading}")
        if handoff.accepted_at:
            lines.append(f"{self._at(handoff.accepted_at)} 911 has the caller")
        language = _LANGUAGES.get(known.language) if known.language else None
        lines.append(f"language: {language or 'not known'}")
        return "\n".join(lines)

    def _why_no_number(self) -> str:
        if self.known.number:
            return "the receiver has no right to it"
        return "withheld" if self.known.number_presentation == "withheld" else "not given"

    def _protocol_lines(self) -> str:
        protocol = self.known.protocol
        if protocol is None:
            return ""
        asked = [f"{self._at(a.at)} {a.question} {a.answer}" for a in protocol.answers]
        return "\n".join([f"protocol {protocol.name} v{protocol.version}", *asked])

    def _at(self, moment: datetime) -> str:
        """Time into the call, `+01:05`."""
        seconds = max(0, int((moment - self.known.started_at).total_seconds()))
        return f"+{seconds // 60:02}:{seconds % 60:02}"


def _point(place: PlaceKnown) -> pidf.Placed:
    radius = place.uncertainty_metres
    return pidf.Placed(
        point=pidf.Point(place.latitude or 0.0, place.longitude or 0.0, radius or None)
    )
