"""Lint of what a menu takes for granted in its city: lines, switches, numbers, intents, sounds.

L21 where it speaks of targets and closed hours, V02 for numbers, L15 for sounds. The calendar is
read at its turning points for the next 400 days, not minute by minute: between two neighbours
nothing changes.
"""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from ivr.rules.hours import MAIN, Hours, is_open, next_open, spans_of
from ivr.rules.menu_city_facts import HUMAN_LINE, CityFacts
from ivr.rules.menu_findings import Finding, Purpose, Severity
from ivr.rules.menu_lint_texts import Said
from ivr.rules.menu_nodes import BranchNode, Graph, LineNode, TransferNode

AHEAD_DAYS = 400


def lint(
    texts: list[Said], graph: Graph, city: CityFacts, now: datetime, purpose: Purpose
) -> Iterator[Finding]:
    """Find everything that the city does not have, or not at every moment."""
    calendar = Calendar(city.hours, now)
    for node_id, node in graph.nodes.items():
        if isinstance(node, BranchNode):
            yield from _branch(node_id, node, city)
        if isinstance(node, TransferNode):
            yield from _transfer(node_id, node, city, calendar, purpose)
        if isinstance(node, LineNode) and city.skills is not None:
            yield from _skill(node_id, node, city.skills)
    yield from _lines(graph, calendar)
    yield from _recordings(texts, city)


def _error(where: str, what: str, mend: str, code: str = "L21") -> Finding:
    return Finding(code, Severity.ERROR, where, None, what, mend)


class Calendar:
    """When the lines of a city open and close in the next 400 days."""

    def __init__(self, hours: Hours, now: datetime) -> None:
        self._hours = hours
        self._now = now
        self._closed: dict[str, tuple[datetime, ...]] = {}

    def knows(self, line: str) -> bool:
        """Whether the city has hours for a line."""
        return line in self._hours.lines

    def turns(self, line: str) -> Iterator[datetime]:
        """Now, every midnight, and every opening and closing of a line."""
        yield self._now
        asked, zone = self._hours.line(line), self._hours.zone
        if asked.always_open:
            return
        today = self._now.astimezone(zone).date()
        for ahead in range(AHEAD_DAYS + 1):
            day = today + timedelta(days=ahead)
            midnight = datetime.combine(day, time(), zone)
            yield midnight
            for opens, closes in spans_of(self._hours, asked, day):
                yield from (midnight + opens, midnight + closes)

    def closed(self, line: str) -> tuple[datetime, ...]:
        """The turning points from now on at which a line is closed."""
        if line not in self._closed:
            self._closed[line] = tuple(
                moment
                for moment in self.turns(line)
                if moment >= self._now and not is_open(self._hours, moment, line)
            )
        return self._closed[line]

    def opens(self, line: str) -> bool:
        """Whether a line is ever open."""
        return is_open(self._hours, self._now, line) or (
            next_open(self._hours, line, self._now) is not None
        )


def _branch(node_id: str, node: BranchNode, city: CityFacts) -> Iterator[Finding]:
    """Every branch asks for something that exists."""
    if node.by == "hours" and node.line not in city.hours.lines:
        what = f"asks for the hours of the line {node.line!r}, which has none"
        yield _error(node_id, what, "use a line of the hours, or give this one hours")
    if node.by == "switch" and city.switches is not None and node.switch not in city.switches:
        what = f"asks for the switch {node.switch!r}, which nobody can set"
        yield _error(node_id, what, "use a switch that exists, or make this one")
    known = {"intent": city.intents, "jurisdiction": city.jurisdictions}.get(node.by)
    if known is not None:
        for case in node.cases:
            if case and case not in known:
                what = f"has a case for the {node.by} {case!r}, which does not exist"
                yield _error(node_id, what, "take the case out, or correct its name")


def _skill(node_id: str, node: LineNode, skills: frozenset[str]) -> Iterator[Finding]:
    if node.skill not in skills:
        what = f"asks for the skill {node.skill!r}, which nobody has"
        yield _error(node_id, what, "use a skill of the desk")


# The directory.


def _transfer(
    node_id: str, node: TransferNode, city: CityFacts, calendar: Calendar, purpose: Purpose
) -> Iterator[Finding]:
    """A transfer's target exists and is open, or has somebody to fall back on, at every moment."""
    if city.directory is None:
        return
    chain, broken = _chain(node.to, city)
    if broken:
        yield _error(node_id, broken, "correct the entry in the directory")
        return
    gap = _gap(chain, city, calendar)
    if gap is not None:
        when = gap.astimezone(city.hours.zone)
        what = f"{node.to} and all that it falls back on are closed, first on {when:%a %d %b %H:%M}"
        yield _error(node_id, what, "give the last entry the human line as its fall-back")
    for key in chain:
        entry = city.directory.get(key)
        if entry is not None and entry.verified_on is None:
            what = f"the number of {key} was never verified"
            mend = "ring it by agreement, and enter `verified_on` in the directory"
            yield Finding("V02", purpose.unverified, node_id, None, what, mend)


def _chain(key: str, city: CityFacts) -> tuple[list[str], str]:
    """The entries that are rung one after another, and what is wrong with them."""
    chain: list[str] = []
    directory = city.directory or {}
    while key and key != HUMAN_LINE:
        if key in chain:
            return chain, f"{' and '.join(chain)} fall back on one another"
        if key not in directory:
            return chain, f"transfers to {key!r}, which is not in the directory"
        chain.append(key)
        line = directory[key].line
        if line and line not in city.hours.lines:
            return chain, f"{key} keeps the hours of the line {line!r}, which has none"
        key = directory[key].fall_back
    return [*chain, key], ""


def _gap(chain: list[str], city: CityFacts, calendar: Calendar) -> datetime | None:
    """The first moment at which nobody of a chain is there; None when somebody always is."""
    directory = city.directory or {}
    lines = [directory[key].line for key in chain if key in directory]
    if HUMAN_LINE in chain or not all(lines):
        return None
    moments = sorted({moment for line in lines for moment in calendar.closed(line)})
    shut = (m for m in moments if not any(is_open(city.hours, m, line) for line in lines))
    return next(shut, None)


# Hours.


def _lines(graph: Graph, calendar: Calendar) -> Iterator[Finding]:
    """Closed hours are told: a line that closes is never joined by a menu without hours."""
    by_hours = {
        node.line
        for node in graph.nodes.values()
        if isinstance(node, BranchNode) and node.by == "hours"
    }
    joins = [node_id for node_id, node in graph.nodes.items() if isinstance(node, LineNode)]
    closed = calendar.closed(MAIN)
    if joins and closed and not by_hours:
        what = f"the line closes (next on {closed[0]:%a %d %b at %H:%M}) and the menu never asks"
        mend = "branch by hours before the line, and offer a message or a call-back when closed"
        yield _error(joins[0], what, mend)
    for line in sorted(by_hours):
        if calendar.knows(line) and not calendar.opens(line):
            what = f"the line {line!r} does not open in the next {AHEAD_DAYS} days"
            yield _error("", what, "give it hours, or take the branch out")


def _recordings(texts: list[Said], city: CityFacts) -> Iterator[Finding]:
    """A recording that is not there is spoken from its transcript, and nobody meant that."""
    if city.recordings is None:
        return
    for text in texts:
        recording = text.words.recording
        if recording and recording not in city.recordings:
            yield Finding(
                "L15",
                Severity.ERROR,
                text.node,
                text.language.value,
                f"{text.part}: its recording {recording[:12]} does not exist",
                "upload it again, or take it out",
            )
