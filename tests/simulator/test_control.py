"""The control interface: telephones, softphones, the journal and the live feed."""

import asyncio
import json
import time

import aiohttp
import pytest

from simulator.tokens import sign_token
from tests.simulator.town import (
    ACCOUNT,
    ANA,
    APP,
    DESK_911,
    KEY,
    SECRET,
    in_town,
    room,
    say,
)

pytestmark = pytest.mark.rules


def token(**more) -> str:
    voice = {"incoming": {"allow": True}, "outgoing": {"application_sid": more.pop("app", APP)}}
    claims = {
        "sub": ACCOUNT,
        "exp": time.time() + 600,
        "grants": {"identity": "ana", "voice": voice},
    }
    return sign_token(KEY, SECRET, claims | more)


async def softphone(town) -> None:
    assert await town.control("POST", "/softphones", {"token": token()}) == {"identity": "ana"}


@in_town()
async def test_a_softphone_connects_through_its_app_and_talks_in_the_room(town):
    town.serve("/incoming", room())
    town.serve("/desk", room(label="desk"))
    caller = await town.dial()
    await town.until(lambda: town.exchange.leg(caller).participant)
    await softphone(town)
    params = {"offer": "o-1", "From": "+15205550199", "CallSid": "CA1"}
    made = await town.control("POST", "/softphones/ana/connect", {"params": params})
    desk = made["call_sid"]
    asked = (await town.asked("/desk"))[0]
    assert (asked["From"], asked["CallSid"], asked["offer"]) == ("client:ana", desk, "o-1")
    assert asked["signature"] == "good"
    await town.asked("/room", StatusCallbackEvent="conference-start")
    await town.says(desk, "311, how can I help")
    await town.until_heard(caller, "311, how can I help")
    await town.control("POST", "/softphones/ana/drop")
    left = (await town.asked("/room", StatusCallbackEvent="participant-leave"))[0]
    assert (left["CallSid"], left["ReasonParticipantLeft"]) == (desk, "participant_hung_up")
    assert await town.refused("POST", "/softphones/ana/connect", {}) == 404


@in_town()
async def test_a_softphone_is_rung_by_rest_and_answers_or_refuses(town):
    await softphone(town)
    _, made = await town.ring_in(to="client:ana", Label="desk")
    await town.until_status(made["call_sid"], "ringing")
    await town.control("POST", f"/calls/{made['call_sid']}/answer")
    await town.until(lambda: town.exchange.leg(made["call_sid"]).participant.joined)
    _, second = await town.ring_in(to="client:ana", Label="second")
    await town.until_status(second["call_sid"], "ringing")
    await town.control("POST", f"/calls/{second['call_sid']}/decline")
    await town.until_status(second["call_sid"], "busy")
    _, nobody = await town.ring_in(to="client:nobody", Label="third")
    await town.until_status(nobody["call_sid"], "failed")


@in_town()
async def test_a_message_reaches_the_softphone_of_its_leg(town):
    await softphone(town)
    town.serve("/desk", room(label="desk"))
    made = await town.control("POST", "/softphones/ana/connect", {})
    await town.until_status(made["call_sid"], "in-progress")
    await town.rest(
        "POST", f"Calls/{made['call_sid']}/UserDefinedMessages.json", Content='{"held": true}'
    )
    assert town.exchange.headless.find("ana").messages == [(made["call_sid"], '{"held": true}')]


@in_town()
async def test_bad_tokens_and_unknown_apps_are_refused(town):
    assert await town.refused("POST", "/softphones", {"token": "a.b.c"}) == 401
    assert await town.refused("POST", "/softphones", {"token": token(exp=1.0)}) == 401
    await town.control("POST", "/softphones", {"token": token(app="AP" + "9" * 32)})
    assert await town.refused("POST", "/softphones/ana/connect", {}) == 409


@in_town()
async def test_a_telephone_behaves_as_told_at_successive_rings(town):
    behaviours = {"next": [{"on_ring": "busy"}, {"on_ring": "answer", "say": "County 911"}]}
    await town.control(
        "PUT", f"/phones/{DESK_911}", behaviours | {"otherwise": {"on_ring": "manual"}}
    )
    town.serve("/incoming", room())
    caller = await town.dial()
    await town.until(lambda: town.exchange.leg(caller).participant)
    _, first = await town.ring_in(Label="psap-1-1")
    await town.until_status(first["call_sid"], "busy")
    await town.ring_in(Label="psap-1-2")
    await town.until_heard(caller, "County 911")
    _, third = await town.ring_in(Label="psap-1-3")
    await town.until_status(third["call_sid"], "ringing")
    phone = await town.control("GET", f"/phones/{DESK_911}")
    assert phone["kind"] == "desk911"
    assert (len(phone["live"]), phone["ringing"]) == (1, [third["call_sid"]])


@in_town()
async def test_a_leg_tells_the_rooms_it_was_rung_into_and_its_caller_those_it_entered(town):
    town.serve("/incoming", room())
    caller = await town.dial()
    await town.until(lambda: town.exchange.leg(caller).participant)
    _, rung = await town.ring_in(Label="psap-1-1")
    await town.until_status(rung["call_sid"], "ringing")
    views = {call["call_sid"]: call for call in (await town.control("GET", "/calls"))["calls"]}
    assert views[rung["call_sid"]]["rooms"] == views[caller]["rooms"] != []
    journal = (await town.control("GET", f"/journal?call_sid={rung['call_sid']}"))["entries"]
    dialled = next(entry["data"] for entry in journal if entry["kind"] == "dialled")
    assert dialled["name"] == views[caller]["rooms"][0]
    assert dialled["conference"] == (await town.control("GET", f"/calls/{caller}"))["conference"]


@in_town()
async def test_a_telephone_is_answered_refused_or_ignored_by_hand(town):
    _, first = await town.ring_in(Label="one")
    await town.until_status(first["call_sid"], "ringing")
    await town.control("POST", f"/calls/{first['call_sid']}/ignore")
    await town.control("POST", f"/calls/{first['call_sid']}/busy")
    await town.until_status(first["call_sid"], "busy")
    assert await town.refused("POST", f"/calls/{first['call_sid']}/answer") == 409
    assert await town.refused("POST", f"/calls/{first['call_sid']}/say", {"text": "hello"}) == 409
    assert await town.refused("GET", "/phones/+15205550188") == 404
    assert await town.refused("PUT", f"/phones/{DESK_911}", {"next": [{"on_ring": "sing"}]}) == 400


@in_town()
async def test_a_call_is_shown_as_it_stands(town):
    town.serve("/incoming", room())
    sid = await town.dial()
    await town.until(lambda: town.exchange.leg(sid).participant)
    shown = await town.call(sid)
    assert shown["conference"].startswith("CF")
    assert (shown["from"], shown["status"], shown["kind"]) == (ANA, "in-progress", "resident")
    assert (shown["on_hold"], shown["muted"], shown["queue"], shown["listening"]) == (
        False,
        False,
        None,
        None,
    )
    assert shown["documents"][0]["status"] == 200
    assert (await town.control("GET", "/calls"))["calls"][0]["call_sid"] == sid
    assert await town.refused("GET", "/calls/CA0") == 404


@pytest.mark.parametrize("body", ["[]", "{", '{"digits": "x"}', "{}"])
@in_town()
async def test_a_request_that_makes_no_sense_is_400(town, body):
    town.serve("/incoming", say("hello") + '<Pause length="60"/>')
    sid = await town.dial()
    async with town.client.post(f"{town.base}/simulator/calls/{sid}/keys", data=body) as answer:
        assert answer.status == 400


@in_town()
async def test_the_live_feed_tells_of_one_telephone_only_what_concerns_it(town):
    town.serve("/incoming", say("hello"))
    async with town.client.ws_connect(f"{town.base}/simulator/live?phone=%2B15205550142") as feed:
        await town.dial(caller="+15205550143")
        mine = await town.dial(caller=ANA)
        entries = []
        async with asyncio.timeout(5):
            while not entries or entries[-1]["kind"] != "ended":
                message = await feed.receive()
                assert message.type is aiohttp.WSMsgType.TEXT
                entries.append(json.loads(message.data))
    assert {one["call_sid"] for one in entries} == {mine}
    assert [one["kind"] for one in entries if one["kind"] not in ("callback",)] == [
        "dialled", "webhook", "answered", "heard", "ended",
    ]  # fmt: skip
    assert entries[3]["data"]["text"] == "hello"
    assert set(entries[0]) == {"at", "at_seconds", "call_sid", "party", "kind", "data"}


def test_the_journal_is_written_to_its_file(tmp_path):
    path = tmp_path / "journal.json"

    @in_town(journal_file=str(path))
    async def story(town):
        town.serve("/incoming", say("hello"))
        sid = await town.dial()
        await town.until_status(sid, "completed")
        journal = await town.control("GET", f"/journal?call_sid={sid}")
        assert [one["kind"] for one in journal["entries"]][:3] == ["dialled", "webhook", "answered"]

    story()
    entries = json.loads(path.read_text(encoding="utf-8"))["entries"]
    assert any(one["kind"] == "heard" and one["data"]["text"] == "hello" for one in entries)


@in_town()
async def test_calls_and_the_journal_can_be_asked_from_one_call_on(town):
    town.serve("/incoming", say("hello"))
    first, second = await town.dial(), await town.dial()
    await town.until_status(second, "completed")
    calls = (await town.control("GET", f"/calls?since={second}"))["calls"]
    assert [call["call_sid"] for call in calls] == [second]
    everything = (await town.control("GET", f"/calls?since={first}"))["calls"]
    assert [call["call_sid"] for call in everything] == [first, second]
    entries = (await town.control("GET", f"/journal?since={second}"))["entries"]
    whole = (await town.control("GET", "/journal"))["entries"]
    assert entries == whole[-len(entries) :]
    assert (entries[0]["call_sid"], entries[0]["kind"]) == (second, "dialled")
    assert await town.refused("GET", "/calls?since=CA0") == 404
