"""What the gate finds in the shape of the questions: E02, E04, E05; of jumps see `proof_jumps`.

A document's own mistakes are refused by the loader with these codes already;
this holds for a protocol made in any other way, before it is walked.
"""

from collections.abc import Iterator, Mapping

from protocols import conditions
from protocols.proof_findings import Finding, Severity
from protocols.script import Protocol


def shape(protocol: Protocol) -> Iterator[Finding]:
    """Find conditions that read their own question, later ones, or each other in a loop."""
    reads = {
        question.id: conditions.reads(question.ask_if) if question.ask_if is not None else ()
        for question in protocol.questions
    }
    order = {question.id: place for place, question in enumerate(protocol.questions)}
    in_loops: set[str] = set()
    for name in reads:
        way = loop(reads, name)
        if way and not in_loops & set(way):
            in_loops |= set(way)
            yield _finding(
                "E04", name, f"loop {' → '.join(way)}", "let one of them be asked freely"
            )
    for name, read in reads.items():
        if name in read:
            yield _finding(
                "E02", name, f"{name}: condition reads {name}", "read an earlier question"
            )
        for later in [other for other in read if order[other] > order[name]]:
            if name not in in_loops:
                message = f"{name} reads {later}, asked later"
                yield _finding("E05", name, message, f"ask {later} before {name}")


def _finding(code: str, name: str, message: str, mend: str) -> Finding:
    return Finding(code, Severity.ERROR, f"question {name}, ask_if", message, mend)


def loop(reads: Mapping[str, tuple[str, ...]], start: str) -> tuple[str, ...]:
    """Find a shortest loop of two or more names through `start`; empty if there is none."""
    ways: list[tuple[str, ...]] = [(start,)]
    seen = {start}
    for way in ways:
        for name in reads[way[-1]]:
            if name == start and len(way) > 1:
                return (*way, start)
            if name not in seen:
                seen.add(name)
                ways.append((*way, name))
    return ()
