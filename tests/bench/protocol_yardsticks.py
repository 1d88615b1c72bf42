"""Two public engines on the same form: JSONLogic (panzi-json-logic) and DMN (SpiffWorkflow).

Each is given its least work: only the cells that say something, the rows in order of urgency so that
the first hit ends the search, no workflow around the table. Installed by `./run bench` from
`requirements/bench.txt` into a folder of its own, behind everything else on the path.
"""

import sys
from collections.abc import Callable, Mapping
from types import SimpleNamespace

from config.settings import ROOT
from tests.bench.protocol_form import ASKED_IF, NOT_NO, QUESTIONS, TABLE, outcome

PLACE = ROOT / ".run/yardsticks"
EMERGENCIES = frozenset(
    outcome(f"r{n}") for n, (_, level) in enumerate(TABLE) if level == "emergency"
)

Step = tuple[str | None, str | None]
"""What the answers come to so far, and the next question; None where there is none."""
Engine = Callable[[Mapping[str, str]], Step]


def reach() -> None:
    """Put the yardsticks' folder on the path.

    Raises:
        RuntimeError: they are not installed.
    """
    if not (PLACE / "json_logic").is_dir():
        raise RuntimeError(
            "The yardsticks are not installed: `./run bench` does it, or by hand "
            f"pip install --require-hashes --target {PLACE} -r requirements/bench.txt"
        )
    if str(PLACE) not in sys.path:
        sys.path.append(str(PLACE))


def json_logic() -> Engine:
    """Make the form one JSONLogic rule for the table, and one for each question asked on terms."""
    from json_logic import jsonLogic

    table: list[object] = []
    for place, (cells, _) in enumerate(TABLE):
        parts = [_is_among(name, answers) for name, answers in cells]
        table += [parts[0] if len(parts) == 1 else {"and": parts}, outcome(f"r{place}")]
    rule, terms = {"if": [*table, None]}, {n: _is_among(e, NOT_NO) for n, e in ASKED_IF.items()}

    def step(answers: Mapping[str, str]) -> Step:
        found = jsonLogic(rule, answers)
        return _and_next(found, answers, lambda name: bool(jsonLogic(terms[name], answers)))

    return step


def _is_among(name: str, answers: tuple[str, ...]) -> Mapping[str, object]:
    if len(answers) == 1:
        return {"===": [{"var": name}, answers[0]]}
    return {"in": [{"var": name}, list(answers)]}


def decision_table() -> Engine:
    """Make the form a DMN table and evaluate it with its own engine, without a workflow."""
    from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
    from SpiffWorkflow.dmn.engine.DMNEngine import DMNEngine

    script = PythonScriptEngine()
    engine = DMNEngine(_table())
    terms = {name: f"{earlier} in {NOT_NO!r}" for name, earlier in ASKED_IF.items()}
    nothing = dict.fromkeys(QUESTIONS)  # a name the table reads has to be there

    def step(answers: Mapping[str, str]) -> Step:
        task = SimpleNamespace(
            data={**nothing, **answers}, workflow=SimpleNamespace(script_engine=script)
        )
        found = engine.result(task).get("outcome")
        return _and_next(found, answers, lambda name: bool(script.evaluate(task, terms[name])))

    return step


def _table() -> object:
    from SpiffWorkflow.dmn.specs import model

    table = model.DecisionTable("form", "form", model.HitPolicy.UNIQUE.value)
    table.inputs = [model.Input(name, name, name, name, "string") for name in QUESTIONS]
    table.outputs = [model.Output("outcome", "outcome", "outcome", "string")]
    by_name = dict(zip(QUESTIONS, table.inputs, strict=True))
    for place, (cells, _) in enumerate(TABLE):
        row = model.Rule(f"r{place}")
        for name, answers in cells:
            entry = model.InputEntry(f"r{place}_{name}", by_name[name])
            entry.lhs = [f'"{answers[0]}"' if len(answers) == 1 else f"? in {answers!r}"]
            row.inputEntries.append(entry)
        end = model.OutputEntry(f"r{place}_outcome", table.outputs[0])
        end.text = f'"{outcome(f"r{place}")}"'
        row.outputEntries.append(end)
        table.rules.append(row)
    return table


def _and_next(found: str | None, answers: Mapping[str, str], asks: Callable[[str], bool]) -> Step:
    """Find the next question; an emergency ends the questions, the last one lets `none` stand."""
    if found in EMERGENCIES:
        return found, None
    for name in QUESTIONS:
        if name not in answers and (name not in ASKED_IF or asks(name)):
            return found, name
    return found or "none", None
