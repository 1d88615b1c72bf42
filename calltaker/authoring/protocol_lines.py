"""Where in a protocol's text a finding of the gate belongs: from the names of items to lines.

For a text that the protocols' own loader has taken: it is bounded there. Knows no finding's meaning.
"""

import re
from collections.abc import Iterator, Mapping

import yaml

_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_ITEM = re.compile(r"(question|rule|determinant|test|exception|jump)s? ([A-Za-z0-9_-]+)")
_OPTION = re.compile(r"option ([A-Za-z0-9_-]+)")
_SECTIONS: Mapping[str, str] = {
    "question": "questions",
    "rule": "rules",
    "determinant": "determinants",
    "test": "tests",
    "exception": "exceptions",
    "jump": "jumps",
}
_ELSEWHERE = {"destinations": "determinants"}
"""Sections that a finding calls by what stands in them."""
_NAMES = ("id", "rule", "to")
"""What an item of a list is called by, the first that it has."""


class Lines:
    """The lines of one text, counted from 1."""

    def __init__(self, text: str) -> None:
        """Read the text; whatever is wrong with it, there are only fewer lines to give."""
        try:
            root = yaml.compose(text, Loader=_LOADER)
        except yaml.YAMLError:
            root = None
        self._sections = _children(root)

    def line(self, where: str, language: str = "") -> int | None:
        """Give the line of what a finding names, such as "question smell, option yes".

        None for what is no single place of the text. `language` leads on to that language's words.
        """
        first, *parts = where.split(", ")
        section = _ELSEWHERE.get(first, first)
        found = self._item(first) or self._sections.get(section)
        if found is None:
            return None
        for part in parts:
            found = _part(found, part) or found
        if language:
            found = _words(found, language) or found
        return found.start_mark.line + 1

    def _item(self, named: str) -> yaml.Node | None:
        match = _ITEM.match(named)
        if match is None:
            return None
        return _named(self._sections.get(_SECTIONS[match[1]]), match[2])


def _part(node: yaml.Node, part: str) -> yaml.Node | None:
    option = _OPTION.fullmatch(part)
    children = _children(node)
    return _named(children.get("options"), option[1]) if option else children.get(part)


def _words(node: yaml.Node, language: str) -> yaml.Node | None:
    """The words of a language, of this text or of the text that the item is about."""
    children = _children(node)
    return children.get(language) or _children(children.get("text")).get(language)


def _named(node: yaml.Node | None, name: str) -> yaml.Node | None:
    return next((item for item in _items(node) if _name(item) == name), None)


def _name(item: yaml.Node) -> str | None:
    children = _children(item)
    found = next((children[key] for key in _NAMES if key in children), None)
    return found.value if isinstance(found, yaml.ScalarNode) else None


def _items(node: yaml.Node | None) -> Iterator[yaml.Node]:
    if isinstance(node, yaml.SequenceNode):
        yield from node.value


def _children(node: yaml.Node | None) -> dict[str, yaml.Node]:
    if not isinstance(node, yaml.MappingNode):
        return {}
    return {key.value: value for key, value in node.value if isinstance(key, yaml.ScalarNode)}
