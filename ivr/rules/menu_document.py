"""From a menu document to a graph: every mistake named at once, nothing half-accepted.

The document is parsed YAML or JSON of any shape; nothing in it is trusted. Nodes are read by
`menu_kinds`, sub-menus put in their places by `menu_expansion`. Knows no file and no interpreter.
"""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from ivr.errors import MenuError
from ivr.rules.menu_expansion import Part, Use, expanded
from ivr.rules.menu_kinds import FIELDS, Kinds
from ivr.rules.menu_nodes import Does, Graph, InformationNode, Node, Review, Sentences, Text
from ivr.rules.menu_values import (
    LANGUAGES,
    MOST_CHARACTERS,
    NODE_ID,
    Place,
    is_too_large,
    shown,
)

MOST_NODES = 1000
"""Nodes in one document, those of its sub-menus counted once."""
MOST_EXPANDED = 2000
"""Nodes after every use of a sub-menu was put in its place."""
_HEAD = ("key", "start", "sentences", "nodes", "menus", "layout", "changed_on", "reviewed")
_SENTENCES = ("escalation_confirm", "danger_question", "connecting_911", "to_a_person")
_TEXTING = ("text_sent", "text_not_sent")
_TWO_WISHES = "two_wishes"
_BOTH = frozenset({"first", "second"})
_NOT_A_CORNER = "not_a_corner"
_STREETS = frozenset({"one_street", "other_street"})
_FARTHEST = 1_000_000


def compile_graph(document: object) -> Graph:
    """Compile a menu document.

    Raises:
        MenuError: lists every mistake with its node, at most 200 of them. Nothing else is raised,
            whatever the document is, and it takes less than a second.
    """
    return _Compiler().graph(document)


class _Compiler(Kinds):
    """Reads a whole document and collects what is wrong with it."""

    def __init__(self) -> None:
        super().__init__()
        self._counted = 0

    def graph(self, document: object) -> Graph:
        top = Place()
        if is_too_large(document):
            self.wrong(top, f"is larger than {MOST_CHARACTERS:,} characters")
            raise MenuError(self.mistakes)
        whole = self.mapping(document, top)
        self.known(whole, _HEAD, top)
        sentences = self._sentences(whole.get("sentences"))
        main = self._part(whole, "")
        menus = self._menus(whole.get("menus", {}))
        self._layout(whole.get("layout", {}), top.at("layout"))
        graph = Graph(
            key=self.word(whole.get("key"), top.at("key")),
            start=main.start,
            nodes=self._expanded(main, menus),
            sentences=sentences,
            languages=LANGUAGES,
            changed_on=self.day(whole.get("changed_on"), top.at("changed_on")),
            reviewed=self._reviewed(whole.get("reviewed", {}), top.at("reviewed")),
        )
        self._check_texting(main, menus, sentences)
        if self.mistakes:
            raise MenuError(self.mistakes, self.unlisted)
        return graph

    # Menus and their nodes.

    def _menus(self, given: object) -> Mapping[str, Part]:
        """The sub-menus by name."""
        parts: dict[str, Part] = {}
        where = Place(part="menus")
        for name, menu in self.mapping(given, where).items():
            if not isinstance(name, str) or not NODE_ID.fullmatch(name):
                self.wrong(where, f"{shown(name)} is not a name of letters, digits, - and _")
                continue
            fields = self.mapping(menu, Place(menu=name))
            self.known(fields, ("start", "nodes", "layout"), Place(menu=name))
            self._layout(fields.get("layout", {}), Place(menu=name, part="layout"))
            parts[name] = self._part(fields, name)
        return parts

    def _part(self, menu: Mapping[Any, Any], name: str) -> Part:
        """One menu's nodes; every follower is a node of the same menu."""
        self.followers = []
        where = Place(menu=name)
        nodes: dict[str, Node | Use | None] = {}
        given = self.mapping(menu.get("nodes"), where.at("nodes"))
        for node_id, node in given.items():
            if not isinstance(node_id, str) or not NODE_ID.fullmatch(node_id):
                what = f"id {shown(node_id)} is not of letters, digits, - _ and . (at most 60)"
                self.wrong(where.at("nodes"), what)
                continue
            if self._counted >= MOST_NODES:
                self.wrong(where.at("nodes"), f"more than {MOST_NODES} nodes in one document")
                break
            self._counted += 1
            nodes[node_id] = self._any(node, Place(node=node_id, menu=name))
        start = self.follow(menu.get("start"), where.at("start"))
        self._check_followers(given)
        return Part(start, nodes)

    def _any(self, given: object, where: Place) -> Node | Use | None:
        node = self.mapping(given, where)
        kind = node.get("kind")
        if not isinstance(kind, str) or kind not in FIELDS:
            self.wrong(where, f"kind {shown(kind)} is none of {', '.join(FIELDS)}")
            return None
        self.known(node, FIELDS[kind] | {"kind"}, where)
        if kind == "menu":
            return Use(
                self.word(node.get("menu"), where.at("menu")), self.next(node, "next", where)
            )
        if kind == "return":
            if not where.menu:
                self.wrong(where, "only a sub-menu returns")
            return Use("", "")
        return self.node(kind, node, where)

    def _check_followers(self, nodes: Mapping[Any, Any]) -> None:
        for where, name in self.followers:
            if name not in nodes:
                self.wrong(where, f"leads to {shown(name)}, which does not exist")

    def _expanded(self, main: Part, menus: Mapping[str, Part]) -> Mapping[str, Node]:
        whole = expanded(main, menus, MOST_EXPANDED)
        for where, what in whole.mistakes:
            self.wrong(where, what)
        return MappingProxyType(whole.nodes)

    # The head.

    def _sentences(self, given: object) -> Sentences:
        where = Place(part="sentences")
        sentences = self.mapping(given, where)
        self.known(sentences, (*_SENTENCES, *_TEXTING, _TWO_WISHES, _NOT_A_CORNER), where)
        needed = [self.text(sentences, name, where) for name in _SENTENCES]
        texting = (self._optional(sentences, name, where) for name in _TEXTING)
        return replace(
            Sentences(*needed, *texting),
            two_wishes=self._with_both(sentences, _TWO_WISHES, where, _BOTH),
            not_a_corner=self._with_both(sentences, _NOT_A_CORNER, where, _STREETS),
        )

    def _with_both(
        self, sentences: Mapping[Any, Any], name: str, where: Place, both: frozenset[str]
    ) -> Text | None:
        """A sentence that a menu may leave out; it names two things."""
        if sentences.get(name) is None:
            return None
        return self.text(sentences, name, where, both, both)

    def _optional(self, sentences: Mapping[Any, Any], name: str, where: Place) -> Text | None:
        return None if sentences.get(name) is None else self.text(sentences, name, where)

    def _check_texting(self, main: Part, menus: Mapping[str, Part], sentences: Sentences) -> None:
        """Whoever asks for a text hears what became of it."""
        if None not in (sentences.text_sent, sentences.text_not_sent):
            return
        for menu, part in (("", main), *menus.items()):
            for node_id, node in part.nodes.items():
                if isinstance(node, InformationNode) and _texts(node):
                    what = f"sends a text, and sentences lacks {' or '.join(_TEXTING)}"
                    self.wrong(Place(node_id, menu), what)

    def _layout(self, given: object, where: Place) -> None:
        """The editor's arrangement: read only so that nothing else hides in it."""
        for name, at in self.mapping(given, where).items():
            numbers = at if isinstance(at, list) else []
            if not isinstance(name, str) or len(numbers) != 2 or not all(map(_is_near, numbers)):
                self.wrong(where, f"{shown(name)} is not a node with two numbers")

    def _reviewed(self, given: object, where: Place) -> Mapping[Any, Review]:
        stamps = self.mapping(given, where)
        self.known(stamps, [language.value for language in LANGUAGES], where)
        found = {}
        for language in LANGUAGES:
            stamp = stamps.get(language.value)
            here = where.spoken_in(language)
            if stamp is None:
                continue
            fields = self.mapping(stamp, here)
            self.known(fields, ("by", "on"), here)
            by, on = self.word(fields.get("by"), here), self.day(fields.get("on"), here)
            if on is None:
                self.wrong(here, "lacks the day of the review")
            else:
                found[language] = Review(by, on)
        return MappingProxyType(found)


def _texts(node: InformationNode) -> bool:
    return any(option.does is Does.TEXT_ME for option in node.options)


def _is_near(number: object) -> bool:
    good = isinstance(number, int | float) and not isinstance(number, bool)
    return good and -_FARTHEST <= number <= _FARTHEST  # type: ignore[operator]
