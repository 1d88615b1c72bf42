"""From the text of a document to a `Protocol`. The only module that knows YAML.

Every scalar is taken as the text it is, so `yes` stays an option's id and no
tag can make a Python object. Anchors, aliases and tags are refused, and size,
depth and count are bounded before anything is built, so a hostile document
costs a refusal and not the process.
"""

import re
import typing
from collections.abc import Callable, Iterator
from typing import Final, TypeVar

import yaml

from protocols import reading, red_flags
from protocols.conditions import Answer
from protocols.errors import ProtocolError
from protocols.red_flags import RedFlag
from protocols.script import Protocol
from protocols.sections import Items, Node, Notes, Scalar, Table

LONGEST_DOCUMENT: Final = 500_000
"""Characters; the library's largest has about 12,000."""
DEEPEST: Final = 24
"""Lists and tables within each other; a rule with four levels of logic needs 12."""
MOST_NODES: Final = 50_000

_UNPRINTABLE: Final = re.compile(
    r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)
_PARSER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times faster where it exists

Result = TypeVar("Result")


def load(text: str, name: str) -> Protocol:
    """Read a protocol.

    Args:
        text: The document, YAML or JSON.
        name: What the document is called in messages: a file's name or a publication's.

    Raises:
        ProtocolError: every mistake found, each with its line and item.
    """
    return _read(text, name, reading.protocol)


def load_answers(text: str, name: str, protocol: Protocol) -> dict[str, Answer]:
    """Read a table of question ids and answers, such as `./run ask` takes.

    Raises:
        ProtocolError: as `load`; an answer the protocol does not allow is a mistake too.
    """
    return _read(text, name, lambda root, notes: reading.answers(root, notes, protocol))


def load_red_flags(text: str, name: str) -> tuple[RedFlag, ...]:
    """Read the universal red-flag panel.

    Raises:
        ProtocolError: as `load`.
    """
    return _read(text, name, red_flags.panel)


def _read(text: str, name: str, read: Callable[[Node, Notes], Result | None]) -> Result:
    notes, found = Notes(), None
    try:
        found = read(_Tree(text, notes).root(), notes)
    except _UnreadableError as unreadable:
        notes.add(unreadable.line, "document", str(unreadable))
    if found is None or notes.mistakes:
        raise ProtocolError(name, sorted(notes.mistakes, key=lambda m: m.line or 0))
    return found


class _UnreadableError(Exception):
    """The text cannot be read to its end; what was read of it says nothing."""

    def __init__(self, line: int | None, message: str) -> None:
        super().__init__(message)
        self.line = line


class _Tree:
    """Builds nodes from YAML's events, counting as it goes."""

    def __init__(self, text: str, notes: Notes) -> None:
        self._notes, self._count = notes, 0
        self._events = _events(text)

    def root(self) -> Node:
        """Give the document's one node."""
        root: Node | None = None
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent) and root is not None:
                raise _UnreadableError(
                    _line(event.start_mark), "more than one document in the text"
                )
            if isinstance(event, yaml.NodeEvent):
                root = self._node(event, 1)
        if root is None:
            raise _UnreadableError(1, "the text is empty")
        return root

    def _node(self, event: yaml.NodeEvent, depth: int) -> Node:
        line = _line(event.start_mark)
        self._count += 1
        if self._count > MOST_NODES:
            raise _UnreadableError(line, f"more than {MOST_NODES} entries")
        if depth > DEEPEST:
            raise _UnreadableError(line, f"more than {DEEPEST} lists and tables in each other")
        self._refuse_tricks(event, line)
        if isinstance(event, yaml.ScalarEvent):
            return Scalar(line, event.value)
        if isinstance(event, yaml.SequenceStartEvent):
            return Items(line, tuple(self._children(depth)))
        if isinstance(event, yaml.MappingStartEvent):
            children = list(self._children(depth))
            return Table(line, tuple(zip(children[::2], children[1::2], strict=True)))
        return Scalar(line, "")  # an alias, refused above

    def _children(self, depth: int) -> Iterator[Node]:
        for event in self._events:
            if isinstance(event, yaml.CollectionEndEvent):
                return
            if isinstance(event, yaml.NodeEvent):  # nothing else stands inside a collection
                yield self._node(event, depth + 1)

    def _refuse_tricks(self, event: yaml.NodeEvent, line: int) -> None:
        if isinstance(event, yaml.AliasEvent):
            self._notes.add(line, "document", "aliases (*) are not used here; write it out")
        elif event.anchor is not None:
            self._notes.add(line, "document", "anchors (&) are not used here")
        elif getattr(event, "tag", None) is not None:
            self._notes.add(line, "document", "tags (!) are not used here")


def _events(text: str) -> Iterator[yaml.Event]:
    """Give YAML's events one by one; every way of not being YAML is an `_UnreadableError`."""
    if len(text) > LONGEST_DOCUMENT:
        message = f"{len(text)} characters, at most {LONGEST_DOCUMENT}"
        raise _UnreadableError(None, message)
    if unprintable := _UNPRINTABLE.search(text):
        line = text.count("\n", 0, unprintable.start()) + 1
        raise _UnreadableError(line, f"unprintable character {unprintable.group()!a}")
    try:
        yield from yaml.parse(text, Loader=_PARSER)
    except yaml.MarkedYAMLError as fault:
        message = fault.problem or "this is not YAML"
        raise _UnreadableError(_line(fault.problem_mark), message) from fault
    except yaml.YAMLError as fault:
        raise _UnreadableError(None, "this is not YAML") from fault


class _Mark(typing.Protocol):
    """YAML's place in the text; the C parser's class and Python's have nothing else in common."""

    line: int


def _line(mark: _Mark | None) -> int:
    return 1 if mark is None else mark.line + 1
