"""Limits, retries, fallback and idempotency tokens of webhooks, and every fault that can be asked for."""

import asyncio

import pytest
from aiohttp import web

from tests.simulator.town import ANA, DESK_911, SECOND_911, in_town, room, say

pytestmark = pytest.mark.rules
SORRY = "We are sorry, an application error has occurred. Goodbye."


def status(code: int) -> web.Response:
    return web.Response(status=code, text="<html>broken</html>", content_type="text/html")


BROKEN = [
    (lambda form: status(500), "11200"),
    (lambda form: status(404), "11200"),
    (lambda form: web.Response(text="<html/>", content_type="text/html"), "12102"),
    (lambda form: web.Response(text="{}", content_type="application/json"), "12300"),
    (
        lambda form: web.Response(text="<Response><Oops/></Response>", content_type="text/xml"),
        "12200",
    ),
    (lambda form: web.Response(text="<Response>", content_type="text/xml"), "12100"),
    (
        lambda form: web.Response(
            text=f"<Response>{'<Leave/>' * 9000}</Response>", content_type="text/xml"
        ),
        "11750",
    ),
]


@pytest.mark.parametrize(("answer", "code"), BROKEN)
@in_town()
async def test_what_cannot_be_spoken_goes_to_the_fallback_and_is_shown(town, answer, code):
    town.serve("/incoming", answer)
    town.serve("/fallback", say("one moment"))
    sid = await town.dial()
    told = (await town.asked("/fallback"))[0]
    assert (told["ErrorCode"], told["ErrorUrl"], told["CallSid"]) == (
        code,
        f"{town.app.base}/incoming",
        sid,
    )
    await town.until_heard(sid, "one moment")
    assert (await town.call(sid))["documents"][0]["error"].startswith(code)


@in_town()
async def test_without_a_good_fallback_twilio_apologises_and_hangs_up(town):
    town.serve("/incoming", lambda form: status(500))
    town.serve("/fallback", lambda form: status(500))
    sid = await town.dial()
    await town.until_status(sid, "completed")
    assert town.heard(sid) == [SORRY]
    assert len(town.app.at("/fallback")) == 1


@in_town(fragment="#rt=200&tt=400&rc=1&rp=rt")
async def test_a_slow_answer_is_tried_again_with_the_same_token_then_given_up(town):
    async def slow(form):
        await asyncio.sleep(1)
        return say("too late")

    town.serve("/incoming", slow)
    town.serve("/fallback", say("one moment"))
    sid = await town.dial()
    await town.until_heard(sid, "one moment")
    tokens = [token for path, token in town.app.tokens if path == "/incoming"]
    assert len(tokens) == 2
    assert len(set(tokens)) == 1
    assert "too late" not in town.heard(sid)


@in_town(fragment="#rc=2&rp=5xx")
async def test_server_errors_are_tried_again_where_the_address_says_so(town):
    answers = iter([status(503), status(502), say("third time")])
    town.serve("/incoming", lambda form: next(answers))
    sid = await town.dial()
    await town.until_heard(sid, "third time")


@in_town()
async def test_server_errors_are_not_tried_again_by_default(town):
    town.serve("/incoming", lambda form: status(500))
    await town.dial()
    await town.asked("/fallback")
    assert len(town.app.at("/incoming")) == 1


async def with_fault(town, fault: dict, documents: dict) -> str:
    for path, answer in documents.items():
        town.serve(path, answer)
    return await town.dial(faults=[fault])


@in_town()
async def test_a_failing_webhook_can_be_asked_for(town):
    fault = {"kind": "webhook_fail", "path": "/incoming", "status": 500}
    sid = await with_fault(town, fault, {"/fallback": say("one moment")})
    await town.until_heard(sid, "one moment")
    assert town.app.at("/incoming") == []


@in_town(fragment="#rt=300&rc=0")
async def test_a_slow_webhook_can_be_asked_for_and_the_application_was_asked_all_the_same(town):
    fault = {"kind": "webhook_slow", "path": "/incoming", "seconds": 2}
    sid = await with_fault(town, fault, {"/incoming": say("hello"), "/fallback": say("one moment")})
    await town.until_heard(sid, "one moment")
    assert len(town.app.at("/incoming")) == 1


@in_town()
async def test_a_slow_webhook_within_the_limit_is_only_late(town):
    fault = {"kind": "webhook_slow", "path": "/incoming", "seconds": 0.3}
    sid = await with_fault(town, fault, {"/incoming": say("hello")})
    await town.until_heard(sid, "hello")
    assert town.exchange.leg(sid).heard[0].at_seconds >= 0.3


@pytest.mark.parametrize(("second", "same"), [("same", True), ("other", False)])
@in_town()
async def test_a_doubled_turn_is_sent_twice_with_one_token_and_its_answers_are_compared(
    town, second, same
):
    answers = iter([say("same"), say(second)])
    fault = {"kind": "turn_duplicate", "path": "/incoming", "after_seconds": 0.05}
    sid = await with_fault(town, fault, {"/incoming": lambda form: next(answers)})
    first, again = await town.asked("/incoming", 2)
    assert first == again
    assert len({token for path, token in town.app.tokens if path == "/incoming"}) == 1
    entries = await town.until(
        lambda: [one for one in town.exchange.journal.entries(sid) if one.kind == "fault"]
    )
    assert entries[0].data["same_bytes"] is same


async def room_with_fault(town, **fault) -> str:
    town.serve("/incoming", room(dial='action="/left"'))
    sid = await town.dial(faults=[fault])
    await town.until(lambda: town.exchange.leg(sid).participant)
    return sid


@in_town()
async def test_callbacks_can_be_lost(town):
    await room_with_fault(town, kind="callback_lose", events=["participant-join"])
    await town.ring_in(to=SECOND_911)
    await town.asked("/room", StatusCallbackEvent="conference-start")
    assert town.app.events() == ["conference-start"]


@in_town()
async def test_callbacks_can_be_doubled_with_the_same_token(town):
    await room_with_fault(town, kind="callback_duplicate", events=["participant-join"], times=1)
    first, again = await town.asked("/room", 2)
    assert first == again
    assert len({token for path, token in town.app.tokens if path == "/room"}) == 1


@in_town()
async def test_callbacks_can_be_late(town):
    await room_with_fault(
        town, kind="callback_delay", events=["participant-join"], seconds=0.4, times=1
    )
    await town.ring_in(to=SECOND_911)
    await town.asked("/room", 3)
    assert town.app.at("/room")[-1]["ParticipantLabel"] == "caller"


@in_town()
async def test_callbacks_can_be_swapped_with_the_next(town):
    await room_with_fault(
        town, kind="callback_reorder", events=["participant-join"], seconds=3, times=1
    )
    await asyncio.sleep(0.1)
    assert town.app.events() == []
    await town.ring_in(to=SECOND_911)
    told = await town.asked("/room", 3)
    numbers = [int(one["SequenceNumber"]) for one in told]
    assert numbers[0] > 1
    assert sorted(numbers) == [1, 2, 3]


@in_town()
async def test_seeded_losses_are_the_same_every_time(town):
    async def lost() -> list[str]:
        town.app.asked.clear()
        sid = await room_with_fault(town, kind="callback_lose", probability=0.5, seed=7)
        for _ in range(4):
            path = f"Conferences/{town.exchange.leg(sid).participant.room.sid}/Participants/caller.json"
            await town.rest("POST", path, Muted="true")
            await town.rest("POST", path, Muted="false")
        await town.hang_up(sid)
        await asyncio.sleep(0.3)
        return sorted(one["SequenceNumber"] for one in town.app.at("/room"))

    first = await lost()
    assert 0 < len(first) < 11
    assert await lost() == first


@pytest.mark.parametrize(("kind", "answer"), [("leg_busy", "busy"), ("leg_no_answer", "no-answer")])
@in_town()
async def test_a_leg_can_be_made_to_fail_once(town, kind, answer):
    await town.control("PUT", f"/phones/{SECOND_911}", {"otherwise": {"on_ring": "answer"}})
    await room_with_fault(town, kind=kind, to=SECOND_911)
    await town.ring_in(to=SECOND_911, Timeout="5")
    left = (await town.asked("/room", StatusCallbackEvent="participant-leave"))[0]
    assert left["ParticipantCallStatus"] == answer
    await town.ring_in(to=SECOND_911)
    await town.asked("/room", StatusCallbackEvent="conference-start")


@in_town()
async def test_a_leg_can_be_made_to_drop(town):
    await room_with_fault(town, kind="leg_drop", to=SECOND_911, after_seconds=0.2)
    _, made = await town.ring_in(to=SECOND_911)
    await town.until_status(made["call_sid"], "completed")
    left = (await town.asked("/room", StatusCallbackEvent="participant-leave"))[0]
    assert left["ReasonParticipantLeft"] == "participant_hung_up"


@in_town()
async def test_a_fault_of_one_call_does_not_strike_another(town):
    await room_with_fault(town, kind="leg_busy", to=DESK_911)
    town.serve("/incoming", room(name="second", label="other"))
    other = await town.dial(caller="+15205550143")
    await town.until(lambda: town.exchange.leg(other).participant)
    await town.ring_in(name="second")
    await town.until(lambda: town.exchange.phones.find(DESK_911).ringing())


@in_town()
async def test_a_request_for_an_empty_room_belongs_to_the_caller_whose_number_it_shows(town):
    await room_with_fault(town, kind="rest_fail", path="Participants", status=503)
    other = "+15205550143"
    await town.dial(caller=other)
    status, _ = await town.ring_in(name="nobody-yet", From=other)
    assert status != 503
    assert (await town.ring_in(name="nobody-there", From=ANA))[0] == 503


@in_town()
async def test_rest_can_be_made_to_fail_and_to_be_slow(town):
    await room_with_fault(town, kind="rest_fail", path="Participants", status=503)
    status_code, error = await town.ring_in()
    assert (status_code, error["code"]) == (503, 20500)
    assert (await town.ring_in())[0] == 201
    loop = asyncio.get_running_loop()
    await town.control(
        "POST", "/faults", {"call_sid": "*", "faults": [{"kind": "rest_slow", "seconds": 0.3}]}
    )
    began = loop.time()
    await town.rest("GET", "Calls.json")
    assert loop.time() - began >= 0.3


@in_town()
async def test_a_fault_without_a_call_waits_for_the_next_one(town):
    fault = {"kind": "webhook_fail", "path": "/incoming"}
    await town.control("POST", "/faults", {"call_sid": None, "faults": [fault]})
    first, second = await town.dial(), await town.dial(caller="+15205550143")
    await town.asked("/fallback", CallSid=first)
    await town.asked("/incoming", CallSid=second)
    assert town.app.at("/incoming", CallSid=first) == []


@pytest.mark.parametrize(
    "fault",
    [
        {},
        {"kind": "meteor"},
        {"kind": "rest_fail", "colour": "red"},
        {"kind": "rest_slow", "seconds": "x"},
    ],
)
@in_town()
async def test_a_fault_that_cannot_be_is_refused(town, fault):
    assert await town.refused("POST", "/faults", {"call_sid": "*", "faults": [fault]}) == 400
