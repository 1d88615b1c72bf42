"""Putting sub-menus in the places where they are used.

A use U of a menu becomes a door that nobody hears, and the menu's nodes as `U/NODE`; its returns
lead to what follows the use. Knows nodes only by where they lead.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ivr.rules.menu_links import relinked
from ivr.rules.menu_nodes import Node, PassNode
from ivr.rules.menu_values import Place, shown

DEEPEST = 12
"""Uses within uses; beyond it nobody finds their way in the document either."""


@dataclass(frozen=True, slots=True)
class Use:
    """A node that goes through a sub-menu and then to `next`; a return is a use of "" ."""

    menu: str
    next: str

    @property
    def returns(self) -> bool:
        """Whether it is the end of a sub-menu."""
        return not self.menu and not self.next


@dataclass(frozen=True, slots=True)
class Part:
    """One menu of a document: where it starts, and its nodes; None where one has mistakes."""

    start: str
    nodes: Mapping[str, Node | Use | None]


@dataclass(slots=True)
class Expanded:
    """The nodes of the whole, and what was wrong with the uses."""

    nodes: dict[str, Node] = field(default_factory=dict)
    mistakes: list[tuple[Place, str]] = field(default_factory=list)


def expanded(main: Part, menus: Mapping[str, Part], most: int) -> Expanded:
    """Expand every use, or say why not: a menu that is missing, in a circle, or too often used."""
    whole = Expanded()
    whole.mistakes += _missing(main, menus)
    circles = _circles(menus)
    again = f"uses itself, at once or by others, or others more than {DEEPEST} deep"
    whole.mistakes += [(Place(menu=name), again) for name in circles]
    if whole.mistakes:
        return whole
    sizes = _Sizes(menus)
    if sizes.of(main) > most:
        whole.mistakes.append((Place(), f"has more than {most} nodes with all its sub-menus"))
        return whole
    _put(whole.nodes, main, menus, "", "")
    return whole


def _uses(part: Part) -> Iterator[tuple[str, Use]]:
    return (
        (node_id, node)
        for node_id, node in part.nodes.items()
        if isinstance(node, Use) and not node.returns
    )


def _missing(main: Part, menus: Mapping[str, Part]) -> Iterator[tuple[Place, str]]:
    for name, part in (("", main), *menus.items()):
        for node_id, use in _uses(part):
            if use.menu and use.menu not in menus:
                yield Place(node_id, name), f"uses the menu {shown(use.menu)}, which does not exist"


def _circles(menus: Mapping[str, Part]) -> list[str]:
    """Menus that reach themselves, or too many others in a row.

    They are left when those that use nothing are taken away, again and again.
    """
    left = {name: {use.menu for _, use in _uses(part)} & set(menus) for name, part in menus.items()}
    for _ in range(DEEPEST):
        free = {name for name, used in left.items() if not used}
        left = {name: used - free for name, used in left.items() if name not in free}
    return sorted(left)


class _Sizes:
    """How many nodes a part has after expansion; each menu is counted once."""

    def __init__(self, menus: Mapping[str, Part]) -> None:
        self._menus = menus
        self._known: dict[str, int] = {}

    def of(self, part: Part) -> int:
        return len(part.nodes) + sum(self._of_menu(use.menu) for _, use in _uses(part))

    def _of_menu(self, name: str) -> int:
        if name not in self._known:
            self._known[name] = self.of(self._menus.get(name, Part("", {})))
        return self._known[name]


def _put(
    nodes: dict[str, Node], part: Part, menus: Mapping[str, Part], prefix: str, after: str
) -> None:
    """Add a part's nodes under a prefix; its returns lead to `after`."""
    for node_id, node in part.nodes.items():
        name = prefix + node_id
        if isinstance(node, Use):
            inner = menus.get(node.menu)
            if inner is None:
                nodes[name] = PassNode(after)
                continue
            nodes[name] = PassNode(f"{name}/{inner.start}")
            _put(nodes, inner, menus, f"{name}/", prefix + node.next)
        elif node is not None:
            nodes[name] = relinked(node, prefix.__add__) if prefix else node
