"""The gate: nothing that a city saves may strand a caller.

One function for the editor, the command line and publishing alike. It compiles the document, lints
what it says (`menu_lint*`), explores what it does (`menu_proof*`), and returns everything at once.
Knows no file, no database and no door. `docs/menu-gate.md` says what each finding means.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from ivr.errors import MenuError
from ivr.rules import (
    menu_lint_facts,
    menu_lint_keys,
    menu_lint_lengths,
    menu_lint_promises,
    menu_lint_words,
)
from ivr.rules.menu import compile_graph
from ivr.rules.menu_city_facts import CityFacts, Outside
from ivr.rules.menu_findings import (
    Examination,
    Finding,
    Length,
    LongestPath,
    Purpose,
    Severity,
)
from ivr.rules.menu_lint_announcement import examine_announcement
from ivr.rules.menu_lint_texts import said
from ivr.rules.menu_nodes import Graph
from ivr.rules.menu_proof import Explored, Explorer, replay
from ivr.rules.menu_proof_checks import judge
from ivr.rules.menu_proof_greeting import first_words
from ivr.rules.menu_proof_outs import Times, dead_ends, unreached

__all__ = [
    "CityFacts",
    "Examination",
    "Finding",
    "Length",
    "LongestPath",
    "Outside",
    "Purpose",
    "Severity",
    "examine",
    "examine_announcement",
]


def examine(
    document: object,
    city: CityFacts,
    now: datetime,
    purpose: Purpose,
    progress: Callable[[float], None] | None = None,
) -> Examination:
    """Examine a menu document of any shape.

    Args:
        document: Parsed YAML or JSON; nothing in it is trusted.
        city: What the menu may take for granted.
        now: Aware; hours are read for the 400 days from here.
        purpose: What nobody verified warns in a demonstration and blocks a live line.
        progress: Told of the share that is done, 0..1, while it takes long.

    Returns:
        Errors first, each in the order in which callers meet them. Never raises.
    """
    try:
        graph = compile_graph(document)
    except MenuError as error:
        return Examination(tuple(_mistakes(error)))
    return _Gate(graph, city, now, purpose).examine(_origins(document), progress)


def _mistakes(error: MenuError) -> Iterator[Finding]:
    """M01: what the compiler could not read, with its place."""
    for mistake in error.found:
        where = f"{mistake.menu}/{mistake.node}" if mistake.menu else mistake.node
        mend = "correct it; nothing else is examined until the menu can be read"
        yield Finding("M01", Severity.ERROR, where, mistake.language or None, str(mistake), mend)
    if error.unlisted:
        what = f"{error.unlisted} more mistakes are not listed"
        yield Finding(
            "M01", Severity.ERROR, "", None, what, "correct the first ones and look again"
        )


class _Gate:
    """One examination of a graph that compiles."""

    def __init__(self, graph: Graph, city: CityFacts, now: datetime, purpose: Purpose) -> None:
        self._graph = graph
        self._city = city
        self._now = now
        self._purpose = purpose
        self._texts = list(said(graph))

    def examine(
        self, same: Mapping[str, str], progress: Callable[[float], None] | None
    ) -> Examination:
        """Lint and prove."""
        explorer = Explorer(self._graph, self._city, self._now, progress)
        found = explorer.explore()
        times = Times(self._graph, found, self._city)
        findings = [*self._linted(), *self._proven(explorer, times, same)]
        if progress is not None:
            progress(1.0)
        return Examination(
            findings=tuple(map(self._played, _ordered(_once(findings, same), found))),
            nodes=len(self._graph.nodes),
            turns_examined=found.turns,
            longest_path=times.longest(),
            seconds_to_person=times.to_person(),
            lengths=menu_lint_lengths.lengths(self._texts, self._city),
        )

    def _played(self, finding: Finding) -> Finding:
        """The finding without its example where that cannot be played.

        Going back by star is examined from every prompt that may have been the one before; that is
        more than can happen, and so an example with a star in it is played before it is shown.
        """
        if not any(step.startswith("press *") for step in finding.example):
            return finding
        try:
            turns = replay(self._graph, self._city, self._now, finding.example)
        except ValueError:
            return replace(finding, example=())
        met = {node for turn in turns for node in (*turn.path, turn.state.node)}
        return finding if finding.where in met else replace(finding, example=())

    def _linted(self) -> Iterator[Finding]:
        graph, city, texts = self._graph, self._city, self._texts
        today = self._now.astimezone(city.hours.zone).date()
        yield from menu_lint_keys.lint(graph, city)
        yield from menu_lint_words.lint(texts, graph, today)
        yield from menu_lint_lengths.lint(texts, graph, city)
        yield from menu_lint_promises.lint(texts, graph, city, today, self._purpose)
        yield from menu_lint_facts.lint(texts, graph, city, self._now, self._purpose)

    def _proven(
        self, explorer: Explorer, times: Times, same: Mapping[str, str]
    ) -> Iterator[Finding]:
        found = explorer.found
        if found.too_large:
            yield Finding(
                "M02",
                Severity.ERROR,
                "",
                None,
                f"is too large to prove: {found.turns:,} turns were not enough",
                "split the menu, or let fewer branches depend on what was said long before",
            )
            return
        yield from first_words(self._graph, found, self._city)
        yield from unreached(self._graph, found, same)
        yield from dead_ends(self._graph, found)
        yield from judge(self._graph, explorer)
        yield from times.findings()


# One list of findings.


def _once(findings: Iterable[Finding], same: Mapping[str, str]) -> Iterator[Finding]:
    """Each thing once: a sub-menu that is used five times has its mistakes once."""
    told: set[tuple[str, str, str | None, str]] = set()
    for finding in findings:
        origin = same.get(finding.where, finding.where)
        key = (finding.code, origin, finding.language, finding.message)
        if key not in told:
            told.add(key)
            yield finding


def _ordered(findings: Iterable[Finding], found: Explored) -> list[Finding]:
    """Errors first; then as callers meet the nodes. Each gets the way there if it has none."""
    order = {node_id: number for number, node_id in enumerate(found.entered)}
    kept = [_led_to(finding, found) for finding in findings]
    return sorted(
        kept, key=lambda one: (not one.blocks, order.get(one.where, len(order)), one.code)
    )


def _led_to(finding: Finding, found: Explored) -> Finding:
    way = found.entered.get(finding.where)
    if finding.example or way is None:
        return finding
    return replace(finding, example=found.example(way))


def _origins(document: object) -> Mapping[str, str]:
    """For every node of a used sub-menu, the node of which it is a copy: `MENU/NODE`."""
    whole: Mapping[str, Any] = document if isinstance(document, Mapping) else {}
    menus = whole.get("menus") or {}
    origins: dict[str, str] = {}
    waiting = [("", "", whole)]
    while waiting:
        prefix, name, menu = waiting.pop()
        for node_id, node in (menu.get("nodes") or {}).items():
            if name:
                origins[f"{prefix}{node_id}"] = f"{name}/{node_id}"
            used = node.get("menu") if node.get("kind") == "menu" else None
            if used:
                waiting.append((f"{prefix}{node_id}/", used, menus[used]))
    return origins
