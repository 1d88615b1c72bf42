"""REST: authentication, errors, shapes, calls, participants, the pace of calls, and other resources."""

import asyncio

import aiohttp
import pytest

from simulator.rest_shapes import FIELDS
from tests.simulator.town import (
    ACCOUNT,
    ANA,
    DESK_911,
    KEY,
    LINE,
    OTHER_ACCOUNT,
    SECOND_911,
    SECRET,
    TOKEN,
    in_town,
    room,
    say,
)

pytestmark = pytest.mark.rules


@pytest.mark.parametrize(
    ("auth", "account", "status"),
    [
        ((ACCOUNT, TOKEN), ACCOUNT, 200),
        ((KEY, SECRET), ACCOUNT, 200),
        ((ACCOUNT, "wrong"), ACCOUNT, 401),
        ((ACCOUNT, ""), ACCOUNT, 401),
        (("", ""), ACCOUNT, 401),
        ((ACCOUNT, TOKEN), OTHER_ACCOUNT, 401),
        ((KEY, SECRET), OTHER_ACCOUNT, 401),
    ],
)
@in_town()
async def test_only_an_accounts_own_token_or_key_opens_it(town, auth, account, status):
    answered, body = await town.rest("GET", "Calls.json", auth=auth, account=account)
    assert answered == status
    if status == 401:
        assert body == {
            "code": 20003,
            "message": "Authenticate",
            "more_info": "https://www.twilio.com/docs/errors/20003",
            "status": 401,
        }


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "Nothing.json"),
        ("GET", f"Calls/CA{'0' * 32}.json"),
        ("POST", f"Conferences/CF{'0' * 32}.json"),
        ("GET", "Conferences/noroom/Participants.json"),
        ("DELETE", "Calls.json"),
        ("GET", "Calls"),
    ],
)
@in_town()
async def test_what_is_not_there_is_404_in_twilios_shape(town, method, path):
    status, error = await town.rest(method, path)
    assert (status, error["code"], error["status"]) == (404, 20404, 404)
    assert error["message"].startswith("The requested resource /2010-04-01/")


REFUSED_CALLS = [
    ({"From": LINE, "Url": "http://x/"}, 21201),
    ({"To": DESK_911, "Url": "http://x/"}, 21213),
    ({"To": "520", "From": LINE, "Url": "http://x/"}, 21211),
    ({"To": DESK_911, "From": "anonymous", "Url": "http://x/"}, 21212),
    ({"To": DESK_911, "From": ANA, "Url": "http://x/"}, 21210),
    ({"To": DESK_911, "From": ANA, "CallToken": "guessed", "Url": "http://x/"}, 21210),
    ({"To": DESK_911, "From": LINE}, 21205),
    ({"To": DESK_911, "From": LINE, "Url": "/relative"}, 21205),
    ({"To": DESK_911, "From": LINE, "Url": "http://x/", "Timeout": "601"}, 21208),
    ({"To": DESK_911, "From": LINE, "Url": "http://x/", "Method": "PUT"}, 21209),
    ({"To": DESK_911, "From": LINE, "Twiml": "<Response><Speak/></Response>"}, 12200),
    (
        {
            "To": DESK_911,
            "From": LINE,
            "Twiml": "<Response><Say>" + "a" * 4000 + "</Say></Response>",
        },
        20001,
    ),
]


@pytest.mark.parametrize(("form", "code"), REFUSED_CALLS)
@in_town()
async def test_a_call_that_twilio_refuses_is_refused_with_its_number(town, form, code):
    status, error = await town.rest("POST", "Calls.json", **form)
    assert (status, error["code"]) == (400, code)
    assert await town.control("GET", "/calls") == {"calls": []}


@in_town()
async def test_a_call_is_made_reported_and_runs_its_document(town):
    town.serve("/answered", say("hello there"))
    events = ["initiated", "ringing", "answered", "completed"]
    status, call = await town.rest(
        "POST", "Calls.json", To=SECOND_911, From=LINE, Url=f"{town.app.base}/answered",
        StatusCallback=f"{town.app.base}/progress", StatusCallbackEvent=events,
    )  # fmt: skip
    assert (status, call["status"], call["direction"]) == (201, "queued", "outbound-api")
    told = sorted(await town.asked("/progress", 4), key=lambda one: int(one["SequenceNumber"]))
    assert [one["CallStatus"] for one in told] == [
        "initiated",
        "ringing",
        "in-progress",
        "completed",
    ]
    assert [one["SequenceNumber"] for one in told] == ["0", "1", "2", "3"]
    assert "CallDuration" in told[3]
    assert "CallDuration" not in told[2]
    assert town.heard(call["sid"]) == ["hello there"]
    _, shown = await town.rest("GET", f"Calls/{call['sid']}.json")
    assert shown["status"] == "completed"


@in_town()
async def test_without_events_only_the_end_is_reported(town):
    form = {
        "To": DESK_911,
        "From": LINE,
        "Url": f"{town.app.base}/x",
        "StatusCallback": f"{town.app.base}/progress",
    }
    await town.control("PUT", f"/phones/{DESK_911}", {"otherwise": {"on_ring": "busy"}})
    await town.rest("POST", "Calls.json", **form)
    told = (await town.asked("/progress"))[0]
    assert (told["CallStatus"], told["SequenceNumber"], told["SipResponseCode"]) == (
        "busy",
        "0",
        "486",
    )
    assert len(town.app.at("/progress")) == 1


@in_town()
async def test_an_inline_document_needs_absolute_addresses(town):
    inline = (
        '<Response><Gather action="/relative" timeout="1" actionOnEmptyResult="true"/></Response>'
    )
    _, call = await town.rest("POST", "Calls.json", To=SECOND_911, From=LINE, Twiml=inline)
    await town.until_status(call["sid"], "completed")
    assert "application error" in town.heard(call["sid"])[-1]
    inline = f'<Response><Gather action="{town.app.base}/ok" timeout="1" actionOnEmptyResult="true"/></Response>'
    await town.rest("POST", "Calls.json", To=SECOND_911, From=LINE, Twiml=inline)
    await town.asked("/ok")


@in_town()
async def test_a_callers_own_number_is_shown_with_the_token_of_their_leg(town):
    town.serve("/incoming", room())
    await town.dial()
    token = (await town.asked("/incoming"))[0]["CallToken"]
    status, made = await town.ring_in(From=ANA, CallToken=token)
    assert status == 201
    await town.until(lambda: town.exchange.phones.find(DESK_911).ringing())
    assert town.exchange.leg(made["call_sid"]).from_ == ANA
    assert token not in str(
        [one.as_json() for one in town.exchange.journal.entries() if one.kind == "rest"]
    )


@in_town()
async def test_a_ringing_call_is_canceled_and_a_live_one_completed_and_an_ended_one_neither(town):
    town.serve("/answered", '<Pause length="60"/>')
    form = {"From": LINE, "Url": f"{town.app.base}/answered"}
    _, ringing = await town.rest("POST", "Calls.json", To=DESK_911, **form)
    _, live = await town.rest("POST", "Calls.json", To=SECOND_911, **form)
    await town.until_status(live["sid"], "in-progress")
    assert (await town.rest("POST", f"Calls/{live['sid']}.json", Status="canceled"))[1][
        "code"
    ] == 21220
    assert (await town.rest("POST", f"Calls/{ringing['sid']}.json", Status="canceled"))[1][
        "status"
    ] == "canceled"
    assert (await town.rest("POST", f"Calls/{live['sid']}.json", Status="completed"))[1][
        "status"
    ] == "completed"
    assert (await town.rest("POST", f"Calls/{live['sid']}.json", Url="http://x/"))[1][
        "code"
    ] == 21220


@in_town()
async def test_two_redirects_at_once_leave_one_document_running(town):
    town.serve("/incoming", say("hello") + '<Pause length="60"/>')
    town.serve("/one", room(name="one"))
    town.serve("/two", room(name="two"))
    sid = await town.dial()
    await town.until_status(sid, "in-progress")
    moves = [
        town.rest("POST", f"Calls/{sid}.json", Url=f"{town.app.base}/{name}")
        for name in ("one", "two")
    ]
    assert [status for status, _ in await asyncio.gather(*moves)] == [200, 200]
    await asyncio.sleep(0.2)
    rooms = [
        one for one in town.exchange.rooms.of(town.exchange.leg(sid).account) if one.participants
    ]
    assert len(rooms) == 1


@in_town(calls_per_second=4)
async def test_calls_that_rest_makes_wait_their_turn(town):
    loop = asyncio.get_running_loop()
    began = loop.time()
    made = [await town.ring_in(name=f"room-{n}", Label=f"psap-{n}") for n in range(4)]
    assert [one["status"] for _, one in made] == ["queued"] * 4
    await town.until(lambda: len(town.exchange.phones.find(DESK_911).ringing()) == 4)
    assert 0.7 < loop.time() - began < 4
    _, last = await town.rest("GET", f"Calls/{made[3][1]['call_sid']}.json")
    assert 200 < int(last["queue_time"]) < 900


PARTICIPANTS = [
    ({"on_ring": "busy"}, "busy"),
    ({"on_ring": "fail"}, "failed"),
    ({"on_ring": "no_answer"}, "no-answer"),
]


@pytest.mark.parametrize(("behaviour", "status"), PARTICIPANTS)
@in_town()
async def test_a_participant_who_never_answers_leaves_as_add_failed(town, behaviour, status):
    await town.control("PUT", f"/phones/{DESK_911}", {"otherwise": behaviour})
    town.serve("/incoming", room())
    await town.dial()
    await town.asked("/room")
    _, made = await town.ring_in(Timeout="5")
    left = (await town.asked("/room", StatusCallbackEvent="participant-leave"))[0]
    assert left["CallSid"] == made["call_sid"]
    assert left["ReasonParticipantLeft"] == "participant_add_failed"
    assert left["ParticipantCallStatus"] == status


@in_town()
async def test_a_ring_lasts_five_seconds_longer_than_asked(town):
    await town.ring_in(Timeout="5")
    phone = town.exchange.phones.find(DESK_911)
    await town.until(phone.ringing)
    await asyncio.sleep(0.75)
    assert phone.ringing()
    await town.until(lambda: not phone.ringing())


@in_town()
async def test_a_participant_goes_from_queued_to_ringing_to_connected(town):
    _, made = await town.ring_in()
    path = f"Conferences/{made['conference_sid']}/Participants/psap-1-1.json"
    assert made["status"] == "queued"
    await town.until(lambda: town.exchange.phones.find(DESK_911).ringing())
    assert (await town.rest("GET", path))[1]["status"] == "ringing"
    await town.control("POST", f"/calls/{made['call_sid']}/answer")
    await town.until(lambda: town.exchange.leg(made["call_sid"]).participant.joined)
    assert (await town.rest("GET", path))[1]["status"] == "connected"


@in_town()
async def test_the_room_lives_on_while_somebody_is_still_rung_into_it(town):
    town.serve("/incoming", room())
    caller = await town.dial()
    await town.asked("/room")
    _, made = await town.ring_in()
    await town.until(lambda: town.exchange.phones.find(DESK_911).ringing())
    assert "psap-1-1" in town.heard(caller)
    await town.hang_up(caller)
    await town.asked("/room", StatusCallbackEvent="participant-leave")
    assert town.app.at("/room", StatusCallbackEvent="conference-end") == []
    await town.control("POST", f"/calls/{made['call_sid']}/answer")
    await town.asked("/room", StatusCallbackEvent="participant-join", ParticipantLabel="psap-1-1")


@in_town()
async def test_removing_a_ringing_participant_cancels_the_ring(town):
    _, made = await town.ring_in()
    await town.until(lambda: town.exchange.phones.find(DESK_911).ringing())
    path = f"Conferences/{made['conference_sid']}/Participants/psap-1-1.json"
    assert (await town.rest("DELETE", path))[0] == 204
    await town.until_status(made["call_sid"], "canceled")
    assert (await town.rest("DELETE", path))[0] == 404


@in_town()
async def test_every_resource_has_exactly_twilios_fields(town):
    town.serve("/incoming", '<Enqueue waitUrl="/wait">line</Enqueue>')
    town.serve("/wait", '<Pause length="60"/>')
    sid = await town.dial()
    await town.asked("/wait")
    _, participant = await town.ring_in(to=SECOND_911)
    queue = (await town.rest("GET", "Queues.json"))[1]["queues"][0]
    _, record = await town.rest("POST", f"Calls/{sid}/Recordings.json")
    shown = {
        "call": (await town.rest("GET", f"Calls/{sid}.json"))[1],
        "conference": (await town.rest("GET", f"Conferences/{participant['conference_sid']}.json"))[
            1
        ],
        "participant": participant,
        "queue": queue,
        "member": (await town.rest("GET", f"Queues/{queue['sid']}/Members/{sid}.json"))[1],
        "recording": record,
        "message": (await town.rest("POST", "Messages.json", To=ANA, From=LINE, Body="SR-1"))[1],
        "user_defined_message": (
            await town.rest("POST", f"Calls/{sid}/UserDefinedMessages.json", Content="{}")
        )[1],
    }
    assert {name: frozenset(body) for name, body in shown.items()} == FIELDS


@in_town()
async def test_lists_come_in_pages(town):
    town.serve("/incoming", say("hello"))
    for _ in range(3):
        await town.dial()
    _, first = await town.rest("GET", "Calls.json?PageSize=2")
    _, second = await town.rest("GET", "Calls.json?PageSize=2&Page=1")
    assert (len(first["calls"]), len(second["calls"])) == (2, 1)
    assert first["next_page_uri"].endswith("Calls.json?PageSize=2&Page=1")
    assert second["next_page_uri"] is None


@in_town()
async def test_a_residents_text_is_asked_about_signed_and_its_answer_delivered(town):
    town.serve("/texts", "<Message>We will not ring you.</Message>")
    sent = await town.control("POST", "/messages", {"from": ANA, "to": "311", "body": "STOP ñ"})
    [form] = town.app.at("/texts")
    assert (form["signature"], form["MessageSid"]) == ("good", sent["sid"])
    assert (form["From"], form["To"], form["Body"]) == (ANA, LINE, "STOP ñ")
    got = (await town.control("GET", f"/messages?to=%2B{ANA[1:]}"))["messages"]
    assert [one["body"] for one in got] == ["We will not ring you."]
    other = {"from": ANA, "to": "+15205550199", "body": "x"}
    assert await town.refused("POST", "/messages", other) == 404


@in_town()
async def test_a_text_message_is_delivered_reported_and_seen_at_the_telephone(town):
    _, sent = await town.rest(
        "POST",
        "Messages.json",
        To=ANA,
        From=LINE,
        Body="Your number is 7",
        StatusCallback=f"{town.app.base}/sms",
    )
    assert sent["status"] == "queued"
    told = await town.asked("/sms", 2)
    assert {one["MessageStatus"] for one in told} == {"sent", "delivered"}
    assert (await town.control("GET", f"/messages?to=%2B{ANA[1:]}"))["messages"][0][
        "body"
    ] == "Your number is 7"
    assert (await town.rest("POST", "Messages.json", To=ANA, From=ANA, Body="x"))[1][
        "code"
    ] == 21212
    assert (await town.rest("POST", "Messages.json", To=ANA, From=LINE))[1]["code"] == 21602


@in_town()
async def test_a_voicemail_is_recorded_and_its_words_come_later(town):
    record = '<Record action="/recorded" recordingStatusCallback="/file" transcribeCallback="/words" timeout="5"/>'
    town.serve("/incoming", record)
    sid = await town.dial()
    await town.until_listening(sid)
    await town.says(sid, "a pothole on Speedway")
    await town.keys(sid, "#")
    recorded = (await town.asked("/recorded"))[0]
    assert recorded["Digits"] == "#"
    assert (await town.asked("/file"))[0]["RecordingSource"] == "RecordVerb"
    assert (await town.asked("/words"))[0]["TranscriptionText"] == "a pothole on Speedway"
    _, listed = await town.rest("GET", "Recordings.json")
    assert listed["recordings"][0]["status"] == "completed"
    assert (await town.rest("DELETE", f"Recordings/{listed['recordings'][0]['sid']}.json"))[
        0
    ] == 204


@in_town()
async def test_a_recordings_sound_is_served_to_its_account_alone(town):
    town.serve("/incoming", '<Record action="/recorded" timeout="5"/>')
    sid = await town.dial()
    await town.until_listening(sid)
    await town.says(sid, "a pothole")
    await town.keys(sid, "#")
    recorded = (await town.asked("/recorded"))[0]["RecordingSid"]
    url = f"{town.base}/2010-04-01/Accounts/{ACCOUNT}/Recordings/{recorded}.wav"
    headers = {"Authorization": aiohttp.encode_basic_auth(ACCOUNT, TOKEN)}
    async with town.client.get(url, headers=headers) as answer:
        assert (answer.status, (await answer.read())[:4]) == (200, b"RIFF")
    async with town.client.get(url) as answer:
        assert answer.status == 401
    async with town.client.get(url.replace(recorded, "RE0"), headers=headers) as answer:
        assert answer.status == 404


@in_town()
async def test_silence_is_no_recording_and_goes_on_to_the_next_verb(town):
    town.serve(
        "/incoming",
        '<Record action="/recorded" recordingStatusCallback="/file" timeout="1"/>'
        "<Redirect>/nothing</Redirect>",
    )
    sid = await town.dial()
    await town.until_listening(sid)
    await town.asked("/nothing")
    _, listed = await town.rest("GET", "Recordings.json")
    assert [one["status"] for one in listed["recordings"]] == ["absent"]


@in_town()
async def test_the_current_recording_of_a_leg_can_be_paused(town):
    town.serve("/incoming", say("hello") + '<Pause length="60"/>')
    sid = await town.dial()
    await town.until_status(sid, "in-progress")
    callback = f"{town.app.base}/file"
    await town.rest("POST", f"Calls/{sid}/Recordings.json", RecordingStatusCallback=callback)
    path = f"Calls/{sid}/Recordings/Twilio.CURRENT.json"
    assert (await town.rest("POST", path, Status="paused", PauseBehavior="skip"))[1][
        "status"
    ] == "paused"
    assert (await town.rest("POST", path, Status="in-progress"))[1]["status"] == "in-progress"
    await town.hang_up(sid)
    assert (await town.asked("/file"))[0]["RecordingStatus"] == "completed"


@in_town()
async def test_a_line_is_made_changed_and_deleted_when_empty(town):
    _, made = await town.rest("POST", "Queues.json", FriendlyName="night", MaxSize="5")
    assert (made["friendly_name"], made["max_size"]) == ("night", 5)
    assert (await town.rest("POST", "Queues.json", FriendlyName="night"))[1]["code"] == 22003
    assert (await town.rest("POST", f"Queues/{made['sid']}.json", MaxSize="7"))[1]["max_size"] == 7
    assert (await town.rest("DELETE", f"Queues/{made['sid']}.json"))[0] == 204
    _, numbers = await town.rest("GET", "IncomingPhoneNumbers.json")
    assert [one["phone_number"] for one in numbers["incoming_phone_numbers"]] == [LINE]
