"""What a menu turn leaves behind: journal rows, facts of the contact, and the call's new columns.

Personal words go only where they are sealed: a journal row's `words` and the menu's state.
"""

from collections.abc import Callable, Iterator
from datetime import datetime

from ivr.rules.actions import Escalate, Goodbye, JoinLine, Listen, RingHumanLine
from ivr.rules.menu import Graph, JournalNote, MenuState, Turn
from ivr.rules.menu_nodes import InformationNode
from models.contact_fields import ContactField
from models.states import DISPOSITION_CODES, CallPhase, Disposition
from models.turn_store import Change, Fact, JournalRow

_CALLERS = frozenset({"caller_input"})


def change_of(
    before: MenuState, then: Turn, now: datetime, call_token: str | None, graph: Graph
) -> Change:
    """The call's new columns and facts."""
    after = then.state
    return Change(
        at=now,
        state=after.to_json(),
        phase=_phase(then),
        language=after.language if after.language_chosen else None,
        intent=after.intent.intent or None,
        emergency_level=after.emergency.level,
        jurisdiction=after.place.jurisdiction or None if after.place else None,
        call_token=call_token,
        facts=(*_facts(before, after), *_informed(graph, before, then)),
    )


def rows_of(then: Turn, new_id: Callable[[], str]) -> list[JournalRow]:
    """What was heard and understood, then what is said: by node, the words stand in the version."""
    return [*(_row(note, new_id()) for note in then.journal), _said(then, new_id())]


def _row(note: JournalNote, entry_id: str) -> JournalRow:
    actor = "caller" if note.kind in _CALLERS else "line"
    return JournalRow(entry_id, note.kind, actor, note.data, note.words)


def _said(then: Turn, entry_id: str) -> JournalRow:
    state = then.state
    data = {
        "node": state.node,
        "action": type(then.actions[-1]).__name__,
        "misses": state.misses,
        "language": state.language.value,
        "pending": state.pending.value,
        "path": list(then.path),
    }
    return JournalRow(entry_id, "line_spoke", "line", data)


def _phase(then: Turn) -> CallPhase:
    match then.actions[-1]:
        case JoinLine():
            return CallPhase.LINE
        case Escalate():
            return CallPhase.ROOM
        case RingHumanLine():
            return CallPhase.HUMAN_LINE
        case Listen() | Goodbye() | _:
            return CallPhase.MENU


def _informed(graph: Graph, before: MenuState, then: Turn) -> Iterator[Fact]:
    """The menu has answered a question; heard again it is no other answer."""
    fresh = (node for node in then.path if node not in before.path)
    if any(isinstance(graph.nodes.get(node), InformationNode) for node in fresh):
        yield Fact(ContactField.DISPOSITION, Disposition.INFORMATION.value)
        yield Fact(ContactField.DISPOSITION_CODE, DISPOSITION_CODES[Disposition.INFORMATION])


def _facts(before: MenuState, after: MenuState) -> Iterator[Fact]:
    if after.language_chosen and (
        not before.language_chosen or after.language is not before.language
    ):
        yield Fact(ContactField.LANGUAGE, after.language.value)
    if after.intent.intent and after.intent.intent != before.intent.intent:
        yield Fact(ContactField.ENTRY_TYPE, after.intent.intent)
    if after.place and (before.place is None or after.place.spoken != before.place.spoken):
        yield Fact(ContactField.JURISDICTION, after.place.jurisdiction)
        method = after.place.source or f"spoken_{after.place.spoken.kind.value}"
        yield Fact(ContactField.LOCATION_METHOD, method)
    if after.confirmed and not before.confirmed:
        yield Fact(ContactField.LOCATION_VERIFIED, None)
    if after.emergency.rank and not before.emergency.rank:
        yield Fact(ContactField.FIRST_RED_FLAG, None)
