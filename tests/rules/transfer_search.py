"""Searching every history of a room (`tests.rules.transfer_moves`), and what none of them may hold.

A promise about a deed is looked at in every move; a promise about how things stand is looked at in
every world in which our line has nothing more to do by itself. That our line always comes to such a
world is a promise too: it never runs in a circle. So whatever people do, and whatever got lost on the
way there, what is promised comes true after a bounded number of the line's own moves.
"""

from collections import deque
from dataclasses import dataclass, field

from ivr.rules.transfer import ANSWERED, CALLING
from tests.rules.transfer_moves import moves
from tests.rules.transfer_scene import ALIVE, E, Person, S, World, is_heard
from tests.rules.transfer_world import Play


@dataclass
class Searched:
    """What was walked: worlds with how each was first reached, and the broken promises."""

    reached: dict
    transitions: int = 0
    broken: dict = field(default_factory=dict)
    """By promise: the world and the move, or None, of the shortest history that breaks it."""

    def history(self, promise):
        """The shortest history that breaks a promise, a line a move."""
        world, move = self.broken[promise]
        lines = [] if move is None else [move.name]
        while self.reached[world] is not None:
            world, name = self.reached[world]
            lines.append(name)
        return "\n".join([f"{promise}:", *(f"  {line}" for line in reversed(lines))])


def beginnings(bounds, faults, asks, backs=1, *, in_round=1):
    """A talk, and a caller from the menu with an empty chair whose dial was just asked for.

    In the second round every destination was busy once, and the staffed line is about to ring.
    """
    talk = World(people=(Person(real=True, seen="in"),), faults=faults, asks=asks, backs=backs)
    way = World(caller="way", leg="out", faults=faults, asks=0, backs=backs)
    menu = Play(way, bounds.destinations)
    menu.escalate()
    if in_round > 1:
        for n, _ in enumerate(bounds.destinations, start=1):
            menu.apply(n, E.PSAP_BUSY)
    return [talk, menu.world()] if asks else [menu.world()]


def search(begin, bounds, most=1_000_000, *, until_broken=False):
    """Walk everything that can be reached, breadth first, so that what is found first is shortest."""
    found = Searched(dict.fromkeys(begin))
    waiting, ours = deque(begin), {}
    while waiting and len(found.reached) < most:
        world = waiting.popleft()
        out = moves(world, bounds)
        found.transitions += len(out)
        _look(found, world, out)
        ours[world] = [move.world for move in out if move.kind == "line"]
        for move in out:
            if move.world not in found.reached:
                found.reached[move.world] = (world, move.name)
                waiting.append(move.world)
        if until_broken and found.broken:
            break
    _look_for_circles(found, ours)
    return found


def _look(found, world, out):
    for move in out:
        for promise, is_kept in OF_DEEDS.items():
            if promise not in found.broken and not is_kept(world, move):
                found.broken[promise] = (world, move)
    if not any(move.kind == "line" for move in out):
        for promise, is_kept in OF_REST.items():
            if promise not in found.broken and not is_kept(world):
                found.broken[promise] = (world, None)


def _look_for_circles(found, ours):
    """Our line by itself always comes to rest: its own moves make no circle."""
    entered = dict.fromkeys(ours, 0)
    for thens in ours.values():
        for then in thens:
            if then in entered:
                entered[then] += 1
    free = [world for world, count in entered.items() if not count]
    left = len(entered)
    while free:
        left -= 1
        for then in ours[free.pop()]:
            if then in entered:
                entered[then] -= 1
                if not entered[then]:
                    free.append(then)
    if left:
        circle = next(world for world, count in entered.items() if count)
        found.broken["every history ends"] = (circle, None)


def _alive(world):
    return [psap for psap in world.psaps if psap.real in ALIVE]


def _somebody(world):
    return any(person.real for person in world.people)


def _dials_once(world, move):
    """No leg is dialled beside another one, but for a silent one given up and one that declined."""
    dialled = [deed[1] for deed in move.deeds if deed[0] == "dial"]
    beside = [p for p in _alive(world) if p.seen not in {S.NO_ANSWER, S.DECLINED}]
    return not dialled or (len(dialled) == 1 and not beside)


def _takes_nothing_back(world, move):
    """Our line cuts a leg that rings in one case alone: given up, after a call that another has had.

    Before, 911 would be taken back; beside a caller, or a call-taker who waits with it, never.
    """
    cut = {deed[1] for deed in move.deeds if deed[0] == "cut" and deed[2] == "ring"}
    given_up = {p.n for p in world.psaps if p.seen == S.NO_ANSWER}
    knows = world.accepted != "" and world.caller == "gone"
    return move.kind == "life" or not cut or (knows and cut <= given_up)


def _cuts_nobody_off(world, move):
    """Our line never ends the room, and never briefs and ends 911's leg, beside a caller."""
    ours = [deed for deed in move.deeds if deed == "end room" or deed[0] == "brief"]
    return move.kind == "life" or not ours or world.caller != "room" or world.phase == "ended"


def _follows_up(world, move):
    """A transfer that fails has tried every destination as often as the list allows."""
    failed = world.open and not move.world.open and not move.world.accepted
    closed = move.world.phase == "ended" != world.phase
    return not failed or closed or "given up" in move.deeds or _was_briefed(move)


def _was_briefed(move):
    return any(psap.seen == S.CALLER_GONE for psap in move.world.psaps)


def _briefs_no_call_taker(world, move):
    declined = {p.n for p in world.psaps if p.seen == S.DECLINED}  # they have said all they will
    cut = [deed for deed in move.deeds if deed[0] == "cut" and deed[1] not in declined]
    ended = "end room" in move.deeds and any(real == "up" for _, _, real in cut)
    briefed = any(deed[0] == "brief" for deed in move.deeds) and world.phase != "ended"
    return move.kind == "life" or not (ended or briefed) or not _somebody(world)


def _leaves_after_accepted(world, move):
    """Who leaves, leaves the caller with 911 or with somebody, or there is no caller any more."""
    if move.name != "the call-taker leaves" or world.leg == "left":
        return True
    has_them = any(p.seen == S.ACCEPTED and is_heard(p) for p in world.psaps)
    return not world.open or (has_them and world.accepted != "")


def _takes_no_caller_from_911(world, move):
    """Nobody is taken out of a room into which 911 is being called, or in which it is."""
    return "caller to line" not in move.deeds or not (world.open or _known(world))


def _known(world):
    return any(p.real == "up" and p.here for p in world.psaps)


def _offers_the_chair(world, move):
    """Whoever leaves the chair empty before 911 has the caller: it is offered in that moment.

    Not after a call that 911 has had and the caller has ended: its room ends with whoever left it.
    """
    is_over = world.accepted != "" and world.leg == "left"
    left = move.name in {"report: call-taker left", "asked after: a call-taker"}
    if is_over or not left or "offer" in move.deeds:
        return True
    before, after = Play(world, ()).room(), Play(move.world, ()).room()
    emptied = before.call_takers and not after.call_takers
    return not (emptied and after.transfer in BEFORE_ACCEPTED)


BEFORE_ACCEPTED = CALLING | {ANSWERED}
OF_DEEDS = {
    "nothing is dialled twice": _dials_once,
    "once dialled, 911 is not taken back": _takes_nothing_back,
    "no caller is cut off from 911": _cuts_nobody_off,
    "every destination is tried before a transfer fails": _follows_up,
    "no call-taker is cut off from 911": _briefs_no_call_taker,
    "nobody leaves before 911 has accepted": _leaves_after_accepted,
    "no caller is taken out of the room from 911": _takes_no_caller_from_911,
    "an empty chair is offered at once": _offers_the_chair,
}


def _has_company(world):
    """Somebody is there, 911 is there or ringing, or the caller is not in the room."""
    others = _somebody(world) or bool(_alive(world)) or world.line.real == "up"
    return world.caller != "room" or others


def _is_held_by_somebody(world):
    return not world.held or (_somebody(world) and world.hold and not world.open)


def _is_where_we_say(world):
    if world.caller == "line":
        return world.phase == "line" and world.leg == "out" and not world.open
    if world.caller == "room":
        return world.phase == "room" and world.leg == "in"
    return world.caller != "gone" or world.leg == "left"


def _is_closed(world):
    """No caller, and nobody at 911: the call is over, and nobody is in its room."""
    if world.caller != "gone" or _alive(world) or _attended(world):
        return True
    return world.phase == "ended" and not _somebody(world)


def _attended(world):
    """Accepted and on the way into a room in which they are waited for."""
    return world.open and bool(_alive(world))


def _has_ended_for_all(world):
    """No leg is up for a call that has ended; one still ringing is met with the briefing."""
    if world.phase != "ended":
        return True
    others = world.line.real == "up" or any(p.real == "up" for p in world.psaps)
    return not _somebody(world) and not others


def _is_told_or_let_go(world):
    """911 is not left in a room with nobody: it is told what is known, and the leg ends."""
    here = _somebody(world) or world.people or world.caller in {"room", "rung"}
    return bool(here) or not any(p.real == "up" and p.seen != S.DECLINED for p in world.psaps)


def _is_going_on(world):
    """An open transfer has a leg that rings or is up; otherwise it would stay open for ever."""
    return not world.open or bool(_alive(world))


def _is_followed_up(world):
    """Nobody had the caller when they hung up and nobody is there: somebody is told to call them."""
    heard = any(is_heard(p) for p in world.psaps)
    waits = world.caller == "gone" and world.open and not _somebody(world) and not world.people
    return not waits or heard or world.task or world.accepted != ""


def _is_line_met(world):
    """The staffed line does not wait in a room for a caller who waits in the line for somebody."""
    return world.line.real != "up" or world.caller != "line"


def _people_are_known(world):
    return all(person.real == (person.seen == "in") or not person.real for person in world.people)


OF_REST = {
    "no caller is alone": _has_company,
    "nobody is held with nobody to unhold them": _is_held_by_somebody,
    "the caller is where the rows say": _is_where_we_say,
    "a call without its caller closes": _is_closed,
    "no leg stays for a call that has ended": _has_ended_for_all,
    "911 is not left with nobody": _is_told_or_let_go,
    "an open transfer has a leg": _is_going_on,
    "a caller who gave up is called back by somebody": _is_followed_up,
    "the staffed line is not left with nobody": _is_line_met,
    "who is in the room is known": _people_are_known,
}
EVERYTHING = (*OF_DEEDS, *OF_REST, "every history ends")
