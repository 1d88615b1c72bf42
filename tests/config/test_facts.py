"""The gate with the shipped city's facts: what passes, and what new hours and destinations may not do."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from calltaker.authoring import documents, gate, publishing
from calltaker.authoring.first import Document, publish_first
from calltaker.authoring.grounds import Grounds
from calltaker.authoring.history import Doing, Subject
from calltaker.authoring.protocol_beginning import smallest
from calltaker.authoring.publishing import Approved
from config.city import CityPack, load
from config.facts import grounds_of
from config.published import Published, Snapshot
from ivr.runtime import Runtime
from models.states import PublicationKind
from tests.fakes import NOON, fake_runtime

pytestmark = pytest.mark.database

CITY = Path(__file__).parents[2] / "config" / "tucson"
PACK = load(CITY)
KINDS = (
    PublicationKind.MENU,
    PublicationKind.HOURS,
    PublicationKind.DESTINATIONS,
    PublicationKind.AGENCIES,
)


LIBRARY = Path(__file__).parents[2] / "protocols" / "library"


def first(kind: PublicationKind) -> dict:
    return documents.read(PACK.first[kind.value])


@pytest.fixture
def runtime(database_url: str, tmp_path) -> Iterator[Runtime]:
    made = fake_runtime(database_url, tmp_path / "spool")
    yield made
    made.turn_engine.dispose()
    made.sessions.kw["bind"].dispose()


@pytest.fixture
def publish(runtime: Runtime) -> Callable[[PublicationKind, str, str], None]:
    """Make a text the live version of a document, whatever the gate says of it."""

    def put(kind: PublicationKind, key: str, text: str) -> None:
        with runtime.sessions() as session:
            approved = Approved(text, "city pack", "a test")
            doing = Doing("city pack", NOON)
            publishing.publish(session, Subject(kind, key), approved, doing, lambda: uuid4().hex)
            session.commit()

    return put


@pytest.fixture
def grounds(runtime: Runtime) -> Callable[..., Grounds]:
    """The city's grounds over a database in which the pack is published."""
    with runtime.sessions() as session:
        rows = [Document(kind, kind.value, PACK.first[kind.value]) for kind in KINDS]
        publish_first(session, rows, NOON, lambda: uuid4().hex)
        session.commit()
    start = Snapshot(PACK.hours, PACK.destinations)
    published = Published(runtime.sessions, start, runtime.clock)
    published.refresh()
    made = replace(runtime, menus=published)

    def of(*, production: bool = False, pack: CityPack = PACK) -> Grounds:
        return grounds_of(pack, made, production=production)

    return of


def found(kind: PublicationKind, document: object, grounds: Grounds) -> list[str]:
    examined = gate.examine(kind, document, grounds, NOON)
    return [
        f"{one['where']}: {one['message']}"
        for one in examined.findings
        if one["severity"] == "error"
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_pack_ships_passes_the_editors_gate(grounds, kind: PublicationKind):
    assert found(kind, first(kind), grounds()) == []


def test_a_skill_that_nobody_has_is_an_error_and_not_offered(grounds):
    document = first(PublicationKind.MENU)
    name, line = next((key, one) for key, one in document["nodes"].items() if "skill" in one)
    line["skill"] = "water"
    assert "water" not in grounds().skills
    assert [
        one
        for one in found(PublicationKind.MENU, document, grounds())
        if name in one and "nobody has" in one
    ]


def test_a_live_line_asks_for_what_a_demonstration_only_warns_of(grounds):
    assert found(PublicationKind.MENU, first(PublicationKind.MENU), grounds(production=True))
    text = PACK.first["menu"]
    again = gate.examine_again(
        Subject(PublicationKind.MENU, "menu"), text, grounds(production=True), NOON
    )
    assert again.errors == 0, "what was live before can be gone back to"


def test_a_department_that_the_live_menu_rings_cannot_be_taken_out(grounds):
    menu = first(PublicationKind.MENU)
    rung = [node["to"] for node in _nodes(menu) if node.get("kind") == "transfer"]
    assert rung
    document = first(PublicationKind.DESTINATIONS)
    del document["directory"][rung[0]]
    wrong = found(PublicationKind.DESTINATIONS, document, grounds())
    assert any("the live menu, with this" in one for one in wrong), wrong


def test_outside_production_only_the_rehearsals_numbers_are_dialled(grounds):
    document = first(PublicationKind.DESTINATIONS)
    document["jurisdictions"]["tucson"][0]["number"] = "+15205559999"
    assert any("+15205559999" in one for one in found(KINDS[2], document, grounds()))


def test_no_jurisdiction_may_lose_its_answering_points(grounds):
    document = first(PublicationKind.DESTINATIONS)
    del document["jurisdictions"]["marana"]
    assert any("marana" in one for one in found(KINDS[2], document, grounds()))


def test_an_agency_answers_at_lines_that_are_dialled_and_keeps_every_rule(grounds):
    document = first(PublicationKind.AGENCIES)
    document["agencies"]["marana-911"]["destinations"] = ["nobody-911"]
    wrong = found(PublicationKind.AGENCIES, document, grounds())
    assert any("'nobody-911' is no answering point" in one for one in wrong), wrong
    document["agencies"]["marana-911"]["rights"] = ["everything"]
    wrong = found(PublicationKind.AGENCIES, document, grounds())
    assert any("right 'everything'" in one for one in wrong), wrong


def _edit(document: dict, path: str, value: object) -> dict:
    at = document
    *way, last = path.split(".")
    for name in way:
        at = at[name]
    at[last] = value
    return document


FAULTS = [
    ("directory.water.fall_back", "nobody"),
    ("directory.water.fall_back", "water"),
    ("directory.water.number", "911"),
    ("directory.water.number", "+442071838750"),
    ("directory.water.number", 5205550121),
    ("directory.water.ring_seconds", 5),
    ("directory.water.ring_seconds", 900),
    ("directory.water.ring_seconds", True),
    ("directory.water.name", {"en": "Water"}),
    ("directory.water.always_open", False),
    ("directory.water.line", "main"),
    ("directory.water.verified_on", "yesterday"),
    ("directory.water.colour", "blue"),
    ("directory.water.kind", "hospital"),
    ("directory.water.kind", None),
    ("directory.water.stay_until_accepted", "yes"),
    ("directory.interpreter.stay_until_accepted", True),
    ("directory.water", None),
    ("directory", []),
    ("otherwise", "atlantis"),
    ("jurisdictions", {}),
    ("jurisdictions.tucson", []),
]


@pytest.mark.parametrize(("path", "value"), FAULTS)
def test_every_fault_of_the_destinations_is_named(grounds, path: str, value: object):
    document = _edit(first(PublicationKind.DESTINATIONS), path, value)
    assert found(PublicationKind.DESTINATIONS, document, grounds())


def test_an_entry_keeps_the_hours_of_a_line_that_exists(grounds):
    document = first(PublicationKind.DESTINATIONS)
    water = document["directory"]["water"]
    del water["always_open"]
    water["line"] = "nights"
    assert any("nights" in one for one in found(KINDS[2], document, grounds()))


def _nodes(menu: dict) -> list[dict]:
    inner = [sub.get("nodes", {}) for sub in (menu.get("menus") or {}).values()]
    return [node for nodes in (menu["nodes"], *inner) for node in nodes.values()]


def warned(name: str, grounds: Grounds, text: str | None = None) -> dict[str, str]:
    """What the gate says of a protocol of the library: messages by code."""
    written = text or (LIBRARY / f"{name}.yaml").read_text(encoding="utf-8")
    examined = gate.examine_text(Subject(PublicationKind.PROTOCOL, name), written, grounds, NOON)
    return {one["code"]: f"{one['severity']}: {one['message']}" for one in examined.findings}


def test_the_library_passes_the_gate_of_publishing_with_its_warnings(grounds, publish):
    for path in LIBRARY.glob("*.yaml"):
        publish(PublicationKind.PROTOCOL, path.stem, path.read_text(encoding="utf-8"))
    for name in ("loose_dog", "gas_smell", "mental_health_crisis"):
        assert set(warned(name, grounds())) == {"A01", "E14"}
        assert all(said.startswith("warning") for said in warned(name, grounds()).values())
        blocked = warned(name, grounds(production=True))
        assert all(said.startswith("error") for said in blocked.values())


def test_the_smallest_protocol_passes_in_the_shipped_city(grounds):
    text = smallest("tree", {"en": "Tree", "es": "Árbol"})
    assert set(warned("tree", grounds(), text)) == {"A01", "E14"}


def test_protocols_are_held_against_the_destinations_that_are_live(grounds, publish):
    assert "911:city-911," in warned("gas_smell", grounds())["E14"]
    document = first(PublicationKind.DESTINATIONS)
    for points in document["jurisdictions"].values():
        for point in points:
            point["verified_on"] = "2026-02-01"
    publish(PublicationKind.DESTINATIONS, "destinations", documents.text_of(document))
    assert "E14" not in warned("gas_smell", grounds())


def test_a_protocol_may_jump_to_what_is_live_and_to_nothing_else(grounds, publish):
    jump = "jumps:\n  - {to: loose_dog, title: {en: Loose dog, es: Perro suelto}}\n"
    text = smallest("tree", {"en": "Tree", "es": "Árbol"}) + jump
    assert warned("tree", grounds(), text)["E01"].startswith("error")
    dog = (LIBRARY / "loose_dog.yaml").read_text(encoding="utf-8")
    publish(PublicationKind.PROTOCOL, "loose_dog", dog)
    publish(PublicationKind.PROTOCOL, "odd", "id: odd")
    assert "E01" not in warned("tree", grounds(), text), "one that cannot be read hides no other"


def test_the_editor_of_protocols_offers_the_citys_places_by_their_names(grounds):
    around = grounds().protocols(NOON, {})
    assert around.places["department:animal_care"]["en"] == "Pima Animal Care Center"
    assert around.places["911:city-911"]["es"].startswith("9-1-1")
    assert around.requests["pothole"]["es"] == "Bache"
    assert set(around.places) >= set(around.reference.places)


def test_new_hours_may_not_leave_a_live_protocol_with_nobody(grounds, publish, tmp_path):
    dog = (LIBRARY / "loose_dog.yaml").read_text(encoding="utf-8")
    publish(PublicationKind.PROTOCOL, "loose_dog", dog)
    transit = (LIBRARY / "found_property.yaml").read_text(encoding="utf-8")
    publish(PublicationKind.PROTOCOL, "found_property", transit)
    gate_file = (CITY / "protocol_gate.yaml").read_text(encoding="utf-8")
    before = 'es: "Camiones y tranvía"}, open: null, fallback: "department:line"'
    assert before in gate_file
    after = 'es: "Camiones y tranvía"}, open: line_hours, fallback: null'
    (tmp_path / "protocol_gate.yaml").write_text(gate_file.replace(before, after), "utf-8")
    by_day = grounds(pack=replace(PACK, path=tmp_path))
    assert found(PublicationKind.HOURS, first(PublicationKind.HOURS), by_day) == []
    document = _edit(first(PublicationKind.HOURS), "lines.main.always_open", value=False)
    document = _edit(document, "lines.main.weekdays.sunday", [])
    stopped = [one for one in found(PublicationKind.HOURS, document, by_day) if "protocol" in one]
    assert len(stopped) == 1, stopped
    assert stopped[0].startswith("protocol found_property, determinant found_transit: the live")
    assert "referral:transit closed" in stopped[0]
