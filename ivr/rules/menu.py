"""The menu's interpreter: one caller, one input, one turn.

Public face of the menu: `compile_graph`, `begin`, `answer` and the values of a turn.
Pure and total: any node, any input, any text gives a turn, and no graph can spin.
"""

from datetime import datetime

from ivr.rules.menu_nodes import Graph
from ivr.rules.menu_state import CallerInput, JournalNote, MenuState, Pending, Readers, Turn

__all__ = [
    "CallerInput",
    "Graph",
    "JournalNote",
    "MenuState",
    "Pending",
    "Readers",
    "Turn",
    "answer",
    "begin",
    "compile_graph",
]


def compile_graph(document: object) -> Graph:
    """Compile a menu document (parsed YAML or JSON).

    Raises:
        MenuError: lists every mistake with its node.
    """
    raise NotImplementedError


def begin(graph: Graph) -> MenuState:
    """Return the state of a caller who has heard nothing yet.

    Handing it to `answer` with a silent input speaks the greeting; it does not count as a miss.
    """
    return MenuState(node=graph.start)


def answer(
    graph: Graph, state: MenuState, heard: CallerInput, now: datetime, readers: Readers
) -> Turn:
    """Take the caller one turn through the menu; never raises."""
    raise NotImplementedError
