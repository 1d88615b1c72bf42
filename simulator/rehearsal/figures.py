"""How fast and how surely callers came to 911, measured in the simulator's journal alone. Pure.

Nothing of the product's own log counts here: what rang, who was in a room with whom, and when. Only the
desk's own screen is the rehearsal's, for no telephone sees it: its red button, and what it showed when.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from simulator.rehearsal.facts import FOREVER, Entry, Story

DIAL_SECONDS = 5.0
ALONE_SECONDS = 6.0  # 2 s alone, then one redirect that a fault may have held up
UNTOLD_SECONDS = 96.0  # a report was lost: the line asks every 30 s about calls silent for 60 s
NEXT_SECONDS = 2.0
FAILED = frozenset({"busy", "failed"})
ENDS = frozenset({"completed", "participant-leave"})
HELD_UP = frozenset({"callback_lose", "callback_delay", "callback_reorder"})
STAGES = ("ringing", "answered", "accepted")
"""What a desk shows of a transfer, the later including the earlier."""


@dataclass(frozen=True, slots=True)
class Span:
    """One telephone of 911 from being dialled until its leg was over; seconds of the call.

    `told` is when its end was first reported: at the end, or as a fault had it.
    """

    dialled: float
    ringing: float
    answered: float
    ended: float
    ended_as: str
    told: float


@dataclass(frozen=True, slots=True)
class Figures:
    """One call. `dial_seconds` from asking for 911 to its telephone being dialled, None without either.

    `next_seconds` are the times from each failure that was told to the next dial; `alone_seconds` the
    longest time in a room with nobody, and nobody being rung into it; `beside` counts 911 legs dialled
    beside a live one. `known_seconds` are the times from 911's ringing or answering to a desk's showing
    it; `report_lost` says whether a report of this call never came.
    """

    dial_seconds: float | None
    next_seconds: tuple[float, ...]
    alone_seconds: float
    beside: int
    known_seconds: tuple[float, ...] = ()
    report_lost: bool = False
    never_dialled: bool = False
    """911 was asked for, and none of its telephones was dialled from then on."""
    by_desk: bool = False
    """Asked for by the red button or a determinant, and by no key."""
    held_up: bool = False
    """A fault held up or refused a request about this call's room or legs until the dial."""
    dial_late: float = 0.0
    """For how much of `dial_seconds` the machine itself served nobody."""
    next_late: tuple[float, ...] = ()
    """The same for each of `next_seconds`."""

    @property
    def dial_net(self) -> float | None:
        """`dial_seconds` without the machine's own lateness."""
        return None if self.dial_seconds is None else self.dial_seconds - self.dial_late

    @property
    def next_net(self) -> tuple[float, ...]:
        """`next_seconds` without the machine's own lateness."""
        lates = self.next_late or (0.0,) * len(self.next_seconds)
        return tuple(took - late for took, late in zip(self.next_seconds, lates, strict=True))

    @property
    def was_alone(self) -> bool:
        """Whether the caller was alone for longer than the line can need to notice."""
        return self.alone_seconds > (UNTOLD_SECONDS if self.report_lost else ALONE_SECONDS)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a desk showed first at a moment (seconds since the epoch), and since when somebody looked."""

    stage: str
    at: float
    looked_since: float


@dataclass(frozen=True, slots=True)
class Seen:
    """What no telephone sees: when a desk pressed the red button (seconds of the call), when it
    answered a protocol's questions (seconds since the epoch), and what it showed."""

    red_at: float | None = None
    answered: tuple[float, ...] = ()
    shown: tuple[Shown, ...] = ()


NOTHING_SEEN = Seen()
Late = Callable[[float, float], float]
"""How long the machine itself was late between two moments (seconds since the epoch)."""
REQUEST_FAULTS = frozenset({"rest_slow", "rest_fail"})


def never_late(_start: float, _end: float) -> float:
    """A machine that always served everybody."""
    return 0.0


def measure(
    entries: Sequence[Entry],
    legs: Mapping[str, Mapping[str, Any]],
    caller_sid: str,
    desks_911: frozenset[str],
    seen: Seen = NOTHING_SEEN,
    late: Late = never_late,
) -> Figures:
    """Measure one call."""
    story = Story(entries, legs, caller_sid)
    spans = _spans_of_911(story, desks_911)
    asked = _asked(story, spans, seen)
    dials = [span.dialled for span in spans if asked is not None and span.dialled >= asked]
    way = (asked, min(dials)) if dials and asked is not None else None
    faults = [(e["data"].get("kind"), e) for e in story.entries if e["kind"] == "fault"]
    followed = _followed(spans)
    return Figures(
        dial_seconds=way[1] - way[0] if way else None,
        next_seconds=tuple(_took(window) for window in followed),
        alone_seconds=_longest_alone(story, spans),
        never_dialled=asked is not None and not dials,
        beside=sum(any(o.dialled < s.dialled < o.ended for o in spans) for s in spans),
        known_seconds=_known_seconds(story, spans, seen.shown),
        report_lost=any(kind == "callback_lose" for kind, _ in faults),
        by_desk=way is not None and not any(_is_nine(entry) for entry in story.own),
        held_up=way is not None and _is_request_held_up(story, entries, way),
        dial_late=_late_in(story, way, late) if way else 0.0,
        next_late=tuple(_late_in(story, window, late) for window in followed),
    )


Window = tuple[float, float]
"""From when until when, in seconds of the call."""


def _took(window: Window) -> float:
    return max(0.0, window[1] - window[0])


def _late_in(story: Story, window: Window, late: Late) -> float:
    """The machine's lateness in it, and no more than the whole of it."""
    return min(_took(window), late(story.began + window[0], story.began + window[1]))


def _is_request_held_up(story: Story, entries: Sequence[Entry], way: Window) -> bool:
    """A fault of a request stands in the journal with its path alone, and that names a room or a leg."""
    ours = {*story.rooms, *story.names, story.caller_sid}
    return any(
        entry["kind"] == "fault"
        and entry["data"].get("kind") in REQUEST_FAULTS
        and way[0] <= _at(story, entry) <= way[1]
        and any(name in str(entry["data"].get("path")) for name in ours)
        for entry in entries
    )


def _asked(story: Story, spans: Sequence[Span], seen: Seen) -> float | None:
    """When 911 was asked for: the key 9, the red button, or the answer that a determinant follows from.

    The answer before the first dial, where neither was pressed: it was the one that decided.
    """
    pressed = [_at(story, e) for e in story.own if _is_nine(e)]
    pressed += [] if seen.red_at is None else [seen.red_at]
    if pressed or not spans:
        return min(pressed, default=None)
    answers = [at - story.began for at in seen.answered]
    return max((at for at in answers if at <= spans[0].dialled), default=None)


def _is_nine(entry: Entry) -> bool:
    return entry["kind"] == "pressed" and str(entry["data"].get("digits", "")).startswith("9")


def _at(story: Story, entry: Entry) -> float:
    moment = datetime.fromisoformat(str(entry["at"]).replace("Z", "+00:00"))
    return moment.timestamp() - story.began


def _spans_of_911(story: Story, desks_911: frozenset[str]) -> list[Span]:
    sids = {str(e["call_sid"]) for e in story.others if story.names[e["call_sid"]] in desks_911}
    own = [[e for e in story.others if e["call_sid"] == sid] for sid in sids]
    spans = [span for entries in own if (span := _span(story, entries)) is not None]
    return sorted(spans, key=lambda span: span.dialled)


def _span(story: Story, entries: Sequence[Entry]) -> Span | None:
    """One leg from its own entries; None for one that was never dialled."""
    first: dict[str, float] = {}
    for entry in entries:
        first.setdefault(str(entry["kind"]), _at(story, entry))
    if "dialled" not in first:
        return None
    words = [str(e["data"].get("status", "")) for e in entries if e["kind"] == "ended"]
    return Span(
        dialled=first["dialled"],
        ringing=first.get("ringing", FOREVER),
        answered=first.get("answered", FOREVER),
        ended=first.get("ended", FOREVER),
        ended_as=words[0] if words else "",
        told=_told(story, entries, first.get("ended", FOREVER)),
    )


def _told(story: Story, entries: Sequence[Entry], ended: float) -> float:
    """When the end of a leg was reported: as it came, unless a fault held every report of it up."""
    reports = [e for e in entries if e["data"].get("event") in ENDS]
    if not any(e["kind"] == "fault" and e["data"].get("kind") in HELD_UP for e in reports):
        return ended
    came = [_at(story, e) for e in reports if e["kind"] == "callback"]
    return max(ended, min(came, default=FOREVER))


def _followed(spans: Sequence[Span]) -> list[Window]:
    """From each busy or failed telephone, once it was told, to the next one; the last one has none."""
    found = []
    for span in spans:
        later = [other.dialled for other in spans if other.dialled > span.ended - 0.001]
        if span.ended_as in FAILED and span.told != FOREVER and later:
            found.append((span.told, min(later)))
    return found


def _known_seconds(
    story: Story, spans: Sequence[Span], shown: Sequence[Shown]
) -> tuple[float, ...]:
    """From the first telephone's ringing and answering to the desk's showing it, where somebody looked."""
    if not spans or any(_is_held_up(entry) for entry in story.others):
        return ()
    changes = ((0, spans[0].ringing), (1, min(span.answered for span in spans)))
    found = []
    for rank, at in changes:
        then = [one for one in shown if one.stage in STAGES[rank:]]
        if then and at != FOREVER and then[0].looked_since - story.began < at:
            found.append(max(0.0, then[0].at - story.began - at))
    return tuple(found)


def _is_held_up(entry: Entry) -> bool:
    return entry["kind"] == "fault" and entry["data"].get("kind") in HELD_UP


def _longest_alone(story: Story, spans: Sequence[Span]) -> float:
    """The longest time that the caller was in a room with nobody there and nobody being rung."""
    stays = story.stays()
    own = [stay for stay in stays if stay.call_sid == story.caller_sid and stay.left != FOREVER]
    company = [(s.came, s.left, s.room) for s in stays if s.call_sid != story.caller_sid]
    called = [(span.dialled, min(span.answered, span.ended)) for span in spans]
    longest = 0.0
    for stay in own:
        busy = [(came, left) for came, left, room in company if room == stay.room] + called
        longest = max(longest, _longest_gap(stay.came, stay.left, busy))
    return longest


def _longest_gap(start: float, end: float, busy: Sequence[tuple[float, float]]) -> float:
    """The longest part of start..end that none of the spans covers."""
    longest, reached = 0.0, start
    for came, left in sorted(busy):
        longest = max(longest, min(came, end) - reached)
        reached = max(reached, left)
    return max(longest, end - reached)


def findings_of(figures: Figures) -> list[str]:
    """Which of the promises about 911 this call broke, as sentences.

    A time that is too long by the machine's own lateness is no broken promise; the run's figures tell it.
    """
    found = []
    if figures.dial_net is not None and figures.dial_net > DIAL_SECONDS:
        found.append(f"911 was dialled after {figures.dial_seconds:.1f} s")
    if figures.was_alone:
        found.append(f"the caller was alone for {figures.alone_seconds:.1f} s")
    if figures.beside:
        found.append(f"911 was dialled {figures.beside} times beside a live leg")
    slowest = max(figures.next_net, default=0.0)
    if slowest > NEXT_SECONDS:
        found.append(f"the next destination was dialled after {slowest:.1f} s")
    return found
