"""Where a node leads, by the name of the way, and the same node with its ways renamed.

For whoever walks a graph without a caller: the expansion of sub-menus, the gate, the editor.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from types import MappingProxyType

from ivr.rules.menu_nodes import BranchNode, Node, Option

FOLLOWER_FIELDS = (
    "next",
    "opening",
    "unclear",
    "right",
    "change",
    "give_up",
    "done",
    "declined",
    "failed",
    "otherwise",
)
"""Fields of nodes that name a follower. The `change` of an ask_location is a text and is none."""


def links(node: Node) -> Iterator[tuple[str, str]]:
    """Each way out of a node: its name (`key 1`, `case open`, `next` ...) and where it leads.

    Ways that every node has (9, 0, the third miss) are the interpreter's and not among them.
    """
    yield from ((f"key {option.key}", option.next) for option in options_of(node) if option.next)
    if isinstance(node, BranchNode):
        yield from ((f"case {value}", to) for value, to in node.cases.items())
    yield from _followers(node)


def options_of(node: Node) -> tuple[Option, ...]:
    """The options of a node that has some; those of a choice of language lead nowhere by key."""
    options = getattr(node, "options", ())
    return tuple(option for option in options if isinstance(option, Option))


def relinked(node: Node, rename: Callable[[str], str]) -> Node:
    """The node with every follower renamed; "" stays "" (no follower)."""
    changes: dict[str, object] = {name: rename(to) for name, to in _followers(node)}
    if options := options_of(node):
        changes["options"] = tuple(
            replace(option, next=rename(option.next)) if option.next else option
            for option in options
        )
    if isinstance(node, BranchNode):
        cases = {value: rename(to) for value, to in node.cases.items()}
        changes["cases"] = MappingProxyType(cases)
    return replace(node, **changes) if changes else node  # type: ignore[arg-type]


def _followers(node: Node) -> Iterator[tuple[str, str]]:
    for name in FOLLOWER_FIELDS:
        follower = getattr(node, name, "")
        if isinstance(follower, str) and follower:
            yield name, follower
