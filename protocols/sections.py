"""A document as a tree of nodes with line numbers, read part by part.

Reading never stops at a mistake: a part that is wrong is noted with its line
and stands in as something harmless, so that one reading finds every mistake.
What was read counts only if no mistake was noted. Knows neither YAML nor what
a protocol is.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from typing import Final, TypeVar

from protocols.errors import Mistake, shown
from protocols.script import Text

LONGEST_TEXT: Final = 1000
MOST_MISTAKES: Final = 200

_ID = re.compile(r"[a-z][a-z0-9_]{0,47}")
_NUMBER = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,6})?(e-0[56])?")  # JSON writes 0.00001 as 1e-05

Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Scalar:
    """One word or text; `line` counts from 1."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Items:
    """A list of nodes."""

    line: int
    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Keys with their nodes, in the document's order, repeats included."""

    line: int
    pairs: tuple[tuple["Node", "Node"], ...]


Node = Scalar | Items | Table


@dataclass(slots=True)
class Notes:
    """Collects mistakes, up to `MOST_MISTAKES`: a hostile document could hold millions."""

    mistakes: list[Mistake] = field(default_factory=list)

    def add(self, line: int | None, where: str, message: str, code: str = "E00") -> None:
        """Note one mistake."""
        mistake = Mistake(line, where, message, code)
        if len(self.mistakes) < MOST_MISTAKES and mistake not in self.mistakes:
            self.mistakes.append(mistake)

    def unknown(
        self, node: Node, where: str, what: str, name: str, known: Iterable[str], code: str = "E01"
    ) -> None:
        """Note a name that is not among the known ones, with the one probably meant."""
        if len(self.mistakes) < MOST_MISTAKES:  # looking for the nearest is the slow part
            message = f"no {what} {shown(name)}{_nearest(name, known)}"
            self.add(node.line, where, message, code)


def _nearest(name: str, known: Iterable[str]) -> str:
    close = get_close_matches(name[:48], list(known), n=1, cutoff=0.5)
    return f'; nearest "{close[0]}"' if close else ""


def number(text: str) -> float | None:
    """Read a plain decimal number (at most 9 digits before the point), whole ones as int."""
    if _NUMBER.fullmatch(text) is None:
        return None
    return float(text) if "." in text or "e" in text else int(text)


class Section:
    """One table of the document, read key by key.

    Each reading method notes what is wrong and then gives something harmless.
    `keys` are all the keys the table may have (None: any); others are noted at once.
    """

    def __init__(self, node: Node, where: str, notes: Notes, keys: Sequence[str] | None) -> None:
        self.node, self.where, self.notes = node, where, notes
        self._values: dict[str, Node] = {}
        if isinstance(node, Table):
            self._take(node, keys)
        else:
            self.note(f"needs keys and values ({', '.join(keys or ())})")

    def _take(self, table: Table, keys: Sequence[str] | None) -> None:
        for key, value in table.pairs:
            if not isinstance(key, Scalar):
                self.note("a key must be a plain word", key)
            elif key.text in self._values:
                self.note(f"{shown(key.text)} stands here twice", key, "E03")
            elif keys is not None and key.text not in keys:
                self.notes.unknown(key, self.where, "key", key.text, keys, "E00")
            else:
                self._values[key.text] = value

    def pairs(self) -> Iterable[tuple[str, Node]]:
        """Give the keys with their nodes, in the document's order."""
        return self._values.items()

    def note(self, message: str, node: Node | None = None, code: str = "E00") -> None:
        """Note a mistake of this table, at `node` or at its beginning."""
        self.notes.add((node or self.node).line, self.where, message, code)

    def has(self, key: str) -> bool:
        """Whether the key is there at all."""
        return key in self._values

    def get(self, key: str) -> Node | None:
        """Give a key's node, None if it is left out."""
        return self._values.get(key)

    def need(self, key: str, code: str = "E00") -> Node | None:
        """Give a key's node; a key left out is a mistake."""
        if key not in self._values and isinstance(self.node, Table):
            self.note(f"{key} is missing", code=code)
        return self._values.get(key)

    def refuse(self, keys: Iterable[str], why: str) -> None:
        """Note each of `keys` that is there: it would be passed over in silence."""
        for key in keys:
            if key in self._values:
                self.note(f"{key} {why}", self._values[key])

    def line_of_text(self, key: str, code: str = "E00") -> str:
        """Read a text that must be there and not be empty."""
        node = self.need(key, code)
        if node is None:
            return ""
        if not isinstance(node, Scalar):
            self.note(f"{key} must be text", node)
        elif not node.text.strip():
            self.note(f"{key} is empty", node, code)
        elif not all(sign.isprintable() or sign == "\n" for sign in node.text):
            self.note(f"{key} has a character that cannot be shown", node)
        elif len(node.text) > LONGEST_TEXT:
            self.note(f"{key} has {len(node.text)} characters, at most {LONGEST_TEXT}", node)
        else:
            return node.text.strip()
        return ""

    def identifier(self, key: str, code: str = "E00") -> str:
        """Read an id: small letters, digits and _, at most 48, a letter first."""
        word = self.line_of_text(key, code)
        if word and _ID.fullmatch(word) is None:
            self.note(f"{key} {shown(word)} must be small letters, digits and _", self.get(key))
            return ""
        return word

    def both_languages(self, key: str) -> Text:
        """Read a text that must exist in English and in Spanish."""
        inner = self.inner(key, ("en", "es"), "E17")
        if inner is None:
            return Text("", "")
        return Text(inner.line_of_text("en", "E17"), inner.line_of_text("es", "E17"))

    def inner(self, key: str, keys: Sequence[str], code: str = "E00") -> "Section | None":
        """Open the table under a key that must be there."""
        node = self.need(key, code)
        return None if node is None else Section(node, f"{self.where}, {key}", self.notes, keys)

    def parts(
        self, key: str, what: str, least: int, most: int, keys: Sequence[str]
    ) -> list["Section"]:
        """Open each table of the list under a key, named by its id or else its place."""
        above = "" if self.where == "protocol" else f"{self.where}, "
        return [
            Section(node, f"{above}{what} {_name(node) or place}", self.notes, keys)
            for place, node in enumerate(self.items(key, least, most), 1)
        ]

    def word(self, key: str, words: type[Word]) -> Word | None:
        """Read one of the words of an enumeration; None if it is no such word."""
        found, known = self.line_of_text(key), [word.value for word in words]
        if found and found not in known:
            self.note(f"{key} {shown(found)} must be one of {', '.join(known)}", self.get(key))
        return words(found) if found in known else None

    def flag(self, key: str, *, mistaken: bool = False) -> bool:
        """Read `true` or `false`; left out is false, anything else is noted and `mistaken`."""
        node = self.get(key)
        if node is None:
            return False
        if not isinstance(node, Scalar) or node.text not in ("true", "false"):
            self.note(f"{key} must be true or false", node)
            return mistaken
        return node.text == "true"

    def number(self, key: str) -> float | None:
        """Read a number; left out is None."""
        node = self.get(key)
        if node is None:
            return None
        found = number(node.text) if isinstance(node, Scalar) else None
        if found is None:
            self.note(f"{key} must be a number", node)
        return found

    def whole(self, key: str, least: int, most: int) -> int:
        """Read a whole number between `least` and `most` that must be there."""
        found = self.number(key) if self.need(key) else None
        if found is None:
            return least
        if not isinstance(found, int) or not least <= found <= most:
            self.note(f"{key} must be a whole number from {least} to {most}", self.get(key))
            return least
        return found

    def texts(self, key: str, least: int, most: int, what: str) -> tuple[str, ...]:
        """Read a list of texts, none of them empty; `what` is one of them in messages."""
        nodes = self.items(key, least, most)
        for node in nodes:
            if not isinstance(node, Scalar) or not node.text.strip():
                self.note(f"{what} must be text", node)
        return tuple(node.text for node in nodes if isinstance(node, Scalar))

    def items(self, key: str, least: int, most: int) -> tuple[Node, ...]:
        """Read a list of `least` to `most` nodes; it may be left out if `least` is 0."""
        node = self.need(key) if least else self.get(key)
        if node is None:
            return ()
        if not isinstance(node, Items):
            self.note(f"{key} must be a list", node)
            return ()
        if not least <= len(node.nodes) <= most:
            self.note(f"{key} has {len(node.nodes)} entries, from {least} to {most}", node)
        return node.nodes[:most]


def _name(node: Node) -> str:
    """Give a table's id as it stands, for messages."""
    if not isinstance(node, Table):
        return ""
    for key, value in node.pairs:
        if isinstance(key, Scalar) and key.text == "id" and isinstance(value, Scalar):
            return value.text if _ID.fullmatch(value.text) else ""
    return ""


def refuse_repeats(found: Iterable[tuple[str, Section]], what: str) -> None:
    """Note each id used more than once in one kind, with the line of its first use."""
    first: dict[str, int] = {}
    for name, section in found:
        line = section.node.line
        if name and name in first:
            message = f"{what} id {shown(name)} is used at lines {first[name]} and {line}"
            section.note(message, code="E03")
        first.setdefault(name, line)
