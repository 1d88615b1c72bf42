"""What our line does by itself in a room: reports arrive, deeds are done, deadlines fall due.

Each may also go wrong: a report is lost or comes late, a request is refused, a process dies with what
it was about to do. Source: `ivr.transfer_watch`, `ivr.room_watch`, `ivr.given_up`,
`ivr.caller_leg`, `ivr.reconcile`.
"""

from ivr.rules import transfer, transfer_room
from tests.rules.transfer_scene import (
    ALIVE,
    CALLING,
    STATE,
    TALKING,
    WORDS,
    E,
    S,
    is_heard,
    outlive_room,
)


def under_way(world):
    """Reports and deeds that are on their way."""
    news = len(world.news) + len(world.todo) + len(world.line.news)
    return news + sum(len(each.news) for each in (*world.people, *world.psaps))


def reports(world, move):
    """A report arrives; an older one of the same leg and room says nothing any more."""
    for at, word in enumerate(world.news):
        _report(move, world, f"caller {word}", _caller_report(world.news, at))
    for person in dict.fromkeys(world.people):
        for at, word in enumerate(person.news):
            _report(move, world, f"call-taker {word}", _person_report(person, at))
    for psap in world.psaps:
        for at, word in enumerate(psap.news):
            _report(move, world, f"911 {psap.n} {word}", _psap_report(psap, at))
        _again(psap, move)
    for at, word in enumerate(world.line.news):
        _report(move, world, f"the staffed line {word}", _line_report(world.line, at))


def _report(move, world, name, arrives_or_not):
    arrives, lost = arrives_or_not
    move("line", f"report: {name}", arrives)
    if world.faults:
        move("fault", f"lost: {name}", lost)


def _caller_report(news, at):
    def arrives(p):
        p.news = news[at + 1 :]
        p.caller_news(news[at])

    def lost(p):
        p.news = news[:at] + news[at + 1 :]

    return arrives, lost


def _person_report(person, at):
    news = person.news

    def arrives(p):
        p.person_news(p.change(person, news=news[at + 1 :]), news[at])

    def lost(p):
        p.change(person, news=news[:at] + news[at + 1 :])

    return arrives, lost


def _psap_report(psap, at):
    """The room's reports have an order, the leg's own have none."""
    word, rest = psap.news[at], psap.news[:at] + psap.news[at + 1 :]
    left = rest if word in {"answered", "joined"} else tuple(w for w in rest if w != "joined")

    def arrives(p):
        p.put(psap.n, news=left)
        p.psap_news(psap.n, word)

    return arrives, lambda p: p.put(psap.n, news=rest)


def _line_report(line, at):
    def arrives(p):
        p.line = line._replace(news=line.news[at + 1 :])
        p.line_news(line.news[at])

    def lost(p):
        p.line = line._replace(news=line.news[:at] + line.news[at + 1 :])

    return arrives, lost


def _again(psap, move):
    """A report of the leg that comes late or once more; those that the machine passes by are left out."""
    words = ["ringing"] if psap.real else []
    words += ["answered"] if is_heard(psap) else []
    words += [psap.real] if psap.real not in {"", *ALIVE} else []
    for word in words:
        state = STATE[psap.seen]
        step = transfer.STEPS[state, WORDS[word]]
        if step.state is not state or step.commands:
            move("again", f"again: 911 {psap.n} {word}", lambda p, w=word: p.psap_news(psap.n, w))


def deeds(world, move):
    """What follows a commit is done, refused, or dies with its process."""
    for deed in sorted(world.todo, key=str):
        word, n = deed if isinstance(deed, tuple) else (deed, 0)
        done = lambda p, d=deed, w=word, k=n: _done(p, d, lambda: _DEEDS[w](p, k))  # noqa: E731
        move("line", f"deed: {word} {n or ''}", done)
        if world.faults:
            refused = lambda p, d=deed, w=word, k=n: _done(  # noqa: E731
                p, d, lambda: _REFUSED.get(w, _nothing)(p, k)
            )
            move("fault", f"refused: {word} {n or ''}", refused)
    if world.faults:
        move("fault", "the process dies", lambda p: setattr(p, "todo", frozenset()))
        for psap in world.psaps:
            if psap.seen == S.REQUESTED and not psap.real:
                move("fault", f"dialled and died: {psap.n}", lambda p, k=psap.n: _unwritten(p, k))


def _done(p, deed, act):
    p.todo = p.todo - {deed}
    act()


def _dial(p, n):
    psap = p.psap(n)
    if psap.seen != S.REQUESTED:
        return
    if any(each.seen in TALKING for each in p.psaps):
        p.apply(n, E.DIAL_REFUSED)
        return
    if psap.real not in ALIVE:
        p.really_dials(n)
    p.apply(n, E.DIAL_SENT)


def _unwritten(p, n):
    p.todo = frozenset()
    p.really_dials(n)


def _front(p, _):
    p.to_front()


def _end(p, _):
    p.room_ends()


def _back(p, _):
    if not p.backs:
        p.task = True
    elif p.caller == "gone":
        p.backs -= 1
        p.caller = "rung"
        p.later("back")
        p.deeds.append("call back")


def _brief(p, n):
    if p.psap(n).real in ALIVE:
        p.deeds += [("brief", n), ("cut", n, p.psap(n).real)]
        p.psap_over(n, "completed")


def _hold(p, _):
    if p.caller == "room":
        p.held = True
        p.news = (*p.news, "held")


def _unhold(p, _):
    p.held = False


def _ring_line(p, _):
    if not p.line.real:
        p.line = p.line._replace(real="ring")


def _nothing(_p, _n):
    """A refused request of which nothing becomes: whoever watches asks again."""


def _dial_refused(p, n):
    if p.psap(n).seen == S.REQUESTED and not p.psap(n).real:
        p.apply(n, E.DIAL_REFUSED)
        p.close_if_over()


_DEEDS = {
    "dial": _dial,
    "front": _front,
    "end": _end,
    "back": _back,
    "brief": _brief,
    "hold": _hold,
    "unhold": _unhold,
    "line": _ring_line,
}
_REFUSED = {"dial": _dial_refused, "hold": lambda p, _: setattr(p, "hold", False)}


def deadlines(world, move):
    """A deadline falls due when reports and deeds of seconds ago are through: sooner is a fault."""
    kind = "fault" if under_way(world) else "line"
    if kind == "fault" and not world.faults:
        return
    for psap in world.psaps:
        if psap.seen in CALLING:
            _ring_time(world, psap, kind, move)
    for person in dict.fromkeys(world.people):
        if person.seen in {"coming", "arrived"}:
            move(kind, "due: call-taker joins", lambda p, who=person: _check_joined(p, who))
    for due in sorted(world.due, key=str):
        word, n = due if isinstance(due, tuple) else (due, 0)
        check = lambda p, d=due, w=word, k=n: _fallen(p, d, lambda: _CHECKS[w](p, k))  # noqa: E731
        move(kind, f"due: {word} {n or ''}", check)


def _ring_time(world, psap, kind, move):
    """A leg that still rings after its own ring time, or cannot be asked after, is a fault."""
    late = "fault" if psap.real == "ring" and psap.seen != S.REQUESTED else kind
    if late == kind or world.faults:
        move(late, f"due: 911 {psap.n} rings", lambda p: _check_ringing(p, psap.n))
    if world.faults and psap.real:
        silent = lambda p: _rang_out(p, psap.n)  # noqa: E731
        move("fault", f"due, asked in vain: 911 {psap.n} rings", silent)


def _fallen(p, due, act):
    p.due = p.due - {due}
    act()


def _check_ringing(p, n):
    psap = p.psap(n)
    if psap.seen == S.REQUESTED:
        _dial(p, n)
        return
    heard = {"up": "answered", "ring": "no-answer", "": "no-answer"}.get(psap.real, psap.real)
    p.apply(n, WORDS[heard])
    p.close_if_over()


def _rang_out(p, n):
    if p.psap(n).seen != S.REQUESTED:
        p.apply(n, E.RANG_OUT)
        p.close_if_over()


def _check_joined(p, person):
    there = person.real and (p.caller == "room" or p.open)
    if there:
        p.change(person, seen="in")
        p.leg = "in" if p.caller == "room" else p.leg
        return
    if person.real:
        p.person_out(person, seen="", ordered=True)
    else:
        p.change(person, seen="", ordered=True)
    event = transfer_room.when_nobody_comes(p.room())
    if event is not None:
        p.tell_room(event)
        p.close_if_over()
    if not p.open and p.phase == "room":
        p.to_front()
    p.recount()


def _check_alone(p, _):
    if p.phase == "room" and transfer_room.is_alone(p.room()):
        p.to_front()


def _check_place(p, _):
    """Is the caller where the rows say? The telephone company is asked, and believed."""
    if p.phase == "ended" or p.leg == "left":
        return
    inside = p.caller == "room"
    if p.phase == "room":
        if inside:
            p.leg = "in"
            p.take_over()
            p.recount()
        elif p.caller != "gone":
            p.redirect("way")
            p.later("place")
    elif inside:
        p.later("place")
        p.redirect("line")
    elif p.leg == "in":
        p.leg = "out"


def _check_back(p, _):
    """A caller was rung back: the report that they entered may be lost."""
    if p.caller == "rung":
        p.later("back")
    elif p.caller == "room" and p.leg == "left" and p.phase != "ended":
        p.caller_news("joined")


def _check_hold(p, _):
    p.hold, p.held = False, False


def _check_unattended(p, n):
    if p.caller == "gone" and p.leg != "left":
        p.caller_gone()
        return
    _if_up(p, n, E.UNATTENDED_ELAPSED, transfer_room.has_the_caller)


def _check_empty(p, n):
    if p.caller == "room" and p.leg != "in":
        p.leg = "in"
        return
    if p.room().coming:
        p.later(("empty", n))
    _if_up(p, n, E.EMPTY_CHAIR_ELAPSED, transfer_room.is_empty_chair)


def _if_up(p, n, event, holds):
    """911's leg is asked after first: the report that it has gone may be lost."""
    psap = next((each for each in p.psaps if each.n == n), None)
    if psap is None or psap.seen not in TALKING:
        return
    if psap.real not in ALIVE:
        p.apply(n, E.PSAP_LEFT)
    elif holds(p.room()):
        p.apply(n, event)
    p.close_if_over()


_CHECKS = {
    "alone": _check_alone,
    "place": _check_place,
    "back": _check_back,
    "hold": _check_hold,
    "unattended": _check_unattended,
    "empty": _check_empty,
}


def reconciling(world, move):
    """The line asks after what it has not heard of for a minute: only where no report is under way."""
    if world.caller == "gone" and not world.news and world.leg != "left":
        move("line", "asked after: the caller", lambda p: p.caller_gone())
    for person in dict.fromkeys(world.people):
        if person.seen in {"in", "arrived"} and not person.real and not person.news:
            gone = lambda p, who=person: p.person_news(who, "left")  # noqa: E731
            move("line", "asked after: a call-taker", gone)
    for psap in world.psaps:
        over = psap.real not in ALIVE | {""} and not psap.news
        if over and (psap.here or psap.seen in TALKING):
            left = lambda p, n=psap.n: p.psap_news(n, "completed")  # noqa: E731
            move("line", f"asked after: 911 {psap.n}", left)
        if (
            psap.seen == S.CALLER_GONE
            and psap.real in ALIVE
            and ("brief", psap.n) not in world.todo
        ):
            move("line", f"briefed again: 911 {psap.n}", lambda p, n=psap.n: _brief(p, n))
        if psap.seen == S.NO_ANSWER and psap.real == "up" and not psap.news:
            after_all = lambda p, n=psap.n: p.psap_news(n, "answered")  # noqa: E731
            move("line", f"asked after, given up: 911 {psap.n}", after_all)
    if world.line.real == "up" and not (world.line.here or world.line.news or _is_ended(world)):
        move("line", "asked after: the staffed line is there", lambda p: p.line_news("joined"))
    if world.line.here and world.line.real == "over" and not world.line.news:
        move("line", "asked after: the staffed line", lambda p: p.line_news("left"))
    if _is_ended(world) and "end" not in world.todo and _stays_behind(world):
        move("line", "ended again: the room", lambda p: p.room_ends())


def _is_ended(world):
    return world.phase == "ended"


def _stays_behind(world):
    """Somebody is in the room of a call that has ended, beside the 911 legs that may stay."""
    staying = outlive_room(world.psaps, world.accepted)
    inside = world.caller == "room" or any(person.real for person in world.people)
    inside = inside or world.line.real == "up"
    return inside or any(p.real in ALIVE and p.n not in staying for p in world.psaps)
