"""A resident's call: what is asked, what is said, how it ends."""

import asyncio

import pytest

from tests.simulator.town import ANA, LINE, in_town, say

pytestmark = pytest.mark.rules


@in_town()
async def test_a_call_is_answered_spoken_to_and_hung_up_at_the_end_of_its_document(town):
    town.serve("/incoming", say("Tucson 3-1-1") + '<Pause length="1"/>' + say("Goodbye"))
    sid = await town.dial()
    await town.until_status(sid, "completed")
    assert town.heard(sid) == ["Tucson 3-1-1", "1", "Goodbye"]


@in_town()
async def test_the_first_request_carries_twilios_fields_and_a_good_signature(town):
    sid = await town.dial(fields={"StirVerstat": "TN-Validation-Passed-A"})
    asked = (await town.asked("/incoming"))[0]
    wanted = {
        "CallSid": sid,
        "From": ANA,
        "To": LINE,
        "CallStatus": "ringing",
        "Direction": "inbound",
        "ApiVersion": "2010-04-01",
        "signature": "good",
        "StirVerstat": "TN-Validation-Passed-A",
        "FromState": "AZ",
    }
    assert wanted.items() <= asked.items()
    assert asked["CallToken"]
    assert "ParentCallSid" not in asked


@in_town()
async def test_a_number_reports_its_calls_end_only(town):
    town.serve("/incoming", say("hello"))
    sid = await town.dial()
    report = (await town.asked("/status"))[0]
    assert report["CallSid"] == sid
    assert report["CallStatus"] == "completed"
    assert report["SequenceNumber"] == "0"
    assert report["CallbackSource"] == "call-progress-events"
    assert len(town.app.at("/status")) == 1


@in_town()
async def test_a_withheld_number_is_a_word_and_nobody_has_an_unknown_number(town):
    await town.dial(caller="anonymous")
    assert (await town.asked("/incoming"))[0]["From"] == "anonymous"
    assert await town.refused("POST", "/calls", {"from": ANA, "to": "999"}) == 404


@pytest.mark.parametrize(("reason", "status"), [("busy", "busy"), ("rejected", "no-answer")])
@in_town()
async def test_a_rejected_call_is_never_answered(town, reason, status):
    town.serve("/incoming", f'<Reject reason="{reason}"/>')
    sid = await town.dial()
    await town.until_status(sid, status)
    assert town.exchange.leg(sid).answered_at is None


@in_town()
async def test_hanging_up_in_the_middle_of_a_sentence_ends_the_call(town):
    town.serve("/incoming", say("a very long sentence " * 150))
    sid = await town.dial()
    await town.until(lambda: town.heard(sid))
    await town.hang_up(sid)
    await town.until_status(sid, "completed")
    await town.asked("/status", CallStatus="completed")


@in_town()
async def test_redirects_are_followed_relative_to_the_document(town):
    town.serve("/incoming", "<Redirect>deep/one</Redirect>")
    town.serve("/deep/one", '<Redirect method="GET">two?x=1</Redirect>')
    town.serve("/deep/two", say("arrived"))
    sid = await town.dial()
    await town.until_heard(sid, "arrived")
    assert [one["signature"] for one in town.app.at("/deep/two")] == ["good"]


@in_town()
async def test_every_account_has_its_own_numbers(town):
    town.serve("/other", say("another city"))
    sid = await town.dial(to="411")
    await town.until_heard(sid, "another city")
    assert town.app.at("/incoming") == []


@in_town()
async def test_a_leading_pause_is_waited_out_once_before_the_call_is_answered(town):
    town.serve("/incoming", '<Pause length="5"/>' + say("hello"))
    sid = await town.dial()
    await town.until(lambda: town.heard(sid))
    assert (await town.call(sid))["status"] == "ringing"
    await town.until_status(sid, "completed")
    assert town.heard(sid) == ["5", "hello"]


@in_town()
async def test_what_was_asked_before_a_hang_up_is_answered_and_kept_all_the_same(town):
    async def slow(form):
        await asyncio.sleep(0.3)
        return say("too late")

    town.serve("/incoming", slow)
    sid = await town.dial()
    await town.asked("/incoming")
    await town.hang_up(sid)
    await town.until_status(sid, "no-answer")
    await town.until(lambda: town.exchange.leg(sid).documents)
    assert town.heard(sid) == []
