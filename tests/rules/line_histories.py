"""Random histories of a waiting line, and what no history may do; the line itself is handed in.

The same moves are played on a line of plain values (`PaperLine`: the rules alone) and on one of rows
(tests/line: the deeds), so that both keep the same promises.
"""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from ivr.rules.skills import GroupKind, SkillGroup, from_text, overflow_of
from ivr.rules.waiting import ABOVE_ALL, CallTaker, Waiting, choose, in_order
from models.states import Language, PresenceState, PriorityClass

NOON = datetime(2026, 3, 2, 19, 0, tzinfo=UTC)
OFFER_SECONDS = 15.0
GROUPS = {
    "general": SkillGroup("general", GroupKind.TOPIC, {}, 120),
    "water": SkillGroup("water", GroupKind.TOPIC, {}, 60, "general"),
}
LAST_STEP_SECONDS = 180.0
"""By then every caller of these groups is everybody's."""
SHIFT = [("all", "en,es"), ("general", "en"), ("water", "es"), ("water", "en,es")]
ALL_ROUND = "t0"
"""Takes every call in every language."""


class At(StrEnum):
    """Where a caller is."""

    WAITING = "waiting"
    RESERVED = "reserved"
    TALKING = "talking"
    GONE = "gone"


@dataclass(frozen=True)
class Offered:
    """One caller offered to one call-taker; `ends_at` None stays open."""

    offer_id: str
    caller: str
    taker: str
    ends_at: datetime | None


@dataclass
class PaperLine:
    """The line as plain values: what the rules choose, kept as the deeds keep it."""

    callers: dict[str, Waiting] = field(default_factory=dict)
    at: dict[str, At] = field(default_factory=dict)
    held_by: dict[str, str] = field(default_factory=dict)
    offers: list[Offered] = field(default_factory=list)
    takers: dict[str, CallTaker] = field(default_factory=dict)
    count: int = 0

    def add_taker(self, name, skills, languages):
        spoken = frozenset(Language(word) for word in languages.split(","))
        self.takers[name] = CallTaker(
            name, PresenceState.AVAILABLE, spoken, NOON, skills=from_text(skills)
        )

    def join(self, name, priority, language, skill, now):
        overflow = overflow_of(GROUPS, skill)
        self.callers[name] = Waiting(name, priority, language, now, skill=skill, overflow=overflow)
        self.at[name] = At.WAITING

    def waiting(self):
        """Those who wait, with who was asked."""
        return [self._asked(name) for name in self.callers if self.at[name] is At.WAITING]

    def shift(self):
        """The call-takers, with who is engaged."""
        ordinary = {each.taker for each in self.offers if each.ends_at is not None}
        coming = {self.held_by[name] for name, at in self.at.items() if at is At.RESERVED}
        engaged = ordinary | coming
        return [replace(one, engaged=one.staff_id in engaged) for one in self.takers.values()]

    def _asked(self, name):
        offered = frozenset(each.taker for each in self.offers if each.caller == name)
        return replace(self.callers[name], offered_to=offered)

    def open_offers(self):
        return list(self.offers)

    def offer(self, now):
        made = []
        for match in choose(self.waiting(), self.shift(), now):
            self.count += 1
            urgent = self.callers[match.entry_id].priority in ABOVE_ALL
            ends_at = None if urgent else now + timedelta(seconds=OFFER_SECONDS)
            made.append(Offered(f"o{self.count}", match.entry_id, match.staff_id, ends_at))
        self.offers += made
        return made

    def accept(self, offer, now):
        busy = offer.taker in self.held_by.values()
        if offer not in self.offers or self.at[offer.caller] is not At.WAITING or busy:
            return False
        self.at[offer.caller], self.held_by[offer.caller] = At.RESERVED, offer.taker
        self._withdraw(offer.caller)
        return True

    def close(self, offer, now):
        """Declined, or run out."""
        if offer in self.offers:
            self.offers.remove(offer)
            caller = self.callers[offer.caller]
            passed = caller.passed_over | {offer.taker}
            self.callers[offer.caller] = replace(caller, passed_over=passed)

    def arrive(self, name, now):
        self.at[name] = At.TALKING
        self._be(self.held_by[name], PresenceState.ON_CALL, now)

    def not_come(self, name, now):
        del self.held_by[name]
        self.at[name] = At.WAITING

    def finish(self, name, now):
        self._be(self.held_by.pop(name), PresenceState.AVAILABLE, now)
        self.at[name] = At.GONE

    def lose_taker(self, name, now):
        taker = self.held_by.pop(name)
        self._be(taker, PresenceState.WRAP_UP, now)
        caller = self.callers[name]
        ranks = list(PriorityClass)
        priority = min(PriorityClass.RETURNING, caller.priority, key=ranks.index)
        until = now + timedelta(seconds=10)
        self.callers[name] = replace(
            caller, priority=priority, first_for=taker, first_for_until=until
        )
        self.at[name] = At.WAITING

    def hang_up(self, name, now):
        taker = self.held_by.pop(name, None)
        if taker is not None and self.at[name] is At.TALKING:
            self._be(taker, PresenceState.WRAP_UP, now)
        self.at[name] = At.GONE
        self._withdraw(name)

    def be(self, name, state, now):
        self._be(name, state, now)

    def _be(self, name, state, now):
        self.takers[name] = replace(self.takers[name], state=state, idle_since=now)

    def _withdraw(self, name):
        self.offers = [each for each in self.offers if each.caller != name]


class LineHistory(RuleBasedStateMachine):
    """Callers come and go, call-takers come and go, and everything may be done twice or too late."""

    made = PaperLine

    def __init__(self):
        super().__init__()
        self.line, self.now, self.joined = self.made(), NOON, 0
        self.closed: list[Offered] = []
        self.served: Counter[str] = Counter()

    @initialize()
    def a_shift_begins(self):
        for n, row in enumerate(SHIFT):
            self.line.add_taker(f"t{n}", *row)

    def _nth(self, found, n):
        return found[n % len(found)] if found else None

    def _who(self, at, n):
        return self._nth(sorted(name for name, one in self.line.at.items() if one is at), n)

    @rule(
        callers=st.lists(
            st.tuples(
                st.sampled_from([*PriorityClass, *[PriorityClass.ORDINARY] * 6]),
                st.sampled_from(Language),
                st.sampled_from(sorted(GROUPS)),
            ),
            min_size=1,
            max_size=4,
        )
    )
    def callers_join(self, callers):
        for asked in callers:
            self.joined += 1
            self.line.join(f"c{self.joined}", *asked, self.now)
        self._offer()

    @precondition(lambda self: self.line.open_offers())
    @rule(n=st.integers(0, 20), twice=st.booleans())
    def an_offer_is_accepted(self, n, twice):
        offer = self._nth(self.line.open_offers(), n)
        taken = self.line.accept(offer, self.now)
        self.closed.append(offer)
        if twice and taken:
            self.line.accept(offer, self.now)
            assert self.line.held_by[offer.caller] == offer.taker
        self._offer()

    @precondition(lambda self: self.line.open_offers())
    @rule(n=st.integers(0, 20))
    def everybody_asked_accepts_at_once(self, n):
        offer = self._nth(self.line.open_offers(), n)
        asked = [each for each in self.line.open_offers() if each.caller == offer.caller]
        free = [each for each in asked if each.taker not in self.line.held_by.values()]
        won = sum(self.line.accept(each, self.now) for each in asked)
        self.closed += asked
        assert won == bool(free)
        self._offer()

    @precondition(lambda self: self.closed)
    @rule(n=st.integers(0, 20))
    def an_offer_of_before_is_accepted_too_late(self, n):
        offer = self._nth(self.closed, n)
        if offer in self.line.open_offers():
            return
        holds = self.line.held_by.get(offer.caller) == offer.taker
        before = dict(self.line.held_by)
        assert self.line.accept(offer, self.now) is False or holds
        assert self.line.held_by == before

    @precondition(lambda self: self.line.open_offers())
    @rule(n=st.integers(0, 20), again=st.booleans())
    def an_offer_is_declined(self, n, again):
        offer = self._nth(self.line.open_offers(), n)
        for _ in range(1 + again):
            self.line.close(offer, self.now)
        self.closed.append(offer)
        self._offer()

    @precondition(lambda self: self._who(At.WAITING, 0))
    @rule(
        n=st.integers(0, 20),
        at=st.sampled_from([At.WAITING, At.RESERVED, At.TALKING]),
        again=st.booleans(),
    )
    def a_caller_hangs_up(self, n, at, again):
        name = self._who(at, n)
        for _ in range(1 + again if name else 0):
            self.line.hang_up(name, self.now)
        self._offer()

    @precondition(lambda self: self._who(At.RESERVED, 0))
    @rule(n=st.integers(0, 20), comes=st.booleans())
    def who_accepted_comes_or_does_not(self, n, comes):
        name = self._who(At.RESERVED, n)
        (self.line.arrive if comes else self.line.not_come)(name, self.now)
        self._offer()

    @precondition(lambda self: self._who(At.TALKING, 0))
    @rule(n=st.integers(0, 20), lost=st.booleans())
    def a_talk_ends_or_its_desk_is_lost(self, n, lost):
        name = self._who(At.TALKING, n)
        self.served[name] += not lost
        (self.line.lose_taker if lost else self.line.finish)(name, self.now)
        self._offer()

    @rule(
        n=st.integers(0, len(SHIFT) - 1),
        state=st.sampled_from(
            [PresenceState.AVAILABLE, PresenceState.BREAK, PresenceState.OFFLINE]
        ),
    )
    def a_desk_changes(self, n, state):
        if f"t{n}" not in self.line.held_by.values():
            self.line.be(f"t{n}", state, self.now)
        self._offer()

    @rule(seconds=st.integers(1, 200))
    def time_passes(self, seconds):
        self.now += timedelta(seconds=seconds)
        for offer in self.line.open_offers():
            if offer.ends_at is not None and offer.ends_at <= self.now:
                self.line.close(offer, self.now)
                self.closed.append(offer)
        self._offer()

    def _offer(self):
        """What every change comes to: offers, in order, with nobody left idle, and none made twice."""
        before, shift = self.line.waiting(), self.line.shift()
        made = self.line.offer(self.now)
        self._keeps_the_order(before, made)
        self._leaves_nobody_idle(shift, made)
        self._is_open_in_time()
        assert self.line.offer(self.now) == []

    def _is_open_in_time(self):
        """Past the last step of their overflow nobody waits while anybody free may be asked."""
        free = [who for who in self.line.shift() if _is_free(who)]
        on_shift = [who for who in self.line.shift() if who.state is not PresenceState.OFFLINE]
        for caller in self.line.waiting():
            waited = (self.now - caller.waiting_since).total_seconds()
            if caller.offered_to or waited < LAST_STEP_SECONDS:
                continue
            speaking = [who for who in on_shift if caller.language in who.languages] or on_shift
            assert not [who for who in free if who in speaking]

    def _keeps_the_order(self, before, made):
        """Nobody is offered before somebody more urgent with the same needs who is left without."""
        offered = {each.caller for each in made}
        left: list[Waiting] = []
        for caller in in_order(before, self.now):
            if caller.entry_id not in offered and not caller.offered_to:
                left.append(caller)
            if caller.entry_id not in offered or caller.priority in ABOVE_ALL:
                continue
            kept = caller.first_for_until is not None and self.now < caller.first_for_until
            alike = [one for one in left if _needs(one) == _needs(caller)]
            assert kept or not [one for one in alike if one.passed_over == caller.passed_over]

    def _leaves_nobody_idle(self, shift, made):
        """Somebody free for every call stays free only when nobody is left without an offer."""
        (one,) = [who for who in shift if who.staff_id == ALL_ROUND]
        if not _is_free(one):
            return
        if any(each.taker == ALL_ROUND and each.ends_at is not None for each in made):
            return
        assert all(caller.offered_to for caller in self.line.waiting())

    @invariant()
    def nobody_is_lost_and_nobody_is_twice(self):
        assert len(self.line.at) == self.joined
        holding = Counter(self.line.held_by.values())
        assert all(times == 1 for times in holding.values())
        held = {name for name, at in self.line.at.items() if at in (At.RESERVED, At.TALKING)}
        assert held == set(self.line.held_by)
        assert all(times <= 1 for times in self.served.values())

    @invariant()
    def only_who_waits_is_offered_and_ordinary_callers_to_one(self):
        open_now = self.line.open_offers()
        assert all(self.line.at[each.caller] is At.WAITING for each in open_now)
        ordinary = [each for each in open_now if each.ends_at is not None]
        assert len({each.caller for each in ordinary}) == len(ordinary)
        assert len({each.taker for each in ordinary}) == len(ordinary)
        assert len({(each.caller, each.taker) for each in open_now}) == len(open_now)

    def teardown(self):
        """However the history went: a shift that works serves everybody who is left, and in time."""
        for n, taker in enumerate(sorted(self.line.takers)):
            if taker not in self.line.held_by.values():
                self.line.be(taker, PresenceState.AVAILABLE, self.now)
            assert n < len(SHIFT)
        for _ in range(4 * (self.joined + 4)):
            if not self._serve_a_round():
                break
        assert set(self.line.at.values()) <= {At.GONE}
        assert self.line.open_offers() == []

    def _serve_a_round(self):
        """Every offer is taken, every call ends; says whether anybody was left."""
        self.now += timedelta(seconds=30)
        self.line.offer(self.now)
        for offer in self.line.open_offers():
            self.line.accept(offer, self.now)
        for name, at in sorted(self.line.at.items()):
            if at is At.RESERVED:
                self.line.arrive(name, self.now)
        for name, at in sorted(self.line.at.items()):
            if at is At.TALKING:
                self.line.finish(name, self.now)
        for taker in self.line.takers:
            self.line.be(taker, PresenceState.AVAILABLE, self.now)
        return any(at is not At.GONE for at in self.line.at.values())


def _is_free(who):
    return who.state is PresenceState.AVAILABLE and not who.engaged


def _needs(caller):
    return caller.language, caller.skill
