"""A protocol from draft to live: stopped by the proof, mended, replayed, approved, gone back from."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from calltaker.authoring import schedule
from calltaker.authoring.first import Document, publish_first
from models.draft import Draft
from models.intake import ProtocolAnswer, ProtocolSession
from models.publication import Publication
from models.states import PublicationKind, Role
from tests.authoring.protocol_stage import (
    GROUNDS,
    A,
    Author,
    Kennel,
    calmer,
    dog,
    reworded,
    without_the_bite,
)

pytestmark = pytest.mark.database

CALM = {"danger_now": "no", "biting": "no"}
BITING = {"danger_now": "no", "biting": "yes"}


def test_a_change_is_stopped_by_a_counter_example_mended_approved_and_used_by_the_next_call(
    kennel: Kennel,
):
    taker = kennel.house.person()
    running = kennel.house.in_room(taker.staff_id)
    taker.ordered(f"/calls/{running.id}/protocol", {"protocol": "dog"})
    writer, second = kennel.author(), kennel.supervisor()
    stopped = writer.put_forward(calmer())
    assert stopped.status_code == 422
    [finding] = [one for one in stopped.json["findings"] if one["code"] == "E12"]
    assert (finding["where"], finding["line"]) == ("question biting", 30)
    assert finding["replay"] == [["danger_now", "no"], ["biting", "unknown"]]
    assert writer.put_forward(reworded()).status_code == 200
    assert kennel.live().version == 1, "nothing is live before a second person has approved it"
    approved = second.agree()
    assert approved.status_code == 200, approved.text
    assert (approved.json["live"]["version"], approved.json["draft"]["state"]) == (2, "none")
    told = {"question": "danger_now", "value": "no"}
    before = taker.ordered(f"/calls/{running.id}/answers", told)["call"]["protocol"]
    assert "biting anyone" in before["question"]["text"]["en"]
    other = kennel.house.person()
    next_call = kennel.house.in_room(other.staff_id)
    other.ordered(f"/calls/{next_call.id}/protocol", {"protocol": "dog"})
    after = other.ordered(f"/calls/{next_call.id}/answers", told)["call"]["protocol"]
    assert "hurting anyone" in after["question"]["text"]["en"]
    assert {row.version for row in kennel.house.rows(ProtocolSession)} == {1, 2}


def test_each_warning_is_accepted_by_name_and_the_reason_stays_with_the_version(kennel: Kennel):
    writer, second = kennel.author(), kennel.supervisor()
    assert writer.write(reworded()).status_code == 200
    refused = writer.propose(A)
    assert refused.status_code == 422
    codes = {one["id"]: one["code"] for one in refused.json["findings"]}
    assert sorted(codes[one] for one in refused.json["unaccepted"]) == ["A01", "E14"]
    [first, *others] = writer.accepting(reworded())
    assert writer.propose(A, accepted=[first]).json["unaccepted"] == [
        one["finding"] for one in others
    ]
    proposed = writer.propose(A, accepted=[first, *others])
    assert proposed.status_code == 200, proposed.text
    assert {one["code"] for one in proposed.json["draft"]["accepted"]} == {"A01", "E14"}
    assert second.agree().status_code == 200
    kept = {row["code"]: row for row in kennel.live().accepted}
    assert kept["A01"]["reason"] == "known until the city approves"
    assert kept["A01"]["by"] == writer.staff_id
    assert second.state(A)["live"]["accepted"][0]["by"] == "The menu_admin", "people read names"
    again = writer.check(reworded("Is the dog biting a person now?"))["findings"]
    before = {one["code"]: one["accepted_before"] for one in again}
    assert before["A01"]["reason"] == "known until the city approves"
    assert before["A01"]["by"] == "The menu_admin"


@pytest.mark.parametrize("reason", ["", "  ", "x" * 401])
def test_a_warning_is_not_accepted_without_a_reason(kennel: Kennel, reason: str):
    writer = kennel.author()
    writer.write(reworded())
    accepted = [{**one, "reason": reason} for one in writer.accepting(reworded())]
    assert writer.propose(A, accepted=accepted).status_code == 422
    assert writer.state(A)["draft"]["state"] == "editing"


def test_who_withdraws_a_proposal_accepts_nothing_any_more(kennel: Kennel):
    writer = kennel.author()
    writer.put_forward(reworded())
    assert writer.post(f"{A}/withdraw").json["draft"]["accepted"] == []
    assert writer.propose(A).status_code == 422


def test_the_approver_sees_which_recorded_calls_change_and_which_would_lose_911(kennel: Kennel):
    writer, second = kennel.author(), kennel.supervisor()
    kennel.call(CALM)
    bitten = kennel.call({**CALM, **BITING})
    kennel.call({"danger_now": "yes", "biting": "yes"})
    assert writer.put_forward(without_the_bite()).status_code == 200
    seen = second.client.get(f"{A}/replay").json
    assert (seen["sessions"], seen["changed"], seen["lost_911"], seen["gained_911"]) == (3, 1, 1, 0)
    [changed] = seen["calls"]
    assert changed["call_id"] == bitten
    assert changed["old"] == {
        "determinant": "danger_to_911",
        "level": "emergency",
        "emergency": True,
    }
    assert changed["new"]["determinant"] == "report"
    assert changed["illegal"] == ["biting"]
    assert "biting" not in str({**changed, "illegal": []}), "answers stay where they are"
    refused = second.agree()
    assert refused.status_code == 422
    assert refused.json["unaccepted"] == ["R01"]
    accepted = [{"finding": "R01", "reason": "animal care now asks this, with 911 on their line"}]
    assert second.agree(accepted=accepted).status_code == 200
    [lost] = [row for row in kennel.live().accepted if row["code"] == "R01"]
    assert lost["by"] == second.staff_id
    assert lost["message"].startswith("1 of 3 recorded calls")


def test_a_proposer_cannot_accept_for_the_approver_that_calls_lose_911(kennel: Kennel):
    writer, second = kennel.author(), kennel.supervisor()
    kennel.call(BITING)
    text = without_the_bite()
    writer.write(text)
    mine = [*writer.accepting(text), {"finding": "R01", "reason": "I say so"}]
    assert writer.propose(A, accepted=mine).status_code == 200
    assert second.agree().json["unaccepted"] == ["R01"]


def test_calls_that_come_while_somebody_reads_are_looked_at_before_they_approve(kennel: Kennel):
    writer, second = kennel.author(), kennel.supervisor()
    writer.put_forward(without_the_bite())
    seen = second.client.get(f"{A}/replay").json
    assert seen["changed"] == 0
    kennel.call(BITING)
    late = second.agree(replay=seen)
    assert late.status_code == 409
    assert (late.json["replay"]["changed"], late.json["replay"]["lost_911"]) == (1, 1)
    assert second.agree(replay=None).status_code == 409, "without having looked at all"
    assert kennel.live().version == 1


def test_calls_that_change_nothing_do_not_stop_an_approval(kennel: Kennel):
    writer, second = kennel.author(), kennel.supervisor()
    writer.put_forward(reworded())
    seen = second.client.get(f"{A}/replay").json
    kennel.call(BITING)
    assert second.agree(replay=seen).status_code == 200


def test_nobody_approves_their_own_and_only_a_supervisor_approves(kennel: Kennel):
    writer = kennel.supervisor()
    writer.put_forward(reworded())
    assert writer.agree().status_code == 403
    assert kennel.author().agree().status_code == 403
    assert kennel.supervisor().agree().status_code == 200


def test_a_version_goes_back_in_one_step_and_the_next_call_follows(kennel: Kennel):
    writer, second = kennel.author(), kennel.supervisor()
    writer.put_forward(reworded())
    second.agree()
    back = second.post(f"{A}/roll-back", {"version": 1, "reason": "call-takers stumble over it"})
    assert back.status_code == 200, back.text
    assert back.json["live"]["version"] == 1
    taker = kennel.house.person()
    call = kennel.house.in_room(taker.staff_id)
    run = taker.ordered(f"/calls/{call.id}/protocol", {"protocol": "dog"})["call"]["protocol"]
    assert run["version"] == 1


def test_a_later_difference_of_the_library_is_a_draft_and_never_live(kennel: Kennel):
    writer = kennel.author()
    kennel.publish_first(text=reworded())
    state = writer.state(A)
    assert (state["live"]["version"], state["draft"]["state"]) == (1, "editing")
    assert state["draft"]["saved_by"] == "city pack"
    assert "hurting" in state["draft"]["text"]
    assert writer.post(f"{A}/discard", {"revision": state["draft"]["revision"]}).status_code == 200
    kennel.publish_first(text=reworded())
    assert writer.state(A)["draft"]["state"] == "none", "what was thrown away is not offered again"


def test_what_is_typed_is_kept_even_when_it_is_no_yaml_and_its_comments_stay(kennel: Kennel):
    writer = kennel.author()
    broken = dog().replace("questions:", "questions: [")
    assert writer.write(broken).status_code == 200
    draft = writer.state(A)["draft"]
    assert (draft["text"], draft["document"]) == (broken, None)
    assert "# Ask before anything about the owner." in draft["text"]
    refused = writer.propose(A)
    assert refused.status_code == 422
    assert all(one["line"] for one in refused.json["findings"])


def test_of_two_writers_the_later_is_given_the_others_text(kennel: Kennel):
    writer, other = kennel.author(), kennel.author()
    began = writer.state(A)["draft"]["revision"]
    other.write(reworded(), revision=began)
    late = writer.write(calmer(), revision=began)
    assert late.status_code == 409
    assert late.json["theirs"]["text"] == reworded()
    assert late.json["theirs"]["document"]["id"] == "dog"


@pytest.mark.parametrize("text", ["a\x00b", "a\ud800b", "x" * 500_001, 5, None])
def test_only_what_no_text_can_hold_is_refused(kennel: Kennel, text: object):
    writer = kennel.author()
    assert writer.send("PUT", f"{A}/draft", {"revision": 0, "text": text}).status_code == 422
    assert writer.state(A)["draft"]["state"] == "none"


def test_roles_read_write_and_approve_as_the_matrix_says(kennel: Kennel):
    auditor, taker = kennel.author(Role.AUDITOR), kennel.author(Role.CALL_TAKER)
    assert auditor.state(A)["me"]["may"] == {
        "edit": False,
        "propose": False,
        "approve": False,
        "roll_back": False,
        "retire": False,
        "announce": False,
    }
    for person, order in ((auditor, "check"), (taker, "check"), (auditor, "try")):
        assert person.post(f"{A}/{order}", {"text": dog()}).status_code == 403
    assert taker.client.get(A).status_code == 403
    assert taker.client.get(f"{A}/replay").status_code == 403


def test_a_protocol_is_reached_at_its_own_address_alone(kennel: Kennel):
    person = kennel.supervisor()
    assert person.client.get("/menus/api/protocol/dog").status_code == 404
    for address in (
        "/protocols/api/cat",
        "/protocols/cat/print",
        "/protocols/dog%00",
        "/protocols/api/d%00",
    ):
        assert person.client.get(address).status_code == 404
    assert person.write(dog(), "/protocols/api/cat", revision=0).status_code == 404


def test_a_protocol_keeps_its_name(kennel: Kennel):
    writer = kennel.author()
    refused = writer.put_forward(dog().replace("id: dog\n", "id: cat\n"))
    assert refused.status_code == 422
    assert "this is the protocol dog" in refused.text


def set_for_later(kennel: Kennel, text: str, **agreed) -> Author:
    """A version that goes live in five minutes; returns its approver."""
    writer, second = kennel.author(), kennel.supervisor()
    due = kennel.house.clock() + timedelta(minutes=5)
    writer.put_forward(text, publish_at=due.isoformat())
    answer = second.agree(**agreed)
    assert answer.json["scheduled"][0]["version"] == 2, answer.text
    return second


def its_time_comes(kennel: Kennel) -> int:
    kennel.house.clock.pass_by(300)
    return schedule.run_due(kennel.house.runtime, lambda: GROUNDS, kennel.house.clock())


def test_a_version_set_for_later_is_proven_once_more_at_its_time(kennel: Kennel):
    set_for_later(kennel, reworded())
    assert its_time_comes(kennel) == 1
    assert kennel.live().version == 2
    [version] = kennel.house.rows(Publication, Publication.version == 2)
    assert {row["code"] for row in version.accepted} == {"A01", "E14"}


def test_a_version_set_for_later_is_run_over_the_calls_that_came_meanwhile(kennel: Kennel):
    second = set_for_later(kennel, reworded())
    kennel.call(BITING)
    kennel.call(CALM)
    assert its_time_comes(kennel) == 1
    told = second.state(A)["events"][0]
    assert told["what"] == "published"
    assert told["reason"] == (
        "at its set time; run again over 2 recorded calls of version 1: 0 change, 0 are lost to 911"
    )


def test_calls_lost_to_911_that_no_approver_has_seen_keep_a_version_back(kennel: Kennel):
    second = set_for_later(kennel, without_the_bite())
    kennel.call(BITING)
    assert its_time_comes(kennel) == 0
    assert kennel.live().version == 1
    state = second.state(A)
    [withheld] = [event for event in state["events"] if event["what"] == "withheld"]
    assert "1 of 1 recorded calls went to 911 and would not" in withheld["reason"]
    assert state["draft"]["text"] == without_the_bite()


def test_calls_lost_to_911_that_the_approver_accepted_do_not_keep_it_back_again(kennel: Kennel):
    kennel.call(BITING)
    accepted = [{"finding": "R01", "reason": "animal care now asks this, with 911 on their line"}]
    set_for_later(kennel, without_the_bite(), accepted=accepted)
    assert its_time_comes(kennel) == 1
    assert kennel.live().version == 2


def test_a_recorded_call_that_cannot_be_opened_costs_the_replay_itself_alone(kennel: Kennel):
    writer, second = kennel.author(), kennel.supervisor()
    kennel.call(BITING)
    damaged = kennel.call(CALM)
    with kennel.house.runtime.sessions() as session:
        of_call = select(ProtocolSession.id).where(ProtocolSession.call_id == damaged)
        sealed = update(ProtocolAnswer).where(ProtocolAnswer.session_id.in_(of_call))
        session.execute(sealed.values(value=b"damaged"))
        session.commit()
    writer.put_forward(reworded())
    seen = second.client.get(f"{A}/replay").json
    assert (seen["sessions"], seen["unopened"]) == (1, 1)


def test_the_pack_never_writes_over_what_somebody_writes(kennel: Kennel):
    writer = kennel.author()
    writer.write(calmer())
    document = Document(PublicationKind.PROTOCOL, "dog", reworded())
    with kennel.house.runtime.sessions() as session:
        publish_first(session, [document], kennel.house.clock(), lambda: "f" * 32)
        session.commit()
    [draft] = kennel.house.rows(Draft)
    assert draft.document == calmer()
