"""Draws a story as lanes over time: where each bar and mark stands, in the units of the picture.

Pure geometry; the page writes the SVG. The table beside it says the same in words.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from calltaker.handoff.story import Lane, Story

WIDTH, LABEL, HEIGHT = 960.0, 110.0, 56.0
TOP, BAR, GAP = 28.0, 16.0, 4.0
LEAST_WIDTH, RIGHT, DOT = 3.0, 30.0, 18.0
TICKS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200)
MOST_TICKS = 10


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, with the words that a pointer or a screen reader gets."""

    x: float
    y: float
    width: float
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Dot:
    """One mark; `n` is its number in the table."""

    x: float
    y: float
    n: int
    words: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of time."""

    x: float
    words: str


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything to draw."""

    height: float
    lanes: tuple[tuple[str, float], ...]
    bars: tuple[Bar, ...]
    dots: tuple[Dot, ...]
    ticks: tuple[Tick, ...]


def draw(story: Story, now: datetime) -> Picture:
    """Lay a story out; what is still going on reaches to `now`, or to the last that happened."""
    begins = story.begun_at
    open_ = any(span.ends is None for span in story.spans)
    ends = max(story.until, min(now, story.until + timedelta(minutes=10)) if open_ else story.until)
    seconds = max(1.0, (ends - begins).total_seconds())
    shown = [lane for lane in Lane if _is_shown(lane, story)]
    top = {lane: TOP + place * HEIGHT for place, lane in enumerate(shown)}

    def x(moment: datetime) -> float:
        part = (moment - begins).total_seconds() / seconds
        return round(LABEL + min(1.0, max(0.0, part)) * (WIDTH - LABEL - RIGHT), 1)

    bars = tuple(
        Bar(
            x=x(span.begins),
            y=top[span.lane] + GAP,
            width=max(LEAST_WIDTH, round(x(span.ends or ends) - x(span.begins), 1)),
            kind="waiting" if "ringing" in span.what or "line" in span.what else "there",
            words=f"{span.lane.value}: {span.what}, {said(span.begins, begins)} to "
            + (said(span.ends, begins) if span.ends else "now"),
        )
        for span in story.spans
    )
    dots = _apart(
        Dot(x(mark.at), top[mark.lane] + HEIGHT - 16, n, f"{said(mark.at, begins)} {mark.what}")
        for n, mark in enumerate(story.marks, start=1)
    )
    height = TOP + len(shown) * HEIGHT + 8
    labels = tuple((lane.value, top[lane] + GAP + BAR - 3) for lane in shown)
    ticks = tuple(Tick(x(at), said(at, begins)) for at in _ticks(begins, seconds))
    return Picture(height, labels, bars, dots, ticks)


def _apart(dots: Iterable[Dot]) -> tuple[Dot, ...]:
    """Dots of one lane side by side where they would hide each other; the last ones move left."""
    rows: dict[float, list[Dot]] = {}
    for dot in dots:
        row = rows.setdefault(dot.y, [])
        least = row[-1].x + DOT if row else dot.x
        row.append(replace(dot, x=max(dot.x, least)))
    for row in rows.values():
        most = WIDTH - DOT / 2
        for place in range(len(row) - 1, -1, -1):
            row[place] = replace(row[place], x=round(min(row[place].x, most), 1))
            most = row[place].x - DOT
    return tuple(sorted((dot for row in rows.values() for dot in row), key=lambda dot: dot.n))


def said(moment: datetime, begins: datetime) -> str:
    """Time since the beginning, `+1:05`."""
    seconds = int((moment - begins).total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("+", seconds)
    return f"{sign}{seconds // 60}:{seconds % 60:02}"


def _is_shown(lane: Lane, story: Story) -> bool:
    drawn = {*(span.lane for span in story.spans), *(mark.lane for mark in story.marks)}
    return lane not in (Lane.CRISIS, Lane.OTHERS) or lane in drawn


def _ticks(begins: datetime, seconds: float) -> Iterator[datetime]:
    step = next((each for each in TICKS if seconds / each <= MOST_TICKS), TICKS[-1])
    for n in range(int(seconds // step) + 1):
        yield begins + timedelta(seconds=n * step)
