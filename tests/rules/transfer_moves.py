"""Everything that can happen next in a room (`tests.rules.transfer_world`): one function a kind.

A move is (kind, name, world, deeds). Kinds: `life` is what people and telephones do; `line` what our
line does by itself, sooner or later (a report arrives, a deed is done, a deadline falls due); `again`
is a report that comes once more; `fault` spends one of the faults that a history may hold.
"""

from typing import NamedTuple

from ivr.rules import transfer_room
from tests.rules.transfer_line import deadlines, deeds, reconciling, reports, under_way
from tests.rules.transfer_scene import CALLING, E, Person, S, World
from tests.rules.transfer_world import Play


class Bounds(NamedTuple):
    """How far a search goes. Beside them nothing is left out.

    `destinations` in the city's order; `under_way`: people and telephones do nothing new while more
    reports and deeds than this are under way; `people`: call-takers with the call at one time.
    """

    destinations: tuple
    under_way: int = 2
    people: int = 1


class Move(NamedTuple):
    kind: str
    name: str
    world: World
    deeds: tuple


def moves(world, bounds):
    """Every move out of this world."""
    found = []

    def move(kind, name, act):
        play = Play(world, bounds.destinations)
        if kind == "fault":
            play.faults -= 1
        act(play)
        then = play.world()
        if then != world:
            found.append(Move(kind, name, then, tuple(play.deeds)))

    if under_way(world) <= bounds.under_way:
        _life(world, bounds, move)
    if world.caller == "way":
        move("line", "the caller enters the room", _enters)
    reports(world, move)
    deeds(world, move)
    deadlines(world, move)
    reconciling(world, move)
    return found


def _life(world, bounds, move):
    _caller_moves(world, move)
    for psap in world.psaps:
        _psap_moves(psap, move)
    _line_moves(world, move)
    for person in dict.fromkeys(world.people):
        _person_moves(world, person, move)
    if _is_offered(world) and len(world.people) < bounds.people:
        move("life", "a call-taker accepts", lambda p: _accepts(p))
    inside = [person for person in world.people if person.seen == "in"]
    if inside and len(world.people) < bounds.people and world.phase == "room":
        move("life", "a supervisor joins", lambda p: _joins(p, ""))


def _caller_moves(world, move):
    if world.caller in {"room", "way", "line"}:
        move("life", "the caller hangs up", _hangs_up)
    if world.caller == "line" and world.asks and not world.open:
        move("life", "the caller presses 9", _presses_nine)
    if world.caller == "rung":
        move("life", "the caller answers the call-back", _answers_back)
        move("life", "the call-back is not answered", lambda p: setattr(p, "caller", "gone"))


def _hangs_up(p):
    p.caller, p.held, p.news = "gone", False, (*p.news, "gone")


def _enters(p):
    p.caller, p.news = "room", (*p.news, "joined")


def _presses_nine(p):
    p.asks -= 1
    p.escalate()
    p.redirect("way")


def _answers_back(p):
    p.caller, p.news = "room", ("joined",)


def _psap_moves(psap, move):
    n = psap.n
    if psap.real == "ring":
        move("life", f"911 {n} answers", lambda p: _answers(p, n))
        for word in ("busy", "no-answer"):
            move("life", f"911 {n}: {word}", lambda p, w=word: p.psap_over(n, w))
    if psap.real == "up":
        move("life", f"911 {n} hangs up", lambda p: p.psap_over(n, "completed"))


def _answers(p, n):
    p.put(n, real="up", news=(*p.psap(n).news, "answered", "joined"))


def _line_moves(world, move):
    if world.line.real == "ring":
        move("life", "the staffed line answers", _line_answers)
        move("life", "the staffed line does not answer", lambda p: p.line_over())
    if world.line.real == "up":
        move("life", "the staffed line hangs up", lambda p: p.line_over())


def _line_answers(p):
    p.line = p.line._replace(real="up", news=("joined",))


def _is_offered(world):
    coming = any(person.seen for person in world.people)
    chair = world.open and world.accepted != "taker"
    return not coming and (chair or world.phase == "line") and world.phase != "ended"


def _accepts(p):
    p.people = (*p.people, Person(real=False, seen="coming"))


def _joins(p, seen):
    p.people = (*p.people, Person(real=True, seen=seen, news=("joined",)))


def _person_moves(world, person, move):
    waited_for = person.seen == "coming" and not (person.real or person.ordered or person.news)
    if waited_for and world.phase != "ended":
        move("life", "the softphone connects", lambda p: _connects(p, person))
    if not person.real:
        return
    move("life", "the browser is gone", lambda p: p.person_out(person))
    if person.seen not in {"in", "arrived"} or world.phase == "ended":
        return
    _orders(world, person, move)


def _connects(p, person):
    p.change(person, real=True, news=("joined",))
    if p.phase == "line":
        p.phase, p.hold = "room", False
        p.redirect("way")


def _orders(world, person, move):
    """What a call-taker in the room may press."""
    room = Play(world, ()).room()
    if transfer_room.may_call_taker_leave(room) and not person.ordered:
        move("life", "the call-taker leaves", lambda p: p.person_out(person, ordered=True))
    if not world.open and world.asks:
        move("life", "the red button", _red_button)
    if not world.open and world.leg == "in":
        if not world.hold:
            move("life", "hold", _orders_hold)
        elif "hold" not in world.todo:
            move("life", "unhold", _orders_unhold)
        move("life", "the call-taker ends the call", _ends_call)
    if world.open and _can_be_told(world):
        move("life", "they have it", _they_have_it)
        move("life", "they will not take it", _they_decline)


def _red_button(p):
    p.asks -= 1
    p.escalate()


def _orders_hold(p):
    p.hold = True
    p.follows("hold")
    p.later("hold")


def _orders_unhold(p):
    p.hold, p.held, p.due = False, False, p.due - {"hold"}


def _ends_call(p):
    p.close()
    p.room_ends()


def _can_be_told(world):
    return any(p.seen == S.ANSWERED or (p.seen in CALLING and p.here) for p in world.psaps)


def _they_have_it(p):
    p.apply(_spoken_for(p), E.PSAP_ACCEPTED)


def _they_decline(p):
    n = _spoken_for(p)
    if p.psap(n).seen == S.ANSWERED:
        p.apply(n, E.PSAP_DECLINED)
        p.close_if_over()


def _spoken_for(p):
    """The attempt that what is said is about; its answer may not be reported yet."""
    state = p.state()
    psap = next(each for each in reversed(p.psaps) if each.seen == state)
    if psap.seen in CALLING and psap.here:
        p.apply(psap.n, E.PSAP_ANSWERED)
    return psap.n
