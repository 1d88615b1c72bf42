"""How fast and how surely callers came to 911, measured in the simulator's journal alone. Pure.

Nothing of the product's own log counts here: what rang, who was in a room with whom, and when. Only the
moment of the desk's red button is the rehearsal's own, for no telephone hears it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from simulator.rehearsal.facts import FOREVER, Entry, Story

DIAL_SECONDS = 5.0
ALONE_SECONDS = 6.0  # 2 s alone, then one redirect that a fault may have held up
NEXT_SECONDS = 2.0
FAILED = frozenset({"busy", "failed"})


@dataclass(frozen=True, slots=True)
class Span:
    """One telephone of 911 from being dialled until its leg was over; seconds of the call."""

    dialled: float
    answered: float
    ended: float
    ended_as: str


@dataclass(frozen=True, slots=True)
class Figures:
    """One call. `dial_seconds` from asking for 911 to its telephone being dialled, None without either.

    `next_seconds` are the times from each failure that was told to the next dial; `alone_seconds` the
    longest time in a room with nobody, and nobody being rung into it; `beside` counts 911 legs dialled
    beside a live one.
    """

    dial_seconds: float | None
    next_seconds: tuple[float, ...]
    alone_seconds: float
    beside: int


def measure(
    entries: Sequence[Entry],
    legs: Mapping[str, Mapping[str, Any]],
    caller_sid: str,
    desks_911: frozenset[str],
    asked_at: float | None = None,
) -> Figures:
    """Measure one call; `asked_at` is when a desk pressed the red button, in seconds of the call."""
    story = Story(entries, legs, caller_sid)
    spans = _spans_of_911(story, desks_911)
    keys = [_at(story, e) for e in story.own if _is_nine(e)]
    asked = min([*keys, *([asked_at] if asked_at is not None else [])], default=None)
    dials = [span.dialled for span in spans if asked is not None and span.dialled >= asked]
    return Figures(
        dial_seconds=min(dials) - asked if dials and asked is not None else None,
        next_seconds=_next_seconds(spans),
        alone_seconds=_longest_alone(story, spans),
        beside=sum(any(o.dialled < s.dialled < o.ended for o in spans) for s in spans),
    )


def _is_nine(entry: Entry) -> bool:
    return entry["kind"] == "pressed" and str(entry["data"].get("digits", "")).startswith("9")


def _at(story: Story, entry: Entry) -> float:
    moment = datetime.fromisoformat(str(entry["at"]).replace("Z", "+00:00"))
    return moment.timestamp() - story.began


def _spans_of_911(story: Story, desks_911: frozenset[str]) -> list[Span]:
    found: dict[str, dict[str, Any]] = {}
    for entry in story.others:
        sid = str(entry["call_sid"])
        if story.names[sid] in desks_911 and entry["kind"] in {"dialled", "answered", "ended"}:
            known = found.setdefault(sid, {})
            known.setdefault(str(entry["kind"]), _at(story, entry))
            if entry["kind"] == "ended":
                known["as"] = str(entry["data"].get("status", ""))
    spans = [
        Span(
            dialled=known["dialled"],
            answered=known.get("answered", FOREVER),
            ended=known.get("ended", FOREVER),
            ended_as=known.get("as", ""),
        )
        for known in found.values()
        if "dialled" in known
    ]
    return sorted(spans, key=lambda span: span.dialled)


def _next_seconds(spans: Sequence[Span]) -> tuple[float, ...]:
    """From each telephone that was busy or failed to the next one; the last one has none."""
    found = []
    for span in spans:
        later = [other.dialled for other in spans if other.dialled > span.ended - 0.001]
        if span.ended_as in FAILED and later:
            found.append(min(later) - span.ended)
    return tuple(found)


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
    """Which of the promises about 911 this call broke, as sentences."""
    found = []
    if figures.dial_seconds is not None and figures.dial_seconds > DIAL_SECONDS:
        found.append(f"911 was dialled after {figures.dial_seconds:.1f} s")
    if figures.alone_seconds > ALONE_SECONDS:
        found.append(f"the caller was alone for {figures.alone_seconds:.1f} s")
    if figures.beside:
        found.append(f"911 was dialled {figures.beside} times beside a live leg")
    late = max(figures.next_seconds, default=0.0)
    if late > NEXT_SECONDS:
        found.append(f"the next destination was dialled after {late:.1f} s")
    return found


def summary(rows: Sequence[tuple[Figures, bool]]) -> str:
    """The figures of a whole run; each row with whether its caller was lost."""
    dials = sorted(f.dial_seconds for f, _ in rows if f.dial_seconds is not None)
    nexts = sorted(seconds for f, _ in rows for seconds in f.next_seconds)
    return "\n".join(
        [
            f"{len(rows)} calls, {sum(lost for _, lost in rows)} lost",
            f"asked to dial    {_quantiles(dials)}",
            f"next destination {_quantiles(nexts)}",
            f"alone over {ALONE_SECONDS:g} s: {sum(f.alone_seconds > ALONE_SECONDS for f, _ in rows)}"
            f", dialled twice: {sum(f.beside for f, _ in rows)}",
        ]
    )


def _quantiles(seconds: Sequence[float]) -> str:
    if not seconds:
        return "n 0"
    at = [seconds[min(len(seconds) - 1, int(len(seconds) * part))] for part in (0.5, 0.99)]
    return f"n {len(seconds)}, p50 {at[0]:.3f} s, p99 {at[1]:.3f} s, longest {seconds[-1]:.3f} s"
