"""A document's life: drafted, proposed, approved by a second person, live, rolled back, and told."""

from datetime import timedelta

import pytest

from models.draft import Draft
from models.publication import Publication
from models.states import PublicationState, Role
from tests.authoring.authoring_stage import HOURS, City, hours

pytestmark = pytest.mark.database


def test_a_draft_begins_as_the_live_text_and_belongs_to_everybody(city: City):
    first, second = city.editor(), city.editor()
    begun = first.state()["draft"]
    assert (begun["revision"], begun["state"]) == (0, "none")
    assert begun["document"] == hours(opens="eight")
    assert first.save(hours(opens="nine")).status_code == 200
    seen = second.state()["draft"]
    assert seen["document"] == hours(opens="nine")
    assert (seen["state"], seen["based_on_version"]) == ("editing", 1)
    assert seen["saved_by"] == "The menu_admin"
    assert city.live_version() == 1


def test_the_later_save_is_refused_with_both_texts(city: City):
    first, second = city.editor(), city.editor()
    first.save(hours(opens="nine"))
    revision = first.state()["draft"]["revision"]
    assert second.save(hours(opens="ten"), revision=revision).status_code == 200
    late = first.save(hours(opens="eleven"), revision=revision)
    assert late.status_code == 409
    theirs = late.json["theirs"]
    assert theirs["document"] == hours(opens="ten")
    assert theirs["revision"] == revision + 1
    assert theirs["saved_by"] == "The menu_admin"
    assert set(late.json) == {"problem", "what_to_do", "theirs"}
    assert first.state()["draft"]["document"] == hours(opens="ten")


def test_two_who_begin_a_draft_at_once_do_not_overwrite_each_other(city: City):
    first, second = city.editor(), city.editor()
    assert first.save(hours(opens="nine"), revision=0).status_code == 200
    late = second.save(hours(opens="ten"), revision=0)
    assert late.status_code == 409
    assert late.json["theirs"]["document"] == hours(opens="nine")


def test_what_a_second_person_approves_is_live_and_says_by_whom_and_why(city: City):
    state = city.published(hours(opens="nine"))
    live = state["live"]
    assert (live["version"], live["document"]) == (2, hours(opens="nine"))
    assert (live["author"], live["approver"]) == ("The menu_admin", "The supervisor")
    assert live["reason"] == "a new service"
    assert len(live["digest"]) == 64
    assert state["draft"]["state"] == "none"
    assert [row["state"] for row in state["history"]] == ["live", "superseded"]
    assert [event["what"] for event in state["events"]] == [
        "published",
        "approved",
        "proposed",
        "begun",
    ]


def test_nobody_approves_what_they_proposed_or_saved_last(city: City):
    writer, other = city.supervisor(), city.supervisor()
    writer.save(hours(opens="nine"))
    assert writer.propose().status_code == 200
    refused = writer.approve()
    assert refused.status_code == 403
    assert "another supervisor" in refused.json["what_to_do"]
    writer.post(f"{HOURS}/withdraw")
    assert other.propose().status_code == 200
    assert other.approve().status_code == 403, "the proposer"
    assert writer.approve().status_code == 403, "the last author"
    assert city.supervisor().approve().status_code == 200
    assert city.live_version() == 2


def test_a_proposal_stands_still_until_it_is_withdrawn_or_declined(city: City):
    writer, second = city.editor(), city.supervisor()
    writer.save(hours(opens="nine"))
    writer.propose()
    refused = writer.save(hours(opens="ten"))
    assert (refused.status_code, "Withdraw" in refused.json["what_to_do"]) == (409, True)
    declined = second.post(f"{HOURS}/decline", {"reason": "ten is right"})
    assert declined.json["draft"]["state"] == "editing"
    assert declined.json["events"][0]["reason"] == "ten is right"
    assert writer.save(hours(opens="ten")).status_code == 200
    assert second.approve().status_code == 409
    assert city.live_version() == 1


def test_the_approver_approves_the_text_that_they_read(city: City):
    writer, second = city.editor(), city.supervisor()
    writer.save(hours(opens="nine"))
    writer.propose()
    seen = second.state()["draft"]
    writer.post(f"{HOURS}/withdraw")
    writer.save(hours(opens="ten"))
    writer.propose()
    stale = {"revision": seen["revision"], "digest": seen["digest"]}
    assert second.post(f"{HOURS}/approve", stale).status_code == 409
    other = {"revision": second.state()["draft"]["revision"], "digest": seen["digest"]}
    assert second.post(f"{HOURS}/approve", other).status_code == 409
    assert city.live_version() == 1


def test_the_gate_stands_before_the_proposal_and_before_the_publishing(city: City):
    writer, second = city.editor(), city.supervisor()
    writer.save(hours(strands=True))
    stopped = writer.propose()
    assert stopped.status_code == 422
    assert stopped.json["findings"][0]["severity"] == "error"
    assert "nobody would ever answer" in stopped.json["findings"][0]["message"]
    assert writer.state()["draft"]["state"] == "editing"
    with city.house.runtime.sessions() as session:  # the facts change after the proposal
        draft = session.query(Draft).one()
        draft.state, draft.reason, draft.proposed_by = "proposed", "x", writer.staff_id
        session.commit()
    assert second.approve().status_code == 422
    assert city.live_version() == 1


def test_check_examines_without_saving(city: City):
    writer = city.editor()
    found = writer.post(f"{HOURS}/check", {"document": hours(strands=True)})
    assert found.status_code == 200
    assert [finding["severity"] for finding in found.json["findings"]] == ["error"]
    assert found.json["took_ms"] >= 0
    assert writer.state()["draft"]["state"] == "none"


def test_a_draft_that_was_discarded_is_gone_and_its_late_writer_is_told(city: City):
    writer = city.editor()
    writer.save(hours(opens="nine"))
    revision = writer.state()["draft"]["revision"]
    state = writer.post(f"{HOURS}/discard", {"revision": revision}).json
    assert state["draft"]["state"] == "none"
    assert writer.save(hours(opens="ten"), revision=revision).status_code == 409
    city.house.clock.pass_by(60)
    writer.save(hours(opens="eleven"))
    assert writer.state()["draft"]["revision"] > revision
    assert writer.save(hours(opens="twelve"), revision=revision).status_code == 409


def test_roll_back_makes_an_earlier_version_live_and_history_says_so(city: City):
    city.published(hours(opens="nine"))
    second = city.supervisor()
    state = second.post(f"{HOURS}/roll-back", {"version": 1, "reason": "nine was wrong"}).json
    assert state["live"]["version"] == 1
    assert state["events"][0]["what"] == "rolled_back"
    assert state["events"][0]["reason"] == "nine was wrong"
    assert [(row["version"], row["state"]) for row in state["history"]] == [
        (2, "superseded"),
        (1, "live"),
    ]
    forward = second.post(f"{HOURS}/roll-back", {"version": 2, "reason": "it was right"})
    assert forward.json["live"]["version"] == 2
    assert len(city.live()) == 1


@pytest.mark.parametrize("version", [2, 3, 0, 99])
def test_only_an_earlier_version_can_be_made_live_again(city: City, version: int):
    city.published(hours(opens="nine"))
    order = {"version": version, "reason": "try"}
    answer = city.supervisor().post(f"{HOURS}/roll-back", order)
    assert answer.status_code in (404, 409)
    assert city.live_version() == 2


def test_a_version_never_changes_its_text(city: City):
    city.published(hours(opens="nine"))
    before = {row.version: (row.digest, row.document) for row in city.house.rows(Publication)}
    city.published(hours(opens="ten"))
    city.supervisor().post(f"{HOURS}/roll-back", {"version": 2, "reason": "back"})
    after = {row.version: (row.digest, row.document) for row in city.house.rows(Publication)}
    assert {number: after[number] for number in before} == before


def test_a_proposal_for_later_waits_and_says_until_when(city: City):
    writer, second = city.editor(), city.supervisor()
    at = (city.house.clock() + timedelta(hours=8)).isoformat()
    writer.save(hours(opens="nine"))
    assert writer.propose(publish_at=at).status_code == 200
    state = second.approve().json
    assert state["live"]["version"] == 1
    [waiting] = state["scheduled"]
    assert (waiting["version"], waiting["publish_at"]) == (2, at)
    assert state["draft"]["state"] == "none"
    cancelled = second.post(f"{HOURS}/cancel", {"version": 2, "reason": "not needed"}).json
    assert cancelled["scheduled"] == []
    assert cancelled["draft"]["document"] == hours(opens="nine"), "nothing written is lost"
    assert city.house.rows(Publication, Publication.state == PublicationState.SCHEDULED) == []


def test_the_difference_names_what_changed_alone(city: City):
    writer = city.editor()
    writer.save(hours(opens="nine"))
    lines = writer.client.get(f"{HOURS}/difference?from=live&to=draft").json["lines"]
    assert [(line["before"], line["after"]) for line in lines] == [("eight", "nine")]
    assert writer.client.get(f"{HOURS}/difference?from=1&to=live").json["lines"] == []


def test_publishing_asks_for_the_password_again_after_a_while(city: City):
    writer, second = city.editor(), city.supervisor()
    writer.save(hours(opens="nine"))
    writer.propose()
    city.house.clock.pass_by(16 * 60)
    asked = second.approve()
    assert (asked.status_code, asked.json["needs"]) == (428, "password")
    assert second.approve(password="not this one").status_code == 428
    assert city.live_version() == 1
    from calltaker.staff import passwords
    from models.staff import Staff
    from tests.staff.staff_stage import PASSWORD

    with city.house.runtime.sessions() as session:
        session.get(Staff, second.staff_id).password_hash = passwords.make_hash(PASSWORD)
        session.commit()
    assert second.post("/menus/api/confirm", {"password": PASSWORD}).json == {"confirmed": True}
    assert second.approve().status_code == 200
    assert city.live_version() == 2


ROLES = [
    (Role.CALL_TAKER, "hours", 403),
    (Role.SENIOR, "hours", 403),
    (Role.AUDITOR, "hours", 403),
    (Role.SYSTEM_ADMIN, "hours", 403),
    (Role.MENU_ADMIN, "hours", 200),
    (Role.SUPERVISOR, "hours", 200),
    (Role.MENU_ADMIN, "destinations", 403),
    (Role.SYSTEM_ADMIN, "destinations", 200),
    (Role.SUPERVISOR, "destinations", 200),
    (Role.MENU_ADMIN, "agencies", 403),
    (Role.SYSTEM_ADMIN, "agencies", 200),
]


@pytest.mark.parametrize(("role", "kind", "status"), ROLES)
def test_each_kind_is_written_by_its_roles(city: City, role: Role, kind: str, status: int):
    city.publish_first(destinations="key: destinations\n", agencies="key: agencies\n")
    path = f"/menus/api/{kind}/{kind}"
    order = {"revision": 0, "document": {"key": kind}}
    assert city.editor(role).send("PUT", f"{path}/draft", order).status_code == status


@pytest.mark.parametrize("kind", ["categories", "protocol", "announcement", "nothing"])
def test_other_kinds_are_not_edited_at_this_door(city: City, kind: str):
    assert city.supervisor().client.get(f"/menus/api/{kind}/menu").status_code == 404


def test_no_page_invents_a_document(city: City):
    order = {"revision": 0, "document": {"key": "other"}}
    writer = city.editor()
    assert writer.send("PUT", "/menus/api/menu/other/draft", order).status_code == 404
    assert writer.client.get("/menus/api/menu/other").status_code == 404
