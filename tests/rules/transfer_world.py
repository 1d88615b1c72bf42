"""A room, its telephones and our rows beside it: the model in which every history is searched.

Two truths stand side by side: what is real at the telephone company, and what our rows have been told
so far (`seen`). Reports travel between them late, in any order, doubled or not at all; requests are
refused; a process dies with what it was about to do. The machine (`ivr.rules.transfer`) and the
room's own rules (`ivr.rules.transfer_room`) are the product's; the deeds around them are written
down here as shortly as they can be, step by step as `ivr.transfer_rows`, `ivr.room_events`,
`ivr.rooms`, `ivr.room_watch`, `ivr.transfer_watch` and `ivr.call_end` do them.
"""

from ivr.rules import transfer, transfer_room
from ivr.rules.transfer import Command
from tests.rules.transfer_scene import (
    ALIVE,
    OVER,
    STATE,
    WORDS,
    E,
    Psap,
    S,
    World,
    is_forgotten,
    of_attempts,
    outlive_room,
    room_of,
)

C = Command


class Play:
    """One step from one world to the next, and the deeds done at the telephone company in it."""

    def __init__(self, world, destinations):
        self.caller, self.leg, self.phase, self.news, self.held, self.hold = world[:6]
        self.people, self.psaps, self.tried, self.open, self.accepted = world[6:11]
        self.todo, self.due, self.task, self.faults, self.asks, self.backs, self.line = world[11:]
        self.destinations = destinations
        self.deeds = []

    def world(self):
        """The world after the step; what can never matter again is forgotten, so that worlds meet."""
        people = tuple(sorted(p for p in self.people if p.real or p.seen or p.news))
        psaps = tuple(p for p in self.psaps if not is_forgotten(p)) if self.psaps else ()
        if self.open and self.psaps and (not psaps or psaps[-1].n != self.psaps[-1].n):
            psaps = (*psaps, self.psaps[-1])
        todo, due = self.todo, self.due
        if psaps != self.psaps:
            here = {p.n for p in psaps}
            todo = frozenset(d for d in todo if isinstance(d, str) or d[1] in here)
            due = frozenset(d for d in due if isinstance(d, str) or d[1] in here)
        return World(
            *(self.caller, self.leg, self.phase, self.news, self.held, self.hold, people),
            *(psaps, self.tried if self.open else (), self.open, self.accepted, todo, due),
            *(self.task, self.faults, self.asks, self.backs, self.line),
        )

    # What the rows say.

    def state(self):
        return of_attempts(tuple(p.seen for p in self.psaps)) if self.psaps else S.ENDED

    def room(self):
        return room_of(self.leg, self.people, self.psaps, self.open, self.line)

    def put(self, n, **changes):
        self.psaps = tuple(p._replace(**changes) if p.n == n else p for p in self.psaps)

    def psap(self, n):
        return next((p for p in self.psaps if p.n == n), Psap(n, "", S.ENDED))

    def change(self, person, **changes):
        people = list(self.people)
        people[people.index(person)] = new = person._replace(**changes)
        self.people = tuple(people)
        return new

    def later(self, *deadlines):
        self.due = self.due | set(deadlines)

    def follows(self, *deeds):
        self.todo = self.todo | set(deeds)

    # transfer_rows: the machine moves a row, and what must follow is written or noted.

    def escalate(self):
        if self.open or self.phase == "ended":
            return
        n = self.psaps[-1].n + 1 if self.psaps else 1
        self.open, self.accepted = True, ""
        self.tried = (self.destinations[0],)
        self.psaps = (*self.psaps, Psap(n, self.destinations[0]))
        self.follows(("dial", n))
        if self.hold:
            self.hold = False
            self.follows("unhold")
            self.later("hold")
        self.phase = "room"
        self.later("place")

    def apply(self, n, event):
        before = self.psap(n).seen
        if not self.psap(n).place:
            return
        step = transfer.advance(STATE[before], event)
        after = step.state.value
        over = after in OVER and after != S.CALLER_GONE
        self.put(n, seen=after, here=self.psap(n).here and not over)
        if before in OVER and after not in OVER and not self.comes_back(n):
            return
        if after == S.ACCEPTED != before:
            self.accepted = {E.UNATTENDED_ELAPSED: "line", E.PSAP_ACCEPTED: "taker"}.get(event, "")
        for command in step.commands:
            self.carry_out(n, command)
        alive = self.state() not in OVER
        if self.open and not alive:
            self.later("alone")
        self.open = alive

    def comes_back(self, n):
        """A silent leg is answered after all: the caller is brought to it, or it hears the briefing."""
        if self.phase == "ended":
            self.put(n, seen=S.CALLER_GONE)
            self.follows(("brief", n))
            return False
        if self.phase == "line":
            self.phase = "room"
            self.later("place")
        return True

    def carry_out(self, n, command):
        match command:
            case C.DIAL_NEXT | C.DIAL_ONCE_MORE:
                self.dial_again(once_more=command is C.DIAL_ONCE_MORE)
            case C.CALL_CALLER_BACK:
                self.follows("back")
            case C.BRIEF_AND_END:
                self.follows(("brief", n))
            case C.TELL_CALLER:
                self.follows("front")
            case C.END_ROOM:
                self.follows("end")
            case C.WATCH_UNATTENDED:
                self.later(("unattended", n))
            case C.WATCH_EMPTY_CHAIR:
                self.later(("empty", n))
            case C.OPEN_CALL_BACK_TASK:
                self.task = True
            case C.OFFER_ABOVE_ALL:
                self.deeds.append("offer")
            case C.ALLOW_LEAVE | C.WATCH_RINGING | C.ALERT_SUPERVISOR:
                pass

    def dial_again(self, *, once_more):
        newest = self.psaps[-len(self.tried) :]  # an earlier transfer's may stand before them
        if not transfer.may_ring_another([STATE[p.seen] for p in newest]):
            return
        chosen = transfer.next_destination(self.destinations, self.tried, once_more=once_more)
        if chosen is None:
            self.deeds.append("given up")
            self.follows("front")
            return
        n = self.psaps[-1].n + 1
        self.tried = (*self.tried, chosen.destination)
        self.psaps = (*self.psaps, Psap(n, chosen.destination))
        self.follows(("dial", n))
        if chosen.new_round:
            self.follows("line")

    def tell_room(self, event):
        if self.open:
            state = self.state()
            n = next(p.n for p in reversed(self.psaps) if p.seen == state)
            self.apply(n, event)

    # room_events and call_end: a report is taken in.

    def recount(self):
        room = self.room()
        if self.phase == "ended":
            return
        if self.phase == "room" and transfer_room.is_alone(room):
            self.later("alone")
        anybody = room.call_takers + room.outside
        if self.phase == "room" and anybody and transfer_room.is_over(room):
            self.follows("end")

    def caller_gone(self):
        if self.phase == "ended":
            self.leg = "left"
            return
        if self.leg != "left":
            self.leg = "left"
            self.tell_room(transfer_room.when_caller_leaves(self.room()))
        self.close_if_over()

    def close_if_over(self):
        if self.phase != "ended" and transfer_room.is_over(self.room()):
            if self.room().call_takers + self.room().outside:
                self.follows("end")
            self.close()

    def close(self):
        self.phase, self.leg, self.hold = "ended", "left", False
        self.due = frozenset()
        self.people = tuple(p._replace(seen="") for p in self.people)
        self.psaps = tuple(p._replace(here=False) for p in self.psaps)
        self.line = self.line._replace(here=False)

    def caller_news(self, word):
        if word == "joined":
            self.leg = "in"
            if self.phase == "ended":
                self.follows("end")
                self.task = True
                return
            if self.phase == "line" and transfer_room.stays_in_line(self.room()):
                self.later("place")
            else:
                self.phase = "room"
            self.take_over()
        elif word == "left":
            self.leg = "out"
        elif word == "held":
            if not self.hold and (self.open or self.room().call_takers):
                self.later("hold")
        else:
            self.caller_gone()
        self.recount()

    def person_news(self, person, word):
        if word == "joined":
            if self.phase == "ended":
                self.follows("end")
                self.change(person, seen="in")
                return
            coming = person.seen in {"coming", "arrived"}
            self.change(person, seen="arrived" if coming else "in")
            self.tell_room(E.CALL_TAKER_JOINED)
            self.take_over()
        elif person.seen:
            if person.seen != "in":
                self.later("place")
            self.change(person, seen="")
            self.tell_leaving(commanded=person.ordered)
        self.recount()

    def tell_leaving(self, *, commanded):
        event = transfer_room.when_call_taker_leaves(self.room(), commanded=commanded)
        if event is not None:
            self.tell_room(event)
        self.close_if_over()

    def take_over(self):
        if self.leg == "in" or self.open:
            self.people = tuple(
                p._replace(seen="in") if p.seen == "arrived" else p for p in self.people
            )

    def psap_news(self, n, word):
        if word == "joined":
            self.put(n, here=True)
        else:
            self.put(n, here=self.psap(n).here and word in {"ringing", "answered"})
            self.apply(n, WORDS[word])
        self.recount()
        self.close_if_over()

    def line_news(self, word):
        if word == "joined" and self.phase == "ended":
            self.follows("end")
            return
        self.line = self.line._replace(here=word == "joined")
        if word == "joined":
            if self.phase == "line":
                self.phase = "room"
                self.later("place")
            self.take_over()
        self.recount()
        self.close_if_over()

    # caller_leg: moving the caller.

    def to_front(self):
        if self.phase == "ended" or not transfer_room.may_go_to_front(self.room()):
            return
        self.phase, self.hold = "line", False
        self.later("place")
        self.redirect("line")

    def redirect(self, where):
        self.deeds.append(f"caller to {where}")
        if self.caller == "room" and where == "line":
            self.caller, self.held = "line", False
            self.news = (*self.news, "left")
        elif self.caller == "line" and where == "way":
            self.caller = "way"
        elif self.caller == "way":
            self.caller = where

    # What really happens at the telephone company when we ask for it.

    def really_dials(self, n):
        self.deeds.append(("dial", n))
        self.put(n, real="ring", news=())

    def psap_over(self, n, status):
        p = self.psap(n)
        self.put(n, real=status, news=(*p.news, status))

    def person_out(self, person, **changes):
        return self.change(person, real=False, news=(*person.news, "left"), **changes)

    def room_ends(self):
        self.deeds.append("end room")
        staying = outlive_room(self.psaps, self.accepted)
        for p in self.psaps:
            if p.real in ALIVE and p.n not in staying:
                self.deeds.append(("cut", p.n, p.real))
                self.psap_over(p.n, "completed" if p.real == "up" else "failed")
        if self.line.real in ALIVE:
            self.line_over()
        for person in self.people:
            if person.real:
                self.person_out(person)
        if self.caller == "room":
            self.held = False
            if self.phase == "ended" or self.leg == "left":
                self.caller, self.news = "gone", (*self.news, "gone")
            else:
                self.caller, self.news = "way", (*self.news, "left")
                self.goes_on()

    def line_over(self):
        left = (*self.line.news, "left") if self.line.real == "up" else self.line.news
        self.line = self.line._replace(real="over", news=left)

    def goes_on(self):
        """The caller is out of the room and on the telephone: the document decides."""
        if self.open:
            return
        self.caller = "line"
        if self.phase != "line":
            self.phase = "line"
            self.later("place")
