"""Sub-menus: used in many places, put in each when the menu is compiled."""

import pytest

from ivr.errors import MenuError
from ivr.rules.menu import compile_graph
from ivr.rules.menu_links import links
from tests.rules.menus_made import call, document, language_node, node_of, spoken, text

pytestmark = pytest.mark.rules

LINE = {"kind": "line", "text": text("The line.")}


def use(menu: str, follow: str) -> dict:
    return {"kind": "menu", "menu": menu, "next": follow}


def sub(start: str, **nodes) -> dict:
    return {"start": start, "nodes": nodes | {"back": {"kind": "return"}}}


ASKED = sub("ask", ask=node_of("choose", "back", "told", "back"),
            told={"kind": "say", "text": text("Told."), "next": "back"})  # fmt: skip


def mistakes(whole: dict) -> tuple[str, ...]:
    with pytest.raises(MenuError) as error:
        compile_graph(whole)
    return error.value.mistakes


def test_two_uses_of_one_menu_stand_apart_and_return_to_their_own_place():
    nodes = {"a": use("asked", "b"), "b": use("asked", "end"), "end": LINE}
    whole = document(nodes, menus={"asked": ASKED})
    assert call(whole).path == ("a", "a/ask")
    assert call(whole, "2").path == ("a/told", "a/back", "b", "b/ask")
    assert spoken(call(whole, "2", "1")) == "The line."


def test_a_menu_may_use_another_one():
    outer = sub("inner", inner=use("asked", "back"))
    whole = document(
        {"a": use("outer", "end"), "end": LINE}, menus={"outer": outer, "asked": ASKED}
    )
    assert call(whole).state.node == "a/inner/ask"
    assert spoken(call(whole, "1")) == "The line."


def test_every_way_of_an_expanded_node_leads_to_an_expanded_node():
    nodes = {"a": use("all", "end"), "end": LINE}
    kinds = {kind: node_of(kind, "back", "back", "back") for kind in ("by_hours", "confirm", "transfer", "call_back", "status", "ask_intent", "voicemail")}  # fmt: skip
    whole = sub("by_hours", greeting=language_node("by_hours", "ask_intent"), **kinds)
    graph = compile_graph(document(nodes, menus={"all": whole}))
    ways = [to for node in graph.nodes.values() for _, to in links(node)]
    assert len(ways) > 15
    assert set(ways) <= set(graph.nodes)


@pytest.mark.parametrize("names", [["a"], ["a", "b"], ["a", "b", "c", "d"]])
def test_menus_that_use_themselves_are_refused(names):
    menus = {
        name: sub("go", go=use(names[(at + 1) % len(names)], "back"))
        for at, name in enumerate(names)
    }
    found = mistakes(document({"a": use(names[0], "end"), "end": LINE}, menus=menus))
    assert any("uses itself" in mistake for mistake in found)


def test_a_chain_of_a_thousand_menus_is_refused_and_does_not_break_the_compiler():
    menus = {f"m{n}": sub("go", go=use(f"m{n + 1}", "back")) for n in range(450)}
    menus["m450"] = ASKED
    found = mistakes(document({"a": use("m0", "end"), "end": LINE}, menus=menus))
    assert any("deep" in mistake for mistake in found)


def test_menus_that_double_at_each_level_are_counted_and_not_built():
    menus = {
        f"m{n}": sub("x", x=use(f"m{n + 1}", "y"), y=use(f"m{n + 1}", "back")) for n in range(11)
    }
    menus["m11"] = ASKED
    found = mistakes(document({"a": use("m0", "end"), "end": LINE}, menus=menus))
    assert any("more than 2000 nodes" in mistake for mistake in found)


@pytest.mark.parametrize(
    ("nodes", "menus", "named"),
    [
        ({"a": use("gone", "a")}, {}, "node a: uses the menu 'gone'"),
        ({"a": {"kind": "return"}}, {}, "only a sub-menu returns"),
        ({"a": use("m", "end"), "end": LINE}, {"m": sub("end")}, "menu m: start: leads to 'end'"),
        ({"a": use("m", "a")}, {"m": {"start": "x", "nodes": {"x": 3}}}, "menu m, node x"),
        ({"a": use("m", "ask")}, {"m": ASKED}, "node a: next: leads to 'ask'"),
        ({"a": use("m", "a")}, {"m": ASKED, "b/c": ASKED}, "'b/c' is not a name"),
        ({"a": use("m", "a")}, {"m": ASKED | {"colour": 1}}, "'colour' is not known"),
    ],
)
def test_a_mistake_in_a_use_or_a_sub_menu_is_named_with_its_place(nodes, menus, named):
    assert any(named in mistake for mistake in mistakes(document(nodes, menus=menus)))
