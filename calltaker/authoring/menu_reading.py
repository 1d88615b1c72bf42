"""Reading a menu's document as plain data, whatever stands in it. Pure and total."""

from collections.abc import Mapping
from typing import Any


def switches_of(document: object) -> list[str]:
    """The switches that a menu's branches read, its sub-menus included."""
    found: dict[str, None] = {}
    for nodes in _all_nodes(document):
        for node in nodes.values():
            given = map_of(node)
            if given.get("by") == "switch" and isinstance(given.get("switch"), str):
                found[given["switch"]] = None
    return list(found)


def map_of(value: object) -> Mapping[str, Any]:
    """The value if it is a map, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def _all_nodes(document: object) -> list[Mapping[str, Any]]:
    whole = map_of(document)
    inner = [map_of(map_of(menu).get("nodes")) for menu in map_of(whole.get("menus")).values()]
    return [map_of(whole.get("nodes")), *inner]
