"""The proof's walk beside a solver: the same four rules, over the library and over hard shapes.

Both must find the same faults before their times say anything. No goal: the figures are why the gate
walks, and where a solver would go on when the walk gives up (told as seconds of the walk, and blocks).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from time import perf_counter

from config.checking_protocols import LIBRARY
from protocols import loading
from protocols.conditions import All, Condition, OneOf
from protocols.levels import Level
from protocols.proof_danger import Levels, never_lower, red_flags
from protocols.proof_domains import TooLargeError
from protocols.proof_outcomes import constant_conditions, overlaps
from protocols.proof_walk import Space
from protocols.script import Option, Protocol, Question, QuestionKind, Rule
from tests.bench import solver_yardstick
from tests.bench.figures import Figure
from tests.bench.protocol_form import WORDS, determinant, of_parts

Found = solver_yardstick.Found


def measure() -> Iterator[Figure]:
    """Prove each by both, and compare what they find."""
    solver_yardstick.reach()
    library = {p.stem: loading.load(p.read_text("utf-8"), p.stem) for p in LIBRARY.glob("*.yaml")}
    largest = max(library.values(), key=lambda protocol: len(protocol.questions))
    yield from _both(f"whole library, {len(library)} protocols", list(library.values()))
    faulty = [replace(protocol, rules=protocol.rules[1:]) for protocol in library.values()]
    yield from _both("the same, the first rule of each turned off", faulty)
    yield from _both(f"largest of it, {largest.id}", [largest])
    yield from _both("20 questions, each on the one before", [chain(20)])
    yield from _both("20 questions read by pairs at a distance", [pairs(20)])
    yield from _both("40 questions read by pairs at a distance", [pairs(40)])


def chain(count: int) -> Protocol:
    """Each question is asked unless the one before was "a", and each decides; the first is of danger."""
    questions = [_question("q0", danger=True)]
    questions += [_question(f"q{n}", ask_if=_is(f"q{n - 1}", "b")) for n in range(1, count)]
    return _made(questions, [_is(question.id, "a") for question in questions])


def pairs(count: int) -> Protocol:
    """Each rule reads a question of the first half and one of the second."""
    questions, half = [_question(f"q{n}") for n in range(count)], count // 2
    rules = [All((_is(f"q{n}", "a"), _is(f"q{n + half}", "a"))) for n in range(half)]
    return _made(questions, rules)


def _is(question: str, answer: str) -> OneOf:
    return OneOf(question, frozenset({answer}))


def _question(name: str, *, danger: bool = False, ask_if: Condition | None = None) -> Question:
    options = (Option("a", WORDS, danger), Option("b", WORDS))
    return Question(name, QuestionKind.CHOICE, WORDS, safety=danger, options=options, ask_if=ask_if)


def _made(questions: Sequence[Question], conditions: Sequence[Condition]) -> Protocol:
    """The first rule leads to 911 if the first question is one of danger, the others do not."""
    ends = ["ed" if questions[0].safety else "first", *["routine"] * (len(conditions) - 1)]
    rules = [
        Rule(f"r{n}", when, end) for n, (when, end) in enumerate(zip(conditions, ends, strict=True))
    ]
    outcomes = [
        determinant("ed", Level.EMERGENCY, 3),
        determinant("first", Level.ROUTINE, 2),
        determinant("routine", Level.ROUTINE, 1),
        determinant("none", Level.INFORMATION, 0),
    ]
    return of_parts(questions, rules, outcomes)


def _both(what: str, protocols: Sequence[Protocol]) -> Iterator[Figure]:
    walked, ours = _timed(_walk, protocols)
    solved, theirs = _timed(solver_yardstick.solve, protocols)
    if None not in walked and walked != solved:
        raise RuntimeError(f"{what}: the walk and the solver do not find the same")
    gave_up = " (gave up)" if None in walked else ""
    yield Figure(f"{what}: walk{gave_up}", ours, "s")
    yield Figure(f"{what}: z3", theirs, "s")
    if None not in walked:
        yield Figure(f"{what}: both find", sum(map(len, solved)), "faults")


def _walk(protocol: Protocol) -> Found | None:
    try:
        space = Space(protocol)
        levels = Levels(space)
        found = [*constant_conditions(space), *overlaps(space)]
        found += [*red_flags(levels), *never_lower(levels)]
    except TooLargeError:
        return None
    return {(finding.code, finding.where) for finding in found}


def _timed(
    prove: Callable[[Protocol], Found | None], protocols: Sequence[Protocol]
) -> tuple[list[Found | None], float]:
    began = perf_counter()
    found = [prove(protocol) for protocol in protocols]
    return found, perf_counter() - began
