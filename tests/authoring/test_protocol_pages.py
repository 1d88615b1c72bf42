"""What the pages of protocols ask: proofs while typing, trying, replay, exchange, paper, the list."""

import json
import re

import pytest
import yaml

from calltaker.authoring import protocol_gate, replaying
from calltaker.intake.published import RED_FLAGS
from models.draft import Draft
from models.states import Role
from protocols import exchange, loading
from tests.authoring.protocol_stage import (
    A,
    Author,
    Kennel,
    calmer,
    dog,
    reworded,
    without_the_bite,
)
from tests.staff.staff_stage import post_form

pytestmark = pytest.mark.database

PAGE = {"Accept": "text/html"}
HOSTILE = [
    ("questions: [", "line"),
    ("a: &x [1]\nb: *x\n", "aliases"),
    ("a: !!python/object/apply:os.system [ls]\n", "tags"),
    ("[" * 1000, "each other"),
    ("{" * 30 + "}" * 30, "each other"),
    ("", "empty"),
    ("id: dog\n---\nid: cat\n", "more than one document"),
    (json.dumps({"id": "dog"}), "is missing"),
    ("\x1b[2J", "unprintable"),
]


def page(author: Author, path: str) -> str:
    answer = author.client.get(path, headers=PAGE)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_a_text_is_proven_while_it_is_typed_with_table_and_difference(kennel: Kennel):
    checked = kennel.author().check(reworded())
    assert (checked["ok"], checked["complete"]) == (True, True)
    assert checked["answer_sets"] > 1
    assert {one["proven"] for one in checked["statements"]} == {True}
    assert checked["document"]["questions"][1]["id"] == "biting"
    [said] = checked["difference"]["sentences"]
    assert said["where"] == "question biting"
    assert "hurting" in said["what"]
    top, last = checked["table"]["rows"][0], checked["table"]["rows"][-1]
    assert (top["determinant"], top["emergency"], top["rank"]) == ("danger_to_911", True, 1)
    assert {name: top["rules"][0][name] for name in ("rule", "words", "in_doubt")} == {
        "rule": "bite",
        "words": "biting is yes",
        "in_doubt": True,
    }
    assert (last["determinant"], last["otherwise"]) == ("report", True)


def test_a_text_that_is_no_protocol_says_each_mistake_at_its_line(kennel: Kennel):
    broken = dog().replace("kind: choice", "kind: guess", 1).replace("is: ", "iz: ", 1)
    checked = kennel.author().check(broken)
    assert (checked["ok"], checked["document"], checked["table"]) == (False, None, None)
    lines = broken.splitlines()
    said = {lines[one["line"] - 1].strip() for one in checked["findings"]}
    assert "kind: guess" in said
    assert any(line.startswith("when: {question: biting") for line in said)


def test_an_examination_that_takes_too_long_waits_for_the_proposal(kennel: Kennel, monkeypatch):
    monkeypatch.setattr(protocol_gate, "TYPING_SECONDS", -1.0)
    checked = kennel.author().check(dog())
    assert checked["complete"] is False
    assert [one["code"] for one in checked["findings"]] == ["G02"]
    assert checked["table"]["rows"], "what can be read is shown"


def test_a_text_is_played_as_the_desk_shows_it_and_stale_answers_are_told(kennel: Kennel):
    author = kennel.author()
    order = {"text": calmer(), "answers": {"danger_now": "no", "biting": "unknown"}}
    played = author.post(f"{A}/try", order).json
    assert played["run"]["determinant"]["id"] == "report"
    assert played["faults"] == []
    stale = {"text": without_the_bite(), "answers": {"biting": "yes", "danger_now": "perhaps"}}
    told = author.post(f"{A}/try", stale).json
    assert len(told["faults"]) == 2
    assert told["run"]["question"]["id"] == "danger_now"
    for answers in ({"danger_now": {"$ne": 1}}, {"danger_now": [["yes"]]}, {"danger_now": None}):
        tried = author.post(f"{A}/try", {"text": dog(), "answers": answers})
        assert len(tried.json["faults"]) == 1
    assert author.post(f"{A}/try", {"text": dog(), "answers": []}).status_code == 422
    assert author.post(f"{A}/try", {"text": "id: dog"}).json["findings"]


def test_recorded_calls_run_on_a_text_that_is_not_saved(kennel: Kennel):
    author = kennel.author()
    kennel.call({"danger_now": "no", "biting": "yes"})
    same = author.post(f"{A}/replay", {"text": dog()}).json
    assert (same["sessions"], same["changed"], same["from_version"]) == (1, 0, 1)
    lost = author.post(f"{A}/replay", {"text": without_the_bite()}).json
    assert (lost["changed"], lost["lost_911"], lost["calls"][0]["lost_911"]) == (1, 1, True)
    assert author.post(f"{A}/replay", {"text": "id: dog"}).status_code == 422


def test_a_changed_answer_counts_as_it_was_last_given(kennel: Kennel):
    kennel.call({"danger_now": "no"}, {"biting": "yes"}, {"biting": "no"})
    found = kennel.author().post(f"{A}/replay", {"text": without_the_bite()}).json
    assert (found["sessions"], found["changed"]) == (1, 0)


def test_only_the_newest_calls_are_run_and_not_all_are_listed(kennel: Kennel, monkeypatch):
    monkeypatch.setattr(replaying, "MOST", 2)
    monkeypatch.setattr(replaying, "SHOWN", 1)
    for biting in ("no", "yes", "yes"):
        kennel.house.clock.pass_by(60)
        kennel.call({"danger_now": "no", "biting": biting})
    found = kennel.author().post(f"{A}/replay", {"text": without_the_bite()}).json
    assert (found["sessions"], found["changed"]) == (2, 2)
    assert (len(found["calls"]), found["left_out"]) == (1, 1)


def test_two_versions_differ_in_sentences_and_a_broken_text_line_by_line(kennel: Kennel):
    author = kennel.author()
    author.write(reworded())
    [said] = author.client.get(f"{A}/difference?from=live&to=draft").json["sentences"]
    assert "hurting" in said["what"]
    author.write(dog() + "\nbroken: [")
    found = author.client.get(f"{A}/difference?from=1&to=draft").json
    assert found["sentences"] is None
    assert "broken: [" in found["lines"][-1]["after"]
    assert author.client.get(f"{A}/difference?to=99").status_code == 404
    assert author.client.get(f"{A}/difference?to=x").status_code == 422


def test_a_new_protocol_begins_with_the_smallest_that_can_be_proven(kennel: Kennel):
    writer, second = kennel.author(), kennel.supervisor()
    at = "/protocols/api/fallen_tree"
    order = {"key": "fallen_tree", "title": {"en": 'A "fallen" tree', "es": "Árbol: caído #1"}}
    begun = writer.post("/protocols/api/new", order)
    assert begun.status_code == 200, begun.text
    assert begun.json["title"] == order["title"]
    assert (begun.json["live"], begun.json["draft"]["state"]) == (None, "editing")
    assert writer.post("/protocols/api/new", order).status_code == 409
    text = begun.json["draft"]["text"]
    assert writer.propose(at, accepted=writer.accepting(text, at)).status_code == 200
    assert second.client.get(f"{at}/replay").status_code == 404
    assert second.client.get("/protocols/fallen_tree/print").status_code == 404, "not live yet"
    assert "draft, not in use" in page(writer, "/protocols/fallen_tree/print?version=draft")
    approved = second.agree(at)
    assert approved.status_code == 200, approved.text
    assert kennel.live("fallen_tree").version == 1


@pytest.mark.parametrize(
    "key", ["new", "import", "api", "Tree", "1tree", "a/b", "../x", "", "ñ", "t" * 49]
)
def test_a_name_that_cannot_be_an_address_is_refused(kennel: Kennel, key: str):
    order = {"key": key, "title": {"en": "Tree", "es": "Árbol"}}
    assert kennel.author().post("/protocols/api/new", order).status_code == 422


def test_a_form_begins_a_protocol_and_gives_back_what_was_typed(kennel: Kennel):
    writer, at = kennel.author(), "/protocols/new"
    wrong = post_form(writer.client, at, at, key="Fallen Tree", en="Tree", es="Árbol caído")
    assert wrong.status_code == 422
    assert 'value="Fallen Tree"' in wrong.text
    assert "Árbol caído" in wrong.text
    right = post_form(writer.client, at, at, key="tree", en="Tree", es="Árbol")
    assert (right.status_code, right.headers["Location"]) == (303, "/protocols/tree")
    assert 'id="protocol-editor" data-key="tree"' in page(writer, "/protocols/tree")


def test_what_is_exported_is_taken_in_again_exactly(kennel: Kennel):
    writer = kennel.author()
    answer = writer.client.get("/protocols/dog/export?version=live")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="dog.json"'
    assert exchange.from_document(answer.json) == loading.load(dog(), "dog")
    elsewhere = answer.text.replace('"dog"', '"stray_dog"')
    taken = writer.post("/protocols/api/import", {"text": elsewhere})
    assert taken.status_code == 200, taken.text
    assert (taken.json["key"], taken.json["converted"]) == ("stray_dog", True)
    text = taken.json["state"]["draft"]["text"]
    assert not text.startswith("{")
    assert loading.load(text, "stray_dog").questions == loading.load(dog(), "dog").questions


def test_yaml_is_taken_in_with_its_comments_as_the_draft_of_its_protocol(kennel: Kennel):
    writer = kennel.author()
    taken = writer.post("/protocols/api/import", {"text": reworded()}).json
    assert (taken["key"], taken["converted"]) == ("dog", False)
    assert taken["state"]["draft"]["text"] == reworded()
    assert kennel.live().document == dog(), "nothing goes live by it"


def test_somebodys_draft_is_replaced_only_by_who_names_it(kennel: Kennel):
    writer, other = kennel.author(), kennel.author()
    other.write(calmer())
    held = writer.post("/protocols/api/import", {"text": reworded()})
    assert held.status_code == 409
    assert held.json["key"] == "dog"
    order = {"text": reworded(), "revision": held.json["revision"]}
    assert writer.post("/protocols/api/import", order).status_code == 200
    late = writer.post("/protocols/api/import", order)
    assert late.status_code == 409, "it moved on"
    assert late.json["theirs"]["text"] == reworded()
    assert writer.state(A)["draft"]["text"] == reworded()


@pytest.mark.parametrize(("text", "words"), HOSTILE, ids=[words for _, words in HOSTILE])
def test_a_hostile_document_is_refused_whole(kennel: Kennel, text: str, words: str):
    writer = kennel.author()
    refused = writer.post("/protocols/api/import", {"text": text})
    assert refused.status_code == 422
    assert words in json.dumps(refused.json["findings"])
    checked = writer.check(text)
    assert not checked["ok"]
    assert kennel.house.rows(Draft) == []


def test_a_faulty_file_comes_back_with_its_lines_and_its_text(kennel: Kennel):
    writer, at = kennel.author(), "/protocols/import"
    broken = dog().replace("kind: choice", "kind: guess", 1)
    refused = post_form(writer.client, at, at, text=broken)
    assert refused.status_code == 422
    line = broken.splitlines().index("    kind: guess") + 1
    assert f"Line {line}," in refused.text
    assert "kind: guess" in refused.text
    sent = reworded().replace("\n", "\r\n")  # as browsers send a field
    taken = post_form(writer.client, at, at, text=sent)
    assert writer.state(A)["draft"]["text"] == reworded()
    assert (taken.status_code, taken.headers["Location"]) == (303, "/protocols/dog")
    held = post_form(writer.client, at, at, text=dog())
    assert held.status_code == 409
    [revision] = re.findall(r'name="revision" value="(\d+)"', held.text)
    assert post_form(writer.client, at, at, text=dog(), revision=revision).status_code == 303
    for wrong in ("9" * 10, "9" * 5000):
        assert post_form(writer.client, at, at, text=dog(), revision=wrong).status_code == 409


def test_the_sheet_has_every_word_that_somebody_signs_for(kennel: Kennel):
    writer = kennel.author()
    shown = page(writer, "/protocols/dog/print")
    document = yaml.safe_load(dog())
    texts = [document["title"]]
    for question in document["questions"]:
        texts += [question["text"], *(option["text"] for option in question["options"])]
    for determinant in document["determinants"]:
        texts += [determinant[name] for name in ("title", "script", "advice")]
    panel = loading.load_red_flags(RED_FLAGS.read_text(encoding="utf-8"), "panel")
    said = [text[language] for text in texts for language in ("en", "es")]
    said += [words for flag in panel for words in (flag.title.en, flag.title.es, flag.note.en)]
    assert [words for words in said if words not in shown] == []
    for words in ("biting is yes", "Not yet approved", "Signature", "in use"):
        assert words.lower() in shown.lower()
    writer.write(reworded())
    draft = page(writer, "/protocols/dog/print?version=draft")
    assert "draft, not in use" in draft
    assert "hurting" in draft
    assert "hurting" not in page(writer, "/protocols/dog/print?version=1")
    for version in ("9", "x", "-1"):
        answer = writer.client.get(f"/protocols/dog/print?version={version}", headers=PAGE)
        assert answer.status_code in (404, 422)


def test_a_draft_that_cannot_be_read_is_not_printed_or_exported_but_told(kennel: Kennel):
    writer = kennel.author()
    writer.write("questions: [")
    for what in ("print", "export"):
        assert writer.client.get(f"/protocols/dog/{what}?version=draft").status_code == 422
        assert writer.client.get(f"/protocols/dog/{what}").status_code == 200


def test_the_list_names_every_protocol_how_it_stands_and_finds_words(kennel: Kennel):
    writer = kennel.author()
    kennel.publish_first(
        "stray_cat", dog().replace("id: dog\n", "id: stray_cat\n").replace("Loose dog", "Cat")
    )
    writer.put_forward(reworded())
    writer.post("/protocols/api/new", {"key": "tree", "title": {"en": "Tree", "es": "Árbol"}})
    shown = page(kennel.author(Role.AUDITOR), "/protocols")
    for words in (
        "Loose dog",
        "Perro suelto",
        "Cat",
        "Tree",
        "waits for approval",
        "never published",
    ):
        assert words in shown
    begun = shown[shown.index("Being worked on") : shown.index("Words of a title")]
    assert begun.index("Loose dog") < begun.index("Tree"), "what waits for somebody comes first"
    assert "not approved yet" in shown
    assert "1 emergency" in shown
    assert "Begin a new protocol" not in shown, "an auditor only reads"
    found = page(writer, "/protocols?words=perro+DOG")
    assert "Loose dog" in found
    assert "stray_cat" not in found
    assert "No protocol has these words." in page(writer, "/protocols?words=zebra")


def test_a_live_protocol_that_cannot_be_read_any_more_hides_no_other(kennel: Kennel):
    kennel.publish_first("odd", "id: odd\nquestions: []\n")
    shown = page(kennel.author(), "/protocols")
    assert "Loose dog" in shown
    assert "cannot be read yet" in shown


def test_the_schema_is_published_and_says_what_it_is(kennel: Kennel):
    answer = kennel.author().client.get("/protocols/schema.json")
    assert answer.mimetype == "application/schema+json"
    assert answer.get_json(force=True) == exchange.schema()


def test_the_catalogue_offers_only_what_the_gate_will_take(kennel: Kennel):
    offered = kennel.author().state(A)["catalogue"]
    assert offered["common_codes"] == ["BITE", "INFO", "TROUBLE"]
    assert offered["request_codes"] == [
        {"code": "loose_dog", "title": {"en": "Loose dog", "es": "Perro suelto"}}
    ]
    keys = [f"{one['kind']}:{one['key']}" for one in offered["destinations"]]
    assert keys[0] == "911:by_jurisdiction"
    assert "department:animal_care" in keys
    assert offered["protocols"] == [
        {"id": "dog", "title": {"en": "Loose dog", "es": "Perro suelto"}}
    ]
