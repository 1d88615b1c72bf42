"""Which whole calls a run plays on which engine."""

import pytest

from tests.journeys.rehearsed import ENGINES, is_by_turns


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """At depth ci a call takes one of the engines, by turns, unless 911 is in it; at depth full both."""
    if config.getoption("--depth") == "full":
        return
    later = [item for item in items if _is_for_full(item)]
    items[:] = [item for item in items if item not in later]
    config.hook.pytest_deselected(items=later)


def _is_for_full(item: pytest.Item) -> bool:
    script = getattr(item, "callspec", None) and item.callspec.params.get("script")
    engine = item.path.stem.rpartition("_")[2]
    return bool(script) and engine in ENGINES and is_by_turns(script, engine)
