"""Conferences: starting and ending, hold, mute, coaching, labels, reports, and who hears whom."""

import asyncio

import pytest

from tests.simulator.town import DESK_911, SECOND_911, in_town, room, say

pytestmark = pytest.mark.rules


async def caller_in_room(town, **more: str) -> str:
    town.serve("/incoming", room(dial='action="/left"', **more))
    sid = await town.dial()
    await town.until(lambda: town.exchange.leg(sid).participant)
    return sid


async def two_in_room(town, **more: str) -> tuple[str, str, str]:
    """A caller and 911 in one room: both CallSids and the ConferenceSid."""
    caller = await caller_in_room(town)
    status, made = await town.ring_in(to=SECOND_911, **more)
    assert status == 201
    await town.until(lambda: "conference-start" in town.app.events())
    return caller, made["call_sid"], made["conference_sid"]


@in_town()
async def test_a_caller_alone_hears_the_waiting_document_once_and_then_silence(town):
    town.serve("/music", say("please hold on"))
    sid = await caller_in_room(town, more='waitUrl="/music"')
    await town.until(lambda: "silence" in town.heard(sid))
    assert town.heard(sid) == ["please hold on", "silence"]
    assert len(town.app.at("/music")) == 1


@in_town()
async def test_a_room_starts_with_two_and_tells_in_order_with_numbers(town):
    await two_in_room(town)
    await town.asked("/room", 3)
    told = sorted(town.app.at("/room"), key=lambda one: int(one["SequenceNumber"]))
    assert [one["StatusCallbackEvent"] for one in told] == [
        "participant-join",
        "participant-join",
        "conference-start",
    ]
    assert [one["SequenceNumber"] for one in told] == ["1", "2", "3"]
    assert told[0]["ParticipantLabel"] == "caller"
    assert told[0]["EndConferenceOnExit"] == "false"
    assert told[1]["ParticipantLabel"] == "psap-1-1"
    assert told[2]["FriendlyName"] == "room"
    assert all(one["signature"] == "good" for one in told)


@in_town()
async def test_only_the_report_address_of_the_leg_that_made_the_room_counts(town):
    await caller_in_room(town)
    await town.ring_in(
        to=SECOND_911,
        ConferenceStatusCallback=f"{town.app.base}/never",
        ConferenceStatusCallbackEvent=["join", "leave"],
    )
    await town.asked("/room", 3)
    assert town.app.at("/never") == []


@in_town()
async def test_what_one_types_the_others_hear_unless_held_or_muted(town):
    caller, psap, conference = await two_in_room(town)
    await town.says(psap, "911, what is your emergency")
    await town.until_heard(caller, "911, what is your emergency")
    await town.rest("POST", f"Conferences/{conference}/Participants/{caller}.json", Hold="true")
    assert (await town.call(caller))["on_hold"] is True
    await town.says(psap, "not for the caller")
    await town.rest(
        "POST", f"Conferences/{conference}/Participants/{caller}.json", Hold="false", Muted="true"
    )
    await town.says(caller, "not for 911")
    await town.rest("POST", f"Conferences/{conference}/Participants/{caller}.json", Muted="false")
    await town.says(caller, "a gas smell")
    await town.until_heard(psap, "a gas smell")
    assert "not for the caller" not in town.heard(caller)
    assert "not for 911" not in town.heard(psap)
    await town.asked("/room", 7)
    assert sorted(town.app.events()[3:]) == [
        "participant-hold", "participant-mute", "participant-unhold", "participant-unmute",
    ]  # fmt: skip


@in_town()
async def test_who_is_held_hears_the_hold_document(town):
    caller, _, conference = await two_in_room(town)
    town.serve("/hold", say("one moment please") + "<Redirect>/hold</Redirect>")
    hold = {"Hold": "true", "HoldUrl": f"{town.app.base}/hold"}
    await town.rest("POST", f"Conferences/{conference}/Participants/caller.json", **hold)
    await town.until(lambda: town.heard(caller).count("one moment please") > 1)
    await town.rest("POST", f"Conferences/{conference}/Participants/caller.json", Hold="false")
    count = town.heard(caller).count("one moment please")
    await town.asked("/room", 5)
    assert town.heard(caller).count("one moment please") <= count + 1


@in_town()
async def test_the_exit_flag_cannot_be_changed_on_hold_although_the_answer_is_200(town):
    _, _, conference = await two_in_room(town)
    path = f"Conferences/{conference}/Participants/caller.json"
    await town.rest("POST", path, Hold="true")
    status, shown = await town.rest("POST", path, EndConferenceOnExit="true")
    assert (status, shown["end_conference_on_exit"]) == (200, False)
    await town.rest("POST", path, Hold="false")
    status, shown = await town.rest("POST", path, EndConferenceOnExit="true")
    assert (status, shown["end_conference_on_exit"]) == (200, True)


@in_town()
async def test_a_label_in_use_is_refused_by_rest_and_falls_through_in_a_document(town):
    _, psap, _ = await two_in_room(town)
    status, error = await town.ring_in(to=DESK_911)
    assert (status, error["code"]) == (400, 16026)
    town.serve("/incoming", room(label="psap-1-1") + say("fell through"))
    second = await town.dial(caller="+15205550143")
    await town.until_heard(second, "fell through")
    assert any("16025" in (one.error or "") for one in town.exchange.leg(second).documents)
    await town.hang_up(psap)
    assert (await town.ring_in(to=DESK_911))[0] == 201


@in_town()
async def test_a_label_finds_its_participant_and_the_list_shows_all(town):
    caller, psap, conference = await two_in_room(town)
    status, found = await town.rest("GET", f"Conferences/{conference}/Participants/psap-1-1.json")
    assert (status, found["call_sid"], found["status"]) == (200, psap, "connected")
    _, listed = await town.rest("GET", f"Conferences/{conference}/Participants.json")
    here = {one["label"]: one["call_sid"] for one in listed["participants"]}
    assert here == {"caller": caller, "psap-1-1": psap}


@in_town()
async def test_the_room_ends_by_rest_once_and_its_legs_go_on(town):
    caller, psap, conference = await two_in_room(town)
    town.serve("/left", say("goodbye"))
    status, ended = await town.rest("POST", f"Conferences/{conference}.json", Status="completed")
    assert (status, ended["status"]) == (200, "completed")
    left = (await town.asked("/left"))[0]
    assert (left["DialCallStatus"], left["DialBridged"]) == ("answered", "true")
    assert "DialCallSid" not in left
    assert "DialCallDuration" not in left
    await town.until_heard(caller, "goodbye")
    await town.until_status(psap, "completed")
    end = (await town.asked("/room", StatusCallbackEvent="conference-end"))[0]
    assert end["ReasonConferenceEnded"] == "conference-ended-via-api"
    reasons = {
        one["ReasonParticipantLeft"]
        for one in town.app.at("/room", StatusCallbackEvent="participant-leave")
    }
    assert reasons == {"conference_ended_via_api"}
    assert (await town.rest("POST", f"Conferences/{conference}.json", Status="completed"))[0] == 400
    _, listed = await town.rest("GET", f"Conferences/{conference}/Participants.json")
    assert listed["participants"] == []


@in_town()
async def test_a_name_used_after_the_end_opens_a_new_room(town):
    _, _, conference = await two_in_room(town)
    await town.rest("POST", f"Conferences/{conference}.json", Status="completed")
    _, made = await town.ring_in()
    assert made["conference_sid"] != conference
    assert (await town.ring_in(name=conference))[0] == 404


@in_town()
async def test_the_exit_flag_ends_the_room_for_all(town):
    caller, psap, conference = await two_in_room(town, EndConferenceOnExit="true")
    await town.hang_up(psap)
    end = (await town.asked("/room", StatusCallbackEvent="conference-end"))[0]
    assert end["ReasonConferenceEnded"] == "participant-with-end-conference-on-exit-left"
    assert (end["CallSidEndingConference"], end["ParticipantLabelEndingConference"]) == (
        psap,
        "psap-1-1",
    )
    left = town.app.at("/room", StatusCallbackEvent="participant-leave", CallSid=caller)[0]
    assert left["ReasonParticipantLeft"] == "moderator_ended_conference"
    _, shown = await town.rest("GET", f"Conferences/{conference}.json")
    assert shown["call_sid_ending_conference"] == psap


@in_town()
async def test_who_stays_behind_hears_silence_and_the_room_goes_on(town):
    caller, psap, conference = await two_in_room(town)
    await town.hang_up(psap)
    await town.until(lambda: "alone in the room" in town.heard(caller))
    assert (await town.rest("GET", f"Conferences/{conference}.json"))[1]["status"] == "in-progress"
    left = (await town.asked("/room", StatusCallbackEvent="participant-leave"))[0]
    assert (left["ReasonParticipantLeft"], left["ParticipantCallStatus"]) == (
        "participant_hung_up",
        "completed",
    )
    await town.hang_up(caller)
    end = (await town.asked("/room", StatusCallbackEvent="conference-end"))[0]
    assert end["ReasonConferenceEnded"] == "last-participant-left"
    assert (await town.asked("/left"))[0]["DialCallStatus"] == "completed"


@in_town()
async def test_who_is_removed_goes_on_with_their_action(town):
    caller, _, conference = await two_in_room(town)
    town.serve("/left", say("you are out"))
    assert await town.rest("DELETE", f"Conferences/{conference}/Participants/{caller}.json") == (
        204,
        None,
    )
    await town.until_heard(caller, "you are out")
    left = (await town.asked("/room", StatusCallbackEvent="participant-leave"))[0]
    assert left["ReasonParticipantLeft"] == "participant_updated_via_api"
    assert (await town.rest("GET", f"Conferences/{conference}/Participants/{caller}.json"))[
        0
    ] == 404


@in_town()
async def test_a_redirect_takes_a_leg_out_of_the_room_without_its_action(town):
    caller, psap, _ = await two_in_room(town)
    town.serve("/front", say("you are first"))
    await town.rest("POST", f"Calls/{caller}.json", Url=f"{town.app.base}/front")
    await town.until_heard(caller, "you are first")
    left = (await town.asked("/room", StatusCallbackEvent="participant-leave"))[0]
    assert left["ReasonParticipantLeft"] == "participant_updated_via_api"
    assert town.app.at("/left") == []
    town.serve("/message", say("the caller hung up"))
    await town.rest("POST", f"Calls/{psap}.json", Url=f"{town.app.base}/message")
    await town.until_heard(psap, "the caller hung up")
    await town.until_status(psap, "completed")


@in_town()
async def test_a_coach_is_heard_by_the_coached_alone(town):
    caller, psap, _ = await two_in_room(town)
    coach = {"Coaching": "true", "CallSidToCoach": psap, "Label": "coach"}
    _, made = await town.ring_in(to="+15205550199", **coach)
    await town.control("POST", f"/calls/{made['call_sid']}/answer")
    await town.until(lambda: town.exchange.leg(made["call_sid"]).participant.joined)
    await town.says(made["call_sid"], "ask for the address")
    await town.until_heard(psap, "ask for the address")
    assert "ask for the address" not in town.heard(caller)
    status, _ = await town.ring_in(to=DESK_911, Label="second", Coaching="true")
    assert status == 400
    town.serve(
        "/incoming", room(label="third", dial='action="/left"', more=f'coach="{"CA" + "0" * 32}"')
    )
    await town.dial(caller="+15205550143")
    assert (await town.asked("/left"))[0]["DialCallStatus"] == "failed"


@in_town()
async def test_an_announcement_is_heard_by_the_one_it_is_for(town):
    caller, psap, conference = await two_in_room(town)
    town.serve("/announce", say("recorded line"))
    path = f"Conferences/{conference}/Participants/{caller}.json"
    await town.rest("POST", path, AnnounceUrl=f"{town.app.base}/announce")
    await town.until_heard(caller, "recorded line")
    assert "recorded line" not in town.heard(psap)


@in_town()
async def test_a_failing_waiting_document_lets_the_caller_fall_to_the_action(town):
    town.serve("/music", "<Hangup/>")
    town.serve("/incoming", room(dial='action="/left"', more='waitUrl="/music"'))
    await town.dial()
    assert (await town.asked("/left"))[0]["DialCallStatus"] == "failed"


@in_town()
async def test_a_list_by_name_lags_behind_but_the_sid_is_known_at_once(town):
    await caller_in_room(town)
    _, made = await town.ring_in()
    _, listed = await town.rest("GET", "Conferences.json?FriendlyName=room")
    assert listed["conferences"] == []
    assert (await town.rest("GET", f"Conferences/{made['conference_sid']}.json"))[0] == 200
    await asyncio.sleep(0.25)
    _, listed = await town.rest("GET", "Conferences.json?FriendlyName=room&Status=init")
    assert [one["friendly_name"] for one in listed["conferences"]] == ["room"]


@in_town()
async def test_a_new_hold_document_replaces_the_one_that_plays(town):
    caller, _, conference = await two_in_room(town)
    for name in ("first", "second"):
        town.serve(f"/{name}", say(f"{name} reason"))
        hold = {"Hold": "true", "HoldUrl": f"{town.app.base}/{name}"}
        await town.rest("POST", f"Conferences/{conference}/Participants/{caller}.json", **hold)
        await town.until_heard(caller, f"{name} reason")
    await town.asked("/room", 4)
    assert town.app.events().count("participant-hold") == 1


@in_town()
async def test_a_refused_participant_leaves_no_empty_room_behind(town):
    status, error = await town.ring_in(name="new", Coaching="true", CallSidToCoach="CA" + "0" * 32)
    assert (status, error["code"]) == (400, 13240)
    assert (await town.rest("GET", "Conferences.json"))[1]["conferences"] == []
